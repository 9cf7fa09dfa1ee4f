"""How large a network is and how much it computes, block by block."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import keras


@dataclass(frozen=True)
class Block:
    """A layer with a kernel and all that follows it up to the next one.

    What comes before the first such layer (input, normalization, crop) is a block as well.

    Attributes:
        layers: In the model's order; the first is the one with the kernel.
    """

    layers: tuple[keras.layers.Layer, ...]

    @property
    def kernel(self) -> tuple[int, ...]:
        """Shape of the first layer's kernel, () where it has none."""
        return tuple(getattr(getattr(self.layers[0], "kernel", None), "shape", ()))

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Shape of what the block puts out for one image, without the batch."""
        return _output_shape(self.layers[-1])

    @property
    def parameters(self) -> int:
        """Number of weights, trainable or not."""
        return sum(layer.count_params() for layer in self.layers)

    @property
    def multiply_adds(self) -> int:
        """Multiplications, each with its addition, for one image forward."""
        return sum(map(_multiply_adds, self.layers))


def blocks(model: keras.Model) -> list[Block]:
    """Fold a functional model, in its order, into the layers with a kernel and what follows each.

    Args:
        model: Functional model in which each layer is called once; models may be nested in it.
    """
    folded: list[list[keras.layers.Layer]] = [[]]
    for layer in _layers(model):
        if hasattr(layer, "kernel") and folded[-1]:
            folded.append([])
        folded[-1].append(layer)
    return [Block(tuple(layers)) for layers in folded]


def multiply_adds(model: keras.Model) -> int:
    """Return the multiply-adds of one image forward through the model.

    They are counted by the usual convention: exactly for convolutions in two dimensions and `Dense`, without
    the addition of the bias; padding counts as pixels; every other layer counts as 0 (activation, batch
    normalization, pooling and dropout are some operations a pixel where a convolution is hundreds).
    """
    return sum(map(_multiply_adds, _layers(model)))


def _layers(model: keras.Model) -> Iterator[keras.layers.Layer]:
    """Yield the layers of a model and of those in it, of which the input layers are none."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from (one for one in _layers(layer) if not isinstance(one, keras.layers.InputLayer))
        else:
            yield layer


def _output_shape(layer: keras.layers.Layer) -> tuple[int, ...]:
    return tuple(keras.tree.flatten(layer.output)[0].shape[1:])


def _multiply_adds(layer: keras.layers.Layer) -> int:
    """Each position of the output, of the input where it is transposed, uses every weight of the kernel."""
    if isinstance(layer, keras.layers.SeparableConv2D):
        depthwise, pointwise = (
            math.prod(one.shape) for one in (layer.depthwise_kernel, layer.pointwise_kernel)
        )
        return (depthwise + pointwise) * math.prod(_output_shape(layer)) // layer.filters
    if isinstance(layer, keras.layers.Conv2DTranspose):
        entered = keras.tree.flatten(layer.input)[0].shape[1:]
        return math.prod(layer.kernel.shape) * math.prod(entered) // layer.kernel.shape[-1]
    if not isinstance(layer, keras.layers.DepthwiseConv2D | keras.layers.Conv2D | keras.layers.Dense):
        return 0
    kernel = layer.kernel.shape
    # The output's channels, first or last in its shape: each has weights of its own in the kernel.
    channels = math.prod(kernel[-2:]) if isinstance(layer, keras.layers.DepthwiseConv2D) else kernel[-1]
    return math.prod(kernel) * math.prod(_output_shape(layer)) // channels
