import keras
import numpy as np
import pytest

from fer_nb.errors import InputError
from fer_nb.learning.transforms import NORMALIZATIONS, fit_normalization


@pytest.fixture
def faces():
    """Half of the pixels 0, half 100: mean 50, deviation 50."""
    images = np.zeros((4, 48, 48), "uint8")
    images[:, :24] = 100
    return images


def apply(layer, images):
    return np.asarray(layer(images[..., None].astype("float32")))[..., 0]


def test_none_needs_no_layer(faces):
    assert fit_normalization("none", faces) is None


@pytest.mark.parametrize(
    ("mode", "of_0", "of_100"),
    [("unit", 0, 100 / 255), ("mean_then_unit", -50 / 255, 50 / 255), ("standardized", -1, 1)],
)
def test_grey_levels_become_what_they_are_by_hand(mode, of_0, of_100, faces):
    normalized = apply(fit_normalization(mode, faces), faces)
    np.testing.assert_allclose(normalized[:, 24:], of_0, atol=1e-6)
    np.testing.assert_allclose(normalized[:, :24], of_100, atol=1e-6)


def test_standardizing_in_grey_levels_is_what_report_e_does_after_dividing_by_255():
    images = np.random.default_rng(0).integers(0, 256, (5, 48, 48)).astype("uint8")
    scaled = images / 255
    expected = (scaled - scaled.mean()) / scaled.std()
    np.testing.assert_allclose(apply(fit_normalization("standardized", images), images), expected, atol=1e-5)


def test_statistics_are_those_of_the_fitted_images_and_not_of_the_batch(faces):
    layer = fit_normalization("standardized", faces)
    bright = np.full((2, 48, 48), 250, "uint8")
    np.testing.assert_allclose(apply(layer, bright), 4, atol=1e-5)


def test_per_image_removes_each_images_own_brightness_and_contrast():
    base = np.random.default_rng(0).integers(20, 100, (48, 48))
    images = np.stack([base, 2 * base + 20]).astype("uint8")
    normalized = apply(fit_normalization("per_image", images), images)
    np.testing.assert_allclose(normalized.mean(axis=(1, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(normalized.std(axis=(1, 2)), 1, atol=2e-3)
    np.testing.assert_allclose(normalized[0], normalized[1], atol=5e-3)


def test_per_image_turns_a_flat_image_into_zeros():
    flat = np.full((1, 48, 48), 200, "uint8")
    np.testing.assert_allclose(apply(fit_normalization("per_image", flat), flat), 0, atol=1e-3)


@pytest.mark.parametrize("mode", [mode for mode in NORMALIZATIONS if mode != "none"])
def test_a_layer_has_no_weights_and_comes_back_exactly_from_its_configuration(mode):
    images = np.random.default_rng(0).integers(0, 256, (3, 48, 48)).astype("uint8")
    layer = fit_normalization(mode, images)
    again = keras.layers.deserialize(keras.layers.serialize(layer))
    np.testing.assert_array_equal(apply(layer, images), apply(again, images))
    assert layer.name == "normalization"
    assert layer.compute_dtype == "float32"
    assert layer.count_params() == 0


@pytest.mark.parametrize(
    ("mode", "images", "message"),
    [
        (
            "standardised",
            np.zeros((1, 48, 48), "uint8"),
            "unknown normalization 'standardised': did you mean",
        ),
        ("standardized", np.zeros((0, 48, 48), "uint8"), "normalization: expected training images, uint8"),
        ("mean_then_unit", np.zeros((1, 48, 48)), "normalization: expected training images, uint8"),
        (
            "standardized",
            np.full((1, 48, 48), 9, "uint8"),
            "normalization 'standardized': expected images with",
        ),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_one_line(mode, images, message):
    with pytest.raises(InputError) as caught:
        fit_normalization(mode, images)
    assert str(caught.value).startswith(message)
