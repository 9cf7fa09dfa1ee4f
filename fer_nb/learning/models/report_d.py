"""The network of report D: two blocks of two convolutions."""

import keras
from keras import layers

from fer_nb.learning.models.registry import architecture, logits


@architecture
def two_block_cnn(images: keras.KerasTensor, *, batch_normalization: bool = True) -> keras.KerasTensor:
    """Two convolutions of 64 filters, two of 128, dense 128; the first of each pair normalized.

    Unreadable in the report, and chosen: padding "same" throughout (flatten gives 18,432, as stated), ReLU
    after each convolution and the dense layer, dropout 0.25 after each block, 0.5 after the dense layer.

    Args:
        images: Normalized images (batch, size, size, 1).
        batch_normalization: Whether the three batch normalizations are there: the report says about 58%
            without, 60% with, and 66% with augmented classes as well.

    Source: report D, about 66%.
    """

    def normalized(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
        return layers.BatchNormalization(name=name)(x) if batch_normalization else x

    x = images
    for block, filters in enumerate((64, 128), start=1):
        x = layers.Conv2D(filters, 3, padding="same", name=f"block{block}_conv1")(x)
        x = normalized(x, f"block{block}_norm1")
        x = layers.ReLU(name=f"block{block}_relu1")(x)
        x = layers.Conv2D(filters, 3, padding="same", name=f"block{block}_conv2")(x)
        x = layers.ReLU(name=f"block{block}_relu2")(x)
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
        x = layers.Dropout(0.25, name=f"block{block}_dropout")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(128, name="dense1")(x)
    x = normalized(x, "dense1_norm")
    x = layers.ReLU(name="dense1_relu")(x)
    x = layers.Dropout(0.5, name="dense1_dropout")(x)
    return logits(x)
