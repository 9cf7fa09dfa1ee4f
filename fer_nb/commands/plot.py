"""`python -m fer_nb plot`: one figure of one network, as PNG or SVG."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fer_nb.commands import options
from fer_nb.commands.start import start_networks
from fer_nb.errors import InputError
from fer_nb.files import refuse_existing, written_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fer_nb.data.faces import Faces
    from fer_nb.learning.prediction.ensemble import Member

KINDS = ("structure", "history", "confusion", "saliency", "filters", "ascent")
WITH_DATA = ("confusion", "saliency", "filters")
ENDINGS = (".png", ".svg")


@click.command()
@options.RUN
@click.option("--kind", type=click.Choice(KINDS), required=True)
@click.option("--out", type=options.PATH, required=True, help="FILE.png or FILE.svg.")
@click.option("--data", help="The faces to look at, for confusion, saliency and filters.")
@click.option("--layer", default="1", show_default=True, help="A name or number, for filters and ascent.")
@click.option("--image", type=click.IntRange(0), default=0, show_default=True, help="A row, for filters.")
@options.RUNS
@options.FORCE
@options.QUIET
def plot(
    run: Path,
    *,
    kind: str,
    out: Path,
    data: str | None,
    layer: str,
    image: int,
    runs: Path,
    force: bool,
    quiet: bool,
) -> None:
    """Draw RUN, a run folder or a .keras file: its layers, its training, its errors, or what it looks at.

    Images are those of the test, or of --data where it has none; a figure of them may not be passed on with
    faces of FER2013.

    Example: python -m fer_nb plot runs/compact_cnn-0123456789ab --kind history --out history.png
    """
    if out.suffix not in ENDINGS:
        raise InputError(f"{out}: expected a file name that ends in {' or '.join(ENDINGS)}")
    if data is None and kind in WITH_DATA:
        raise InputError(f"--kind {kind}: expected --data with the faces to look at, found none")
    refuse_existing(out, force=force)
    start_networks()
    from fer_nb.learning.prediction.ensemble import open_ensemble

    member, *more = open_ensemble([run], runs=runs)
    if more:
        raise InputError(f"{run}: expected one network, found a list of {len(more) + 1}")
    faces = None
    if data is not None and kind in WITH_DATA:
        faces = options.faces_for([member], data, cache=runs / "cache", quiet=quiet)
    figure = _draw(kind, member, faces, layer=layer, image=image)
    with written_whole(out) as temporary:
        figure.savefig(temporary, dpi=200, facecolor="white")
    click.echo(f"written: {out}")


def _draw(kind: str, member: "Member", faces: "Faces | None", *, layer: str, image: int) -> "Figure":
    from fer_nb.commands import plots
    from fer_nb.figures.style import use_report_style
    from fer_nb.learning.prediction.answer_files import faces_to_answer

    use_report_style()
    if kind == "history":
        if member.run is None:
            raise InputError(f"{member.path}: expected a network in its run folder, found a file alone")
        return plots.history_figure(member.run)
    if kind == "confusion" and faces is not None:
        return plots.confusion_figure(member, faces)
    network = member.network()
    if faces is not None:
        asked, _ = faces_to_answer(faces)
        if kind == "saliency":
            return plots.saliency_figure(network, asked)
        if image >= len(asked):
            raise InputError(f"--image: expected a row from 0 to {len(asked) - 1}, found {image}")
        return plots.filters_figure(network, asked, layer=layer, row=image)
    if kind == "structure":
        return plots.structure_figure(network)
    return plots.ascent_figure(network, layer=layer)
