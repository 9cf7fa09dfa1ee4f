"""The project's own networks: one for FER2013 on a laptop, and a small pair for the practice faces."""

import keras
from keras import layers

from fer_nb.learning.models.registry import architecture, convolution, logits


def _convolution(
    x: keras.KerasTensor, filters: int, size: int, *, name: str, strides: int = 1, pool: str | None = None
) -> keras.KerasTensor:
    """Convolution, batch normalization, ReLU; with `pool`, max pooling of this name before the normalization.

    There it leaves normalization and ReLU a quarter of the numbers, and with a positive scale, as it starts,
    pooling keeps the same maxima before them as behind.

    The normalization's momentum is 0.9 so that its averages settle within a hundred steps: short runs are
    what these networks are for, and with Keras's 0.99 the first epochs validate on averages that lag behind.
    """
    x = convolution(x, filters, size, strides=strides, name=name)
    if pool is not None:
        x = layers.MaxPooling2D(2, name=pool)(x)
    norm = name.replace("conv", "norm")
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-3, name=norm)(x)
    return layers.ReLU(name=name.replace("conv", "relu"))(x)


@architecture
def compact_cnn(images: keras.KerasTensor, *, dropout: float = 0.2) -> keras.KerasTensor:
    """A network for a laptop, of the size of `pyramid_dnn`, which is its fair DNN.

    A 3x3 convolution costs its weights times the pixels it covers, so the weights lie where the pixels are
    few: one convolution at 48x48 and one at 24x24 find edges and strokes, pairs at 12x12, 6x6 and 3x3 hold
    99% of the weights. It has a third of the multiply-adds of `three_block_cnn`, and more parameters.
    Global average pooling needs no dense layers, and so none of their weights.

    Args:
        images: Normalized images (batch, size, size, 1).
        dropout: Rate before the last layer; half of it after the third and fourth block.
    """
    x = _convolution(images, 32, 3, name="block1_conv1", pool="block1_pool")
    x = _convolution(x, 48, 3, name="block2_conv1", pool="block2_pool")
    for block, filters in enumerate((96, 192, 280), start=3):
        x = _convolution(x, filters, 3, name=f"block{block}_conv1")
        pool = f"block{block}_pool" if block < 5 else None
        x = _convolution(x, filters, 3, name=f"block{block}_conv2", pool=pool)
        if block < 5:
            x = layers.Dropout(dropout / 2, name=f"block{block}_dropout")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    return logits(x)


@architecture
def practice_cnn(images: keras.KerasTensor, *, dropout: float = 0.1) -> keras.KerasTensor:
    """A small CNN that learns the practice faces in seconds; its fair DNN is `practice_dnn`.

    Args:
        images: Normalized images (batch, size, size, 1).
        dropout: Rate before the last layer.
    """
    x = _convolution(images, 16, 5, strides=2, name="block1_conv1")
    x = layers.MaxPooling2D(2, name="block1_pool")(x)
    x = _convolution(x, 32, 3, name="block2_conv1")
    x = layers.MaxPooling2D(2, name="block2_pool")(x)
    x = _convolution(x, 64, 3, name="block3_conv1")
    x = _convolution(x, 96, 3, name="block3_conv2")
    x = layers.MaxPooling2D(2, name="block3_pool")(x)
    x = _convolution(x, 80, 3, name="block4_conv1")
    x = layers.GlobalAveragePooling2D(name="average")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    return logits(x)


@architecture
def practice_dnn(images: keras.KerasTensor, *, dropout: float = 0.1) -> keras.KerasTensor:
    """Dense 64, 64, ReLU, batch normalization: within 5% of the parameters of `practice_cnn`.

    Args:
        images: Normalized images (batch, size, size, 1).
        dropout: Rate before the last layer.
    """
    x = layers.Flatten(name="flatten")(images)
    for number in (1, 2):
        x = layers.Dense(64, use_bias=False, kernel_initializer="he_uniform", name=f"dense{number}")(x)
        x = layers.BatchNormalization(momentum=0.9, name=f"dense{number}_norm")(x)
        x = layers.ReLU(name=f"dense{number}_relu")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    return logits(x)
