"""Which pixels a unit of a layer sees: those in which its gradient is not zero."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.ascent.layers import SIDE, pre_activations
from fer_nb.analysis.autodiff import ModelScore, value_and_grad

Pair = tuple[int, int]
MID_GREY = 128
SAMPLES = 64  # random images; in one alone a ReLU or a pooling may hide a pixel from a unit


@dataclass(frozen=True)
class ReceptiveField:
    """The pixels that a unit sees, by rows and columns.

    Attributes:
        low: First pixel that unit (0, 0) sees; below 0 where the padding begins.
        high: Last pixel that it sees.
        step: Pixels from one unit's field to the next one's; 0 where all see the same.
    """

    low: Pair
    high: Pair
    step: Pair

    @property
    def size(self) -> Pair:
        """Rows and columns of the field, at most those of the image."""
        rows, columns = (min(high - low + 1, SIDE) for low, high in zip(self.low, self.high, strict=True))
        return rows, columns

    def crop(self, image: NDArray[Any], place: Pair) -> NDArray[Any]:
        """Return what the unit at `place` sees of an image (48, 48), mid-grey beyond the image's edge."""
        if self.size == (SIDE, SIDE):
            return image
        padded = np.pad(image, SIDE, constant_values=MID_GREY)
        first = [SIDE + low + step * at for low, step, at in zip(self.low, self.step, place, strict=True)]
        return padded[first[0] : first[0] + self.size[0], first[1] : first[1] + self.size[1]]


WHOLE = ReceptiveField((0, 0), (SIDE - 1, SIDE - 1), (0, 0))


def receptive_field(model: keras.Model, which: str | int) -> ReceptiveField:
    """Return the receptive field of the units of a layer, named or numbered as for `find_layer`.

    The first two units tell the step and where a field ends, the last one where it begins: these ends lie
    within the image. A unit that sees more than that, as of a dense layer, is said to see the whole of it;
    so is any unit where the first one sees nothing, behind weights of zero.

    Raises:
        InputError: As `find_layer` does.
    """
    tapped = pre_activations(model, which)
    units = tapped.output_shape[1:-1]
    if len(units) != 2 or min(units) < 2:
        return WHOLE
    images = np.random.default_rng(0).uniform(0, 255, (SAMPLES, SIDE, SIDE, 1)).astype(np.float32)
    lows, highs = [], []
    for place in ((0, 0), (1, 1), (units[0] - 1, units[1] - 1)):
        score = ModelScore(tapped, partial(_at, place=place))
        seen = (value_and_grad(score, images)[1] != 0).any(axis=(0, 3))
        if not seen.any():
            return WHOLE
        ends = [np.flatnonzero(seen.any(axis=axis))[[0, -1]].tolist() for axis in (1, 0)]
        lows.append([end[0] for end in ends])
        highs.append([end[1] for end in ends])
    step = [second - first for first, second in zip(highs[0], highs[1], strict=True)]
    if min(step) < 1:
        return WHOLE
    low = [last - one * (count - 1) for last, one, count in zip(lows[2], step, units, strict=True)]
    return ReceptiveField((low[0], low[1]), (highs[0][0], highs[0][1]), (step[0], step[1]))


def border(field: ReceptiveField, units: Pair) -> Pair:
    """Return how many units at each edge of a map see padding; at most a quarter of the map.

    Args:
        field: Of the layer.
        units: Rows and columns of its map.
    """
    counts = []
    for low, high, step, count in zip(field.low, field.high, field.step, units, strict=True):
        before = -(low // step) if step else 0
        after = -((SIDE - 1 - high - step * (count - 1)) // step) if step else 0
        counts.append(min(max(before, after, 0), (count - 1) // 4))
    return counts[0], counts[1]


def _at(maps: Any, *, place: Pair) -> Any:
    """Return what all filters together put out at one place."""
    return keras.ops.sum(maps[:, place[0], place[1]], axis=-1)
