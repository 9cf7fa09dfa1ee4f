"""The three CNNs of report A, with the report's claims on activation, dropout and depth as options."""

import keras
from keras import layers

from fer_nb.errors import InputError, known_name
from fer_nb.learning.models.registry import architecture, logits

DROPOUTS = ("none", "even", "growing")

# By depth, of each block.
_CONVOLUTIONS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
_ACTIVATIONS = {
    "relu": layers.ReLU,
    "leaky_relu": lambda name: layers.LeakyReLU(negative_slope=0.05, name=name),
    "prelu": lambda name: layers.PReLU(shared_axes=[1, 2], name=name),
}
_LATE_ACTIVATIONS = ("relu", "softplus")


@architecture
def vgg16_dropout(
    images: keras.KerasTensor,
    *,
    activation: str = "relu",
    late_activation: str = "relu",
    dropout: str = "growing",
    depth: int = 16,
) -> keras.KerasTensor:
    """VGG16 with batch normalization after each convolution and a dropout that grows with depth.

    Unreadable in the report, and chosen: the first blocks are VGG16's (64, 64 / 128, 128); the four stated
    rates follow blocks 2 to 5, as in `vgg16_mini`, which states five; the head is VGG16's, dense 4096 twice,
    ReLU, dropout 0.5 after each.

    Args:
        images: Normalized images (batch, size, size, 1).
        activation: Of the convolutions: "relu", "leaky_relu" (slope 0.05) or "prelu" (one slope a channel).
        late_activation: Of the last hidden dense layer: "relu" or "softplus".
        dropout: "growing": the report's; "even": their mean at the same places; "none".
        depth: 11, 13, 16 or 19, the layers with weights as VGG counts them.

    Source: report A, public 0.68904, private 0.68403. The body: Simonyan and Zisserman, arXiv 1409.1556.
    """
    if depth not in _CONVOLUTIONS:
        raise InputError.expected("depth", f"one of {', '.join(map(str, _CONVOLUTIONS))}", depth)
    rates = _dropout_rates(dropout, growing=(0.25, 0.35, 0.4, 0.45, 0.5, 0.5))
    x = images
    filters = zip((64, 128, 256, 512, 512), _CONVOLUTIONS[depth], strict=True)
    for block, (width, count) in enumerate(filters, start=1):
        for number in range(1, count + 1):
            x = layers.Conv2D(width, 3, padding="same", name=f"block{block}_conv{number}")(x)
            x = layers.BatchNormalization(name=f"block{block}_norm{number}")(x)
            x = _activate(x, activation, name=f"block{block}_activation{number}")
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
        if block > 1:
            x = _drop(x, rates[block - 2], name=f"block{block}_dropout")
    return _dense_head(x, late_activation, rates[-2:])


@architecture
def vgg16_mini(
    images: keras.KerasTensor,
    *,
    activation: str = "relu",
    late_activation: str = "softplus",
    dropout: str = "growing",
) -> keras.KerasTensor:
    """Six convolutions in VGG16's order: 64, 64 / 128 / 256 / 512 / 512, 512, and dense 4096 twice.

    Batch normalization ends the first and the third block. Unreadable in the report, and chosen: the last
    hidden activation is softplus; dropout 0.5 after each of the two dense layers, as in VGG16.

    Args:
        images: Normalized images (batch, size, size, 1).
        activation: Of the convolutions: "relu", "leaky_relu" (slope 0.05) or "prelu" (one slope a channel).
        late_activation: Of the last hidden dense layer: "relu" or "softplus".
        dropout: "growing": the report's; "even": their mean at the same places; "none".

    Source: report A, public 0.68292, private 0.68069.
    """
    rates = _dropout_rates(dropout, growing=(0.10, 0.25, 0.35, 0.4, 0.4, 0.5, 0.5))
    x = images
    for block, filters in enumerate(((64, 64), (128,), (256,), (512,), (512, 512)), start=1):
        for number, width in enumerate(filters, start=1):
            x = layers.Conv2D(width, 3, padding="same", name=f"block{block}_conv{number}")(x)
            x = _activate(x, activation, name=f"block{block}_activation{number}")
        if block in (1, 3):
            x = layers.BatchNormalization(name=f"block{block}_norm")(x)
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
        x = _drop(x, rates[block - 1], name=f"block{block}_dropout")
    return _dense_head(x, late_activation, rates[-2:])


