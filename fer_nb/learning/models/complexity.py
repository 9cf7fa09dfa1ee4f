"""How large a network is and how much it computes, layer by layer."""

import math
from dataclasses import dataclass

import keras


@dataclass(frozen=True)
class LayerRow:
    """One layer of a network.

    Attributes:
        name: The layer's name; a layer of a nested model is preceded by that model's name and a slash.
        kind: Its class, for example "Conv2D".
        input_shape: Shape of one image's input, without the batch; of the first of several inputs.
        output_shape: Shape of one image's output, without the batch.
        parameters: Number of weights, trainable or not.
        multiply_adds: Multiplications, each with its addition, for one image forward.
    """

    name: str
    kind: str
    input_shape: tuple[int | None, ...]
    output_shape: tuple[int | None, ...]
    parameters: int
    multiply_adds: int


def layer_table(model: keras.Model) -> list[LayerRow]:
    """Describe every layer of a functional model, the input layer included, in the model's order.

    Multiply-adds are counted by the usual convention: exactly for `Conv2D`, `DepthwiseConv2D` and `Dense`,
    without the addition of the bias; padding counts as pixels; every other layer counts as 0 (activation,
    batch normalization, pooling and dropout are some operations a pixel where a convolution is hundreds).

    Args:
        model: Functional model in which each layer is called once; models may be nested in it.
    """
    rows = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            rows += [
                LayerRow(**{**vars(row), "name": f"{layer.name}/{row.name}"})
                for row in layer_table(layer)
                if row.kind != "InputLayer"
            ]
            continue
        outputs = keras.tree.flatten(layer.output)[0]
        inputs = next(iter(keras.tree.flatten(layer.input)), outputs)  # an input layer has none
        rows.append(
            LayerRow(
                name=layer.name,
                kind=type(layer).__name__,
                input_shape=tuple(inputs.shape[1:]),
                output_shape=tuple(outputs.shape[1:]),
                parameters=layer.count_params(),
                multiply_adds=_multiply_adds(layer, outputs.shape[1:]),
            )
        )
    return rows


def multiply_adds(model: keras.Model) -> int:
    """Return the multiply-adds of one image forward through the model, by the convention of `layer_table`."""
    return sum(row.multiply_adds for row in layer_table(model))


def _multiply_adds(layer: keras.layers.Layer, output_shape: tuple[int, ...]) -> int:
    """Each position of the output uses every weight of the kernel once."""
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        kernel = layer.kernel.shape
        channels = kernel[-2] * kernel[-1]
    elif isinstance(layer, keras.layers.Conv2D | keras.layers.Dense):
        kernel = layer.kernel.shape
        channels = kernel[-1]
    else:
        return 0
    return math.prod(kernel) * math.prod(output_shape) // channels
