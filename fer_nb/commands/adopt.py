"""`python -m fer_nb adopt`: make somebody else's Keras network one of this project."""

from pathlib import Path

import click
import numpy as np

from fer_nb.commands import options
from fer_nb.commands.backend import start_networks
from fer_nb.data import load
from fer_nb.errors import InputError, printable
from fer_nb.files import written_whole
from fer_nb.language import EMOTIONS

SCALES = ("0-255", "0-1", "-1-1", "standardized")


@click.command()
@click.argument("model", type=options.PATH)
@options.DATA
@options.out(".keras", help="The .keras file to write.")
@click.option("--input-scale", type=click.Choice(SCALES), help="Grey levels as it wants them.")
@click.option("--classes", metavar="NAME,...", help="Its seven classes in order: angry,disgust,fear,...")
@options.answer
def adopt(
    model: Path, *, data: str, out: Path, input_scale: str | None, classes: str | None
) -> tuple[object, list[str]]:
    """Fit MODEL, a .keras or .h5 file from images of any size, grey or in colour, to seven classes.

    What the file and the options leave open, the scale of grey levels and the order of the classes, is what
    suits 200 training images of --data best. The file that is written is taken by every command and notebook.

    Example: python -m fer_nb adopt theirs.h5 --data fer2013.csv --out theirs.keras
    """
    order = tuple(name.strip() for name in classes.split(",")) if classes else None
    wanted = [emotion.en for emotion in EMOTIONS]
    if order and sorted(order) != sorted(wanted):
        raise InputError.expected("--classes", f"each of {', '.join(wanted)} once", classes)
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
    found = {
        "input_scale": reading.scale, "classes": reading.classes, "accuracy": tried[reading],
        "images": len(some), "file": str(out),
    }  # fmt: skip
    size = " x ".join(str(side or "any") for side in network.input_shape[1:])
    said = (
        f"{printable(out)}: takes {size}, {reading.scale}, classes {', '.join(reading.classes)}; "
        f"{tried[reading]:.0%} of {len(some)} training images right, of {len(tried)} readings tried the best"
    )
    return found, [said]
