import keras
import pytest
from keras import layers

from fer_nb.learning.models import LayerRow, layer_table, multiply_adds


def test_each_row_of_the_table_is_as_counted_by_hand():
    images = keras.Input((6, 6, 1), name="image")
    x = layers.Conv2D(2, 3, name="conv")(images)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.MaxPooling2D(2, name="pool")(x)
    x = layers.Flatten(name="flatten")(x)
    model = keras.Model(images, layers.Dense(3, name="dense")(x))
    assert layer_table(model) == [
        LayerRow("image", "InputLayer", (6, 6, 1), (6, 6, 1), 0, 0),
        LayerRow("conv", "Conv2D", (6, 6, 1), (4, 4, 2), 20, 4 * 4 * 2 * 9),
        LayerRow("norm", "BatchNormalization", (4, 4, 2), (4, 4, 2), 8, 0),
        LayerRow("pool", "MaxPooling2D", (4, 4, 2), (2, 2, 2), 0, 0),
        LayerRow("flatten", "Flatten", (2, 2, 2), (8,), 0, 0),
        LayerRow("dense", "Dense", (8,), (3,), 27, 24),
    ]
    assert multiply_adds(model) == 288 + 24


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (layers.Conv2D(6, 3, padding="same", strides=2), 4 * 4 * 6 * 9 * 4),
        (layers.Conv2D(6, 1, groups=2), 8 * 8 * 6 * 2),
        (layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2), 8 * 8 * 4 * 2 * 9),
        (layers.Dense(5), 8 * 8 * 4 * 5),
    ],
    ids=["strided", "grouped", "depthwise", "dense at each pixel"],
)
def test_multiply_adds_of_a_layer_are_weights_times_positions(layer, expected):
    images = keras.Input((8, 8, 4))
    assert multiply_adds(keras.Model(images, layer(images))) == expected


def test_branches_and_nested_models_are_counted_once():
    inner_input = keras.Input((4,))
    inner = keras.Model(inner_input, layers.Dense(4, name="dense")(inner_input), name="inner")
    outer_input = keras.Input((4,))
    model = keras.Model(outer_input, layers.Add(name="add")([outer_input, inner(outer_input)]))
    rows = {row.name: row for row in layer_table(model)}
    assert rows["inner/dense"].multiply_adds == 16
    assert rows["add"].input_shape == (4,)
    assert multiply_adds(model) == 16
