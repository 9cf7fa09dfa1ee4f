"""Pictures of faces, and how many there are of each class."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from fer_nb.language import EMOTIONS, Text


def face(ax: Axes, image: NDArray[Any], *, title: str = "") -> Axes:
    """Draw one grey image (48, 48), 0 black to 255 white, without ticks."""
    ax.imshow(image, cmap="gray", vmin=0, vmax=255)
    ax.set_title(title, fontsize=8)
    return bare(ax)


def bare(ax: Axes) -> Axes:
    """Take ticks and frame off."""
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    return ax


def face_grid(axes: NDArray[Any], images: NDArray[np.uint8], labels: NDArray[Any]) -> NDArray[Any]:
    """Draw a row of faces for each emotion.

    Args:
        axes: Array of axes (7, K), one row an emotion.
        images: uint8 (N, 48, 48).
        labels: Classes (N,); the first K images of each class are drawn, fewer where there are fewer.

    Returns:
        The axes.
    """
    for label, row in enumerate(axes):
        chosen = np.flatnonzero(labels == label)[: len(row)]
        for ax in row[len(chosen) :]:
            ax.set_axis_off()
        for ax, index in zip(row, chosen, strict=False):
            face(ax, images[index])
        row[0].set_ylabel(str(EMOTIONS[label]), rotation=0, ha="right", va="center")
        row[0].set_axis_on()
        bare(row[0])  # of a class without a face its name alone stands there
    return axes


def class_counts(ax: Axes, counts: Mapping[str, Sequence[int]], *, names: Mapping[str, Text]) -> Axes:
    """Draw bars of the images of each class, one colour a split.

    Args:
        ax: Axes to draw on.
        counts: Split -> seven counts, in the order of EMOTIONS.
        names: Split -> its name for the legend.
    """
    places = np.arange(len(EMOTIONS))
    width = 0.8 / len(counts)
    for i, (split, values) in enumerate(counts.items()):
        bars = ax.bar(places + (i - (len(counts) - 1) / 2) * width, values, width, label=str(names[split]))
        if len(counts) == 1:
            ax.bar_label(bars, fontsize=7)
    ax.set_xticks(places, [f"{emotion.zh}\n{emotion.en}" for emotion in EMOTIONS])
    ax.set_ylabel("影像數 images")
    if len(counts) > 1:
        ax.legend()
    return ax


def probability_bars(ax: Axes, probabilities: NDArray[Any], *, true: Text | None) -> Axes:
    """Draw a bar for each class, the most probable dark, the true class marked.

    Args:
        ax: Axes to draw on.
        probabilities: (7,), 0 to 1.
        true: The true class, None where unknown.
    """
    places = np.arange(len(EMOTIONS))
    colours = np.where(places == np.argmax(probabilities), "C0", "0.75")
    bars = ax.barh(places, probabilities, color=colours)
    ax.bar_label(bars, [f"{100 * share:.0f}%" for share in probabilities], fontsize=7, padding=2)
    marks = ["✓ " if emotion == true else "" for emotion in EMOTIONS]
    ax.set_yticks(places, [f"{mark}{emotion}" for mark, emotion in zip(marks, EMOTIONS, strict=True)])
    ax.set(xlim=(0, 1.15), xticks=[])
    ax.invert_yaxis()
    return ax


def heat_over_face(ax: Axes, image: NDArray[Any], heat: NDArray[Any], *, title: str = "") -> Axes:
    """Draw a map (48, 48) over its grey image (48, 48), scaled to the map's own largest absolute value."""
    face(ax, image, title=title)
    largest = float(np.abs(heat).max()) or 1.0
    ax.imshow(np.abs(heat) / largest, cmap="inferno", alpha=0.55, vmin=0, vmax=1)
    return ax
