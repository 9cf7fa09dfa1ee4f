import keras
import numpy as np
import pytest
from keras import ops

from fer_nb.learning.transforms import PRESETS, Augmentation, AugmentationSettings, augment, mixup
from fer_nb.learning.transforms.augmentation import DRAWS

PATTERN = np.array([[10, 20, 30], [40, 50, 60], [70, 80, 90]], "float32")


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (64, 48, 48, 1)).astype("uint8")


@pytest.fixture
def drawn(monkeypatch):
    """Augment the 3x3 pattern with every draw at its middle but for those named."""

    def augmented(settings, image=PATTERN, **draws):
        table = np.full((1, len(DRAWS)), 0.5, "float32")
        for name, value in draws.items():
            table[0, DRAWS.index(name)] = value
        monkeypatch.setattr(keras.random, "uniform", lambda *_, **__: ops.convert_to_tensor(table))
        return np.asarray(augment(image[None, :, :, None], settings, keras.random.SeedGenerator(0)))[
            0, :, :, 0
        ]

    return augmented


def apply(settings, images, seed=0):
    return np.asarray(augment(images, settings, keras.random.SeedGenerator(seed)))


def test_no_augmentation_leaves_every_image_equal_to_the_bit(images):
    augmented = apply(AugmentationSettings(), images)
    assert augmented.dtype == np.float32
    np.testing.assert_array_equal(augmented, images)


def test_resampling_by_the_identity_leaves_every_image_equal_to_the_bit(images):
    np.testing.assert_array_equal(apply(AugmentationSettings(flip=1e-30), images), images)


def test_a_flip_with_certainty_mirrors_every_image(images):
    np.testing.assert_array_equal(apply(AugmentationSettings(flip=1.0), images), images[:, :, ::-1])


def test_a_flip_with_probability_a_half_mirrors_about_half_of_the_images(images):
    augmented = apply(AugmentationSettings(flip=0.5), images)
    flipped = (augmented == images[:, :, ::-1]).all(axis=(1, 2, 3))
    kept = (augmented == images).all(axis=(1, 2, 3))
    assert (flipped | kept).all()
    assert 16 <= flipped.sum() <= 48


def test_a_shift_moves_the_image_right_and_down_and_fills_from_the_nearest_pixel(drawn):
    settings = AugmentationSettings(shift=1 / 3)
    np.testing.assert_allclose(
        drawn(settings, shift_x=1), [[10, 10, 20], [40, 40, 50], [70, 70, 80]], atol=1e-3
    )
    np.testing.assert_allclose(
        drawn(settings, shift_y=1), [[10, 20, 30], [10, 20, 30], [40, 50, 60]], atol=1e-3
    )
    np.testing.assert_allclose(
        drawn(settings, shift_x=0), [[20, 30, 30], [50, 60, 60], [80, 90, 90]], atol=1e-3
    )


def test_a_constant_fill_puts_its_value_where_nothing_was(drawn):
    settings = AugmentationSettings(shift=1 / 3, fill="constant", fill_value=7)
    np.testing.assert_allclose(drawn(settings, shift_x=1), [[7, 10, 20], [7, 40, 50], [7, 70, 80]], atol=1e-3)


def test_a_quarter_turn_moves_each_pixel_to_its_place(drawn):
    settings = AugmentationSettings(rotation=90)
    np.testing.assert_allclose(drawn(settings, rotation=1), np.rot90(PATTERN, -1), atol=1e-3)
    np.testing.assert_allclose(drawn(settings, rotation=0), np.rot90(PATTERN), atol=1e-3)


def test_a_shear_by_45_degrees_moves_each_row_by_its_height(drawn):
    np.testing.assert_allclose(
        drawn(AugmentationSettings(shear=45), shear=1), [[20, 30, 30], [40, 50, 60], [70, 70, 80]], atol=1e-3
    )


def test_a_zoom_magnifies_about_the_centre(drawn):
    magnified = drawn(AugmentationSettings(zoom=(2, 2)))
    np.testing.assert_allclose(magnified, [[30, 35, 40], [45, 50, 55], [60, 65, 70]], atol=1e-3)


def test_axes_are_magnified_independently_only_where_asked(drawn):
    settings = AugmentationSettings(zoom=(1, 2), zoom_each_axis=True)
    np.testing.assert_allclose(
        drawn(settings, zoom_x=1, zoom_y=0), [[15, 20, 25], [45, 50, 55], [75, 80, 85]], atol=1e-3
    )
    together = drawn(AugmentationSettings(zoom=(1, 2)), zoom_x=1, zoom_y=0)
    np.testing.assert_allclose(together, [[30, 35, 40], [45, 50, 55], [60, 65, 70]], atol=1e-3)


def test_flip_turn_and_shift_are_one_map_in_that_order(drawn):
    settings = AugmentationSettings(flip=1, rotation=90, shift=1 / 3, fill="constant", fill_value=0)
    turned = np.rot90(PATTERN[:, ::-1], -1)
    expected = np.zeros((3, 3))
    expected[:, 1:] = turned[:, :-1]
    np.testing.assert_allclose(drawn(settings, rotation=1, shift_x=1), expected, atol=1e-3)


def test_a_random_crop_shifts_by_whole_pixels_and_by_all_of_them_in_time(images):
    augmented = apply(AugmentationSettings(crop_shift=1), images)
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    crops = {(y, x): padded[:, y : y + 48, x : x + 48] for y in range(3) for x in range(3)}
    found = [
        next(place for place, crop in crops.items() if np.array_equal(crop[i], augmented[i]))
        for i in range(len(images))
    ]
    assert set(found) == set(crops)


