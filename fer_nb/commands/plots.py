"""One figure of one network, as `python -m fer_nb plot` writes it: each function returns a new figure."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from fer_nb.figures import curves, errors, filters, saliency, structure
from fer_nb.figures.faces import face
from fer_nb.figures.style import FULL_WIDTH
from fer_nb.findings import tables
from fer_nb.language import EMOTIONS

if TYPE_CHECKING:
    import keras

    from fer_nb.data.faces import Faces
    from fer_nb.learning.prediction.ensemble import Member
    from fer_nb.learning.runs import Run

KEPT = 0.2  # share of the pixels that a masked image keeps
SHEET_COLUMNS = 8
SHEET = 32  # filters of a sheet of gradient ascent
STEPS = 128


def structure_figure(network: "keras.Model") -> Figure:
    """Draw what each block puts out."""
    from fer_nb.learning.models import blocks

    folded = blocks(network)
    figure = Figure(figsize=(max(FULL_WIDTH, 0.55 * len(folded)), structure.HEIGHT))
    structure.block_diagram(figure.subplots(), folded, names=[tables.block_name(block) for block in folded])
    return figure


def history_figure(run: "Run") -> Figure:
    """Draw loss and accuracy against the epoch."""
    figure = Figure(figsize=(FULL_WIDTH, 2.8))
    axes = figure.subplots(1, 2)
    for ax, measure in zip(axes, curves.MEASURES, strict=True):
        curves.history_curves(ax, {run.name: run.history()}, measure=measure)
    curves.shared_legend(axes[0])
    return figure


def confusion_figure(member: "Member", faces: "Faces") -> Figure:
    """Draw the confusion matrix of the test images, or of what is labelled else."""
    from fer_nb.learning.prediction.evaluation import evaluate

    predictions = evaluate([member], faces)
    matrix = predictions["test" if "test" in predictions else next(iter(predictions))].matrix
    figure = Figure(figsize=(FULL_WIDTH, 6.0))
    errors.confusion_heatmap(figure.subplots(), matrix)
    return figure


def saliency_figure(network: "keras.Model", faces: "Faces") -> Figure:
    """Draw the first image of each class beside its saliency map (SmoothGrad), masked, and overlaid.

    The class is the labelled one, for images without a label the predicted one, and the map is that of it.
    """
    from fer_nb.analysis.saliency import smoothgrad
    from fer_nb.learning.prediction import predict_logits

    labels = faces.labels.astype(np.int64)
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


def filters_figure(network: "keras.Model", faces: "Faces", *, layer: str, row: int) -> Figure:
    """Draw what every filter of a layer puts out for one image.

    Args:
        network: The network.
        faces: Where the image is taken from.
        layer: A name, or a number among the convolutions.
        row: Of the image, from 0.
    """
    from fer_nb.analysis.ascent import channel_objective, filter_outputs

    image = faces.images[row]
    (maps,) = filter_outputs(channel_objective(network, layer), image[None])
    count = min(maps.shape[-1], filters.OUTPUT_PAGE)
    return filters.output_sheet(Figure(), image, maps, order=range(count))


def ascent_figure(network: "keras.Model", *, layer: str) -> Figure:
    """Draw images that drive the filters of a layer, the first SHEET of them, by regularized ascent."""
    from fer_nb.analysis.ascent import channel_objective, fourier_ascent

    objective = channel_objective(network, layer)
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