@architecture
def leaky_cnn(
    images: keras.KerasTensor,
    *,
    activation: str = "leaky_relu",
    late_activation: str = "softplus",
    dropout: str = "even",
    depth: int = 4,
) -> keras.KerasTensor:
    """Four blocks of one convolution, LeakyReLU 0.05, batch normalization, pooling, dropout 0.5.

    64 filters of 5x5, then 128, 512, 512 of 3x3; dense 512 ReLU with batch normalization and dropout 0.5,
    dense 512. Unreadable in the report, and chosen: the second dense layer's activation is softplus.

    Args:
        images: Normalized images (batch, size, size, 1).
        activation: Of the convolutions: "relu", "leaky_relu" (slope 0.05) or "prelu" (one slope a channel).
        late_activation: Of the last hidden dense layer: "relu" or "softplus".
        dropout: "even": the report's 0.5; "growing": 0.25 to 0.45 over the blocks as in `vgg16_dropout`,
            0.5 in the head; "none".
        depth: How many of the blocks there are, 1 to 4.

    Source: report A, public 0.71022, private 0.70799.
    """
    if depth not in (1, 2, 3, 4):
        raise InputError.expected("depth", "1 to 4 blocks", depth)
    rates = _dropout_rates(dropout, growing=(0.25, 0.35, 0.4, 0.45, 0.5), even=0.5)
    x = images
    for block, width in enumerate((64, 128, 512, 512)[:depth], start=1):
        x = layers.Conv2D(width, 5 if block == 1 else 3, padding="same", name=f"block{block}_conv1")(x)
        x = _activate(x, activation, name=f"block{block}_activation1")
        x = layers.BatchNormalization(name=f"block{block}_norm1")(x)
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
        x = _drop(x, rates[block - 1], name=f"block{block}_dropout")
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(512, activation="relu", name="dense1")(x)
    x = layers.BatchNormalization(name="dense1_norm")(x)
    x = _drop(x, rates[-1], name="dense1_dropout")
    last = known_name("late activation", late_activation, _LATE_ACTIVATIONS)
    x = layers.Dense(512, activation=last, name="dense2")(x)
    return logits(x)


def _dense_head(x: keras.KerasTensor, late_activation: str, rates: tuple[float, ...]) -> keras.KerasTensor:
    """Two dense layers of 4096, each with dropout, and the logits."""
    x = layers.Flatten(name="flatten")(x)
    last = known_name("late activation", late_activation, _LATE_ACTIVATIONS)
    for number, activation in enumerate(("relu", last), start=1):
        x = layers.Dense(4096, activation=activation, name=f"dense{number}")(x)
        x = _drop(x, rates[number - 1], name=f"dense{number}_dropout")
    return logits(x)


def _activate(x: keras.KerasTensor, kind: str, *, name: str) -> keras.KerasTensor:
    return _ACTIVATIONS[known_name("activation", kind, _ACTIVATIONS)](name=name)(x)


def _drop(x: keras.KerasTensor, rate: float, *, name: str) -> keras.KerasTensor:
    return layers.Dropout(rate, name=name)(x) if rate else x


def _dropout_rates(kind: str, *, growing: tuple[float, ...], even: float | None = None) -> tuple[float, ...]:
    """Return a rate for each place; the even rate is the mean of the growing ones unless it is given."""
    if known_name("dropout", kind, DROPOUTS) == "growing":
        return growing
    rate = 0.0 if kind == "none" else even or sum(growing) / len(growing)
    return (rate,) * len(growing)
