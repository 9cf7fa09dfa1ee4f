"""The two networks of report E: a CNN of five convolutions, and a DNN of nearly the same size."""

import keras
from keras import layers

from fer_nb.learning.models.registry import architecture, logits


def _batch_normalization(name: str) -> keras.layers.Layer:
    """Batch normalization with PyTorch's constants, in which the report was written."""
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)


@architecture
def five_conv_cnn(images: keras.KerasTensor) -> keras.KerasTensor:
    """Convolutions 64, 64 of 5x5, 128, 512, 512 of 3x3, dense 512 twice: 5,758,791 trainable.

    Each convolution is followed by LeakyReLU 0.05, batch normalization, pooling (not after the first) and
    dropout of whole channels, 0.2 to 0.5; each dense layer by ReLU, batch normalization and dropout 0.5.

    Source: report E, public 0.71914, private 0.70660.
    """
    x = images
    stages = ((64, 5, 0.2), (64, 5, 0.25), (128, 3, 0.3), (512, 3, 0.4), (512, 3, 0.5))
    for block, (filters, size, rate) in enumerate(stages, start=1):
        x = layers.Conv2D(filters, size, padding="same", name=f"block{block}_conv1")(x)
        x = layers.LeakyReLU(negative_slope=0.05, name=f"block{block}_leaky1")(x)
        x = _batch_normalization(f"block{block}_norm1")(x)
        if block > 1:
            x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
        x = layers.SpatialDropout2D(rate, name=f"block{block}_dropout")(x)
    x = layers.Flatten(name="flatten")(x)
    for number in (1, 2):
        x = _dense_unit(x, 512, 0.5, number)
    return logits(x)


@architecture
def wide_dnn(images: keras.KerasTensor) -> keras.KerasTensor:
    """Dense 2048 and 512, each with ReLU, batch normalization and dropout: 5,778,439 trainable parameters.

    Dropout is 0.4 after the first and 0.5 after the second.

    Source: report E, validation 0.425 to 0.435.
    """
    x = layers.Flatten(name="flatten")(images)
    x = _dense_unit(x, 2048, 0.4, 1)
    x = _dense_unit(x, 512, 0.5, 2)
    return logits(x)


def _dense_unit(x: keras.KerasTensor, units: int, rate: float, number: int) -> keras.KerasTensor:
    """Dense layer, ReLU, batch normalization, dropout."""
    x = layers.Dense(units, activation="relu", name=f"dense{number}")(x)
    x = _batch_normalization(f"dense{number}_norm")(x)
    return layers.Dropout(rate, name=f"dense{number}_dropout")(x)
