"""What one backend saved, the other answers the same: TensorFlow here, JAX in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fer_nb.learning.models import build
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.recipes import RECIPES
from fer_nb.learning.runs import read_run
from fer_nb.learning.training.plan import make_plan
from fer_nb.learning.transforms import fit_normalization

pytestmark = pytest.mark.slow

# Options that make the largest ones smaller; the layers are the same.
SMALLER = {"champion_vgg": {"width": 16}, "champion_resnet": {"width": 16}, "vgg16_dropout": {"depth": 11}}


@pytest.fixture(scope="module")
def answers(tiny, faces, tmp_path_factory):
    """(folder, TensorFlow's logits of every recipe's network, what the JAX process said)."""
    folder = tmp_path_factory.mktemp("backends")
    images = faces.of("PublicTest").images[:4]
    np.save(folder / "images.npy", images)
    logits = {}
    for name, recipe in RECIPES.items():
        network = build(
            recipe.architecture,
            normalization=fit_normalization(recipe.normalization, faces.images),
            crop=recipe.crop,
            seed=5,
            **recipe.options | SMALLER.get(name, {}),
        )
        network.save(folder / f"{name}.keras")
        logits[name] = predict_logits(network, images)
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("backends.py"), folder],
        env={**os.environ, "KERAS_BACKEND": "jax", "JAX_COMPILATION_CACHE_DIR": str(folder / "compiled")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder, logits, json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", RECIPES)
def test_a_network_saved_by_tensorflow_answers_the_same_under_jax(answers, name):
    folder, logits, said = answers
    assert said["backend"] == "jax"
    with np.load(folder / "jax.npz") as stored:
        other = stored[name]
    np.testing.assert_allclose(other, logits[name], atol=1e-3)
    np.testing.assert_array_equal(other.argmax(axis=1), logits[name].argmax(axis=1))


def test_jax_trains_resumes_to_the_same_bits_and_goes_on(answers):
    _, _, said = answers
    assert said["resumed_equal"]
    assert said["epochs_gone_on_to"] == 4
    assert said["backend_in_versions"]


def test_a_run_trained_by_jax_answers_the_same_under_tensorflow(answers, faces):
    _, _, said = answers
    run = read_run(Path(said["run"]))
    logits = predict_logits(run.network(), faces.of("PublicTest").images)
    np.testing.assert_allclose(logits, run.logits("PublicTest"), atol=1e-3)
    np.testing.assert_array_equal(logits.argmax(axis=1), run.logits("PublicTest").argmax(axis=1))


def test_a_run_of_one_backend_is_not_found_by_the_other(answers, tiny, faces):
    _, _, said = answers
    recipe = tiny.recipe(**tiny.FULL | {"epochs": 3})
    assert make_plan(recipe, faces, seed=3).name != Path(said["run"]).name
