"""Which pixels a unit of a layer sees, computed from the layers before it."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.ascent.layers import CONVOLUTIONS, INPUT_SHAPE, find_layer, layers_before

Pair = tuple[int, int]
SIDE = 48
MID_GREY = 128
POOLINGS = (layers.MaxPooling2D, layers.AveragePooling2D)


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
        return tuple(min(high - low + 1, SIDE) for low, high in zip(self.low, self.high, strict=True))  # type: ignore[return-value]

    def crop(self, image: NDArray[Any], place: Pair) -> NDArray[Any]:
        """Return what the unit at `place` sees of an image (48, 48), mid-grey beyond the image's edge."""
        if self.size == (SIDE, SIDE):
            return image
        padded = np.pad(image, SIDE, constant_values=MID_GREY)
        first = [SIDE + low + step * at for low, step, at in zip(self.low, self.step, place, strict=True)]
        return padded[first[0] : first[0] + self.size[0], first[1] : first[1] + self.size[1]]


PIXEL = ReceptiveField((0, 0), (0, 0), (1, 1))
WHOLE = ReceptiveField((0, 0), (SIDE - 1, SIDE - 1), (0, 0))


def receptive_field(model: keras.Model, which: str | int) -> ReceptiveField:
    """Return the receptive field of the units of a layer, named or numbered as for `find_layer`.

    What normalizes a whole image makes every unit depend a little on every pixel; that is left out.

    Returns:
        The field; the whole image for dense layers and behind any layer that moves pixels in another way
        than convolution, pooling, padding and cropping.

    Raises:
        InputError: As `find_layer` does.
    """
    target = find_layer(model, which)
    # A sequential model does not count its input among its layers.
    fields: dict[str, ReceptiveField] = {}
    for layer in model.layers:
        if not isinstance(layer, layers.InputLayer):
            incoming = [
                PIXEL if isinstance(other, layers.InputLayer) else fields.get(other.name, WHOLE)
                for other in layers_before(layer)
            ]
            fields[layer.name] = _through(layer, _union(incoming))
    return fields[target.name]


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


def _union(fields: list[ReceptiveField]) -> ReceptiveField:
    if len({field.step for field in fields}) > 1:
        return WHOLE
    low, high = np.min([f.low for f in fields], axis=0), np.max([f.high for f in fields], axis=0)
    return ReceptiveField(tuple(low.tolist()), tuple(high.tolist()), fields[0].step)


def _through(layer: keras.layers.Layer, field: ReceptiveField) -> ReceptiveField:
    if len(layer.output.shape) != len(INPUT_SHAPE) or field is WHOLE:
        return WHOLE
    before, units = layer.input, layer.output.shape[1:3]
    if isinstance(layer, (*CONVOLUTIONS, *POOLINGS)):
        pool = isinstance(layer, POOLINGS)
        window, dilation = (layer.pool_size, (1, 1)) if pool else (layer.kernel_size, layer.dilation_rate)
        reach = (np.array(window) - 1) * dilation
        more = (np.array(units) - 1) * layer.strides + reach + 1 - before.shape[1:3]
        margins = np.maximum(more, 0) // 2 if layer.padding == "same" else (0, 0)
        return _stepped(field, margins, reach, layer.strides)
    if isinstance(layer, layers.Cropping2D):
        return _stepped(field, [-first for first, _ in layer.cropping], (0, 0), (1, 1))
    if isinstance(layer, layers.ZeroPadding2D):
        return _stepped(field, [first for first, _ in layer.padding], (0, 0), (1, 1))
    same = all(part.shape[1:3] == units for part in keras.tree.flatten(before))
    return field if same else WHOLE


def _stepped(
    field: ReceptiveField, margins: ArrayLike, reach: ArrayLike, strides: ArrayLike
) -> ReceptiveField:
    """Return the field behind a window that begins `margins` before its input and reaches `reach` further."""
    begin, step = np.asarray(margins), np.array(field.step)
    ends = (field.low - begin * step, field.high + (np.asarray(reach) - begin) * step, step * strides)
    return ReceptiveField(*(tuple(end.tolist()) for end in ends))
