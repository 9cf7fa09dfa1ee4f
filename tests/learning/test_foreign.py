"""Networks of somebody else: what becomes of each kind, and that its accuracy is that of its own pipeline."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from fer_nb.errors import InputError
from fer_nb.learning import foreign
from fer_nb.learning.foreign import CLASSES, ORDERS, Reading
from fer_nb.learning.loading import foreign_layer, load_any, load_network
from fer_nb.learning.prediction.logits import predict_logits

TABLE = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text(encoding="utf-8")
ALPHABETICAL = ORDERS["alphabetical"]
MEAN, DEVIATION = 100.0, 60.0
LEVELS = {"mean": MEAN, "deviation": DEVIATION}
TO_SCALE = {
    "0-255": lambda grey: grey,
    "0-1": lambda grey: grey / 255,
    "-1-1": lambda grey: grey / 127.5 - 1,
    "standardized": lambda grey: (grey - MEAN) / DEVIATION,
}


def faces(count=210, seed=0):
    """Images whose class is told by their level of grey, with some noise: (N, 48, 48), (N,)."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 7
    noise = generator.normal(0, 4, (count, 48, 48))
    return (20 + 36 * labels[:, None, None] + noise).clip(0, 255).astype(np.uint8), labels


def nearest_level(scale, order):
    """Weights of a dense layer from a mean level on a scale to the classes: the nearest level answers.

    -(m - c)^2 = 2mc - c^2 less what is the same for all classes.
    """
    centres = np.array([TO_SCALE[scale](20 + 36 * CLASSES.index(name)) for name in order])
    spread = TO_SCALE[scale](36.0) - TO_SCALE[scale](0.0)
    return [2 * centres[None] / spread**2, -(centres**2) / spread**2]


def network(size=48, channels=1, *, scale="0-1", order=CLASSES, end="softmax", kind="functional", dtype=None):
    """A network that answers by the mean level of the image, as somebody else may have trained it."""
    parts = [
        layers.Conv2D(2, 1, use_bias=False, dtype=dtype, name="conv"),
        layers.GlobalAveragePooling2D(dtype=dtype),
        layers.Dense(7, activation=None if end == "logits" else end, dtype="float32", name="answer"),
    ]
    if kind == "sequential":
        made = keras.Sequential([keras.Input((size, size, channels)), *parts])
    else:
        images = keras.Input((size, size, channels), name="images")
        x = layers.Rescaling(1 / 255, name="rescaling")(images) if kind == "scales itself" else images
        for part in parts:
            x = part(x)
        made = keras.Model(images, x)
    weights, bias = nearest_level(scale, order)
    kernel = np.zeros((1, 1, channels, 2))
    kernel[..., 0] = 1 / channels
    made.get_layer("conv").set_weights([kernel])
    made.get_layer("answer").set_weights([np.concatenate([weights, np.zeros((1, 7))]), bias])
    return made


def in_its_own_pipeline(model, images, *, scale, order, size, channels):
    """The answers as labels of this project, computed as whoever made the network would."""
    x = TO_SCALE[scale](images.astype(np.float32))[..., None].repeat(channels, axis=3)
    x = keras.ops.convert_to_numpy(keras.ops.image.resize(x, (size, size), interpolation="bilinear"))
    answers = keras.ops.convert_to_numpy(model(x)).argmax(axis=1)
    return np.array([CLASSES.index(name) for name in order])[answers]


