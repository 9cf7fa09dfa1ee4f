"""`python -m fer_nb self-train`, as one calls it."""

import json

import pytest

DATA = ["--data", "practice:140"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["practice_dn", *DATA], "unknown recipe 'practice_dn': did you mean 'practice_dnn'"),
        (["practice_dnn", *DATA, "--protocol", "report_e"], "unknown protocol 'report_e': did you mean"),
        (
            ["practice_dnn", *DATA, "--labels", "1.5"],
            "protocol 'report_b': hidden: expected a number from 0.001 to 0.999, found -0.5",
        ),
        (
            ["practice_dnn", *DATA, "--threshold", "2"],
            "threshold: expected a number from 0 to 1, found 2",
        ),
        (["practice_dnn"], "Missing option '--data'"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_bad_usage_is_one_line_and_status_2_and_writes_nothing(run, tmp_path, arguments, message):
    result = run("self-train", *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ") and result.stderr.count("\n") == 1
    assert message in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_arms_pseudo_labels_and_test_are_printed_and_the_runs_found_again(run, tmp_path):
    arguments = ["practice_dnn", *DATA, "--epochs", "2", "--more-epochs", "1", "--quiet"]
    result = run("self-train", *arguments, "--threshold", "0.2")
    assert result.exit_code == 0, result.stderr
    for words in ("teacher", "control", "student", "pseudo-labels: ", "student less control: "):
        assert f"\n{words}" in f"\n{result.stdout}"
    assert result.stdout.endswith("These are practice faces: their accuracy says nothing about FER2013.\n")

    again = json.loads(run("self-train", *arguments, "--threshold", "0.2", "--json").stdout)
    assert set(again["runs"]) == set(again["metrics"]) == {"teacher", "control", "student"}
    assert all(f" {folder} " in result.stdout for folder in again["runs"].values())
    assert again["mcnemar"]["n"] == 46
    assert len(again["pseudo_labels"]["kept"]) == 7


@pytest.mark.slow
def test_a_transductive_training_is_marked_and_compared_with_nothing_and_a_predictor_is_warned_of(run):
    trained = run("train", "practice_dnn", *DATA, "--epochs", "1", "--quiet").stdout.splitlines()[0]
    arguments = ["practice_dnn", *DATA, "--protocol", "report_c", "--epochs", "1", "--quiet"]
    result = run("self-train", *arguments, "--transductive", "--predictor", trained)
    assert result.exit_code == 0, result.stderr
    assert "trained on all 140 Training faces, so it has seen the hidden labels" in result.stderr
    assert "transductive: the student learned from test images" in result.stdout
    assert "student less control" not in result.stdout

    answer = json.loads(run("self-train", *arguments, "--transductive", "--json").stdout)
    assert (answer["protocol"], answer["mcnemar"]) == ("report_c+transductive", None)
