import json
import os

import pytest

from fer_nb.commands import trainings as estimate
from fer_nb.commands.trainings import (
    NOTEBOOK_SECONDS,
    TRAINING_SECONDS,
    Past,
    Training,
    estimate_seconds,
    past_runs,
)
from fer_nb.learning.recipes import get_recipe

DNN = get_recipe("pyramid_dnn")  # 1,836,800 multiply-adds, 20 epochs


@pytest.fixture
def rate(monkeypatch):
    """A machine that does 1,836,800 multiply-adds, one image forward, in a millisecond."""
    monkeypatch.setattr(estimate, "_multiply_adds_per_second", lambda: 1_836_800 * 1000)


def training(notebook="02", recipe=DNN, seed=1, images=1000, label="a DNN"):
    given = {"data": "practice:1000", "subsets": (), "data_seed": 0}
    return Training(notebook=notebook, label=label, recipe=recipe, images=images, seed=seed, **given)


def test_training_takes_three_passes_an_image_and_epoch(rate):
    seconds = estimate_seconds(["02"], [training()], on_gpu=False)
    assert seconds == {"02": pytest.approx(NOTEBOOK_SECONDS + TRAINING_SECONDS + 3 * 1000 * 20 / 1000)}


def test_flipped_copies_take_twice_as_long(rate):
    once = estimate_seconds(["02"], [training(recipe=DNN)], on_gpu=False)["02"]
    twice = estimate_seconds(["02"], [training(recipe=DNN.replace(flipped_copies=True))], on_gpu=False)["02"]
    start = NOTEBOOK_SECONDS + TRAINING_SECONDS
    assert twice - start == pytest.approx(2 * (once - start))


def test_an_epoch_of_small_images_takes_their_share_of_the_pixels(rate):
    recipe = DNN.replace(epochs=2, small_share=0.5, small_size=24)
    seconds = estimate_seconds(["02"], [training(recipe=recipe)], on_gpu=False)
    assert seconds == {"02": pytest.approx(NOTEBOOK_SECONDS + TRAINING_SECONDS + 3 * 1.25)}


def test_a_training_that_an_earlier_notebook_does_is_found_and_another_seed_is_not(rate):
    seconds = estimate_seconds(["02", "03"], [training("02"), training("03")], on_gpu=False)
    assert seconds["03"] == NOTEBOOK_SECONDS < seconds["02"]
    other = estimate_seconds(["02", "03"], [training("02"), training("03", seed=2)], on_gpu=False)
    assert other["03"] == other["02"]


def test_a_notebook_that_trains_nothing_still_takes_its_start(rate):
    assert estimate_seconds(["04"], [], on_gpu=False) == {"04": NOTEBOOK_SECONDS}


def test_evened_out_classes_take_as_many_images_more(rate):
    once = estimate_seconds(["02"], [training(recipe=DNN)], on_gpu=False)["02"]
    more = estimate_seconds(["02"], [training(recipe=DNN.replace(augmentation="balanced"))], on_gpu=False)
    start = NOTEBOOK_SECONDS + TRAINING_SECONDS
    assert more["02"] - start == pytest.approx(1.76 * (once - start))


def test_the_same_training_under_two_names_counts_once(rate):
    again = training(label="another name")
    assert estimate_seconds(["02"], [training(), again], on_gpu=False) == estimate_seconds(
        ["02"], [training()], on_gpu=False
    )


def test_the_rate_is_measured_on_a_cpu_and_assumed_on_a_gpu(monkeypatch):
    assert 1e8 < estimate._multiply_adds_per_second() < 1e13
    monkeypatch.setattr(estimate, "_multiply_adds_per_second", None)  # is not asked
    seconds = estimate_seconds(["02"], [training()], on_gpu=True)["02"]
    assert seconds == pytest.approx(NOTEBOOK_SECONDS + TRAINING_SECONDS, abs=1)


def past(recipe=DNN, *, seconds=2.0, images=1000, seed=1, cores=None):
    """A run of 100 steps whose epoch of 900 images took some seconds."""
    facts = {
        "recipe": json.loads(json.dumps(recipe.settings())), "seed": seed, "steps": 100,
        "multiply_adds": recipe.multiply_adds, "images_per_epoch": 900,
        "data": {"counts": {"Training": images}, "practice": True},
        "device": {"en": f"{cores or os.cpu_count()} CPU cores (a kind), tensorflow"},
    }  # fmt: skip
    return Past(facts, seconds)


def test_a_run_that_is_there_costs_nothing_and_one_of_another_seed_or_data_does(rate):
    def estimated(run):
        return estimate_seconds(["02"], [training()], on_gpu=False, past=[run])["02"]

    assert estimated(past()) == NOTEBOOK_SECONDS
    for other in (past(seed=2), past(images=999), past(DNN.replace(epochs=3))):
        assert estimated(other) > NOTEBOOK_SECONDS + TRAINING_SECONDS


def test_the_rate_of_runs_that_are_there_goes_before_the_probe(rate):
    seconds = estimate_seconds(["02"], [training()], on_gpu=False, past=[past(seed=2)])["02"]
    assert seconds - NOTEBOOK_SECONDS - TRAINING_SECONDS == pytest.approx(20 * 1000 * 2 / 900)


def test_the_rate_of_another_machine_does_not_count(rate):
    plain = estimate_seconds(["02"], [training()], on_gpu=False)
    other = past(seed=2, cores=(os.cpu_count() or 1) + 1)
    assert estimate_seconds(["02"], [training()], on_gpu=False, past=[other]) == plain


def test_looking_into_a_network_takes_its_time_though_its_run_is_there(rate):
    values = {"ascent_layers": [1, -1], "ascent_filters": 8, "ascent_steps": 10}
    seconds = estimate_seconds({"06": values}, [training("06")], on_gpu=False, past=[past()])["06"]
    images = 2 * 2 * 8 * 10
    assert seconds == pytest.approx(NOTEBOOK_SECONDS + images * 2 / 900)


def test_a_damaged_run_is_passed_over(tmp_path):
    for name, text in (("whole", json.dumps(past().facts)), ("damaged", "{"), ("empty", "{}")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(text)
        (tmp_path / name / "history.csv").write_text("epoch,seconds\n1,9\n2,3\n3,5\n")
    assert [run.seconds for run in past_runs([tmp_path])] == [4.0]


def test_a_busy_machine_is_said_to_be_slower(monkeypatch):
    monkeypatch.setattr(estimate.os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    rates = {}
    for busy in (0.0, 2.0):
        monkeypatch.setattr(estimate.os, "getloadavg", lambda busy=busy: (busy, 0, 0), raising=False)
        rates[busy] = estimate._multiply_adds_per_second()
    assert 1.2 < rates[0.0] / rates[2.0] < 3.5
