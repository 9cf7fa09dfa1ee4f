"""What an image is made to raise: a filter's mean output, or the logit of a class."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from fer_nb.analysis import autodiff
from fer_nb.analysis.ascent.layers import class_logits, pre_activations
from fer_nb.analysis.ascent.receptive_field import border, receptive_field


@dataclass(frozen=True, eq=False)
class Activation:
    """A score for `fer_nb.analysis.autodiff`: images (n, 48, 48, 1) and their channels (n,) to (n,).

    Attributes:
        model: Images to maps (batch, rows, columns, channels) or to (batch, channels).
        margin: Rows and columns of a map that do not count, at each edge.
    """

    model: keras.Model
    margin: tuple[int, int] = (0, 0)

    @property
    def channels(self) -> int:
        """How many filters, units or classes there are."""
        return int(self.model.output_shape[-1])

    def of_maps(self, maps: Any) -> Any:
        """Return one number for each image and channel, (n, channels), of what `model` put out."""
        if len(maps.shape) == 2:
            return maps
        rows, columns = self.margin
        inner = maps[:, rows : maps.shape[1] - rows, columns : maps.shape[2] - columns]
        return ops.mean(inner, axis=(1, 2))

    def __call__(self, images: Any, channels: Any) -> Any:
        """Return the activation of each image's own channel."""
        return autodiff.of_class(self.of_maps(self.model(images, training=False)), channels)


def channel_objective(model: keras.Model, which: str | int) -> Activation:
    """Return the mean of a filter's pre-activation; units that see the padding do not count.

    The layer is named or numbered as for `find_layer`; of a dense layer the units take the filters' place.

    Raises:
        InputError: As `find_layer` does.
    """
    tapped = pre_activations(model, which)
    if len(tapped.output_shape) == 2:
        return Activation(tapped)
    return Activation(tapped, margin=border(receptive_field(model, which), tapped.output_shape[1:3]))


def class_objective(model: keras.Model) -> Activation:
    """Return the logit of a class; a softmax in the model is taken off.

    Raises:
        InputError: As `fer_nb.analysis.ascent.class_logits` does.
    """
    return Activation(class_logits(model))


def reached(
    objective: Activation, images: NDArray[np.floating], channels: NDArray[np.integer]
) -> NDArray[np.float32]:
    """Return the activation of each image's own channel, (N,).

    Args:
        objective: What to measure.
        images: Grey levels, (N, 48, 48); beyond 0 to 255 they are cut off, as on a screen.
        channels: (N,).
    """
    return autodiff.values(objective, np.clip(images, 0, 255)[..., None], channels)
