"""`python -m fer_nb plot`: one figure of one network, as PNG or SVG."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
from matplotlib.figure import Figure

from fer_nb.commands import networks, options
from fer_nb.commands.backend import start_networks
from fer_nb.errors import InputError
from fer_nb.figures import curves, errors, filters, structure
from fer_nb.figures.faces import face
from fer_nb.figures.style import FULL_WIDTH, use_report_style
from fer_nb.files import written_whole
from fer_nb.language import EMOTIONS, Text

if TYPE_CHECKING:
    from fer_nb.data.faces import Faces
    from fer_nb.learning.prediction.ensemble import Member

KINDS = ("structure", "history", "confusion", "saliency", "filters", "ascent")
WITH_DATA = ("confusion", "saliency", "filters")
KEPT = 0.2  # share of the pixels that a masked image keeps
SHEET_COLUMNS = 8
SHEET = 32  # filters of a sheet of gradient ascent
STEPS = 128


@click.command()
@options.RUN
@click.option("--kind", type=click.Choice(KINDS), required=True)
@options.out(".png", ".svg", help="FILE.png or FILE.svg.")
@click.option("--data", help="The faces to look at, for confusion, saliency and filters.")
@click.option("--layer", default="1", help="A name or number, for filters and ascent.")
@click.option("--image", type=click.IntRange(0), default=0, help="A row, for filters.")
@options.RUNS
@options.QUIET
def plot(
    run: Path, *, kind: str, out: Path, data: str | None, layer: str, image: int, runs: Path, quiet: bool
) -> None:
    """Draw RUN, a run folder or a .keras file: its layers, its training, its errors, or what it looks at.

    Images are those of the test, or of --data where it has none; a figure of them may not be passed on with
    faces of FER2013.

    Example: python -m fer_nb plot runs/compact_cnn-0123456789ab --kind history --out history.png
    """
    if data is None and kind in WITH_DATA:
        raise InputError(f"--kind {kind}: expected --data with the faces to look at, found none")
    start_networks()
    member = networks.open_network(run, runs)
    use_report_style()
    if kind in WITH_DATA and data is not None:
        faces = networks.faces_for([member], data, cache=runs / "cache", quiet=quiet)
        figure = _with_faces(kind, member, faces, layer=layer, row=image)
    else:
        figure = {"structure": _structure, "history": _history, "ascent": _ascent}[kind](member, layer)
    with written_whole(out) as temporary:
        figure.savefig(temporary, dpi=200, facecolor="white")
    click.echo(f"written: {out}")


def _structure(member: "Member", _layer: str) -> Figure:
    """Draw what each block puts out."""
    from fer_nb.findings import tables
    from fer_nb.learning.models import blocks

    folded = blocks(member.network())
    figure = Figure(figsize=(max(FULL_WIDTH, 0.55 * len(folded)), structure.HEIGHT))
    structure.block_diagram(figure.subplots(), folded, names=[tables.block_name(block) for block in folded])
    return figure


def _history(member: "Member", _layer: str) -> Figure:
    """Draw loss and accuracy against the epoch."""
    if member.run is None:
        raise InputError(f"{member.path}: expected a network in its run folder, found a file alone")
    figure = Figure(figsize=(FULL_WIDTH, 2.8))
    name = Text(member.run.name, member.run.name)
    curves.loss_and_accuracy(figure.subplots(1, 2), {name: member.run.history()})
    return figure


def _ascent(member: "Member", layer: str) -> Figure:
    """Draw images that drive the filters of a layer, the first SHEET of them, by regularized ascent."""
    from fer_nb.analysis.ascent import channel_objective, fourier_ascent

    objective = channel_objective(member.network(), layer)
    channels = np.arange(min(objective.channels, SHEET))
    images = fourier_ascent(objective, channels, steps=STEPS, seed=0)
    lines = -(-len(channels) // SHEET_COLUMNS)
    figure = Figure(figsize=(FULL_WIDTH, lines * (FULL_WIDTH / SHEET_COLUMNS + 0.15)))
    axes = figure.subplots(lines, SHEET_COLUMNS, squeeze=False).ravel()
    for ax, channel, image in zip(axes, channels, images, strict=False):
        face(ax, image, title=str(channel))
    for ax in axes[len(channels) :]:
        ax.set_axis_off()
    return figure


def _with_faces(kind: str, member: "Member", faces: "Faces", *, layer: str, row: int) -> Figure:
    """Draw the confusion matrix of the test images, or of what is labelled; or what a network looks at."""
    from fer_nb.learning.prediction.answer_files import faces_to_answer
    from fer_nb.learning.prediction.evaluation import evaluate

    if kind == "confusion":
        predictions = evaluate([member], faces)
        figure = Figure(figsize=(FULL_WIDTH, 6.0))
        split = "test" if "test" in predictions else next(iter(predictions))
        errors.confusion_heatmap(figure.subplots(), predictions[split].matrix)
        return figure
    asked, _ = faces_to_answer(faces)
    if kind == "saliency":
        return _saliency(member, asked)
    if row >= len(asked):
        raise InputError(f"--image: expected a row from 0 to {len(asked) - 1}, found {row}")
    from fer_nb.analysis.ascent import channel_objective, filter_outputs

    image = asked.images[row]
    (maps,) = filter_outputs(channel_objective(member.network(), layer), image[None])
    return filters.output_sheet(Figure(), image, maps, order=range(min(maps.shape[-1], filters.OUTPUT_PAGE)))


def _saliency(member: "Member", faces: "Faces") -> Figure:
    """Draw the first image of each class beside its saliency map (SmoothGrad), masked, and overlaid.

    The class is the labelled one, for images without a label the predicted one, and the map is that of it.
    """
    from fer_nb.analysis.saliency import smoothgrad
    from fer_nb.figures import saliency
    from fer_nb.learning.prediction import predict_logits

    network, labels = member.network(), faces.labels.astype(np.int64)
    if (labels < 0).any():
        labels = predict_logits(network, faces.images).argmax(axis=1)
    classes, rows = np.unique(labels, return_index=True)
    images = faces.images[rows]
    maps = smoothgrad(network, images, classes, seed=0)
    figure = Figure(figsize=(FULL_WIDTH, 4.4))
    axes = figure.subplots(4, len(rows), squeeze=False)
    titles = [f"{EMOTIONS[label]}\n{row}" for label, row in zip(classes, rows, strict=True)]
    saliency.views(axes, images, maps, kept=KEPT, titles=titles)
    return figure
