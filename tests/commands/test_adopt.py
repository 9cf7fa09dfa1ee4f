"""`python -m fer_nb adopt`, as one calls it."""

import json

import keras
import pytest

from fer_nb.commands.plot import KINDS

OTHER = "angry,disgust,fear,happy,sad,surprise,neutral"


@pytest.fixture
def theirs(tmp_path):
    """Somebody else's network, untrained, 64 x 64 in colour."""
    images = keras.Input((64, 64, 3))
    seen = keras.layers.Flatten()(keras.layers.Conv2D(2, 5, strides=8)(images))
    answer = keras.layers.Dense(7, activation="softmax")
    keras.Model(images, answer(seen)).save(tmp_path / "theirs.keras")
    return tmp_path / "theirs.keras"


def test_an_adopted_network_is_taken_by_every_command(run, tmp_path, theirs):
    out, other = tmp_path / "ours.keras", tmp_path / "other.keras"
    order = "surprise,angry,disgust,fear,happy,sad,neutral"
    given = ["--data", "practice:98", "--input-scale", "0-1", "--classes", order, "--json"]
    found = json.loads(run("adopt", theirs, "--out", out, *given).stdout)
    assert (found["input_scale"], found["classes"]) == ("0-1", order.split(","))
    result = run("evaluate", out, "--data", "practice:98", "--json", "--quiet")
    assert result.exit_code == 0
    assert 0 <= json.loads(result.stdout)["test"]["all"]["accuracy"] <= 1
    assert (
        run(
            "adopt", theirs, "--out", other, "--data", "practice:98", *given[2:4], "--classes", OTHER
        ).exit_code
        == 0
    )
    data = ["--data", "practice:98", "--quiet"]
    for command in (
        ("blend", out, other, *data, "--out", tmp_path / "blend.npz"),
        ("predict", out, *data, "--out", tmp_path / "answers.csv"),
        *(
            ("plot", out, "--kind", kind, *data, "--out", tmp_path / f"{kind}.png")
            for kind in KINDS
            if kind != "history"
        ),
    ):
        done = run(*command)
        assert done.exit_code == 0, done.output
    refused = run("evaluate", theirs, "--data", "practice:98", "--quiet")
    assert refused.exit_code == 2
    assert "`fer_nb adopt` fits it" in refused.stderr


@pytest.mark.parametrize("classes", ["angry,disgust", "angry,angry,disgust,fear,happy,sad,neutral"])
def test_an_order_that_does_not_name_every_class_once_is_refused(run, tmp_path, theirs, classes):
    given = ["--data", "practice:98", "--out", tmp_path / "ours.keras", "--classes", classes]
    refused = run("adopt", theirs, *given)
    assert (refused.exit_code, (tmp_path / "ours.keras").exists()) == (2, False)
    assert "each of angry, disgust, fear" in refused.stderr
