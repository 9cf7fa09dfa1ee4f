"""`python -m fer_nb adopt`: make somebody else's Keras network one of this project."""

import json
from pathlib import Path

import click
import numpy as np

from fer_nb.commands import options
from fer_nb.commands.start import start_networks
from fer_nb.data import load
from fer_nb.errors import InputError, printable
from fer_nb.files import refuse_existing, written_whole
from fer_nb.language import EMOTIONS

SCALES = ("0-255", "0-1", "-1-1", "standardized")


@click.command()
@click.argument("model", type=options.PATH)
@options.DATA
@click.option("--out", type=options.PATH, required=True, help="The .keras file to write.")
@click.option("--input-scale", type=click.Choice(SCALES), help="Grey levels as it wants them.")
@click.option("--classes", metavar="NAME,...", help="Its seven classes in order: angry,disgust,fear,...")
@options.FORCE
@options.JSON
def adopt(
    model: Path, *, data: str, out: Path, input_scale: str | None, classes: str | None, force: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Fit MODEL, a .keras or .h5 file from images of any size, grey or in colour, to seven classes.

    What the file and the options leave open, the scale of grey levels and the order of the classes, is what
    suits 200 training images of --data best. The file that is written is taken by every command and notebook.

    Example: python -m fer_nb adopt theirs.h5 --data fer2013.csv --out theirs.keras
    """
    if out.suffix != ".keras":
        raise InputError(f"{out}: expected a file name that ends in .keras")
    refuse_existing(out, force=force)
    order = _order(classes) if classes else None
    start_networks()
    from fer_nb.learning import foreign
    from fer_nb.learning.loading import load_any

    network, faces = load_any(model), load(data).of("Training")
    if not len(faces):
        raise InputError(f"{data}: expected training images to try the network on, found none")
    rows = np.random.default_rng(0).permutation(len(faces))[: foreign.ROWS]
    levels = {"mean": float(faces.images.mean()), "deviation": float(faces.images.std())}
    some = faces.take(np.sort(rows))
    try:
        reading, tried = foreign.read(
            network, some.images, some.labels, scale=input_scale, classes=order, **levels
        )
    except InputError as error:
        raise InputError(f"{model}: {error}") from None
    with written_whole(out) as temporary:
        foreign.fitted(network, reading, **levels).save(temporary)
    found = {"input_scale": reading.scale, "classes": reading.classes, "accuracy": tried[reading]}
    if as_json:
        click.echo(json.dumps(found | {"images": len(some), "file": str(out)}))
        return
    size = " x ".join(str(side or "any") for side in network.input_shape[1:])
    click.echo(
        f"{printable(out)}: takes {size}, {reading.scale}, classes {', '.join(reading.classes)}; "
        f"{tried[reading]:.0%} of {len(some)} training images right, of {len(tried)} readings tried the best"
    )


def _order(classes: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in classes.split(","))
    wanted = [emotion.en for emotion in EMOTIONS]
    if sorted(names) != sorted(wanted):
        raise InputError.expected("--classes", f"each of {', '.join(wanted)} once", classes)
    return names
