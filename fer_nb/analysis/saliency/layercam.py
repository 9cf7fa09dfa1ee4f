"""LayerCAM: the maps of a layer, each place weighed by its own gradient."""

from functools import lru_cache

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.ascent.layers import class_logits, find_layer
from fer_nb.analysis.autodiff import ModelScore, of_class, value_and_grad, values
from fer_nb.analysis.saliency.scores import as_input
from fer_nb.errors import InputError

_SMALLEST = 12  # pixels along a side; of 6 x 6 maps one cell covers an eye and its brow


def layercam(
    model: keras.Model, images: ArrayLike, classes: ArrayLike, *, layer: str | None = None
) -> NDArray[np.float32]:
    """Return the sum over a layer's channels of activation times positive gradient, (N, 48, 48).

    Jiang et al., LayerCAM, IEEE TIP 30 (2021). Grad-CAM averages the gradient over the image first and can
    point at places that were not used (arXiv 2011.08891). Enlarged to the image bilinearly.

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: uint8 (N, 48, 48).
        classes: (N,).
        layer: Name of a layer of maps that everything passes through; None takes `default_layer`.

    Raises:
        InputError: There is no such layer; the message lists the layers.
    """
    name = layer or default_layer(model)
    if name is None:
        wanted = f"a layer of maps of {_SMALLEST}x{_SMALLEST} or more"
        found = f"none; its layers: {', '.join(part.name for part in model.layers)}"
        raise InputError.expected(f"network {model.name!r}", wanted, found)
    body, head = _cut(model, name)
    activations = values(body, as_input(images))
    _, gradients = value_and_grad(head, activations, classes)
    maps = np.maximum((np.maximum(gradients, 0) * activations).sum(axis=-1, keepdims=True), 0)
    size = np.asarray(images).shape[1:3]
    return np.asarray(ops.image.resize(maps, size, interpolation="bilinear"))[..., 0]


@lru_cache(maxsize=32)
def default_layer(model: keras.Model) -> str | None:
    """Return the name of the last layer whose maps are 12x12 or larger, and of several channels, if any."""
    for layer in reversed(model.layers):
        shape: tuple[int, ...] = getattr(getattr(layer, "output", None), "shape", ())
        if len(shape) == 4 and min(shape[1:3]) >= _SMALLEST and shape[3] > 1:
            try:
                _cut(model, layer.name)
            except InputError:
                continue  # something passes by it
            return layer.name
    return None


@lru_cache(maxsize=8)
def _cut(model: keras.Model, name: str) -> tuple[ModelScore, ModelScore]:
    """Return scores for the model up to a layer, and from there to the logit of a class."""
    layer = find_layer(model, name)
    if len(layer.output.shape) != 4:
        raise InputError(f"layer {name!r}: expected maps, found an output of {layer.output.shape[1:]}")
    body = keras.Model(model.inputs, layer.output)
    try:
        head = keras.Model(layer.output, class_logits(model).output)
        head(ops.zeros((1, *layer.output.shape[1:])))  # an older Keras finds out when it is called
    except (ValueError, KeyError):
        where, wanted = f"layer {name!r} of {model.name!r}", "a layer that everything passes through"
        raise InputError.expected(where, wanted, "a branch beside it") from None
    return ModelScore(body), ModelScore(head, of_class)
