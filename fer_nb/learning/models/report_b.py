"""The two networks of report B: a shallow CNN and a shallow DNN."""

import keras
from keras import layers

from fer_nb.learning.models.registry import architecture, logits


@architecture
def shallow_cnn(images: keras.KerasTensor) -> keras.KerasTensor:
    """Three convolutions of 64 filters, dense 512 ReLU, dense 256 sigmoid: 3,484,935 parameters.

    No padding, so the last map is 10x10. (Channels first in the report; counts and results are the same.)

    Source: report B.
    """
    x = layers.Conv2D(64, 3, activation="relu", name="block1_conv1")(images)
    x = layers.Conv2D(64, 3, activation="relu", name="block1_conv2")(x)
    x = layers.MaxPooling2D(2, name="block1_pool")(x)
    x = layers.Dropout(0.25, name="block1_dropout")(x)
    x = layers.Conv2D(64, 3, activation="relu", name="block2_conv1")(x)
    x = layers.MaxPooling2D(2, name="block2_pool")(x)
    x = layers.Dropout(0.25, name="block2_dropout")(x)
    x = layers.Flatten(name="flatten")(x)
    for number, (units, activation) in enumerate(((512, "relu"), (256, "sigmoid")), start=1):
        x = layers.Dense(units, activation=activation, name=f"dense{number}")(x)
        x = layers.Dropout(0.48, name=f"dense{number}_dropout")(x)
    return logits(x)


@architecture
def shallow_dnn(images: keras.KerasTensor) -> keras.KerasTensor:
    """Dense 1024, 512, 512, ReLU, each with dropout 0.25: 3,151,367 parameters.

    Source: report B.
    """
    x = layers.Flatten(name="flatten")(images)
    for number, units in enumerate((1024, 512, 512), start=1):
        x = layers.Dense(units, activation="relu", name=f"dense{number}")(x)
        x = layers.Dropout(0.25, name=f"dense{number}_dropout")(x)
    return logits(x)