KINDS = {
    "48, grey, 0-1, softmax": {},
    "48, grey, 0-255, logits": {"scale": "0-255", "end": "logits"},
    "48, grey, -1-1, Sequential": {"scale": "-1-1", "kind": "sequential"},
    "48, grey, standardized": {"scale": "standardized"},
    "64, grey, alphabetical": {"size": 64, "order": ALPHABETICAL},
    "96, colour, -1-1, .h5": {"size": 96, "channels": 3, "scale": "-1-1", "file": "h5"},
    "224, colour, 0-255, alphabetical": {"size": 224, "channels": 3, "scale": "0-255", "order": ALPHABETICAL},
    "48, grey, scales itself, .h5": {"kind": "scales itself", "file": "h5"},
    "64, colour, mixed precision": {"size": 64, "channels": 3, "dtype": "mixed_bfloat16"},
    "48, colour, Sequential, .h5": {"channels": 3, "kind": "sequential", "file": "h5"},
}


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5")
@pytest.mark.parametrize("kind", KINDS)
def test_a_network_of_somebody_else_answers_as_in_its_own_pipeline(kind, tmp_path):
    options = dict(KINDS[kind])
    path = tmp_path / f"theirs.{options.pop('file', 'keras')}"
    theirs = network(**options)
    theirs.save(path)
    own = {"scale": "0-1", "order": CLASSES, "size": 48, "channels": 1} | options
    images, labels = faces()
    reading, tried = foreign.read(load_any(path), images, labels, **LEVELS)
    wanted = "0-255" if own.get("kind") == "scales itself" else own["scale"]
    assert reading == Reading(wanted, own["order"])
    foreign.fitted(load_any(path), reading, **LEVELS).save(tmp_path / "ours.keras")
    ours = load_network(tmp_path / "ours.keras")
    found = predict_logits(ours, images).argmax(axis=1)
    shown = {"scale": wanted} | {key: own[key] for key in ("order", "size", "channels")}
    own_answers = in_its_own_pipeline(theirs, images, **shown)
    np.testing.assert_array_equal(found, own_answers)
    assert (found == labels).mean() == tried[reading] > 0.95
    order = "alphabetical" if own["order"] == ALPHABETICAL else "FER2013's"
    accuracies = f"{(own_answers == labels).mean():.1%} | {tried[reading]:.1%}"
    assert f"| {kind} | {wanted}, {order} | {accuracies} |" in TABLE
    assert any(isinstance(layer, layers.Conv2D) for layer in ours.layers)  # ascent and maps reach them


def test_what_options_say_is_not_tried():
    images, labels = faces()
    given = {"scale": "-1-1", "classes": ALPHABETICAL}
    reading, tried = foreign.read(network(), images, labels, **given, **LEVELS)
    assert list(tried) == [reading] == [Reading("-1-1", ALPHABETICAL)]


def test_a_network_for_any_height_is_given_the_height_of_the_images():
    inputs = keras.Input((None, 64, 1))
    theirs = keras.Model(inputs, layers.Dense(7)(layers.GlobalAveragePooling2D()(inputs)))
    ours = foreign.fitted(theirs, Reading("0-255", CLASSES), **LEVELS)
    assert ours.get_layer("to_its_size").output.shape == (None, 48, 64, 1)


def test_where_no_reading_is_clearly_best_the_user_is_asked():
    images, labels = faces()
    blind = network()
    blind.get_layer("answer").set_weights([np.zeros((2, 7)), np.arange(7.0)])
    with pytest.raises(
        InputError, match=r"clearly best, found .* give --input-scale and --classes"
    ) as caught:
        foreign.read(blind, images, labels, **LEVELS)
    assert "\n" not in str(caught.value)


def test_a_network_with_branches_keeps_its_answers():
    images = keras.Input((48, 48, 3), name="picture")
    left, right = layers.Conv2D(3, 3, padding="same")(images), layers.Rescaling(2.0)(images)
    flat = layers.GlobalAveragePooling2D()(layers.Add()([left, right]))
    theirs = keras.Model(images, layers.Dense(7)(layers.BatchNormalization()(flat)))
    ours = foreign.fitted(theirs, Reading("0-1", CLASSES), **LEVELS)
    grey = np.random.default_rng(1).integers(0, 256, (4, 48, 48, 1)).astype(np.float32)
    colour = (grey / 255).repeat(3, axis=3)
    np.testing.assert_allclose(ours(grey), theirs(colour), rtol=1e-4, atol=1e-5)


def test_a_network_of_keras_applications_is_fitted():
    theirs = keras.applications.MobileNetV2((96, 96, 3), alpha=0.35, weights=None, classes=7)
    generator = np.random.default_rng(0)
    theirs.set_weights([w + generator.uniform(0, 0.1, w.shape).astype(w.dtype) for w in theirs.get_weights()])
    ours = foreign.fitted(theirs, Reading("-1-1", ALPHABETICAL), **LEVELS)
    assert ours.input_shape == (None, 48, 48, 1)
    answers = keras.ops.convert_to_numpy(ours(np.zeros((1, 48, 48, 1), np.float32)))
    black = keras.ops.convert_to_numpy(theirs(-np.ones((1, 96, 96, 3), np.float32)))
    places = [CLASSES.index(name) for name in ALPHABETICAL]
    assert np.ptp(black) > 0.01
    np.testing.assert_allclose(answers[0, places], black[0], rtol=1e-3, atol=1e-5)
    row = "| MobileNetV2 of `keras.applications`, 96, colour, untrained | scale and order given |"
    assert f"{row} equal answers | equal answers |" in TABLE


