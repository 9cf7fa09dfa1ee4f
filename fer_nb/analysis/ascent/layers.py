"""Layers by name or number, and what their units put out before the activation."""

import keras
from keras import layers

from fer_nb.errors import InputError

SIDE = 48  # pixels of an image
INPUT_SHAPE = (None, SIDE, SIDE, 1)
CONVOLUTIONS = (layers.Conv2D, layers.SeparableConv2D, layers.DepthwiseConv2D)


def filter_layers(model: keras.Model) -> list[str]:
    """Return the names of a network's convolutions, or where it has none those of its dense layers."""
    return [layer.name for layer in model.layers if isinstance(layer, CONVOLUTIONS)] or [
        layer.name for layer in model.layers if isinstance(layer, layers.Dense)
    ]


def find_layer(model: keras.Model, which: str | int) -> keras.layers.Layer:
    """Return a layer by its name or its number.

    Args:
        model: Functional or sequential, (batch, 48, 48, 1) in.
        which: A name, or a number among the convolutions: 1 the first, -1 the last. A network without
            convolutions counts its dense layers.

    Raises:
        InputError: The model takes another input, or has no such layer; the message lists the layers.
    """
    every = [layer for layer in model.layers if not isinstance(layer, layers.InputLayer)]
    where, names = f"network {model.name!r}", ", ".join(layer.name for layer in every)
    shape = getattr(model, "input_shape", None)
    if shape != INPUT_SHAPE:
        raise InputError.expected(where, f"an input of {INPUT_SHAPE[1:]}", f"{shape}; its layers: {names}")
    known = {layer.name: layer for layer in every}
    counted = filter_layers(model)
    known |= {str(number): known[name] for number, name in enumerate(counted, start=1)}
    known |= {str(number - len(counted)): known[name] for number, name in enumerate(counted)}
    if str(which) not in known or len(known[str(which)].output.shape) not in (2, 4):
        wanted = f"a layer of filters or units by its name or 1 to {len(counted)} (-1 the last)"
        raise InputError.expected(where, wanted, f"{str(which)!r}; its layers: {names}")
    return known[str(which)]


def pre_activations(model: keras.Model, which: str | int) -> keras.Model:
    """Return a model from images to what a layer hands to its activation.

    The layer is named or numbered as for `find_layer`. The activation is taken off it; where batch
    normalization stands between the two, its output is meant. Images that drive a unit are sought on this:
    beyond a ReLU the gradient of a silent unit is zero.

    Returns:
        (batch, 48, 48, 1) to (batch, rows, columns, filters) or (batch, units); it shares the weights.

    Raises:
        InputError: As `find_layer` does.
    """
    layer = find_layer(model, which)
    if getattr(layer, "activation", keras.activations.linear) is not keras.activations.linear:
        return keras.Model(model.inputs, _WithoutActivation(layer)(layer.input))
    followers = [other for other in model.layers if layer in layers_before(other)]
    last = followers[0] if followers and isinstance(followers[0], layers.BatchNormalization) else layer
    return keras.Model(model.inputs, last.output)


class _WithoutActivation(layers.Layer):
    """A layer that has an activation of its own, without it; the weights are the layer's, not copies."""

    def __init__(self, layer: keras.layers.Layer) -> None:
        super().__init__()
        self.layer = layer

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        activation, self.layer.activation = self.layer.activation, keras.activations.linear
        try:
            return self.layer(inputs)
        finally:
            self.layer.activation = activation


def layers_before(layer: keras.layers.Layer) -> list[keras.layers.Layer]:
    """Return the layers whose outputs a layer reads.

    By layers, not by tensors: a sequential model that was loaded from a file has called each of its layers
    several times, and `layer.input` is of the first time.
    """
    return [part._keras_history.operation for part in keras.tree.flatten(layer.input)]


def class_logits(model: keras.Model) -> keras.Model:
    """Return a model from images to the logits: what the last layer puts out, without a softmax.

    Raises:
        InputError: The model takes another input, or does not put out one number a class.
    """
    last = find_layer(model, model.layers[-1].name)
    if len(last.output.shape) != 2:
        found = f"an output of {last.output.shape[1:]}"
        raise InputError.expected(f"network {model.name!r}", "one number a class", found)
    if isinstance(last, (layers.Softmax, layers.Activation)):
        return keras.Model(model.inputs, last.input)
    return pre_activations(model, last.name)
