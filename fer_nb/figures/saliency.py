"""Saliency maps beside and on their images, and what the regions of a face draw and do."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.ndimage
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.saliency import top_share
from fer_nb.figures.faces import bare, face, row_name
from fer_nb.language import Text

BRIGHTEST = 99.5  # percentile of a map that gets the darkest colour: a lone pixel would lighten the rest
SMOOTHING = 1.0  # pixels, of the overlay and of the mask: a single pixel is no part of a face
RED = (0.75, 0.05, 0.1)
ROWS = Text("影像 | 顯著圖 | 疊圖 | 遮罩影像", "image | map | overlay | masked").split()
MEAN = Text("同類平均", "class mean")


def views(
    axes: NDArray[Any], images: ArrayLike, maps: ArrayLike, *, kept: float, titles: Sequence[str]
) -> None:
    """Draw a column an image: itself, its map, the map laid on it, and what is left by the mask.

    Args:
        axes: (4, N), or more rows, of which the first four are drawn on.
        images: Grey levels 0 to 255, (N, 48, 48).
        maps: (N, 48, 48); each is drawn from 0 (white) to its own 99.5th percentile (black).
        kept: Share of the pixels that the masked image keeps, 0 to 1; the others are white.
        titles: Above each column.
    """
    for column, image, level, title in zip(axes.T, np.asarray(images), np.asarray(maps), titles, strict=True):
        face(column[0], image, title=title)
        bare(column[1]).imshow(level, cmap="gray_r", vmin=0, vmax=largest(level))
        mask = overlay(column[2], image, level, kept=kept)
        face(column[3], np.where(mask, image, 255))
    for row, name in zip(axes, ROWS, strict=False):
        row_name(row[0], name)


def class_means(
    axes: NDArray[Any],
    labels: ArrayLike,
    images: ArrayLike,
    maps: ArrayLike,
    classes: ArrayLike,
    *,
    kept: float,
) -> None:
    """Draw the mean map over faces of one class on their mean face, a column a class.

    Args:
        axes: (C,).
        labels: The classes, (C,).
        images: Grey levels 0 to 255, (N, 48, 48).
        maps: (N, 48, 48), each of which counts as much as any other.
        classes: Of the faces, (N,); the place of a class without one stays blank.
        kept: Share of the pixels that the outline goes around, 0 to 1.
    """
    levels = np.maximum(np.asarray(maps, np.float64), 0)
    levels /= np.maximum(levels.sum(axis=(1, 2), keepdims=True), 1e-12)
    for ax, label in zip(axes, np.asarray(labels), strict=True):
        rows = np.asarray(classes) == label
        if rows.any():
            overlay(ax, np.asarray(images)[rows].mean(axis=0), levels[rows].mean(axis=0), kept=kept)
        bare(ax)
    row_name(axes[0], MEAN)


def overlay(ax: Axes, image: NDArray[Any], level: NDArray[Any], *, kept: float) -> NDArray[np.bool_]:
    """Draw a map (48, 48) red on its pale image, with an outline around its top `kept` (for grey print).

    Returns:
        Where the top is, bool (48, 48).
    """
    smooth = scipy.ndimage.gaussian_filter(np.maximum(np.asarray(level, np.float64), 0), SMOOTHING)
    strength = np.clip(smooth / largest(smooth), 0, 1)[..., None] * 0.7
    pale = 0.4 + 0.6 * np.asarray(image, np.float64)[..., None] / 255
    bare(ax).imshow((1 - strength) * pale + strength * np.array(RED))
    mask = top_share(smooth[None], kept)[0]
    ax.contour(mask, levels=[0.5], colors="black", linewidths=0.8)
    return mask


def region_matrix(
    ax: Axes,
    *,
    values: ArrayLike,
    texts: Sequence[Sequence[str]],
    rows: Sequence[str],
    columns: Sequence[Text],
    title: Text,
) -> None:
    """Draw a value for each class and region, dark where it is large, white at 0 and below.

    Args:
        ax: Where to draw.
        values: (C, R).
        texts: What stands in each cell, C times R.
        rows: Names of the classes.
        columns: Names of the regions.
        title: Above the matrix.
    """
    cells = np.asarray(values, np.float64)
    top = max(float(cells.max(initial=0)), 1e-12)
    ax.imshow(cells, cmap="Blues", vmin=0, vmax=1.3 * top, aspect="auto")
    for (row, column), value in np.ndenumerate(cells):
        colour = "white" if value > 0.8 * top else "black"
        ax.text(column, row, texts[row][column], ha="center", va="center", fontsize=6.8, color=colour)
    ax.set_yticks(range(len(rows)), rows)
    ax.set_xticks(range(len(columns)), [f"{name.zh}\n{name.en.split()[-1]}" for name in columns])
    ax.tick_params(labelsize=6.8, length=0)
    ax.set_title(f"{title.zh}\n{title.en}", fontsize=7.5)


def largest(level: NDArray[Any]) -> float:
    """Return the value that gets the strongest colour, above 0."""
    return max(float(np.percentile(level, BRIGHTEST)), 0.0) or max(float(level.max()), 0.0) or 1.0
