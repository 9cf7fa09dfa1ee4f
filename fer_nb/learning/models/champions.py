"""Two networks built to pass 73% on PrivateTest, trained from scratch on FER2013 alone."""

import keras
from keras import layers

from fer_nb.errors import known_name
from fer_nb.learning.models.registry import architecture, convolution, logits

HEADS = ("dense", "global_pool")


@architecture
def champion_vgg(
    images: keras.KerasTensor, *, width: int = 64, dropout: float = 0.2, head: str = "dense"
) -> keras.KerasTensor:
    """Pairs of convolutions at 1, 2, 4 and 8 times `width`, each pair pooled, for crops of 40 to 44.

    Args:
        images: Normalized images (batch, size, size, 1).
        width: Filters of the first pair; 64 is the published network.
        dropout: Rate after each pair and each dense layer.
        head: "dense": dense 4096 twice, as published; "global_pool": the mean over the last map's positions,
            which leaves a fifth of the parameters.

    Source: Khaireddin and Chen, "Facial Emotion Recognition: State of the Art Performance on FER2013",
    arXiv 2105.03588 (73.06% on PublicTest); dropout after every block as in the narrow VGG of 72.6%.
    """
    known_name("head", head, HEADS)
    x = images
    for block, factor in enumerate((1, 2, 4, 8), start=1):
        for number in (1, 2):
            x = convolution(x, width * factor, name=f"block{block}_conv{number}")
            x = _normalized(x, name=f"block{block}_norm{number}")
            x = layers.ReLU(name=f"block{block}_relu{number}")(x)
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
        x = layers.Dropout(dropout, name=f"block{block}_dropout")(x)
    if head == "global_pool":
        return logits(layers.GlobalAveragePooling2D(name="average")(x))
    x = layers.Flatten(name="flatten")(x)
    for number in (1, 2):
        x = layers.Dense(4096, activation="relu", kernel_initializer="he_uniform", name=f"dense{number}")(x)
        x = layers.Dropout(dropout, name=f"dense{number}_dropout")(x)
    return logits(x)


@architecture
def champion_resnet(images: keras.KerasTensor, *, width: int = 64, dropout: float = 0.2) -> keras.KerasTensor:
    """ResNet18 with the stem for small images: one 3x3 convolution, no pooling before the first stage.

    Four stages of two residual blocks at 1, 2, 4 and 8 times `width`; 11.2 million parameters at 64.
    The last normalization of each block starts at zero, so that training begins from the identity.

    Args:
        images: Normalized images (batch, size, size, 1).
        width: Filters of the first stage; a narrower one overfits less.
        dropout: Rate after each stage.

    Source: He et al., arXiv 1512.03385; the zero start: Goyal et al., arXiv 1706.02677.
    """
    x = convolution(images, width, name="stem_conv")
    x = _normalized(x, name="stem_norm")
    x = layers.ReLU(name="stem_relu")(x)
    for stage, factor in enumerate((1, 2, 4, 8), start=1):
        for block in (1, 2):
            strides = 2 if stage > 1 and block == 1 else 1
            x = _residual_block(x, width * factor, strides, name=f"stage{stage}_block{block}")
        x = layers.Dropout(dropout, name=f"stage{stage}_dropout")(x)
    return logits(layers.GlobalAveragePooling2D(name="average")(x))


def _residual_block(x: keras.KerasTensor, filters: int, strides: int, *, name: str) -> keras.KerasTensor:
    """Two convolutions beside a shortcut, which is a 1x1 convolution where the shape changes."""
    shortcut = x
    if strides != 1 or x.shape[-1] != filters:
        shortcut = convolution(x, filters, 1, strides=strides, name=f"{name}_shortcut_conv")
        shortcut = _normalized(shortcut, name=f"{name}_shortcut_norm")
    x = convolution(x, filters, strides=strides, name=f"{name}_conv1")
    x = _normalized(x, name=f"{name}_norm1")
    x = layers.ReLU(name=f"{name}_relu1")(x)
    x = convolution(x, filters, name=f"{name}_conv2")
    x = _normalized(x, name=f"{name}_norm2", start="zeros")
    x = layers.Add(name=f"{name}_add")([x, shortcut])
    return layers.ReLU(name=f"{name}_relu2")(x)


def _normalized(x: keras.KerasTensor, *, name: str, start: str = "ones") -> keras.KerasTensor:
    """Batch normalization with the constants of the published networks, which were written in PyTorch."""
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, gamma_initializer=start, name=name)(x)
