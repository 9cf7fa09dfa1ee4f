import keras
import numpy as np
import pytest
from keras import layers

from fer_nb.errors import InputError
from fer_nb.findings.filters.noise import study_noise
from fer_nb.findings.filters.study import study_classes, study_layer


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((48, 48, 1)),
            layers.Conv2D(3, 5, strides=2, padding="same", name="conv1"),
            layers.Conv2D(4, 3, strides=2, padding="same", name="conv2"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(7, name="logits"),
        ],
        name="small",
    )


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).integers(0, 256, (12, 48, 48)).astype(np.uint8)


def test_a_layer_is_studied_with_kernels_where_it_reads_the_image(model, images):
    first = study_layer(model, 1, images, filters=2, steps=3, seed=0)
    assert (first.name, first.total, first.field) == ("conv1", 3, (5, 5))
    assert first.kernels.shape == (2, 5, 5)
    np.testing.assert_array_equal(first.kernels[1], model.get_layer("conv1").get_weights()[0][:, :, 0, 1])
    assert first.naive.images.shape == first.regularized.images.shape == (2, 48, 48)
    assert [len(patches) for patches in first.patches] == [9, 9]
    assert sum(len(group) for group in first.groups) == 3
    last = study_layer(model, "conv2", images, steps=2, seed=0)
    assert last.kernels is None
    assert last.channels.tolist() == [0, 1, 2, 3]
    assert last.numbers()["looked_at"] == 4


def test_classes_are_studied_on_their_logits(model, images):
    made = study_classes(model, images, steps=2, seed=0)
    logits = model.predict_on_batch(images[..., None].astype(np.float32))
    np.testing.assert_allclose(made.maximum, logits.max(axis=0), rtol=1e-4)
    own = model.predict_on_batch(made.images[..., None])
    np.testing.assert_allclose(made.activation, np.diag(own), rtol=1e-4)


def test_the_noise_of_a_first_layer_of_stride_2_stays_but_for_its_pattern(model):
    found = study_noise(model, filters=2, seed=0)
    assert (found.name, found.stride) == ("conv1", 2)
    assert found.units.shape == found.kernels.shape == (2, 5, 5)
    assert found.without_pattern == pytest.approx(1, abs=1e-4)
    for unit, kernel in zip(found.units, found.kernels, strict=True):
        assert np.corrcoef(unit.ravel(), kernel.ravel())[0, 1] > 0.95


def test_a_dense_first_layer_has_no_single_unit_to_show():
    dense = keras.Sequential([keras.Input((48, 48, 1)), layers.Flatten(), layers.Dense(3, name="hidden")])
    found = study_noise(dense, filters=2, seed=0)
    assert found.units is None
    assert found.kernels is None
    assert (found.without_pattern < 0.9).all()


def test_a_missing_layer_gets_one_line(model, images):
    with pytest.raises(InputError, match="its layers: conv1, conv2"):
        study_layer(model, "conv7", images, seed=0)


def test_a_study_comes_apart_into_pages(model, images):
    whole = study_layer(model, 1, images, steps=1, seed=0)
    first, second = whole.pages(filters=2)
    assert first.channels.tolist() == [0, 1]
    assert second.channels.tolist() == [2]
    assert {name: len(part) for name, part in second.tiles.items()} == dict.fromkeys(second.tiles, 1)
    np.testing.assert_array_equal(second.naive.images, whole.naive.images[2:])
