import keras
import numpy as np
import pytest
from keras import layers

from fer_nb.errors import InputError
from fer_nb.findings.filters.study import study_classes, study_layer, without_regions


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
    return np.random.default_rng(0).integers(0, 256, (40, 48, 48)).astype(np.uint8)


LABELS = np.arange(40) % 7


def test_a_layer_is_studied_with_waves_where_it_reads_the_image(model, images):
    first = study_layer(model, 1, images, LABELS, filters=2, steps=3, seed=0)
    assert (first.name, first.field.size, len(first.sines)) == ("conv1", (5, 5), 3)
    assert first.naive.images.shape == first.regularized.images.shape == (2, 48, 48)
    assert first.strongest.shape == (2, 25)
    last = study_layer(model, "conv2", images, LABELS, steps=2, seed=0)
    assert (last.sines, last.channels.tolist()) == ([], [0, 1, 2, 3])


def bright_spot():
    """A filter that puts out the grey level, and 50 faces of one grey: 100 but for 30 of class 3, at 200."""
    layer = layers.Conv2D(1, 1, name="conv")
    built = keras.Sequential([keras.Input((48, 48, 1)), layer])
    layer.set_weights([np.ones((1, 1, 1, 1)), np.zeros(1)])
    images = np.full((50, 48, 48), 100, np.uint8)
    images[20:] = 200
    return built, images, np.where(np.arange(50) < 20, np.arange(50) % 7, 3)


def test_the_strongest_faces_tell_the_class_that_a_filter_favours():
    built, images, labels = bright_spot()
    study = study_layer(built, 1, images, labels, steps=1, seed=0)
    assert study.strongest[0].tolist() == list(range(20, 45))
    assert study.counts[0].tolist() == [0, 0, 0, 25, 0, 0, 0]
    assert study.favoured(0) == 3
    alike = study_layer(built, 1, images, np.full(50, 3), steps=1, seed=0)
    assert alike.favoured(0) is None  # all faces are of that class
    assert study_layer(built, 1, images, np.full(50, -1), steps=1, seed=0).favoured(0) is None


def test_the_part_that_drives_a_filter_is_the_one_that_it_loses_most_without():
    built, images, labels = bright_spot()
    study = study_layer(built, 1, images, labels, steps=1, seed=0)
    assert study.part(0) is None  # not measured
    ablated = np.repeat(images[20:45, None], 7, axis=1)
    ablated[:, 3] = 180  # the excess of 200 is 40 over the mean of 160
    assert without_regions(built, study, np.arange(20, 45), ablated).losses[0] == pytest.approx(
        [0, 0, 0, 0.5, 0, 0, 0]
    )
    assert without_regions(built, study, np.arange(20, 45), ablated).part(0) == 3
    ablated[:, 3] = 195  # an eighth
    assert without_regions(built, study, np.arange(20, 45), ablated).part(0) is None


def test_where_nothing_sets_the_strongest_faces_apart_no_part_drives_a_filter():
    built, images, labels = bright_spot()
    ablated = np.full((25, 7, 48, 48), 90, np.uint8)
    alike = study_layer(built, 1, np.full_like(images, 101), labels, steps=1, seed=0)
    assert not without_regions(built, alike, np.arange(25), ablated).losses.any()
    few = study_layer(built, 1, images[10:35], labels[10:35], steps=1, seed=0)  # all are the strongest
    assert without_regions(built, few, np.arange(25), ablated).losses is None


def test_classes_are_studied_on_their_logits(model, images):
    made = study_classes(model, images, steps=2, seed=0)
    logits = model.predict_on_batch(images[..., None].astype(np.float32))
    np.testing.assert_allclose(made.maximum, logits.max(axis=0), rtol=1e-4)
    own = model.predict_on_batch(made.images[..., None])
    np.testing.assert_allclose(made.activation, np.diag(own), rtol=1e-4)


def test_a_missing_layer_gets_one_line(model, images):
    with pytest.raises(InputError, match="its layers: conv1, conv2"):
        study_layer(model, "conv7", images, LABELS, seed=0)
