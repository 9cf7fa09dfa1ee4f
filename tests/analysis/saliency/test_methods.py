"""Every method on a network whose logits are sums of weighted grey levels: the maps are known by hand."""

from functools import partial

import keras
import numpy as np
import pytest

from fer_nb.analysis.saliency import (
    completeness_error,
    default_layer,
    gradient,
    integrated_gradients,
    layercam,
    occlusion,
    perturbation,
    rise,
    signed_gradient,
    smoothgrad,
)
from fer_nb.errors import InputError

METHODS = {
    "gradient": gradient,
    "SmoothGrad": partial(smoothgrad, samples=3, seed=1),
    "integrated gradients": partial(integrated_gradients, steps=3),
    "perturbation": perturbation,
    "occlusion": occlusion,
    "RISE": partial(rise, masks=20, seed=1),
    "LayerCAM": layercam,
}


def of(weights, classes):
    return np.stack([weights[..., label] for label in classes])


def test_the_gradient_of_a_linear_network_is_its_weights(linear, weights, images, classes):
    maps = gradient(linear, images, classes)
    np.testing.assert_allclose(maps, np.abs(of(weights, classes)), rtol=1e-5)
    np.testing.assert_allclose(signed_gradient(linear, images, classes), of(weights, classes), rtol=1e-5)


def test_noise_averages_out_where_the_gradient_is_the_same_everywhere(linear, weights, images, classes):
    maps = smoothgrad(linear, images, classes, samples=4, seed=1)
    np.testing.assert_allclose(maps, np.abs(of(weights, classes)), rtol=1e-4)


@pytest.mark.parametrize("baseline", [0.0, 100.0])
def test_integrated_gradients_of_a_linear_network_are_exact_and_complete(
    linear, weights, images, classes, baseline
):
    maps = integrated_gradients(linear, images, classes, baseline=baseline, steps=2)
    np.testing.assert_allclose(maps, of(weights, classes) * (images - baseline), rtol=1e-3, atol=1e-6)
    error, change = completeness_error(linear, images, classes, maps, baseline=baseline)
    assert np.abs(error).max() < 1e-4 < np.abs(change).min()


def test_the_completeness_error_tells_what_a_map_lacks(linear, images, classes):
    maps = integrated_gradients(linear, images, classes, steps=2)
    error, change = completeness_error(linear, images, classes, 0.9 * maps)
    np.testing.assert_allclose(error, -0.1 * change, rtol=1e-2)


def test_perturbation_is_the_squared_gradient_of_the_loss(linear, weights, images, classes):
    maps = perturbation(linear, images, classes)
    for found, image, label in zip(maps, images, classes, strict=True):
        logits = np.tensordot(image, weights, 2)
        shares = np.exp(logits) / np.exp(logits).sum()
        slope = weights @ (shares - np.eye(7)[label])  # of the cross-entropy
        np.testing.assert_allclose(found, slope**2, rtol=0.1, atol=0.02 * found.max())


def test_occlusion_is_what_the_patches_take_from_the_logit(linear, weights, images, classes):
    maps = occlusion(linear, images, classes, patch=24, stride=24)
    above_mean = images - images.mean(axis=(1, 2), keepdims=True)
    parts = (of(weights, classes) * above_mean).reshape(3, 2, 24, 2, 24).sum(axis=(2, 4))
    np.testing.assert_allclose(maps, np.kron(parts, np.ones((24, 24))), rtol=1e-2, atol=1e-4)


@pytest.mark.parametrize(("patch", "stride"), [(10, 7), (48, 48), (5, 5)])
def test_occlusion_covers_every_pixel(linear, images, patch, stride):
    maps = occlusion(linear, images, [0, 3, 6], patch=patch, stride=stride)
    assert np.all(maps[:, -1, -1] != 0)


@pytest.mark.parametrize(("patch", "stride"), [(49, 4), (8, 9), (8, 0)])
def test_a_patch_that_leaves_pixels_out_is_refused(linear, images, classes, patch, stride):
    with pytest.raises(InputError, match=f"stride {stride}, patch {patch}"):
        occlusion(linear, images, classes, patch=patch, stride=stride)


def test_rise_of_one_pixel_block_is_what_its_view_adds_to_the_logit(make_linear):
    weights = np.zeros((48, 48, 7), np.float32)
    weights[20:22, 20:22, 2] = 0.01
    image = np.full((1, 48, 48), 20, np.uint8)
    image[:, 20:22, 20:22] = 200
    added = 4 * 0.01 * (200 - image.mean())  # in view against hidden by the mean grey
    (found,) = rise(make_linear(weights), image, [2], masks=2000, seed=3)
    assert found[20, 20] == pytest.approx(added, rel=0.05)


def test_the_loss_of_a_network_that_is_nearly_certain_of_another_class_is_finite(make_linear):
    weights = np.zeros((48, 48, 7), np.float32)
    weights[..., 1] = 1.0  # 2,304 grey levels: a lead of thousands
    maps = perturbation(make_linear(weights), np.full((1, 48, 48), 9, np.uint8), [0])
    np.testing.assert_allclose(maps, 1, rtol=1e-3)


