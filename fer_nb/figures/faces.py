"""Pictures of faces, maps over them, and what a network makes of one."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from fer_nb.language import EMOTIONS, Text

TITLE_SIZE = 7


def face(ax: Axes, image: NDArray[Any], *, title: str = "") -> Axes:
    """Draw one grey image (48, 48), 0 black to 255 white, without ticks."""
    ax.imshow(image, cmap="gray", vmin=0, vmax=255)
    ax.set_title(title, fontsize=8)
    return bare(ax)


def image_rows(
    axes: NDArray[Any], rows: Mapping[Any, Sequence[NDArray[Any]]], *, titles: Sequence[Any] = ()
) -> None:
    """Draw named rows of images, 0 black to 255 white, with titles over the first columns.

    Args:
        axes: (number of rows, K).
        rows: Name, as Text or str -> images, K of them.
        titles: K at most.
    """
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        for ax, image in zip(line, images, strict=True):
            face(ax, image)
        row_name(line[0], name)
    for ax, title in zip(axes[0], titles, strict=False):
        ax.set_title(title, fontsize=TITLE_SIZE)


def row_name(ax: Axes, name: Text | str) -> None:
    """Write a row's name at its left, level."""
    label = f"{name.zh}\n{name.en}" if isinstance(name, Text) else name
    ax.set_ylabel(label, rotation=0, ha="right", va="center", fontsize=TITLE_SIZE)


def bare(ax: Axes) -> Axes:
    """Take ticks and frame off."""
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    return ax


def probability_bars(ax: Axes, probabilities: NDArray[Any], *, true: Text | None) -> None:
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


def heat_over_face(ax: Axes, image: NDArray[Any], heat: NDArray[Any], *, title: str = "") -> None:
    """Draw a map (48, 48) over its grey image (48, 48), scaled to the map's own largest absolute value."""
    face(ax, image, title=title)
    largest = float(np.abs(heat).max()) or 1.0
    ax.imshow(np.abs(heat) / largest, cmap="inferno", alpha=0.55, vmin=0, vmax=1)
