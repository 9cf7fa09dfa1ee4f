import dataclasses
import json
import os
from functools import partial

import pytest

from fer_nb.commands import estimate
from fer_nb.commands.estimate import NOTEBOOK_SECONDS, TRAINING_SECONDS, Past, past_runs
from fer_nb.commands.trainings import Training
from fer_nb.learning.precision import cpu_name
from fer_nb.learning.recipes import get_recipe
from fer_nb.learning.semi.protocols import get_protocol
from fer_nb.learning.training import probe

DNN = get_recipe("pyramid_dnn")  # 1,836,800 multiply-adds, 20 epochs


def thousand_a_second(recipe):
    """A probe of a machine that passes an image through DNN in a millisecond."""
    return TRAINING_SECONDS / estimate.STARTS, recipe.multiply_adds / 1_836_800 * 3e-3


forecast = partial(estimate.forecast, probe=thousand_a_second)


def estimate_seconds(*args, **options):
    return forecast(*args, **options).seconds


@pytest.fixture
def rate(monkeypatch):
    """A quiet machine that does 1,836,800 multiply-adds, one image forward, in a millisecond."""
    monkeypatch.setattr(estimate, "slowness", lambda: 1.0)
    monkeypatch.setattr(estimate, "VALIDATED", 1.0)
    monkeypatch.setattr(estimate, "SMALL", 0)


def training(notebook="02", recipe=DNN, seed=1, images=1000, label="a DNN"):
    given = {"data": "practice:1000", "subsets": (), "data_seed": 0}
    return Training(notebook=notebook, label=label, recipe=recipe, images=images, seed=seed, **given)


def test_training_takes_three_passes_an_image_and_epoch(rate):
    seconds = estimate_seconds({"02": {}}, [training()], on_gpu=False)
    assert seconds == {"02": pytest.approx(NOTEBOOK_SECONDS + TRAINING_SECONDS + 3 * 1000 * 20 / 1000)}


def test_flipped_copies_take_twice_as_long(rate):
    once = estimate_seconds({"02": {}}, [training(recipe=DNN)], on_gpu=False)["02"]
    twice = estimate_seconds({"02": {}}, [training(recipe=DNN.replace(flipped_copies=True))], on_gpu=False)[
        "02"
    ]
    start = NOTEBOOK_SECONDS + TRAINING_SECONDS
    assert twice - start == pytest.approx(2 * (once - start))


def test_an_epoch_of_small_images_takes_their_share_of_the_pixels(rate):
    recipe = DNN.replace(epochs=2, small_share=0.5, small_size=24)
    seconds = estimate_seconds({"02": {}}, [training(recipe=recipe)], on_gpu=False)
    assert seconds == {"02": pytest.approx(NOTEBOOK_SECONDS + TRAINING_SECONDS + 3 * 1.25)}


def test_a_training_that_an_earlier_notebook_does_is_found_and_another_seed_is_not(rate):
    seconds = estimate_seconds({"02": {}, "03": {}}, [training("02"), training("03")], on_gpu=False)
    assert seconds["03"] == NOTEBOOK_SECONDS < seconds["02"]
    other = estimate_seconds({"02": {}, "03": {}}, [training("02"), training("03", seed=2)], on_gpu=False)
    assert other["03"] == other["02"]


def test_a_notebook_that_trains_nothing_still_takes_its_start(rate):
    assert estimate_seconds({"04": {}}, [], on_gpu=False) == {"04": NOTEBOOK_SECONDS}


def test_evened_out_classes_take_as_many_images_more(rate):
    once = estimate_seconds({"02": {}}, [training(recipe=DNN)], on_gpu=False)["02"]
    more = estimate_seconds({"02": {}}, [training(recipe=DNN.replace(augmentation="balanced"))], on_gpu=False)
    start = NOTEBOOK_SECONDS + TRAINING_SECONDS
    assert more["02"] - start == pytest.approx(1.76 * (once - start))


