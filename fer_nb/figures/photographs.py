"""A photograph, a face of it as a network sees it, and what the network makes of it, side by side."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fer_nb.data.photographs import Square
from fer_nb.figures.faces import bare, face, heat_over_face, probability_bars
from fer_nb.language import EMOTIONS, Text

ROW = 2.3  # inches
TITLES = Text(
    "照片 | 網路所見 | 機率 | 顯著圖", "photograph | what the network sees | probabilities | saliency"
).split()


def faces_seen(
    pictures: Sequence[tuple[NDArray[np.uint8], Square]],
    cuts: Sequence[NDArray[np.uint8]],
    probabilities: NDArray[np.floating],
    maps: NDArray[np.floating],
) -> Figure:
    """Return a figure with a row a face: photograph, cut, probabilities, map over the cut.

    Args:
        pictures: The photograph, uint8 (H, W, 3), and the face's place in it, N of them.
        cuts: What the network sees, N of uint8 (48, 48).
        probabilities: (N, 7).
        maps: (N, 48, 48).
    """
    figure = Figure(figsize=(9.6, ROW * len(cuts) + 0.3), layout="constrained")
    axes = figure.subplots(len(cuts), 4, squeeze=False, width_ratios=(1.2, 1, 1.2, 1))
    rows = zip(axes, pictures, cuts, probabilities, maps, strict=True)
    for (photo, seen, bars, heat), (picture, square), cut, shares, level in rows:
        _place(photo, picture, square)
        face(seen, cut)
        probability_bars(bars, shares, true=None)
        heat_over_face(heat, cut, level)
        heat.set_xlabel(str(EMOTIONS[shares.argmax()]), fontsize=8)
    for ax, title in zip(axes[0], TITLES, strict=True):
        ax.set_title(str(title), fontsize=9)
    for ax in axes.flat:
        ax.set_anchor("N")  # the titles of squares and of a tall photograph stand level
    return figure


def _place(ax: Axes, picture: NDArray[np.uint8], square: Square) -> None:
    """Draw a photograph with the outline of a face, heavy at its upper edge."""
    bare(ax).imshow(picture)
    height, width = picture.shape[:2]
    corners = square.corners()
    closed = np.append(corners, corners[0])
    ax.plot(closed.real, closed.imag, color="C1", linewidth=1.2)
    ax.plot(corners[:2].real, corners[:2].imag, color="C1", linewidth=3)
    ax.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
