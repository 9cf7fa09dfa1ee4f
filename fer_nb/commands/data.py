"""`python -m fer_nb data`: look at, check, pack and draw data."""

import json
from pathlib import Path

import click

from fer_nb.commands.options import FORCE, JSON, PATH, QUIET
from fer_nb.data import CACHE, MOST_PRACTICE
from fer_nb.data.faces import Faces, fingerprints
from fer_nb.data.formats import pack as write_packed
from fer_nb.data.formats import read_found, recognise
from fer_nb.files import refuse_existing
from fer_nb.language import EMOTIONS

_PATH = click.argument("path", type=PATH)
_OUT = click.option("--out", type=PATH, required=True, help="The .npz to write.")


@click.group()
def data() -> None:
    """Look at, check, pack and draw data.

    Example: python -m fer_nb data info fer2013.csv
    """


@data.command()
@_PATH
@JSON
@QUIET
def info(path: Path, as_json: bool, quiet: bool) -> None:
    """Say which shape PATH has, how many images each split holds, and their fingerprints.

    PATH is train.csv, fer2013.csv, icml_face_data.csv, a Parquet file, a packed .npz, or a folder: of
    train.csv and test.csv, of Parquet shards, or of images by class. The same rows give the same fingerprint
    in any shape and order. A split that neither a column nor a name tells is Training; a plain "test" is
    PrivateTest, a plain "val" PublicTest.

    Example: python -m fer_nb data info data/fer2013 --json
    """
    found = recognise(path)
    faces = read_found(found, cache=CACHE, quiet=quiet)
    counts, prints = faces.counts(), fingerprints(faces)
    if as_json:
        click.echo(json.dumps({"format": found.format, "counts": counts, "fingerprints": prints}))
        return
    click.echo(f"format  {found.format}")
    for usage, fingerprint in prints.items():
        click.echo(f"{usage:<12}{counts[usage]:>8,}  {fingerprint}")


@data.command()
@_PATH
@JSON
@QUIET
def audit(path: Path, as_json: bool, quiet: bool) -> None:
    """Count duplicates, leaks between splits, conflicting labels and blanks in PATH.

    Near-duplicates are candidates by a perceptual hash; pixel-identical images are certain.

    Example: python -m fer_nb data audit fer2013.parquet
    """
    from fer_nb.data.audit import audit as audit_faces

    numbers = audit_faces(read_found(recognise(path), cache=CACHE, quiet=quiet))
    if as_json:
        click.echo(json.dumps(numbers))
        return
    shares = numbers.pop("class_shares")
    counts = numbers.pop("class_counts")
    leaked = numbers.pop("leaked_images")
    lines = numbers | {f"leaked_images in {usage}": count for usage, count in leaked.items()}
    for name, count in lines.items():
        click.echo(f"{name.replace('_', ' '):<46}{count:>8,}")
    for usage in counts:
        classes = zip(EMOTIONS, counts[usage], shares[usage], strict=True)
        click.echo(
            f"{usage}: " + ", ".join(f"{emotion.en} {n:,} ({share:.1%})" for emotion, n, share in classes)
        )


@data.command()
@_PATH
@_OUT
@FORCE
@QUIET
def pack(path: Path, out: Path, force: bool, quiet: bool) -> None:
    """Write PATH, in whatever shape, as one packed .npz that reads in a fraction of a second.

    Example: python -m fer_nb data pack fer2013.csv --out fer2013.npz
    """
    refuse_existing(out, force=force)
    _write(read_found(recognise(path), quiet=quiet), out)


@data.command()
@click.option("--count", type=click.IntRange(1, MOST_PRACTICE), default=1000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@_OUT
@FORCE
def faces(count: int, seed: int, out: Path, force: bool) -> None:
    """Draw practice faces: COUNT for training, a sixth of that for each test split, as a packed .npz.

    The same seed draws the same faces. Accuracy on them says nothing about FER2013.

    Example: python -m fer_nb data faces --count 1000 --seed 0 --out faces.npz
    """
    from fer_nb.data import practice

    refuse_existing(out, force=force)
    _write(practice(count, seed=seed), out)


@data.command()
@_OUT
@FORCE
@QUIET
def get(out: Path, force: bool, quiet: bool) -> None:
    """Download FER2013 from its Kaggle competition, and pack it into one .npz.

    It takes the extra `kaggle` (pip install "fer-nb[kaggle]"), a Kaggle account, and its API token in
    ~/.kaggle/; and the terms of the competition have to be accepted on its page, once. FER2013 is for
    research and may not be passed on.

    Example: python -m fer_nb data get --out fer2013.npz
    """
    from fer_nb.data.kaggle import download

    refuse_existing(out, force=force)
    _write(read_found(recognise(download()), quiet=quiet), out)


def _write(faces: Faces, out: Path) -> None:
    write_packed(faces, out)
    click.echo(f"{len(faces):,} images in {out}")
