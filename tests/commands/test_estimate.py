import pytest

from fer_nb.commands import trainings as estimate
from fer_nb.commands.trainings import NOTEBOOK_SECONDS, TRAINING_SECONDS, Training, estimate_seconds
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
