"""`python -m fer_nb recipes`, `train` and `resume`, as one calls them."""

import json
import math

import pytest

from fer_nb.learning.recipes import RECIPES


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "compact_cn", "--data", "practice:70"], "unknown recipe 'compact_cn': did you mean"),
        (
            ["train", "practice_cnn", "--data", "practice:70", "--epochs", "-3"],
            "recipe 'practice_cnn': epochs: expected a whole number from 1 to 100000, found -3",
        ),
        (
            ["train", "practice_cnn", "--data", "practice:70", "--set", "learning_rate=fast"],
            "learning_rate: expected a number from 1e-09 to 100, found 'fast'",
        ),
        (["train", "practice_cnn", "--data", "no.csv"], "no.csv"),
        (["train", "practice_cnn"], "Missing option '--data'"),
        (
            ["train", "practice_cnn", "--data", "practice:70", "--seed", "-1"],
            "Invalid value for '--seed': -1 is not in the range",
        ),
        (["resume", "no-run", "--epochs", "9", "--data", "practice:70"], "expected a run folder, or"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)  # fmt: skip
def test_bad_usage_is_one_line_and_status_2_and_writes_nothing(run, tmp_path, arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_recipes_prints_the_exact_counts_of_every_network(run):
    answer = json.loads(run("recipes", "--json").stdout)
    assert [entry["name"] for entry in answer] == list(RECIPES)
    counted = {"name", "parameters", "trainable_parameters", "multiply_adds", "peak_memory_gb"}
    assert all(set(entry) == counted for entry in answer)
    assert all(entry["peak_memory_gb"] > 1 for entry in answer)  # TensorFlow and FER2013 alone take that
    by_name = {entry["name"]: entry for entry in answer}
    assert by_name["three_block_cnn"]["parameters"] == 1_704_391
    assert by_name["three_block_cnn"]["trainable_parameters"] == 1_703_047
    assert by_name["wide_dnn"]["trainable_parameters"] == 5_778_439
    assert by_name["pyramid_dnn"]["multiply_adds"] == 2304 * 512 + 2 * 512 * 512 + 512 * 256 + 256 * 7


def test_the_table_of_recipes_states_accuracies_and_sources(run, monkeypatch):
    from fer_nb.commands import recipes as command

    few = {name: RECIPES[name] for name in ("pyramid_dnn", "practice_dnn")}
    monkeypatch.setattr(command, "RECIPES", few)
    head, *rows = run("recipes").stdout.splitlines()
    assert head.split() == [
        "name", "parameters", "trainable", "multiply-adds", "validation", "public", "private", "epochs",
        "source",
    ]  # fmt: skip
    assert rows[0].split()[:8] == [
        "pyramid_dnn", "1,838,599", "1,838,599", "1,836,800", "38.42%", "38.01%", "-", "20",
    ]  # fmt: skip
    assert rows[0].endswith("report C")
    assert rows[1].endswith("this project, for the practice faces")


@pytest.mark.slow
def test_train_says_where_the_run_lies_and_resume_goes_on_with_it(run, tmp_path):
    arguments = ["--data", "practice:70", "--quiet"]
    result = run("train", "practice_dnn", *arguments, "--set", "epochs=1", "--seed", "3")
    assert result.exit_code == 0, result.stderr
    folder, *lines = result.stdout.splitlines()
    assert (tmp_path / folder / "model.keras").is_file()
    assert [line.split()[0] for line in lines[:-1]] == ["validation", "public", "private", "test"]
    assert "of 22 images" in lines[3]
    assert lines[-1] == "These are practice faces: their accuracy says nothing about FER2013."
    assert result.stderr == ""

    again = json.loads(
        run("train", "practice_dnn", *arguments, "--epochs", "1", "--seed", "3", "--json").stdout
    )
    assert again["run"] == folder
    score = again["metrics"]["test"]["all"]
    assert math.isclose(float(lines[3].split()[1].rstrip("%")), 100 * score["accuracy"], abs_tol=0.01)

    longer = json.loads(run("resume", folder, "--epochs", "2", *arguments, "--json").stdout)
    assert longer["epochs"] == 2
    assert json.loads((tmp_path / longer["run"] / "run.json").read_text())["parent"] == folder.split("/")[-1]

    again = run("train", longer["run"], *arguments)
    assert again.exit_code == 2
    assert "expected a run that `train` makes again, found one of `resume`" in again.stderr

    refused = run("resume", folder, "--epochs", "1", *arguments)
    assert refused.exit_code == 2
    assert "expected more than the 1 epochs that it has, found 1" in refused.stderr
