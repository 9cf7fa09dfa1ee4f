"""`python -m fer_nb data`: look at, check, pack and draw data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from fer_nb.commands.options import PATH, QUIET, answer, out
from fer_nb.data import CACHE, MOST_PRACTICE
from fer_nb.data.faces import Faces, fingerprints
from fer_nb.data.formats import pack as write_packed
from fer_nb.data.formats import read_found, recognise
from fer_nb.language import EMOTIONS

_PATH = click.argument("path", type=PATH)
_OUT = out(help="The .npz to write.")


@click.group()
def data() -> None:
    """Look at, check, pack and draw data.

    Example: python -m fer_nb data info fer2013.csv
    """


@data.command()
@_PATH
@QUIET
@answer
def info(path: Path, quiet: bool) -> tuple[object, list[str]]:
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
    lines = [f"{usage:<12}{counts[usage]:>8,}  {fingerprint}" for usage, fingerprint in prints.items()]
    told = {"format": found.format, "counts": counts, "fingerprints": prints}
    return told, [f"format  {found.format}", *lines]


@data.command()
@_PATH
@QUIET
@answer
def audit(path: Path, quiet: bool) -> tuple[object, Iterator[str]]:
    """Count duplicates, leaks between splits, conflicting labels and blanks in PATH.

    Near-duplicates are candidates by a perceptual hash; pixel-identical images are certain.

    Example: python -m fer_nb data audit fer2013.parquet
    """
    from fer_nb.data.audit import audit as audit_faces

    numbers = audit_faces(read_found(recognise(path), cache=CACHE, quiet=quiet))
    return numbers, _audited(**numbers)


def _audited(
    *,
    class_shares: dict[str, Any],
    class_counts: dict[str, Any],
    leaked_images: dict[str, int],
    **numbers: int,
) -> Iterator[str]:
    leaked = {f"leaked_images in {usage}": count for usage, count in leaked_images.items()}
    for name, count in (numbers | leaked).items():
        yield f"{name.replace('_', ' '):<46}{count:>8,}"
    for usage, counts in class_counts.items():
        classes = zip(EMOTIONS, counts, class_shares[usage], strict=True)
        yield f"{usage}: " + ", ".join(f"{emotion.en} {n:,} ({share:.1%})" for emotion, n, share in classes)


@data.command()
@_PATH
@_OUT
@QUIET
def pack(path: Path, out: Path, quiet: bool) -> None:
    """Write PATH, in whatever shape, as one packed .npz that reads in a fraction of a second.

    Example: python -m fer_nb data pack fer2013.csv --out fer2013.npz
    """
    _write(read_found(recognise(path), quiet=quiet), out)


@data.command()
@click.option("--count", type=click.IntRange(1, MOST_PRACTICE), default=1000)
@click.option("--seed", type=click.IntRange(0), default=0)
@_OUT
def faces(count: int, seed: int, out: Path) -> None:
    """Draw practice faces: COUNT for training, a sixth of that for each test split, as a packed .npz.

    The same seed draws the same faces. Accuracy on them says nothing about FER2013.

    Example: python -m fer_nb data faces --count 1000 --seed 0 --out faces.npz
    """
    from fer_nb.data import practice

    _write(practice(count, seed=seed), out)


@data.command()
@_OUT
@QUIET
def get(out: Path, quiet: bool) -> None:
    """Download FER2013 from its Kaggle competition, and pack it into one .npz.

    It takes the extra `kaggle` (pip install "fer-nb[kaggle]"), a Kaggle account, and its API token in
    ~/.kaggle/; and the terms of the competition have to be accepted on its page, once. FER2013 is for
    research and may not be passed on.

    Example: python -m fer_nb data get --out fer2013.npz
    """
    from fer_nb.data.kaggle import download

    _write(read_found(recognise(download()), quiet=quiet), out)


def _write(faces: Faces, out: Path) -> None:
    write_packed(faces, out)
    click.echo(f"{len(faces):,} images in {out}")
