import keras
import matplotlib.pyplot as plt
from keras import layers

from fer_nb.figures import structure
from fer_nb.language import Text
from fer_nb.learning.models import blocks


def test_each_block_is_a_slab_with_kernel_and_stride_above_and_name_and_shape_below():
    images = keras.Input((48, 48, 1), name="image")
    x = layers.Conv2D(4, 3, strides=2, padding="same", name="conv")(images)
    x = layers.Flatten(name="flatten")(layers.MaxPooling2D(2, name="pool")(x))
    folded = blocks(keras.Model(images, layers.Dense(7, name="logits")(x)))
    figure, ax = plt.subplots()
    structure.block_diagram(ax, folded, names=[Text(name, name) for name in ("in", "conv", "out")])
    assert len(ax.patches) == 3 * len(folded)  # front, top and side
    told = [text.get_text() for text in ax.texts if text.get_text()]
    assert told == ["in\nin\n48×48×1", "3×3 /2", "conv\nconv\n576", "out\nout\n7"]
    plt.close(figure)