def test_contrast_keeps_the_mean_and_brightness_the_deviations():
    image = np.random.default_rng(0).integers(100, 150, (8, 48, 48, 1)).astype("uint8")
    contrast = apply(AugmentationSettings(contrast=0.5), image)
    np.testing.assert_allclose(contrast.mean(axis=(1, 2)), image.mean(axis=(1, 2)), atol=0.01)
    ratio = contrast.std(axis=(1, 2)) / image.std(axis=(1, 2))
    assert (ratio >= 0.499).all()
    assert (ratio <= 1.501).all()
    assert np.ptp(ratio) > 0.1
    brightness = apply(AugmentationSettings(brightness=0.2), image)
    np.testing.assert_allclose(brightness.std(axis=(1, 2)), image.std(axis=(1, 2)), atol=0.01)
    change = brightness.mean(axis=(1, 2)) - image.mean(axis=(1, 2))
    assert np.abs(change).max() <= 51.01
    assert np.ptp(change) > 10


def test_every_preset_keeps_shape_and_range_and_is_finite(images):
    for settings in PRESETS.values():
        augmented = apply(settings, images)
        assert augmented.shape == images.shape
        assert np.isfinite(augmented).all()
        assert augmented.min() >= -0.001
        assert augmented.max() <= 255.001


def test_erasing_fills_one_rectangle_of_the_stated_area_with_the_images_mean(images):
    settings = AugmentationSettings(erase=1, erase_area=(0.05, 0.2))
    augmented = apply(settings, images)
    for before, after in zip(images[..., 0].astype("float32"), augmented[..., 0], strict=True):
        changed = before != after
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        inside = np.ix_(rows, columns)
        np.testing.assert_allclose(after[inside], before.mean(), atol=0.01)
        # a side is rounded by at most half a pixel, and the shortest possible side is 6 pixels
        assert 0.05 * 0.85 <= len(rows) * len(columns) / 2304 <= 0.2 * 1.15
        assert np.ptp(rows) == len(rows) - 1
        assert np.ptp(columns) == len(columns) - 1


def test_erasing_spares_the_images_that_its_probability_leaves_out(images):
    changed = (apply(AugmentationSettings(erase=0.5), images) != images).any(axis=(1, 2, 3))
    assert 16 <= changed.sum() <= 48


def test_the_same_seed_gives_the_same_batches_and_batches_differ(images):
    first, again = (Augmentation(PRESETS["champion"], seed=3) for _ in range(2))
    batches = [np.asarray(first(images)) for _ in range(2)]
    np.testing.assert_array_equal(batches[0], np.asarray(again(images)))
    assert not np.array_equal(*batches)
    assert not np.array_equal(batches[0], np.asarray(Augmentation(PRESETS["champion"], seed=4)(images)))


def test_putting_the_state_back_repeats_the_draws(images):
    layer = Augmentation(PRESETS["affine_nearest"], seed=3)
    layer(images)
    state = [np.asarray(variable).copy() for variable in layer.variables]
    assert len(state) == 1
    before = np.asarray(layer(images))
    for variable, value in zip(layer.variables, state, strict=True):
        variable.assign(value)
    np.testing.assert_array_equal(np.asarray(layer(images)), before)


def test_switching_one_range_on_leaves_the_other_draws_as_they_were(images):
    flipped = apply(AugmentationSettings(flip=0.5), images) == images
    both = apply(AugmentationSettings(flip=0.5, erase=1, erase_area=(0.01, 0.02)), images) == images
    np.testing.assert_array_equal(
        flipped.mean(axis=(1, 2, 3)) > 0.5,
        both.mean(axis=(1, 2, 3)) > 0.5,
    )


def test_the_layer_runs_inside_a_compiled_graph_of_unknown_batch_size(images):
    model = keras.Sequential([keras.Input((48, 48, 1)), Augmentation(PRESETS["champion"], seed=3)])
    augmented = model.predict(images.astype("float32"), batch_size=24, verbose=0)
    assert augmented.shape == images.shape
    assert not np.array_equal(augmented, images)


def test_mixup_blends_each_image_and_target_with_the_next_by_one_share(monkeypatch):
    monkeypatch.setattr(keras.random, "beta", lambda *_, **__: ops.convert_to_tensor(0.25))
    images = np.array([0, 100, 200], "float32").reshape(3, 1, 1, 1)
    mixed, targets = mixup(
        ops.convert_to_tensor(images), ops.eye(3, 7, dtype="float32"), 1.0, keras.random.SeedGenerator(0)
    )
    np.testing.assert_allclose(np.asarray(mixed).ravel(), [150, 25, 125])
    np.testing.assert_allclose(np.asarray(targets)[0, :3], [0.25, 0, 0.75])
    np.testing.assert_allclose(np.asarray(targets).sum(axis=1), 1)


def test_mixup_draws_shares_between_nought_and_one_and_anew_for_each_batch():
    generator = keras.random.SeedGenerator(0)
    targets = ops.eye(2, 7, dtype="float32")
    shares = [float(np.asarray(mixup(targets, targets, 0.4, generator)[1])[0, 0]) for _ in range(8)]
    assert all(0 <= share <= 1 for share in shares)
    assert len(set(shares)) == 8
