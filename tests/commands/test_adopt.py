"""`python -m fer_nb adopt`, as one calls it."""

import json

import keras
import pytest


@pytest.fixture
def theirs(tmp_path):
    """Somebody else's network, 64 x 64 in colour: the mean of an image, from 0 to 1, decides its class."""
    images = keras.Input((64, 64, 3))
    answer = keras.layers.Dense(7, activation="softmax")
    keras.Model(images, answer(keras.layers.GlobalAveragePooling2D()(images))).save(tmp_path / "theirs.keras")
    return tmp_path / "theirs.keras"


def test_an_adopted_network_is_taken_by_evaluate(run, tmp_path, theirs):
    out = tmp_path / "ours.keras"
    order = "surprise,angry,disgust,fear,happy,sad,neutral"
    given = ["--data", "practice:98", "--input-scale", "0-1", "--classes", order, "--json"]
    found = json.loads(run("adopt", theirs, "--out", out, *given).stdout)
    assert (found["input_scale"], found["classes"]) == ("0-1", order.split(","))
    result = run("evaluate", out, "--data", "practice:98", "--json", "--quiet")
    assert result.exit_code == 0
    assert 0 <= json.loads(result.stdout)["test"]["all"]["accuracy"] <= 1
    refused = run("evaluate", theirs, "--data", "practice:98", "--quiet")
    assert refused.exit_code == 2
    assert "`fer_nb adopt` fits it" in refused.stderr


@pytest.mark.parametrize("classes", ["angry,disgust", "angry,angry,disgust,fear,happy,sad,neutral"])
def test_an_order_that_does_not_name_every_class_once_is_refused(run, tmp_path, theirs, classes):
    given = ["--data", "practice:98", "--out", tmp_path / "ours.keras", "--classes", classes]
    refused = run("adopt", theirs, *given)
    assert (refused.exit_code, (tmp_path / "ours.keras").exists()) == (2, False)
    assert "each of angry, disgust, fear" in refused.stderr
