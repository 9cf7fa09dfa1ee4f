"""Pictures of filters: what they look like, what drives them, what they put out, and what deceives them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fer_nb.figures.faces import bare, face
from fer_nb.figures.style import FULL_WIDTH
from fer_nb.language import Text

KERNEL = Text("權重", "kernel")
NAIVE = Text("單純上升", "naive")
REGULARIZED = Text("正則化", "regularized")
PATCHES = Text("資料集中最能激發它的影像", "what drives it most in the data")
TITLE_SIZE = 6.5
OUTPUT_COLUMNS = 17  # the image and 16 filters
OUTPUT_PAGE = 15 * OUTPUT_COLUMNS - 1  # filters of a sheet


def signed_tile(ax: Axes, values: NDArray[Any]) -> Axes:
    """Draw (rows, columns) around 0, blue below and red above, up to the largest absolute value."""
    reach = float(np.abs(values).max()) or 1.0
    ax.imshow(values, cmap="RdBu_r", vmin=-reach, vmax=reach)
    return bare(ax)


def stretched_tile(ax: Axes, values: NDArray[Any], *, title: str = "") -> Axes:
    """Draw (rows, columns) in greys, from the lowest value black to the highest white."""
    ax.imshow(values, cmap="gray")
    ax.set_title(title, fontsize=TITLE_SIZE, pad=2)
    return bare(ax)


def filter_sheet(
    figure: Figure,
    *,
    labels: Sequence[str],
    naive: NDArray[Any],
    regularized: NDArray[Any],
    patches: Sequence[Sequence[NDArray[Any]]],
    kernels: NDArray[Any] | None = None,
) -> Figure:
    """Draw a row a filter: its kernel, the two ascents' images, and the patches that drive it most.

    Kernels are drawn around 0, naive images from their own lowest to their highest value, regularized images
    and patches from 0 black to 255 white.

    Args:
        figure: An empty figure; its height is set by the number of filters.
        labels: What stands beside each row, F of them.
        naive: (F, 48, 48).
        regularized: Grey levels, (F, 48, 48).
        patches: For each filter its patches, (rows, columns) of grey levels; at least one.
        kernels: (F, rows, columns), where the layer's can be looked at.
    """
    first = 0 if kernels is None else 1
    columns = first + 2 + max(len(row) for row in patches)
    side = (FULL_WIDTH - 0.8) / columns
    figure.set_size_inches(FULL_WIDTH, side * len(labels) + 0.35)
    axes = figure.subplots(len(labels), columns, squeeze=False)
    for number, row in enumerate(axes):
        if kernels is not None:
            signed_tile(row[0], kernels[number])
        stretched_tile(row[first], naive[number])
        face(row[first + 1], regularized[number])
        places = row[first + 2 :]
        for ax, patch in zip(places, patches[number], strict=False):
            face(ax, patch)
            # Or a white patch would be lost on the page.
            ax.spines[:].set(visible=True, linewidth=0.4, color="0.6")
        for ax in places[len(patches[number]) :]:
            ax.set_axis_off()
        row[0].set_ylabel(labels[number], rotation=0, ha="right", va="center", fontsize=TITLE_SIZE)
    titles = [KERNEL] * first + [NAIVE, REGULARIZED]
    for ax, title in zip(axes[0], titles, strict=False):
        ax.set_title(f"{title.zh}\n{title.en}", fontsize=TITLE_SIZE)
    axes[0, (first + 2 + columns) // 2].set_title(str(PATCHES), fontsize=TITLE_SIZE)
    return figure


def noise_sheet(
    figure: Figure,
    *,
    starts: NDArray[Any],
    means: NDArray[Any],
    units: NDArray[Any] | None = None,
    kernels: NDArray[Any] | None = None,
) -> Figure:
    """Draw a column a filter: its starting noise, what became of it, what one unit sees, its kernel.

    Kernels are drawn around 0, everything else from its own lowest to its highest value.

    Args:
        figure: An empty figure; its height is set by the rows that there are.
        starts: (F, 48, 48).
        means: Results for the mean output, (F, 48, 48).
        units: Results for one unit, cropped to what it sees, (F, rows, columns).
        kernels: (F, rows, columns).
    """
    rows = {
        Text("起始雜訊", "start"): starts,
        Text("推動平均", "mean driven"): means,
        Text("推動一個單元", "one unit driven"): units,
        KERNEL: kernels,
    }
    known = {name: tiles for name, tiles in rows.items() if tiles is not None}
    side = min(0.75, (FULL_WIDTH - 1) / len(starts))
    figure.set_size_inches(side * len(starts) + 1, side * len(known) + 0.1)
    axes = figure.subplots(len(known), len(starts), squeeze=False)
    for line, (name, tiles) in zip(axes, known.items(), strict=True):
        for number, (ax, tile) in enumerate(zip(line, tiles, strict=True)):
            if name is KERNEL:
                signed_tile(ax, tile)
            else:
                stretched_tile(ax, tile, title=str(number) if line is axes[0] else "")
        line[0].set_ylabel(f"{name.zh}\n{name.en}", rotation=0, ha="right", va="center", fontsize=TITLE_SIZE)
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


def image_rows(
    axes: NDArray[Any], rows: Mapping[Text, NDArray[Any]], *, titles: Sequence[str]
) -> NDArray[Any]:
    """Draw named rows of images, 0 black to 255 white, with a title over each column.

    Args:
        axes: (number of rows, K).
        rows: Name -> images, (K, 48, 48) each.
        titles: K of them.
    """
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        for ax, image in zip(line, images, strict=True):
            face(ax, image)
        line[0].set_ylabel(f"{name.zh}\n{name.en}", rotation=0, ha="right", va="center", fontsize=TITLE_SIZE)
    for ax, title in zip(axes[0], titles, strict=True):
        ax.set_title(title, fontsize=TITLE_SIZE)
    return axes


def adversarial_rows(
    axes: NDArray[Any], images: NDArray[Any], changed: NDArray[Any], *, titles: Sequence[tuple[str, str]]
) -> NDArray[Any]:
    """Draw images, what was done to them, and what came of it, one below another.

    The change is drawn around 0, blue darker and red lighter, up to the largest of the column.

    Args:
        axes: (3, K).
        images: Originals, uint8 (K, 48, 48).
        changed: Likewise.
        titles: For each column the title of its original and of its changed image.
    """
    names = (Text("原圖", "original"), Text("改動", "change"), Text("改動後", "changed"))
    for column, (image, other, (before, after)) in enumerate(zip(images, changed, titles, strict=True)):
        face(axes[0, column], image).set_title(before, fontsize=TITLE_SIZE)
        change = other.astype(np.int64) - image
        signed_tile(axes[1, column], change)
        axes[1, column].set_title(f"±{np.abs(change).max()}/255", fontsize=TITLE_SIZE)
        face(axes[2, column], other).set_title(after, fontsize=TITLE_SIZE)
    for ax, name in zip(axes[:, 0], names, strict=True):
        ax.set_ylabel(f"{name.zh}\n{name.en}", rotation=0, ha="right", va="center", fontsize=TITLE_SIZE)
    return axes
