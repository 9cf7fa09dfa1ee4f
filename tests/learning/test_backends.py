"""What holds under the second backend: TensorFlow here, JAX in one process of its own for all of it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import exact_answers
import keras
import numpy as np
import pytest
from gradient_checks import CHECKS

from fer_nb.analysis import ascent, saliency
from fer_nb.learning.models import build, build_shapes
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.recipes import RECIPES
from fer_nb.learning.runs import read_run
from fer_nb.learning.training.plan import make_plan
from fer_nb.learning.transforms import fit_normalization

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("backends.py")
ROOT = SCRIPT.parents[2]
STARTED = "what was started made a network\n"  # as the script says
# Options that make the largest ones smaller; the layers are the same.
SMALLER = {"champion_resnet": {"width": 16}}
ANSWERING = ("vgg16_mini", "champion_resnet", "shallow_cnn", "five_conv_cnn", "practice_dnn")
"""Recipes whose networks have between them every kind of layer that any has."""


class Answered(NamedTuple):
    """What both backends said."""

    folder: Path
    logits: dict[str, np.ndarray]
    """TensorFlow's, of every recipe's network."""
    looked_into: keras.Model
    images: np.ndarray
    digests: set[str]
    said: dict[str, dict[str, Any]]
    """What the JAX process found, by the name of the check."""
    error: str
    """What it wrote to standard error."""

    def found(self, check):
        assert "failed" not in self.said[check], self.said[check]["failed"]
        return self.said[check]["found"]


def small_network():
    keras.utils.set_random_seed(1)
    image = keras.Input((48, 48, 1), name="image")
    x = keras.layers.Rescaling(1 / 128, -1.0, name="normalization")(image)
    x = keras.layers.Conv2D(4, 5, strides=2, padding="same", name="conv1")(x)
    x = keras.layers.BatchNormalization(name="norm1")(x)
    x = keras.layers.ReLU(name="relu1")(x)
    x = keras.layers.Conv2D(6, 3, strides=2, padding="same", activation="relu", name="conv2")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, keras.layers.Dense(7, name="logits")(x))


@pytest.fixture(scope="module")
def answers(tiny, faces, tmp_path_factory):
    folder = tmp_path_factory.mktemp("backends")
    images = faces.of("PublicTest").images[:4]
    np.save(folder / "images.npy", images)
    logits = {}
    for name in ANSWERING:
        recipe = RECIPES[name]
        network = build(
            recipe.architecture,
            normalization=fit_normalization(recipe.normalization, faces.images),
            crop=recipe.crop,
            seed=5,
            **recipe.options | SMALLER.get(name, {}),
        )
        network.save(folder / f"{name}.keras")
        logits[name] = predict_logits(network, images)
    digests = set(exact_answers.digests(folder, [128]))
    looked_into = small_network()
    looked_into.save(folder / "looked_into.keras")
    known = [str(ROOT / "tests" / "fixtures"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    settings = {
        "KERAS_BACKEND": "jax",
        "JAX_COMPILATION_CACHE_DIR": str(folder / "compiled"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "PYTHONPATH": os.pathsep.join(filter(None, known)),
    }
    done = subprocess.run(
        [sys.executable, SCRIPT, folder],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    return Answered(folder, logits, looked_into, images, digests, said, done.stderr)


def test_nothing_of_tensorflow_reaches_the_terminal_while_a_network_is_made_under_jax(answers):
    answers.found("starts")
    assert answers.error.partition(STARTED)[:2] == ("", STARTED)


def test_the_networks_that_answer_have_every_kind_of_layer():
    kinds = {}
    for name, recipe in RECIPES.items():
        network = build_shapes(recipe.architecture, crop=recipe.crop, **recipe.options)
        kinds[name] = {(type(layer), getattr(layer, "activation", None)) for layer in network.layers}
    assert set().union(*(kinds[name] for name in ANSWERING)) == set().union(*kinds.values())


@pytest.mark.parametrize("name", ANSWERING)
def test_a_network_saved_by_tensorflow_answers_the_same_under_jax(answers, name):
    assert answers.found("answers") == "jax"
    with np.load(answers.folder / "jax.npz") as stored:
        other = stored[name]
    np.testing.assert_allclose(other, answers.logits[name], atol=1e-3)
    np.testing.assert_array_equal(other.argmax(axis=1), answers.logits[name].argmax(axis=1))


def test_answer_files_are_the_same_bytes_by_either_backend(answers):
    assert len(answers.digests) == 4
    assert set(answers.found("exact_answers")) == answers.digests


@pytest.mark.parametrize("name", CHECKS)
def test_values_and_gradients_hold_under_jax(answers, name):
    assert answers.found("gradients")[name] == ""


def test_saliency_maps_agree(answers):
    answers.found("saliency")
    network, images, classes = answers.looked_into, answers.images[:3], [0, 3, 6]
    ours = {
        "gradient": saliency.gradient(network, images, classes),
        "smooth": saliency.smoothgrad(network, images, classes, samples=3, seed=1),
        "layercam": saliency.layercam(network, images, classes),
    }
    with np.load(answers.folder / "maps.npz") as theirs:
        for name, maps in ours.items():
            assert saliency.rank_correlation(maps, theirs[name]).min() > 0.99, name


def test_ascents_find_the_same_under_jax(answers):
    answers.found("ascents")
    objective, channels = ascent.channel_objective(answers.looked_into, -1), np.arange(6)
    with np.load(answers.folder / "climbed.npz") as found:
        naive = ascent.naive_ascent(objective, channels, ascent.white_noise(6, seed=0), steps=5)
        np.testing.assert_allclose(found["naive"], naive, atol=0.5)
        options = {"steps": 30, "total_variation": 0, "seed": 0}
        ours, theirs = (
            ascent.reached(objective, images, channels)
            for images in (ascent.fourier_ascent(objective, channels, **options), found["fourier"])
        )
        np.testing.assert_allclose(theirs, ours, atol=0.15 * ours.max())


def test_jax_trains_resumes_to_the_same_bits_and_goes_on(answers):
    said = answers.found("training")
    assert said["resumed_equal"]
    assert said["epochs_gone_on_to"] == 4
    assert said["backend_in_versions"]


def test_a_run_trained_by_jax_answers_the_same_under_tensorflow(answers, faces):
    run = read_run(Path(answers.found("training")["run"]))
    logits = predict_logits(run.network(), faces.of("PublicTest").images)
    np.testing.assert_allclose(logits, run.logits("PublicTest"), atol=1e-3)
    np.testing.assert_array_equal(logits.argmax(axis=1), run.logits("PublicTest").argmax(axis=1))


def test_a_run_of_one_backend_is_not_found_by_the_other(answers, tiny, faces):
    recipe = tiny.recipe(**tiny.FULL | {"epochs": 3})
    assert make_plan(recipe, faces, seed=3).name != Path(answers.found("training")["run"]).name
