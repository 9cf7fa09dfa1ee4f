"""Pictures of filters: what they look like, what drives them, and what they put out."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fer_nb.figures.faces import TITLE_SIZE, bare, face, image_rows
from fer_nb.figures.style import FULL_WIDTH
from fer_nb.language import Text

NAIVE = Text("直接上升", "naive")
REGULARIZED = Text("正則化", "regularized")
PATCHES = Text("激發最強的臉", "faces that drive it most")
KERNEL_COLUMNS = 8
OUTPUT_COLUMNS = 17  # the image and 16 filters
OUTPUT_PAGE = 15 * OUTPUT_COLUMNS - 1  # filters of a sheet


def signed_tile(ax: Axes, values: NDArray[Any]) -> Axes:
    """Draw (rows, columns) around 0, blue below and red above, up to the largest absolute value."""
    reach = float(np.abs(values).max()) or 1.0
    ax.imshow(values, cmap="RdBu_r", vmin=-reach, vmax=reach)
    return bare(ax)


def stretched_tile(ax: Axes, values: NDArray[Any], *, title: str = "") -> None:
    """Draw (rows, columns) in greys, from the lowest value black to the highest white."""
    ax.imshow(values, cmap="gray")
    ax.set_title(title, fontsize=TITLE_SIZE, pad=4)
    bare(ax)


def filter_sheet(
    figure: Figure,
    *,
    labels: Sequence[str],
    naive: NDArray[Any],
    regularized: NDArray[Any],
    patches: Sequence[Sequence[NDArray[Any]]],
) -> Figure:
    """Draw a row a filter: the two ascents' images, and the patches that drive it most; 0 black to 255 white.

    Args:
        figure: An empty figure; its height is set by the number of filters.
        labels: What stands beside each row, F of them.
        naive: Grey levels, (F, 48, 48).
        regularized: Likewise.
        patches: For each filter its patches, (rows, columns) of grey levels; as many of each.
    """
    columns = 2 + len(patches[0])
    side = (FULL_WIDTH - 0.8) / columns
    figure.set_size_inches(FULL_WIDTH, side * len(labels) + 0.35)
    axes = figure.subplots(len(labels), columns, squeeze=False)
    tiles = zip(naive, regularized, patches, strict=True)
    rows = {label: [one, other, *more] for label, (one, other, more) in zip(labels, tiles, strict=True)}
    image_rows(axes, rows, titles=[f"{title.zh}\n{title.en}" for title in (NAIVE, REGULARIZED)])
    for ax in axes[:, 2:].flat:  # or a white patch would be lost on the page
        ax.spines[:].set(visible=True, linewidth=0.4, color="0.6")
    axes[0, (2 + columns) // 2].set_title(str(PATCHES), fontsize=TITLE_SIZE)
    return figure


def kernel_outputs(
    figure: Figure, image: NDArray[Any], kernels: NDArray[Any], maps: NDArray[Any], *, titles: Sequence[str]
) -> Figure:
    """Draw a face, and for each filter its kernel and below it what the filter puts out for the face.

    Kernels are drawn around 0, outputs each from the lowest to the highest value.

    Args:
        figure: An empty figure; its height is set by the number of filters.
        image: Grey levels 0 to 255, (48, 48).
        kernels: (F, rows, columns).
        maps: (rows, columns, F).
        titles: Over each kernel.
    """
    lines = math.ceil(len(kernels) / KERNEL_COLUMNS)
    side = 0.55  # inches: with it two lines stand below an answer and its method on one page
    figure.set_size_inches(side * (KERNEL_COLUMNS + 1), lines * (2 * side + 0.15))
    axes = figure.subplots(2 * lines, KERNEL_COLUMNS + 1, squeeze=False)
    for ax in axes.ravel():
        ax.set_axis_off()
    face(axes[1, 0], image).set_axis_on()
    for number, title in enumerate(titles):
        line, column = divmod(number, KERNEL_COLUMNS)
        signed_tile(axes[2 * line, column + 1], kernels[number]).set_title(title, fontsize=TITLE_SIZE, pad=4)
        stretched_tile(axes[2 * line + 1, column + 1], maps[..., number])
    return figure


def output_sheet(figure: Figure, image: NDArray[Any], maps: NDArray[Any], *, order: Sequence[int]) -> Figure:
    """Draw an image, then what every filter puts out for it, each from its lowest to its highest value.

    Args:
        figure: An empty figure; its height is set by the number of filters.
        image: Grey levels 0 to 255, (48, 48).
        maps: (rows, columns, filters).
        order: The filters as they are to follow one another.
    """
    lines = math.ceil((len(order) + 1) / OUTPUT_COLUMNS)
    figure.set_size_inches(FULL_WIDTH, lines * (FULL_WIDTH / OUTPUT_COLUMNS + 0.12) + 0.1)
    axes = figure.subplots(lines, OUTPUT_COLUMNS, squeeze=False).ravel()
    face(axes[0], image)
    for ax, channel in zip(axes[1:], order, strict=False):
        stretched_tile(ax, maps[..., channel], title=str(channel))
    for ax in axes[len(order) + 1 :]:
        ax.set_axis_off()
    return figure
