"""The simulation of trainings on many devices, by cases solved by hand."""

import dataclasses

import pytest

from benchmarks.cluster import critical_path, finished
from fer_nb.commands.trainings import planned_trainings

VALUES = {
    "data": "practice:140", "seed": 1, "x_recipes": ["practice_cnn"], "x_protocols": ["report_c"],
    "x_epochs": 2, "x_more_epochs": 0, "x_repeats": 1, "x_shares": [],
}  # fmt: skip


@pytest.fixture
def trainings():
    """A teacher, its student and a control that waits for it, and two that wait for nothing."""
    chain = planned_trainings({"07": VALUES})
    (one,) = planned_trainings({"01": {"data": "practice:140", "x_recipes": ["practice_dnn"]}})
    return [*chain, one, dataclasses.replace(one, seed=1)]


def test_the_chain_bounds_the_time_on_many_devices_and_the_sum_is_the_time_on_one(trainings):
    chain = [training for training in trainings if training.notebook == "07"]
    seconds = {training.identity: 10.0 for training in chain} | {one.identity: 4.0 for one in trainings[-2:]}
    longest = critical_path(trainings, seconds)
    assert [training.arm for training in longest] == ["teacher", "student 1", "control"]
    assert finished(trainings, seconds, 1) == 38.0
    assert finished(trainings, seconds, 2) == 30.0
    assert finished(trainings, seconds, 64) == 30.0


def test_devices_without_a_chain_share_the_work_longest_first(trainings):
    free = [dataclasses.replace(trainings[-1], seed=seed) for seed in range(5)]
    seconds = dict(zip((one.identity for one in free), (3.0, 3.0, 2.0, 2.0, 2.0), strict=True))
    assert finished(free, seconds, 2) == 7.0
    assert finished(free, seconds, 4) == 4.0