def test_the_same_training_under_two_names_counts_once(rate):
    again = training(label="another name")
    assert estimate_seconds({"02": {}}, [training(), again], on_gpu=False) == estimate_seconds(
        {"02": {}}, [training()], on_gpu=False
    )


def test_the_rate_is_measured_on_a_cpu_and_assumed_on_a_gpu(rate, monkeypatch):
    seconds = estimate_seconds({"02": {}}, [training()], on_gpu=True, probe=None)["02"]  # is not asked
    assert seconds == pytest.approx(NOTEBOOK_SECONDS + TRAINING_SECONDS, abs=1)
    monkeypatch.setattr(estimate, "SMALL", 1e15)  # so little that it is not worth a probe
    seconds = estimate_seconds({"02": {}}, [training()], on_gpu=False)["02"]
    assert seconds == pytest.approx(NOTEBOOK_SECONDS + TRAINING_SECONDS + training().work / estimate.CPU_RATE)


def test_the_networks_with_the_most_work_are_probed_and_the_others_take_the_rate_of_the_nearest(monkeypatch):
    asked = []

    def probed(recipe):
        asked.append(recipe.architecture)
        return 2.0, recipe.multiply_adds * 3 / 1e9

    monkeypatch.setattr(estimate, "PROBING_SECONDS", -1.0)  # the first, then no time is left
    trainings = [training(images=9), training(recipe=get_recipe("practice_cnn"))]
    (rate,) = estimate._probed(trainings, probed)
    assert asked == ["practice_cnn"] and rate.rate == pytest.approx(1e9)
    assert rate.beside == 2 * estimate.STARTS and estimate._like(DNN, [rate]) == rate


@pytest.mark.parametrize(
    ("number", "images_a_second", "times"),
    [(1, "10", 100 / (20 + 40)), (2, "100", 0.5), (3, "1,000", 1 / 80)],
    ids=["small, with the start", "small", "large"],
)
def test_an_epoch_tells_how_many_times_as_long_as_estimated_it_took(rate, number, images_a_second, times):
    """Foretold for 1,000 images: 80 s, 20 s for those of half the side, and 40 s for the start."""
    recipe = DNN.replace(epochs=4, small_share=0.5, small_size=24)
    told = estimate.forecast(
        {"02": {}}, [training(recipe=recipe)], on_gpu=False, probe=lambda recipe: (40.0, 0.08)
    ).slower
    figures = f"loss 1.0  accuracy 0.5  validation 1.0 0.5  {images_a_second} images/s  00:08 left"
    assert told("02", f"a table\n{DNN.name}: epoch {number}/4  {figures}\n") == pytest.approx(times)


def test_an_epoch_of_a_few_seconds_tells_nothing(rate):
    told = estimate.forecast({"02": {}}, [training()], on_gpu=False, probe=lambda _: (4.0, 0.004)).slower
    figures = "loss 1.0  accuracy 0.5  validation 1.0 0.5  100 images/s  00:08 left"
    assert told("02", f"{DNN.name}: epoch 2/4  {figures}\n") is None


def test_what_tells_of_no_estimated_epoch_mends_nothing(rate):
    told = forecast({"02": {}}, [training()], on_gpu=False).slower
    line = "other: epoch 1/4  loss 1.0  accuracy 0.5  validation 1.0 0.5  9 images/s  00:08 left"
    assert told("02", "a table") is None and told("02", line) is None
    assert told("03", line.replace("other", DNN.name)) is None


def test_a_probe_takes_real_steps_of_the_recipe():
    start, image = probe.probe(get_recipe("practice_dnn"))
    assert start > 0 and 1e-6 < image < 1


def past(recipe=DNN, *, seconds=2.0, images=1000, seed=1, cores=None):
    """A run of 100 steps whose epoch of 900 images took some seconds."""
    facts = {
        "recipe": json.loads(json.dumps(recipe.settings())), "seed": seed, "steps": 100,
        "multiply_adds": recipe.multiply_adds, "images_per_epoch": 900,
        "data": {"counts": {"Training": images}, "practice": True},
        "validation_handed_over": False,
        "device": {"en": f"{cores or os.cpu_count()} CPU cores ({cpu_name()}), tensorflow"},
    }  # fmt: skip
    return Past(facts, seconds)