def test_integrated_gradients_take_more_steps_where_the_logit_bends_early():
    image = keras.Input((48, 48, 1))
    mean = keras.layers.GlobalAveragePooling2D()(image)
    bent = keras.layers.Dense(1, activation=lambda x: keras.ops.minimum(x, 1.5), use_bias=False)
    last = keras.layers.Dense(7, use_bias=False)
    network = keras.Model(image, last(bent(mean)))
    bent.kernel.assign([[1.0]])
    last.kernel.assign(np.full((1, 7), 4.0))
    faces = np.full((1, 48, 48), 200, np.uint8)  # the logit stands still after 0.75% of the way
    maps = integrated_gradients(network, faces, [0])
    error, change = completeness_error(network, faces, [0], maps)
    assert np.abs(error) < 0.05 * np.abs(change)


def test_rise_finds_the_only_pixels_that_count(make_linear):
    weights = np.zeros((48, 48, 7), np.float32)
    weights[10:18, 30:38, 2] = 0.01
    bright = np.full((1, 48, 48), 20, np.uint8)
    bright[:, 10:18, 30:38] = 200
    (found,) = rise(make_linear(weights), bright, [2], masks=400, seed=3)
    row, column = np.unravel_index(found.argmax(), found.shape)
    assert 9 <= row < 19 and 29 <= column < 39


def test_a_softmax_at_the_end_is_left_out(linear, with_softmax, images, classes):
    with_it = gradient(with_softmax, images, classes)
    np.testing.assert_allclose(with_it, gradient(linear, images, classes), rtol=1e-5)


@pytest.mark.parametrize("name", METHODS)
def test_maps_are_finite_and_shaped_like_the_images(convolutional, images, classes, name):
    maps = METHODS[name](convolutional, images, classes)
    assert maps.shape == (3, 48, 48) and maps.dtype == np.float32 and np.isfinite(maps).all()


def test_layercam_of_one_map_is_activation_times_positive_gradient():
    image = keras.Input((48, 48, 1))
    maps = keras.layers.Conv2D(2, 1, use_bias=False, name="maps")(image)
    last = keras.layers.Dense(7, use_bias=False)
    network = keras.Model(image, last(keras.layers.GlobalAveragePooling2D()(maps)))
    network.get_layer("maps").kernel.assign(np.array([[[[1.0, 2.0]]]]))
    last.kernel.assign(np.array([[0.5] * 7, [-1.0] * 7]))
    faces = np.arange(2304, dtype=np.uint8).reshape(1, 48, 48)
    np.testing.assert_allclose(layercam(network, faces, [0]), faces * 0.5 / 2304, rtol=1e-4)


def test_layercam_takes_what_is_negative_off_before_it_enlarges():
    image = keras.Input((48, 48, 1))
    maps = keras.layers.Conv2D(2, 1, strides=4, name="maps")(image)
    last = keras.layers.Dense(7, use_bias=False)
    network = keras.Model(image, last(keras.layers.GlobalAveragePooling2D()(maps)))
    network.get_layer("maps").kernel.assign(np.ones((1, 1, 1, 2)))
    network.get_layer("maps").bias.assign([-100.0, -100.0])
    last.kernel.assign(np.full((2, 7), 0.5))
    stripes = np.zeros((1, 48, 48), np.uint8)
    stripes[:, :, ::8] = 200  # columns of outputs: 100, -100, 100, ...
    expected = 2 * 100 * 0.5 / 144 / 2  # half of the places
    assert layercam(network, stripes, [0]).mean() == pytest.approx(expected, rel=0.1)


def test_the_default_layer_is_the_last_of_twelve_pixels_or_more(convolutional, linear):
    assert default_layer(convolutional) == "relu1"
    assert default_layer(linear) is None


@pytest.mark.parametrize("layer", ["conv9", None])
def test_a_network_without_the_layer_lists_its_layers(linear, images, classes, layer):
    with pytest.raises(InputError, match="flatten, logits") as raised:
        layercam(linear, images, classes, layer=layer)
    assert "\n" not in str(raised.value)


def test_a_layer_that_something_passes_by_is_refused_and_never_the_default():
    image = keras.Input((48, 48, 1))
    start = keras.layers.Conv2D(2, 3, padding="same", name="start")(image)
    branch = keras.layers.Conv2D(2, 3, padding="same", name="branch")(start)
    pooled = [keras.layers.GlobalAveragePooling2D()(maps) for maps in (start, branch)]
    network = keras.Model(image, keras.layers.Dense(7, name="logits")(keras.layers.Add()(pooled)))
    with pytest.raises(InputError, match="branch"):
        layercam(network, np.zeros((1, 48, 48), np.uint8), [0], layer="branch")
    assert default_layer(network) == "start"
    with pytest.raises(InputError, match="expected maps"):
        layercam(network, np.zeros((1, 48, 48), np.uint8), [0], layer="logits")


def test_another_input_gives_one_line(images, classes):
    network = keras.Sequential([keras.Input((32, 32, 3)), keras.layers.Flatten(), keras.layers.Dense(7)])
    with pytest.raises(InputError, match="48, 48, 1"):
        gradient(network, images, classes)
