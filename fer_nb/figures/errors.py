"""Confusion matrices, reliability, recall by class size and the wrongly classified images themselves."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import seaborn
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from fer_nb.analysis.evaluation import (
    NO_DATA,
    ClassScore,
    ReliabilityBins,
    confusion_shares,
    predicted_classes,
)
from fer_nb.errors import InputError, unknown_name
from fer_nb.language import EMOTIONS, GLOSSARY, Text

Kind = Literal["counts", "recall", "precision"]

TRUE = Text("真實", "true")
PREDICTED = Text("預測", "predicted")
TITLES = {
    "counts": Text("影像數", "images"),
    "recall": Text("召回率（各列，%）", "recall (by row, %)"),
    "precision": Text("精確率（各欄，%）", "precision (by column, %)"),
}
NAMES = tuple(str(emotion) for emotion in EMOTIONS)
LINE_OF_FACES, TITLE_OF_FACES = 1.3, 0.25  # inches
MARKERS = "osD^vPX"  # one a class
UNKNOWN_COLOUR = "0.85"  # grey, which the colour map does not hold


def confusion_heatmap(ax: Axes, matrix: ArrayLike, *, kind: Kind = "counts") -> Axes:
    """Draw a confusion matrix with its numbers in the cells, rows true and columns predicted.

    Args:
        ax: Where to draw; the numbers are sized to its cells.
        matrix: Counts, (7, 7).
        kind: The counts themselves, or the percentages of the row (recall) or of the column (precision). A
            row without images, or a column without predictions, is grey with dashes, and its name says so.
    """
    if kind not in TITLES:
        raise unknown_name("kind of matrix", kind, TITLES)
    counts = np.asarray(matrix)
    shown = np.ma.MaskedArray(counts, mask=False) if kind == "counts" else confusion_shares(counts, kind)
    unknown: np.ndarray = np.ma.getmaskarray(shown)
    write = str if kind == "counts" else _percent
    written = np.array([["–" if value is None else write(value) for value in row] for row in shown.tolist()])
    size = _text_size(ax, max(4, *(len(text) for text in written.flat)))
    largest = max(float(shown.filled(0).max()), 1e-9)
    seaborn.heatmap(
        shown.filled(0),
        mask=unknown,
        annot=written,
        fmt="",
        annot_kws={"size": size},
        cmap="Blues",
        # Square roots, so that errors show beside a diagonal ten times as large.
        norm=PowerNorm(0.5, vmin=0, vmax=largest),
        vmin=0,
        vmax=largest,  # or seaborn looks for them among cells that may all be masked
        cbar=False,
        square=True,
        linewidths=0.5,
        ax=ax,
    )
    ax.set_facecolor(UNKNOWN_COLOUR)
    for row, column in np.argwhere(unknown):
        ax.text(column + 0.5, row + 0.5, "–", size=size, ha="center", va="center")
    columns = unknown.all(axis=0) & (kind == "precision")
    rows = unknown.all(axis=1) & (kind == "recall")
    ax.set_xticks(np.arange(len(NAMES)) + 0.5, _marked(columns), rotation=90)
    ax.set_yticks(np.arange(len(NAMES)) + 0.5, _marked(rows), rotation=0)
    ax.tick_params(length=0, labelsize=size)
    ax.set_title(f"{TITLES[kind].zh}\n{TITLES[kind].en}", size=size + 2)
    ax.set_xlabel(str(PREDICTED), size=size + 1)
    ax.set_ylabel(str(TRUE), size=size + 1)
    return ax


def confusion_panels(
    axes: Sequence[Axes] | np.ndarray, matrices: Mapping[Kind | Text, ArrayLike]
) -> np.ndarray:
    """Draw confusion matrices side by side, the names of the true classes once, at the left.

    Args:
        axes: Where to draw, a matrix each.
        matrices: Kind -> counts (7, 7), or title -> counts, which are then drawn as recall.

    Returns:
        The axes.
    """
    places = np.ravel(np.asarray(axes))
    places[0].figure.draw_without_rendering()  # lays the empty panels out, so that numbers fit their size
    unknown = np.ones(len(NAMES), bool)
    for ax, (key, matrix) in zip(places, matrices.items(), strict=True):
        confusion_heatmap(ax, matrix, kind="recall" if isinstance(key, Text) else key)
        if isinstance(key, Text):
            ax.set_title(f"{key.zh}\n{key.en}", size=ax.title.get_size())
        unknown &= np.asarray(matrix).sum(axis=1) == 0
    for ax in places[1:]:
        ax.set_yticks([])
        ax.set_ylabel("")
    places[0].set_yticks(places[0].get_yticks(), _marked(unknown))
    return places


def reliability_diagram(ax: Axes, bins: ReliabilityBins) -> Axes:
    """Draw accuracy against confidence, a point with its interval for each bin that holds images.

    Points below the dashed diagonal claim more than they hold.

    Args:
        ax: Where to draw.
        bins: As `fer_nb.analysis.evaluation.reliability_bins` returns them.
    """
    ax.axline((0, 0), slope=1, color="0.6", linestyle="--", linewidth=1)
    known = [
        (confidence, share.accuracy, share.low, share.high)
        for confidence, share in zip(bins.confidence, bins.accuracy, strict=True)
        if share.accuracy is not None
    ]
    if known:
        confidence, accuracy, low, high = np.array(known, np.float64).T
        reach = np.abs([accuracy - low, high - accuracy])
        ax.errorbar(confidence, accuracy, yerr=reach, marker="o", markersize=4, capsize=2)
    else:
        _say_no_data(ax)
    ax.set(
        xlim=(0, 1),
        ylim=(0, 1),
        xlabel=str(Text("預測機率", "predicted probability")),
        ylabel=str(GLOSSARY["accuracy"]),
    )
    ax.set_aspect("equal")
    return ax


def recall_against_support(
    ax: Axes, scores: Sequence[ClassScore], *, sizes: Sequence[int] | None = None
) -> Axes:
    """Draw the recall of each class, with its interval, against the number of its images.

    Args:
        ax: Where to draw.
        scores: As `fer_nb.analysis.evaluation.class_scores` returns them; a class without images is named in
            a corner as "no data".
        sizes: Training images of each class, (7,); by default the images that the recall was measured on.
    """
    if sizes is not None and len(sizes) != len(EMOTIONS):
        raise InputError(f"class sizes: expected {len(EMOTIONS)} numbers, found {len(sizes)}")
    images = [score.support if sizes is None else sizes[score.label] for score in scores]
    missing = []
    for score, size, marker in zip(scores, images, MARKERS, strict=True):
        name, share = NAMES[score.label], score.recall
        if share.accuracy is None or share.low is None or share.high is None:
            missing.append(name)
            continue
        reach = np.abs([[share.accuracy - share.low], [share.high - share.accuracy]])
        ax.errorbar(size, share.accuracy, yerr=reach, marker=marker, linestyle="", capsize=3, label=name)
    if len(missing) < len(images):
        # Beside the axes: classes of nearly one size leave no room for names at their points.
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    if missing:
        ax.text(
            0.02, 0.98, f"{NO_DATA}: {', '.join(missing)}", transform=ax.transAxes, va="top", size="small"
        )
    what = Text("測量的影像數", "images measured") if sizes is None else Text("訓練影像數", "training images")
    ax.set(ylim=(0, 1), xlabel=str(what), ylabel=str(GLOSSARY["recall"]))
    ax.set_xlim(0, 1.1 * max(*images, 1))
    return ax


def error_grid(
    axes: Sequence[Axes] | np.ndarray, images: ArrayLike, labels: ArrayLike, probabilities: ArrayLike
) -> list[Axes]:
    """Draw faces captioned with their true and predicted class and the probability given to each.

    Args:
        axes: Where to draw, a face each; those left over are blank. More faces than axes are not drawn.
        images: Grey levels 0 to 255, (N, 48, 48).
        labels: True classes, (N,).
        probabilities: (N, 7).

    Returns:
        The axes, flat, as a list. Where N is 0 the first one says "no data".
    """
    places = list(np.ravel(np.asarray(axes)))
    faces, truth, shares = np.asarray(images), np.asarray(labels), np.asarray(probabilities)
    if not len(faces) == len(truth) == len(shares):
        raise InputError(
            f"faces: expected a label and probabilities for each of {len(faces)} images, "
            f"found {len(truth)} and {len(shares)}"
        )
    for ax in places:
        ax.set_axis_off()
    if len(faces) == 0:
        if places:
            _say_no_data(places[0])
        return places
    guesses = predicted_classes(shares)
    for ax, face, true, guess, share in zip(places, faces, truth, guesses, shares, strict=False):
        ax.imshow(face, cmap="gray", vmin=0, vmax=255)
        ax.set_title(
            f"{TRUE.zh} {NAMES[true]} {_percent(share[true])}%\n"
            f"{PREDICTED.zh} {NAMES[guess]} {_percent(share[guess])}%",
            size=6.5,
        )
    return places


def error_panels(
    figure: Figure,
    rows: Mapping[str, ArrayLike],
    *,
    images: ArrayLike,
    labels: ArrayLike,
    probabilities: ArrayLike,
    columns: int = 6,
) -> Figure:
    """Draw named groups of captioned faces below one another, each as in `error_grid`.

    Args:
        figure: An empty figure; its height is set by how many lines of faces there are.
        rows: Title -> rows of the images, (R,).
        images: Grey levels 0 to 255, (N, 48, 48).
        labels: True classes, (N,).
        probabilities: (N, 7).
        columns: Faces in a line.
    """
    chosen = {title: np.asarray(numbers, np.int64) for title, numbers in rows.items()}
    lines = [max(1, math.ceil(len(numbers) / columns)) for numbers in chosen.values()]
    figure.set_figheight(LINE_OF_FACES * sum(lines) + TITLE_OF_FACES * len(lines))
    heights = [LINE_OF_FACES * line + TITLE_OF_FACES for line in lines]
    parts = figure.subfigures(len(lines), 1, height_ratios=heights, squeeze=False).ravel()
    for part, line, (title, numbers) in zip(parts, lines, chosen.items(), strict=True):
        part.suptitle(title, size=8, x=0.01, ha="left")
        places = part.subplots(line, columns, squeeze=False)
        faces, truth, shares = (np.asarray(array)[numbers] for array in (images, labels, probabilities))
        error_grid(places, faces, truth, shares)
    return figure


def _percent(share: float) -> str:
    """Write a share from 0 to 1 in whole percent; what is not 0 is not written 0."""
    return "<1" if 0 < share < 0.005 else f"{100 * share:.0f}"


def _text_size(ax: Axes, characters: int) -> float:
    """Return the size in points at which so many digits fill a cell of a 7 x 7 grid, 4.5 to 10."""
    box = ax.get_window_extent().transformed(ax.figure.dpi_scale_trans.inverted())
    cell = 72 * min(box.width, box.height) / len(EMOTIONS)
    return float(np.clip(cell / (0.6 * characters + 0.4), 4.5, 10))


def _marked(unknown: Any) -> list[str]:
    """Return the names of the classes, with "no data" behind those that are unknown, bool (7,)."""
    return [f"{name} {NO_DATA}" if gone else name for name, gone in zip(NAMES, unknown, strict=True)]


def _say_no_data(ax: Axes) -> None:
    ax.text(0.5, 0.5, str(NO_DATA), transform=ax.transAxes, ha="center", va="center")