def test_a_run_that_is_there_costs_nothing_and_one_of_another_seed_or_data_does(rate):
    def estimated(run):
        return estimate_seconds({"02": {}}, [training()], on_gpu=False, past=[run])["02"]

    assert estimated(past()) == NOTEBOOK_SECONDS
    for other in (past(seed=2), past(images=999), past(DNN.replace(epochs=3))):
        assert estimated(other) > NOTEBOOK_SECONDS + TRAINING_SECONDS


def test_what_is_trained_takes_the_rate_of_now_not_that_of_runs_that_are_there(rate):
    plain = estimate_seconds({"02": {}}, [training()], on_gpu=False)
    assert estimate_seconds({"02": {}}, [training()], on_gpu=False, past=[past(seed=2)]) == plain


def test_the_rate_of_another_machine_does_not_count():
    assert estimate._is_alike(past(), on_gpu=False)
    assert not estimate._is_alike(past(cores=(os.cpu_count() or 1) + 1), on_gpu=False)
    assert not estimate._is_alike(past(), on_gpu=True)


def test_each_arm_of_a_protocol_takes_one_run_that_is_there(rate):
    protocol = get_protocol("report_c")
    recipe = protocol.supervised(DNN)
    arms = [
        dataclasses.replace(training("07", recipe), protocol=protocol, arm=arm)
        for arm in ("teacher", "student 1", "control")
    ]
    run = past(recipe.replace(epochs=7), images=55)
    run = Past({**run.facts, "validation_handed_over": True}, run.seconds)
    one, all_three = (estimate_seconds({"07": {}}, arms, on_gpu=False, past=[run] * n)["07"] for n in (1, 3))
    none = estimate_seconds({"07": {}}, arms, on_gpu=False)["07"]
    assert all_three == NOTEBOOK_SECONDS
    assert one - NOTEBOOK_SECONDS == pytest.approx(2 / 3 * (none - NOTEBOOK_SECONDS))


def test_looking_into_a_network_takes_its_time_though_its_run_is_there(rate):
    values = {"ascent_layers": [1, -1], "ascent_filters": 8, "ascent_steps": 10}
    seconds = estimate_seconds({"06": values}, [training("06")], on_gpu=False, past=[past()])["06"]
    images = 2 * (3 * 8 + 7) * 10  # naive and regularized; a worse network's layer and the classes, too
    steps = 2 * (3 + 1) * 10 * estimate.STEP_SECONDS
    assert seconds == pytest.approx(NOTEBOOK_SECONDS + images * 2 / 3 * 2 / 900 + steps)


def test_maps_of_checked_faces_are_made_with_the_network_and_three_untrained_ones(rate):
    values = {"saliency_checked": 1, "saliency_samples": 10, "saliency_masks": 29}
    seconds = estimate_seconds({"05": values}, [training("05")], on_gpu=False, past=[past()])["05"]
    images = 7 * 4 * (2 * 10 * 2 + 29 + 121) / 3  # gradients are two passes of three, answers one
    assert seconds == pytest.approx(NOTEBOOK_SECONDS + images * 2 / 900)


def test_a_damaged_run_is_passed_over(tmp_path):
    for name, text in (("whole", json.dumps(past().facts)), ("damaged", "{"), ("empty", "{}")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(text)
        (tmp_path / name / "history.csv").write_text("epoch,seconds\n1,9\n2,3\n3,5\n")
    assert [run.seconds for run in past_runs([tmp_path])] == [4.0]


def test_a_busy_machine_is_said_to_be_slower(monkeypatch):
    clock = iter([0.0, 0.3])
    monkeypatch.setattr(estimate.time, "perf_counter", lambda: next(clock))
    assert estimate.slowness() == pytest.approx(0.3 / estimate.SPUN)
