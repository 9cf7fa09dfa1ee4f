"""A network drawn from its blocks: what each puts out, as a slab of its size."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from fer_nb.language import Text

if TYPE_CHECKING:
    from fer_nb.learning.models import Block

HEIGHT = 1.9  # inches of one network
_TINTS = {"image": "0.8", "maps": "C0", "vector": "C1"}
_SIDE, _UNITS = 48, 48 * 48  # drawn as high as there is room: the side of an image, its pixels in a row
_ROOMY, _DEEP = 7, 10  # blocks that have room beside each other, and with more their names stand upright


def block_diagram(ax: Axes, blocks: Sequence["Block"], *, names: Sequence[Text]) -> None:
    """Draw what each block puts out: height for the side of the maps or the units, depth for the channels.

    Sides and units are drawn by their root, channels by their logarithm, or most slabs were lines. Above a
    slab stands its kernel with the stride (3×3 /2), below it its name and its shape.

    Args:
        ax: Axes to draw on, as wide as the text and `HEIGHT` inches high.
        blocks: Of `fer_nb.learning.models.blocks`.
        names: A name each.
    """
    unit = len(blocks) / _ROOMY  # of width: slabs of a shallow network are no wider than those of a deep one
    for place, (block, name) in enumerate(zip(blocks, names, strict=True)):
        shape, flat = block.output_shape, len(block.output_shape) == 1
        tint = _TINTS["vector" if flat else "maps" if block.kernel else "image"]
        high = min(float(np.sqrt(shape[0] / (_UNITS if flat else _SIDE))), 1.1)
        wide = 0.12 if flat else 0.12 + 0.07 * float(np.log2(shape[-1]))
        _slab(ax, place, size=(min(unit, 1.0) * wide, max(high, 0.05)), slant=0.12 * unit, colour=tint)
        if len(block.kernel) == 4:
            stride = block.layers[0].strides[0]
            kernel = "×".join(map(str, block.kernel[:2])) + (f" /{stride}" if stride > 1 else "")
            ax.text(place, high / 2 + 0.2, kernel, ha="center", fontsize=6.5, color="0.25")
        lines = (name.zh, name.en, "×".join(map(str, shape)))
        if len(blocks) > _DEEP:
            ax.text(place, -0.68, " ".join(lines[::2]), ha="center", va="top", fontsize=6.5, rotation=90)
        else:
            ax.text(place, -0.72, "\n".join(lines), ha="center", va="top", fontsize=6.5)
        if place and len(blocks) <= _DEEP:
            arrow = {"arrowstyle": "->", "color": "0.5", "linewidth": 0.8}
            ax.annotate("", (place - 0.3, 0), (place - 0.5, 0), arrowprops=arrow)
    ax.set(xlim=(-0.5, len(blocks) - 0.4), ylim=(-1.5 if len(blocks) > _DEEP else -1.15, 0.95))
    ax.set_axis_off()


def _slab(ax: Axes, x: float, *, size: tuple[float, float], slant: float, colour: str) -> None:
    """Draw a slab in oblique projection around (x, 0): front, top and side in three shades."""
    wide, high = size
    left, right, low, top = x - wide / 2, x + wide / 2, -high / 2, high / 2
    lift = 0.12
    faces = {
        0.9: [(left, low), (right, low), (right, top), (left, top)],
        0.55: [(left, top), (right, top), (right + slant, top + lift), (left + slant, top + lift)],
        0.7: [(right, low), (right + slant, low + lift), (right + slant, top + lift), (right, top)],
    }
    for alpha, corners in faces.items():
        ax.add_patch(Polygon(corners, facecolor=colour, alpha=alpha, edgecolor="white", linewidth=0.5))