@pytest.mark.parametrize("end", [keras.Input((48, 48, 1)), keras.Input((48, 48, 2))])
def test_a_network_to_other_classes_or_from_other_channels_is_refused(end, tmp_path):
    classes = 5 if end.shape[-1] == 1 else 7
    theirs = keras.Model(end, layers.Dense(classes)(layers.GlobalAveragePooling2D()(end)))
    theirs.save(tmp_path / "theirs.keras")
    with pytest.raises(InputError, match=r"expected a network from .* to 7 logits, found one from") as caught:
        load_any(tmp_path / "theirs.keras")
    assert "\n" not in str(caught.value)
    assert "| five classes, or two channels | refused in one line | | |" in TABLE


@pytest.mark.parametrize(
    ("described", "found"),
    [
        ({"class_name": "Functional", "module": "keras", "config": {"layers": []}}, None),
        ({"layers": [{"class_name": "Dense", "config": {"units": 7}}]}, None),  # as Keras 2 wrote it
        ({"layers": [{"class_name": "Dense"}, {"class_name": "Lambda", "module": "keras.layers"}]}, "Lambda"),
        ({"activation": {"class_name": "__lambda__", "config": {"value": "4wEA"}}}, "__lambda__"),
        ({"class_name": "function", "module": "builtins", "config": "relu"}, None),
        ({"class_name": "Popen", "module": "subprocess", "config": {}}, "Popen"),
        ({"class_name": "Theirs", "module": None, "registered_name": "somebody>Theirs"}, "Theirs"),
    ],
)
def test_code_is_found_in_what_a_file_says_of_its_layers(described, found):
    assert foreign_layer(described) == found


def test_a_network_compiled_with_a_loss_of_its_own_is_read_for_the_loss_is_not(tmp_path):
    end = keras.Input((48, 48, 1))
    theirs = keras.Model(end, layers.Dense(7)(layers.Flatten()(end)))
    theirs.compile(loss=TheirLoss())
    theirs.save(tmp_path / "theirs.keras")
    assert load_any(tmp_path / "theirs.keras").output_shape == (None, 7)


@keras.saving.register_keras_serializable("somebody")
class TheirLoss(keras.losses.Loss):
    def call(self, true, predicted):
        return predicted


@keras.saving.register_keras_serializable("somebody")
class TheirLayer(layers.Layer):
    def call(self, inputs):
        return inputs


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5")
@pytest.mark.parametrize("file", ["theirs.keras", "theirs.h5"])
@pytest.mark.parametrize("layer", [TheirLayer, lambda: layers.Lambda(lambda x: x * 2)])
def test_layers_of_their_own_are_refused_in_one_short_line(layer, file, tmp_path):
    images = keras.Input((48, 48, 1))
    keras.Model(images, layers.Dense(7)(layers.Flatten()(layer()(images)))).save(tmp_path / file)
    registered = keras.saving.get_custom_objects()
    kept = dict(registered)
    registered.clear()
    try:
        with pytest.raises(InputError, match="code in a file is never run") as caught:
            load_any(tmp_path / file)
    finally:
        registered.update(kept)
    reason = str(caught.value).removeprefix(f"{tmp_path / file}: ")
    assert len(reason) < 160
    assert "safe_mode" not in reason
    row = "| a layer that is not Keras's own, or a Lambda | refused in one line, nothing run | | |"
    assert row in TABLE


def test_a_network_that_does_not_tell_how_it_takes_grey_is_sent_to_adopt(tmp_path):
    network().save(tmp_path / "theirs.keras")
    with pytest.raises(InputError, match="`fer_nb adopt` finds out what it takes"):
        load_network(tmp_path / "theirs.keras")
    network(kind="scales itself").save(tmp_path / "tells.keras")
    assert load_network(tmp_path / "tells.keras").input_shape == (None, 48, 48, 1)
