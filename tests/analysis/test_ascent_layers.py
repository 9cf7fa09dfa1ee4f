import keras
import numpy as np
import pytest
from keras import layers

from fer_nb.analysis.ascent import (
    channel_objective,
    class_logits,
    filter_layers,
    find_layer,
    receptive_field,
)
from fer_nb.analysis.ascent.layers import pre_activations
from fer_nb.analysis.saliency.scores import logits_of
from fer_nb.errors import InputError


def network(*stack, size=48):
    return keras.Sequential([keras.Input((size, size, 1)), *stack], name="small")


@pytest.fixture(scope="module")
def model():
    """conv1 (its own ReLU), conv2 with batch normalization before its ReLU, a pooling, a softmax."""
    built = network(
        layers.Conv2D(3, 3, activation="relu", name="conv1"),
        layers.Conv2D(2, 5, strides=2, padding="same", name="conv2"),
        layers.BatchNormalization(name="norm2"),
        layers.ReLU(name="relu2"),
        layers.AveragePooling2D(2, name="pool"),
        layers.Flatten(name="flatten"),
        layers.Dense(7, activation="softmax", name="answer"),
    )
    built.get_layer("norm2").set_weights(
        [np.float32([2, -1]), np.float32([5, 0]), *np.float32([[0, 0], [1, 1]])]
    )
    return built


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).uniform(0, 255, (2, 48, 48, 1)).astype(np.float32)


def test_a_layer_is_found_by_its_name_or_its_number_among_the_convolutions(model):
    assert find_layer(model, "pool").name == "pool"
    assert find_layer(model, 1).name == find_layer(model, "-2").name == "conv1"
    assert find_layer(model, "2").name == find_layer(model, -1).name == "conv2"


def test_a_network_without_convolutions_counts_its_dense_layers():
    dense = network(layers.Flatten(), layers.Dense(4, name="hidden"), layers.Dense(7, name="logits"))
    assert [find_layer(dense, number).name for number in (1, -1)] == ["hidden", "logits"]
    assert filter_layers(dense) == ["hidden", "logits"]


@pytest.mark.parametrize("which", ["conv9", 0, 3, "image", -3])
def test_a_layer_that_is_not_there_gets_one_line_that_lists_the_layers(model, which):
    with pytest.raises(InputError) as raised:
        find_layer(model, which)
    assert "\n" not in str(raised.value)
    assert f"found '{which}'" in str(raised.value)
    assert "conv1, conv2, norm2, relu2, pool, flatten, answer" in str(raised.value)


def test_a_network_with_another_input_gets_one_line_that_says_which():
    with pytest.raises(
        InputError, match=r"expected an input of \(48, 48, 1\), found \(None, 32, 32, 1\).*conv"
    ):
        find_layer(network(layers.Conv2D(1, 3, name="conv"), size=32), "conv")


def test_an_activation_of_the_layer_itself_is_taken_off(model, images):
    before, after = (
        pre_activations(model, "conv1"),
        keras.Model(model.inputs, model.get_layer("conv1").output),
    )
    found = before.predict_on_batch(images)
    assert found.min() < 0
    np.testing.assert_allclose(np.maximum(found, 0), after.predict_on_batch(images), atol=1e-3)


def test_logits_behind_an_activation_follow_the_networks_weights():
    built = network(layers.Flatten(), layers.Dense(2, activation="softmax", name="answer"))
    image = np.ones((1, 48, 48), np.float32)
    for level in (1.0, 3.0):
        built.set_weights([np.zeros((2304, 2)), np.array([0.0, level])])
        np.testing.assert_allclose(logits_of(built, image), [[0, level]])
    assert built.predict_on_batch(image[..., None])[0, 1] == pytest.approx(1 / (1 + np.exp(-3)))


def test_batch_normalization_before_the_activation_counts_with_the_convolution(model, images):
    found = pre_activations(model, "conv2").predict_on_batch(images)
    plain = keras.Model(model.inputs, model.get_layer("conv2").output).predict_on_batch(images)
    scale = np.sqrt(1 + model.get_layer("norm2").epsilon)
    np.testing.assert_allclose(found, plain * [2, -1] / scale + [5, 0], rtol=1e-3, atol=1e-2)


