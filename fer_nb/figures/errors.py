"""The confusion matrix, and wrongly classified images."""

import math
from collections.abc import Mapping

import numpy as np
import seaborn
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from seaborn.utils import relative_luminance

from fer_nb.analysis.evaluation import NO_DATA, Predictions, confusion_shares
from fer_nb.language import EMOTIONS, Text

SMALL = 6.5  # points
LINE_OF_FACES, TITLE_OF_FACES = 1.25, 0.25  # inches
EVEN = 0.179  # luminance on which black and white stand out alike
UNKNOWN_COLOUR = "0.85"  # grey, which the colour map does not hold


def confusion_heatmap(ax: Axes, counts: NDArray[np.integer]) -> None:
    """Draw a confusion matrix, rows true and columns predicted: share of the row above, images below.

    Args:
        ax: Where to draw, 4 inches or more each way.
        counts: A confusion matrix, (7, 7). A row without images is grey with dashes, and its name says so.
    """
    shares = confusion_shares(counts)
    unknown: NDArray[np.bool_] = np.ma.getmaskarray(shares)
    written = [
        [f"{percent(share)}%\n{count:,}" for share, count in zip(*row, strict=True)]
        for row in zip(shares.filled(0), counts, strict=True)
    ]
    largest = max(float(shares.filled(0).max()), 1e-9)
    # Square roots, so that errors show beside a diagonal ten times as large; and both ends of the scale are
    # given, or seaborn looks for them among cells that may all be masked.
    scale = {"cmap": "Blues", "norm": PowerNorm(0.5, vmin=0, vmax=largest), "vmin": 0, "vmax": largest}
    look = {"annot": np.array(written), "fmt": "", "annot_kws": {"size": SMALL + 1}, "linewidths": 0.5}
    seaborn.heatmap(shares.filled(0), mask=unknown, cbar=False, square=True, ax=ax, **scale, **look)
    colours = np.reshape(ax.collections[0].get_facecolor(), (*counts.shape, -1))
    for text in ax.texts:  # seaborn writes white on middling blue, too
        column, row = map(int, text.get_position())
        text.set_color("white" if relative_luminance(colours[row, column]) < EVEN else "black")
    ax.set_facecolor(UNKNOWN_COLOUR)
    for row, column in np.argwhere(unknown):
        ax.text(column + 0.5, row + 0.5, "–", size=SMALL + 1, ha="center", va="center")
    names = [f"{emotion.zh}\n{emotion.en}" for emotion in EMOTIONS]
    missing = [
        f"{name}\n{NO_DATA}" if gone else name for name, gone in zip(names, unknown[:, 0], strict=True)
    ]
    ax.set_xticks(np.arange(len(names)) + 0.5, names, rotation=0)
    ax.set_yticks(np.arange(len(names)) + 0.5, missing, rotation=0)
    ax.tick_params(length=0, labelsize=SMALL + 1)
    ax.set_xlabel(str(Text("預測類別", "predicted class")))
    ax.set_ylabel(str(Text("真實類別", "true class")))


def error_panels(
    figure: Figure, groups: Mapping[Text, ArrayLike], answers: Predictions, *, columns: int = 6
) -> Figure:
    """Draw titled groups of faces below one another, with the class given and its probability over each.

    Args:
        figure: An empty figure; its height is set by how many lines of faces there are.
        groups: Title -> rows of the images, (R,).
        answers: To the images.
        columns: Faces in a line.

    Returns:
        The figure.
    """
    assert answers.images is not None, "faces are drawn from images"
    lines = [max(1, math.ceil(np.size(rows) / columns)) for rows in groups.values()]
    heights = [LINE_OF_FACES * line + TITLE_OF_FACES for line in lines]
    figure.set_figheight(sum(heights))
    parts = figure.subfigures(len(lines), 1, height_ratios=heights, squeeze=False).ravel()
    guesses, shares = answers.predicted, answers.probabilities
    for part, line, (title, rows) in zip(parts, lines, groups.items(), strict=True):
        part.suptitle(str(title), size=8, x=0.01, ha="left")
        places = part.subplots(line, columns, squeeze=False).ravel()
        for ax in places:
            ax.set_axis_off()
        for ax, row in zip(places, np.asarray(rows), strict=False):
            ax.imshow(answers.images[row], cmap="gray", vmin=0, vmax=255)
            ax.set_title(f"{EMOTIONS[guesses[row]]} {percent(shares[row, guesses[row]])}%", size=SMALL)
    return figure


def percent(share: float) -> str:
    """Write a share from 0 to 1 in whole percent; what is not 0 is not written 0."""
    return "<1" if 0 < share < 0.005 else f"{100 * share:.0f}"
