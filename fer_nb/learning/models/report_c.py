"""The two networks of report C: a CNN of three blocks, and a DNN of nearly the same size."""

import keras
from keras import layers

from fer_nb.learning.models.registry import architecture, logits


@architecture
def three_block_cnn(images: keras.KerasTensor, *, dropout: float = 0.0) -> keras.KerasTensor:
    """Three blocks of three 3x3 convolutions at 32, 64 and 128 filters, then dense 256, 128, 64.

    1,704,391 parameters, 1,703,047 of them trainable. Validation 64.38%, public 65.06%.

    The report's table lists convolution and batch normalization only, so ReLU is taken to sit in the
    convolution, before the batch normalization; the dense layers are taken to be ReLU.

    Args:
        images: Normalized images (batch, size, size, 1).
        dropout: Rate after each dense layer; the report names none.

    Source: report C.
    """
    x = images
    for block, filters in enumerate((32, 64, 128), start=1):
        for number in (1, 2, 3):
            x = layers.Conv2D(filters, 3, padding="same", name=f"block{block}_conv{number}")(x)
            x = layers.ReLU(name=f"block{block}_relu{number}")(x)
            x = layers.BatchNormalization(name=f"block{block}_norm{number}")(x)
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
    x = layers.Flatten(name="flatten")(x)
    for number, units in enumerate((256, 128, 64), start=1):
        x = layers.Dense(units, activation="relu", name=f"dense{number}")(x)
        x = layers.Dropout(dropout, name=f"dense{number}_dropout")(x) if dropout else x
    return logits(x)


@architecture
def pyramid_dnn(images: keras.KerasTensor, *, dropout: float = 0.0) -> keras.KerasTensor:
    """Dense 512, 512, 512, 256, ReLU: 1,838,599 parameters. Validation 38.42%, public 38.01%.

    Args:
        images: Normalized images (batch, size, size, 1).
        dropout: Rate after each layer; the report names none.

    Source: report C.
    """
    x = layers.Flatten(name="flatten")(images)
    for number, units in enumerate((512, 512, 512, 256), start=1):
        x = layers.Dense(units, activation="relu", name=f"dense{number}")(x)
        x = layers.Dropout(dropout, name=f"dense{number}_dropout")(x) if dropout else x
    return logits(x)
