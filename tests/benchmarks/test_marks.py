import functools
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import marks
from benchmarks.__main__ import main
from benchmarks.marks import Reached, report_lines


def reached(recipe, seed, private, claimed):
    plain = {"validation": 0.69, "public": 0.72, "private": private}
    views = {"validation": 0.7, "public": 0.73, "private": private + 0.01}
    return Reached(recipe, seed, plain, views, private - 0.005, claimed, 20)


def lines(trained, private=0.7):
    blend = {"validation": 0.74, "public": 0.73, "private": private}
    return "\n".join(report_lines(trained, blend, tta="ten-crop"))


def test_a_champions_mark_is_held_against_the_mean_over_seeds_and_views():
    text = lines([reached("champion_vgg", 1, 0.72, 0.73), reached("champion_vgg", 2, 0.73, 0.735)], 0.752)
    assert "champion_vgg, private, ten-crop: 73.50 (deviation over 2 seeds 0.71), mark 73.50: reached" in text
    assert "blend of 2, private, ten-crop: 75.20, mark 75.20: reached" in text


def test_what_a_report_states_is_held_against_the_images_as_they_are():
    text = lines([reached("five_conv_cnn", 1, 0.70, 0.7)])
    assert "five_conv_cnn, public: 72.00, mark 71.90: reached" in text
    assert "five_conv_cnn, private: 70.00, mark 70.70: not reached" in text


def test_what_choosing_the_epoch_on_the_test_images_would_claim_stands_beside_the_honest_figure():
    text = lines([reached("champion_vgg", 1, 0.72, 0.73), reached("champion_vgg", 2, 0.73, 0.735)])
    assert "among the last 20 epochs, the best on validation has 72.00 on PrivateTest" in text
    assert "would have claimed 73.25, +1.25 points" in text


def test_of_epochs_that_validate_equally_the_first_counts_whatever_it_reaches_on_the_test(monkeypatch):
    answers = {  # snapshot -> split -> right of two images
        1: {"Training": [1, 0], "PrivateTest": [0, 0]},
        2: {"Training": [0, 1], "PrivateTest": [1, 1]},
        3: {"Training": [0, 0], "PrivateTest": [1, 0]},
    }
    network = SimpleNamespace(set_weights=lambda snapshot: setattr(network, "snapshot", snapshot))

    def part(usage):
        return SimpleNamespace(images=usage, labels=np.zeros(2, int), take=lambda _: part(usage))

    run = SimpleNamespace(network=lambda: network, snapshots=lambda: [1, 2, 3], validated_on=lambda _: None)
    monkeypatch.setattr("fer_nb.learning.loading.load_network", lambda snapshot: snapshot)
    monkeypatch.setattr("fer_nb.learning.precision.network_weights", lambda snapshot: snapshot)
    monkeypatch.setattr(
        "fer_nb.learning.prediction.logits.predict_logits",
        lambda model, usage: np.eye(2)[[1 - right for right in answers[model.snapshot][usage]]],
    )
    assert marks.chosen_epochs(run, SimpleNamespace(of=part)) == (0.0, 1.0, 3)


def test_data_without_a_test_split_is_refused_before_any_training(tmp_path):
    unlabelled = tmp_path / "train.csv"
    pixels = " ".join(["7"] * 2304)
    unlabelled.write_text(
        "label,feature\n" + "".join(f"{k % 7},{pixels}\n" for k in range(14)), encoding="utf-8"
    )
    result = CliRunner().invoke(main, ["marks", "--data", str(unlabelled), "--runs", str(tmp_path / "runs")])
    assert result.exit_code == 2
    assert "expected Training, PublicTest and PrivateTest rows" in result.output


@pytest.mark.slow
def test_the_marks_are_measured_end_to_end_and_what_was_trained_is_found_again(tmp_path, monkeypatch):
    monkeypatch.setattr(marks, "matrix_rate", functools.cache(marks.matrix_rate))
    command = ["marks", "practice_dnn", "--data", "practice:210", "--epochs", "2", "--seeds", "2"]
    said = []
    for _ in range(2):
        result = CliRunner().invoke(main, [*command, "--tta", "flip", "--runs", str(tmp_path)])
        assert result.exit_code == 0, result.output
        said.append(result.stdout)
    assert said[0] == said[1]
    assert len(list(tmp_path.glob("practice_dnn-*/run.json"))) == 2
    assert ", tensorflow\n" in said[0]
    assert "blend of 2, private, flip:" in said[0]
    assert "practice_dnn: among the last 2 epochs, the best on validation has" in said[0]