def test_class_logits_are_without_the_softmax(model, images):
    logits = class_logits(model).predict_on_batch(images)
    np.testing.assert_allclose(keras.ops.softmax(logits), model.predict_on_batch(images), atol=1e-5)
    assert not np.allclose(logits.sum(axis=1), 1)


@pytest.mark.parametrize("end", [layers.Softmax(), layers.Activation("softmax")])
def test_a_softmax_of_its_own_is_taken_off_also_behind_a_pooling(images, end):
    pooled = network(layers.Conv2D(7, 5), layers.GlobalAveragePooling2D(), end)
    logits = class_logits(pooled).predict_on_batch(images)
    np.testing.assert_allclose(keras.ops.softmax(logits), pooled.predict_on_batch(images), atol=1e-5)


def test_a_network_that_puts_out_maps_has_no_logits():
    with pytest.raises(InputError, match=r"one number a class, found an output of \(46, 46, 2\)"):
        class_logits(network(layers.Conv2D(2, 3)))


def test_receptive_fields_follow_kernel_stride_and_padding(model):
    assert receptive_field(model, "conv1").size == (3, 3)
    second, pooled = receptive_field(model, "conv2"), receptive_field(model, "pool")
    # 46 pixels, kernel 5, stride 2, "same": one pixel of padding before, two behind.
    assert (second.low, second.high, second.step) == ((-1, -1), (5, 5), (2, 2))
    assert (pooled.low, pooled.high, pooled.step) == ((-1, -1), (7, 7), (4, 4))
    assert receptive_field(model, "answer").size == (48, 48)


def test_receptive_fields_pass_branches_crops_and_paddings():
    image = keras.Input((48, 48, 1))
    x = layers.Cropping2D(2)(image)
    wide, narrow = layers.Conv2D(1, 5, padding="same")(x), layers.Conv2D(1, (1, 3), padding="same")(x)
    merged = layers.ZeroPadding2D(1, name="padded")(layers.Add()([wide, narrow]))
    field = receptive_field(keras.Model(image, layers.Conv2D(1, 3, name="out")(merged)), "out")
    assert (field.low, field.high, field.step) == ((-1, -1), (5, 5), (1, 1))


def test_a_unit_that_sees_more_than_the_image_is_said_to_see_all_of_it():
    wide = network(layers.Conv2D(1, 45), layers.Conv2D(2, 4, padding="same", name="last"))
    assert receptive_field(wide, "last") == receptive_field(wide, 2)
    assert receptive_field(wide, "last").size == (48, 48)


def test_a_crop_is_what_the_unit_sees_and_mid_grey_beyond_the_edge(model):
    image = np.arange(48 * 48).reshape(48, 48) % 200
    field = receptive_field(model, "conv2")
    np.testing.assert_array_equal(field.crop(image, (3, 1)), image[5:12, 1:8])
    corner = field.crop(image, (0, 0))
    assert (corner[0] == 128).all()
    np.testing.assert_array_equal(corner[1:, 1:], image[:6, :6])
    assert receptive_field(model, "answer").crop(image, (0, 0)) is image


def test_units_that_see_the_padding_do_not_count_in_a_filters_mean(model):
    assert channel_objective(model, "conv1").margin == (0, 0)  # no padding
    assert channel_objective(model, "conv2").margin == (1, 1)
    assert channel_objective(model, "answer").margin == (0, 0)


def test_a_model_from_a_file_has_the_same_fields_and_layers(model, images, tmp_path):
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", compile=False)
    assert receptive_field(loaded, "pool") == receptive_field(model, "pool")
    np.testing.assert_allclose(
        pre_activations(loaded, "conv2").predict_on_batch(images),
        pre_activations(model, "conv2").predict_on_batch(images),
        rtol=1e-4,
    )
