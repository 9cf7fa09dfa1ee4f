import keras
import numpy as np
import pytest

from fer_nb.data.faces import Faces, numbered
from fer_nb.errors import InputError
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.runs import split_predictions


@pytest.fixture(scope="module")
def network():
    """Logit k is the mean grey level plus k."""
    images = keras.Input((48, 48, 1))
    layer = keras.layers.Dense(7, kernel_initializer="ones")
    model = keras.Model(images, layer(keras.layers.GlobalAveragePooling2D()(images)), name="mean")
    layer.bias.assign(np.arange(7))
    return model


@pytest.fixture
def images():
    return np.zeros((5, 48, 48), np.uint8) + np.array([0, 10, 20, 30, 250], np.uint8)[:, None, None]


EXPECTED = np.array([0, 10, 20, 30, 250])[:, None] + np.arange(7)


@pytest.mark.parametrize("batch_size", [1, 2, 5, 256])
def test_every_image_gets_its_logits_whatever_the_batch_size(network, images, batch_size):
    logits = predict_logits(network, images, batch_size=batch_size)
    assert (logits.dtype, logits.shape) == (np.float32, (5, 7))
    np.testing.assert_allclose(logits, EXPECTED, rtol=1e-6)


def test_no_image_gives_no_logits(network, images):
    assert predict_logits(network, images[:0]).shape == (0, 7)


def test_a_network_that_answers_no_number_is_told_in_one_line(images):
    inputs = keras.Input((48, 48, 1))
    features = keras.layers.GlobalAveragePooling2D()(inputs)
    broken = keras.Model(inputs, keras.layers.Dense(7, name="logits")(features), name="broken")
    kernel = np.zeros((1, 7), np.float32)
    kernel[0, 2] = 1e38  # overflows for every image but the black one
    broken.get_layer("logits").set_weights([kernel, np.zeros(7, np.float32)])
    message = "network 'broken': expected finite logits, found 0, 0, inf, 0, 0, 0, 0 at row 1"
    with pytest.raises(InputError, match=message) as caught:
        predict_logits(broken, images)
    assert "\n" not in str(caught.value)


def test_dropout_is_off_and_the_network_is_not_changed(images):
    inputs = keras.Input((48, 48, 1))
    x = keras.layers.BatchNormalization()(inputs)
    x = keras.layers.Dropout(0.9)(keras.layers.GlobalAveragePooling2D()(x))
    network = keras.Model(inputs, keras.layers.Dense(7)(x))
    before = [np.asarray(weight) for weight in network.weights]
    np.testing.assert_array_equal(predict_logits(network, images), predict_logits(network, images))
    for weight, value in zip(network.weights, before, strict=True):
        np.testing.assert_array_equal(np.asarray(weight), value)


def test_a_leak_into_validation_is_looked_for_among_the_rows_trained_on_alone():
    usage = np.array([0, 0, 0, 0, 1, 1, 2], np.uint8)
    images = np.zeros((7, 48, 48), np.uint8)
    images[:, 0, 0] = [1, 2, 3, 1, 2, 6, 7]  # row 3 equals row 0, and the first public image row 1
    faces = Faces(images, np.arange(7, dtype=np.int8), usage, numbered(usage), source="made up")
    training, logits = faces.of("Training"), np.eye(7)
    predictions = split_predictions(
        {"validation": logits[[1, 0]], "PublicTest": logits[[4, 6]], "PrivateTest": logits[[6]]},
        faces,
        validation=training.take(np.array([1, 3])),
        training=training.take(np.array([0, 2])),
        unlabelled=False,
    )
    assert list(predictions) == ["validation", "public", "private", "test"]
    assert predictions["validation"].leaked.tolist() == [False, True]
    assert predictions["public"].leaked.tolist() == [True, False]
    assert predictions["test"].correct().tolist() == [True, False, True]
    assert predictions["test"].accuracy()["clean"].n == 2
    np.testing.assert_array_equal(predictions["test"].images, faces.of("PublicTest", "PrivateTest").images)


def test_without_test_labels_there_is_validation_only():
    usage = np.zeros(2, np.uint8)
    faces = Faces(np.zeros((2, 48, 48), np.uint8), np.zeros(2, np.int8), usage, numbered(usage), source="x")
    parts = {
        "validation": faces.take(np.array([0])),
        "training": faces.take(np.array([1])),
        "unlabelled": False,
    }
    assert list(split_predictions({"validation": np.eye(7)[:1]}, faces, **parts)) == ["validation"]


@pytest.mark.parametrize("unlabelled", [False, True])
def test_a_test_image_that_was_learned_from_without_its_label_is_a_leak(unlabelled):
    usage = np.array([0, 3, 1, 1], np.uint8)
    images = np.zeros((4, 48, 48), np.uint8)
    images[:, 0, 0] = [1, 2, 2, 3]  # the first public image is the one without a label
    faces = Faces(images, np.array([0, -1, 1, 2], np.int8), usage, numbered(usage), source="made up")
    none = faces.take(np.empty(0, int))
    found = split_predictions(
        {"PublicTest": np.eye(7)[:2]}, faces, validation=none, training=faces, unlabelled=unlabelled
    )
    assert found["public"].leaked.tolist() == [unlabelled, False]
