import keras
import numpy as np
import pytest
from keras import layers

from fer_nb.analysis import ascent


def network(*stack):
    return keras.Sequential([keras.Input((48, 48, 1)), *stack], name="small")


def convolution(kernels, **options):
    """A network of one convolution with these kernels (filters, size, size)."""
    kernels = np.asarray(kernels, np.float32)
    layer = layers.Conv2D(len(kernels), kernels.shape[1:], use_bias=False, name="conv", **options)
    model = network(layer)
    layer.set_weights([kernels.transpose(1, 2, 0)[:, :, None]])
    return model


@pytest.fixture(scope="module")
def model():
    """Two convolutions and logits, as they were initialised."""
    keras.utils.set_random_seed(1)
    return network(
        layers.Rescaling(1 / 128, -1),
        layers.Conv2D(4, 5, strides=2, activation="relu", padding="same", name="conv1"),
        layers.Conv2D(6, 3, strides=2, activation="relu", padding="same", name="conv2"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(7, name="logits"),
    )


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).integers(0, 256, (10, 48, 48)).astype(np.uint8)


def test_naive_ascent_on_the_mean_of_a_linear_filter_keeps_its_starting_noise():
    model = convolution([[[1, 2, 0], [0, 3, 1], [1, 1, 1]]])
    starts = ascent.white_noise(1, seed=0)
    found = ascent.naive_ascent(ascent.channel_objective(model, 1), np.zeros(1, int), starts, steps=8)
    assert found.mean() - starts.mean() == pytest.approx(8, abs=1)
    inner = np.s_[0, 2:-2, 2:-2]
    assert np.ptp((found - starts)[inner]) == pytest.approx(0, abs=1e-3)


def test_naive_ascent_stays_within_black_and_white():
    objective = ascent.channel_objective(convolution([[[1.0]], [[-1.0]]]), 1)
    found = ascent.naive_ascent(objective, np.arange(2), ascent.white_noise(2, seed=0), steps=300)
    assert (found[0] == 255).all() and (found[1] == 0).all()


def test_each_image_climbs_its_own_channel_whatever_else_is_in_the_batch(model):
    objective, starts = ascent.channel_objective(model, 1), ascent.white_noise(4, seed=0)
    together = ascent.naive_ascent(objective, np.arange(4), starts, steps=5)
    alone = ascent.naive_ascent(objective, np.array([2]), starts[2:3], steps=5)
    np.testing.assert_allclose(together[2], alone[0], atol=0.5)
    before = ascent.reached(objective, starts, np.arange(4))
    assert (ascent.reached(objective, together, np.arange(4)) > before).all()


@pytest.fixture(scope="module")
def waves():
    """Two waves (2, 48, 48), and the objective of two linear units that look for them."""
    rows, columns = np.mgrid[:48, :48]
    pictures = np.stack([np.cos(2 * np.pi * rows / 16), np.sin(2 * np.pi * (rows + columns) / 24)])
    layer = layers.Dense(2, name="unit")
    model = network(layers.Flatten(), layer)
    layer.set_weights([pictures.reshape(2, -1).T, np.zeros(2)])
    return pictures, ascent.channel_objective(model, "unit")


def test_fourier_ascent_finds_the_picture_that_a_linear_unit_looks_for(waves):
    (pictures, objective), channels = waves, np.array([1, 0])
    found = ascent.fourier_ascent(objective, channels, steps=256, total_variation=1, seed=0)
    assert found.shape == (2, 48, 48)
    assert found.min() >= 0
    assert found.max() <= 255
    for image, picture in zip(found, pictures[channels], strict=True):
        assert np.corrcoef(image.ravel(), picture.ravel())[0, 1] > 0.7


def test_the_same_seed_gives_the_same_image_and_total_variation_a_smoother_one(model):
    objective, channels = ascent.class_objective(model), np.array([3])
    one, again = (
        ascent.fourier_ascent(objective, channels, steps=10, total_variation=0, seed=4) for _ in range(2)
    )
    np.testing.assert_allclose(one, again, atol=1e-3)
    smooth = ascent.fourier_ascent(objective, channels, steps=10, total_variation=0.1, seed=4)
    assert np.abs(np.diff(smooth)).sum() < np.abs(np.diff(one)).sum()


def test_an_image_that_no_gradient_moves_near_grey_starts_farther_off():
    unit = keras.Sequential([
        keras.Input((48, 48, 1)),
        keras.layers.AveragePooling2D(4),
        keras.layers.Rescaling(1.0, offset=-133.0),  # nothing is active near mid-grey
        keras.layers.ReLU(),
        keras.layers.Flatten(),
        keras.layers.Dense(1, use_bias=False, kernel_initializer="ones"),
    ])  # fmt: skip
    objective = ascent.class_objective(unit)
    found = ascent.fourier_ascent(objective, np.array([0]), steps=60, total_variation=0, seed=0)
    assert found.std() > 1
    assert ascent.reached(objective, found, np.array([0]))[0] > 0


def test_total_variation_weighs_more_where_the_activation_spreads_more(waves):
    options = {"total_variation": 0.01, "steps": 60, "seed": 0}
    near, wide = (
        np.abs(np.diff(ascent.fourier_ascent(waves[1], np.arange(2), spread=spread, **options))).sum()
        for spread in (1, 100)
    )
    assert wide < 0.8 * near


def grating(down, right):
    """A kernel of 24 x 24 pixels: a wave of so many cycles down and to the right."""
    rows, columns = np.mgrid[:24, :24]
    return np.cos(2 * np.pi * (down * rows + right * columns) / 24)


