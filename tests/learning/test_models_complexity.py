import keras
import pytest
from keras import layers

from fer_nb.learning.models import blocks, multiply_adds


def test_a_block_is_a_layer_with_a_kernel_and_what_follows_it_counted_by_hand():
    images = keras.Input((6, 6, 1), name="image")
    x = layers.Conv2D(2, 3, name="conv")(images)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.MaxPooling2D(2, name="pool")(x)
    x = layers.Flatten(name="flatten")(x)
    model = keras.Model(images, layers.Dense(3, name="dense")(x))
    found = blocks(model)
    assert [[layer.name for layer in block.layers] for block in found] == [
        ["image"],
        ["conv", "norm", "pool", "flatten"],
        ["dense"],
    ]
    assert [block.kernel for block in found] == [(), (3, 3, 1, 2), (8, 3)]
    assert [block.output_shape for block in found] == [(6, 6, 1), (8,), (3,)]
    assert [block.parameters for block in found] == [0, 20 + 8, 27]
    assert [block.multiply_adds for block in found] == [0, 4 * 4 * 2 * 9, 24]
    assert multiply_adds(model) == 288 + 24


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (layers.Conv2D(6, 3, padding="same", strides=2), 4 * 4 * 6 * 9 * 4),
        (layers.Conv2D(6, 1, groups=2), 8 * 8 * 6 * 2),
        (layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2), 8 * 8 * 4 * 2 * 9),
        (layers.SeparableConv2D(5, 3, padding="same", depth_multiplier=2), 8 * 8 * (9 * 4 * 2 + 8 * 5)),
        (layers.Conv2DTranspose(5, 3, strides=2), 8 * 8 * 9 * 4 * 5),
        (layers.Dense(5), 8 * 8 * 4 * 5),
    ],
    ids=["strided", "grouped", "depthwise", "separable", "transposed", "dense at each pixel"],
)
def test_multiply_adds_of_a_layer_are_weights_times_positions(layer, expected):
    images = keras.Input((8, 8, 4))
    assert multiply_adds(keras.Model(images, layer(images))) == expected


def test_branches_and_nested_models_are_counted_once():
    inner_input = keras.Input((4,))
    inner = keras.Model(inner_input, layers.Dense(4, name="dense")(inner_input), name="inner")
    outer_input = keras.Input((4,))
    model = keras.Model(outer_input, layers.Add(name="add")([outer_input, inner(outer_input)]))
    assert [block.multiply_adds for block in blocks(model)] == [0, 16]
    assert multiply_adds(model) == 16