@pytest.mark.parametrize(
    ("kernel", "kind", "period", "angle"),
    [
        (grating(4, 0), "horizontal", 6, 0),
        (grating(0, 3), "vertical", 8, 90),
        (grating(4, 4), "diagonal", 24 / np.sqrt(32), 45),
        (grating(4, -4), "diagonal", 24 / np.sqrt(32), 135),
    ],
)
def test_a_striped_kernel_is_driven_by_its_own_stripes(kernel, kind, period, angle):
    found = ascent.best_sine(kernel)
    assert (found.kind, found.period) == (kind, pytest.approx(period, rel=0.05))
    assert found.angle == pytest.approx(angle, abs=3)


def test_kernels_without_stripes_are_spots_or_plain_brightness():
    ring = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
    assert ascent.best_sine(ring).kind == "spot"
    assert ascent.best_sine(-np.ones((5, 5))).kind == "brightness"


def test_only_a_convolution_of_the_image_has_kernels_to_look_at(model):
    assert ascent.image_kernels(model, "conv2") is None
    assert ascent.image_kernels(model, "logits") is None
    kernels = ascent.image_kernels(model, "conv1")
    np.testing.assert_array_equal(kernels[1], model.get_layer("conv1").get_weights()[0][:, :, 0, 1])


def test_responses_name_the_strongest_image_and_place_of_each_filter():
    objective = ascent.channel_objective(convolution([[[1.0]], [[-1.0]]]), "conv")
    images = np.full((3, 48, 48), 100, np.uint8)
    images[1, 5, 7], images[2, 40, 3], images[0, 0, 0] = 200, 30, 150
    found = ascent.responses(objective, images, batch_size=2)
    np.testing.assert_array_equal(found.peak, [[150, -100], [200, -100], [100, -30]])
    assert found.place[1, 0].tolist() == [5, 7]
    assert found.place[2, 1].tolist() == [40, 3]
    assert found.objective[1, 0] == pytest.approx(100 + 100 / 2304, abs=1e-3)
    np.testing.assert_allclose(found.correlation, [[1, -1], [-1, 1]], atol=1e-6)


def test_top_patches_are_the_strongest_of_each_image_with_the_size_of_the_field():
    model = convolution([np.ones((3, 3))])
    images = np.zeros((3, 48, 48), np.uint8)
    for image, level, place in zip(images, (10, 30, 20), (4, 8, 20), strict=True):
        image[place : place + 3, place : place + 3] = level
    found = ascent.responses(ascent.channel_objective(model, 1), images)
    patches = ascent.top_patches(images, found, 0, ascent.receptive_field(model, 1))
    assert [patch.tolist() for patch in patches[:2]] == [[[30] * 3] * 3, [[20] * 3] * 3]


def test_a_filter_correlates_with_one_of_the_same_kernel_and_one_that_never_answers_with_none():
    kernels = np.random.default_rng(0).normal(size=(4, 3, 3))
    kernels[2] = 2 * kernels[0] + 0.01
    kernels[3] = 0  # always puts out the same
    objective = ascent.channel_objective(convolution(kernels), 1)
    noise = np.random.default_rng(0).integers(0, 256, (2, 48, 48)).astype(np.uint8)
    found = ascent.responses(objective, noise)
    assert np.argwhere(np.triu(found.correlation, 1) > 0.95).tolist() == [[0, 2]]
    np.testing.assert_array_equal(found.correlation[3], [0, 0, 0, 1])


def test_outputs_of_filters_are_maps_also_of_a_dense_layer(model, images):
    maps = ascent.filter_outputs(ascent.channel_objective(model, "conv2"), images[:2])
    assert maps.shape == (2, 12, 12, 6)
    assert ascent.filter_outputs(ascent.class_objective(model), images[:2]).shape == (2, 1, 1, 7)


@pytest.fixture(scope="module")
def linear():
    """Logits that only the summed grey level decides: class 1 from a mean of 100 on."""
    layer = layers.Dense(2, name="logits")
    built = network(layers.Flatten(), layer)
    layer.set_weights([np.stack([np.zeros(2304), np.ones(2304)], 1), np.array([100.0 * 2304, 0])])
    return built


def test_the_fewest_levels_are_those_that_a_linear_network_needs(linear):
    images = np.stack([np.full((48, 48), level, np.uint8) for level in (97, 99, 104, 120, 50)])
    found = ascent.fewest_levels(linear, images, np.array([0, 0, 1, 0, 0]), most=6)
    # 100 is a draw, and a draw is no other answer; 120 was class 1 before; 50 is out of reach.
    assert found.levels.tolist() == [4, 2, 5, 0, -1]
    change = found.images.astype(int) - images
    assert np.abs(change).max(axis=(1, 2)).tolist() == [4, 2, 5, 0, 6]


def test_grey_levels_stay_within_black_and_white(linear):
    found = ascent.fewest_levels(linear, np.full((1, 48, 48), 1, np.uint8), np.array([0]), most=2)
    assert found.levels.tolist() == [-1]
    dark = ascent.fewest_levels(linear, np.full((1, 48, 48), 254, np.uint8), np.array([1]), most=2)
    assert dark.images.min() == 252


def test_where_no_image_was_turned_there_is_none_to_shuffle(images):
    none = images[:0]
    assert ascent.shuffled(none, none, seed=0).shape == none.shape


def test_a_shuffled_change_has_the_same_size_at_other_pixels(images):
    changed = images.copy()
    changed[:, :24] = np.clip(changed[:, :24].astype(int) + 3, 0, 255)
    other = ascent.shuffled(images, changed, seed=0)
    assert 0.4 < np.mean(other != images) < 0.6
    assert np.abs(other.astype(int) - images).max() == 3
