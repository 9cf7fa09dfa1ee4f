import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fer_nb.learning.precision import network_weights
from fer_nb.learning.training import find_or_train, loop
from fer_nb.learning.training.checkpoint import TrainingState, save_checkpoint
from fer_nb.learning.training.loop import make_objective
from fer_nb.learning.training.plan import make_plan

SETTINGS = {
    "plateau": {
        "schedule": "plateau", "schedule_patience": 1, "optimizer": "adadelta", "learning_rate": 1.0,
        "augmentation": "balanced", "options": {"dropout": 0.3},
    },
    "one_cycle": {
        "schedule": "one_cycle", "optimizer": "adamw", "weight_decay": 0.01, "flipped_copies": True,
        "small_share": 0.75, "small_size": 32, "options": {"average": True, "dropout": 0.3},
    },
    "muon": {
        "optimizer": "muon", "weight_decay": 0.01, "schedule": "cosine",
        "options": {"deeper": True, "dropout": 0.3},
    },
}  # fmt: skip


def bits(run):
    """Weights of the network and its snapshots, and the stored logits, as they are."""
    from fer_nb.learning.loading import load_network

    networks = [run.network(), *(load_network(path) for path in run.snapshots())]
    return [array for network in networks for array in network_weights(network)] + [run.logits("PublicTest")]


def interrupt_at(step, monkeypatch):
    """Make training stop with KeyboardInterrupt at the `step`-th step that this process takes."""
    taken = []

    def counted(self, epoch, logs):
        taken.append(epoch)
        if len(taken) == step:
            raise KeyboardInterrupt

    monkeypatch.setattr(loop.Progress, "step", counted)


@pytest.mark.parametrize("name", [*SETTINGS, "full"])
def test_interrupted_training_ends_with_the_weights_of_an_uninterrupted_one(
    name, tiny, faces, tmp_path, monkeypatch
):
    recipe = tiny.recipe(**SETTINGS.get(name, tiny.FULL) | {"epochs": 4})
    reference = find_or_train(recipe, faces, seed=3, runs=tmp_path / "reference", progress="none")
    runs = tmp_path / "runs"
    with monkeypatch.context() as patch:
        interrupt_at(15, patch)  # epochs have 6 steps, 12 with copies
        with pytest.raises(KeyboardInterrupt):
            find_or_train(recipe, faces, seed=3, runs=runs, progress="none", checkpoint_seconds=0)
    assert [path.name for path in runs.iterdir() if path.is_dir() and path.name != "locks"] == [
        f"{reference.name}.partial"
    ]
    resumed = find_or_train(recipe, faces, seed=3, runs=runs, progress="none")
    assert resumed.history()["epoch"].tolist() == [1, 2, 3, 4]
    for a, b in zip(bits(reference), bits(resumed), strict=True):
        np.testing.assert_array_equal(a, b)
    columns = [column for column in reference.history() if column != "seconds"]
    assert reference.history()[columns].equals(resumed.history()[columns])
    assert sorted(path.name for path in runs.iterdir()) == ["locks", reference.name]


def test_a_damaged_checkpoint_is_told_and_training_begins_again(tiny, faces, tmp_path):
    recipe = tiny.recipe(epochs=1)
    partial = tmp_path / f"{make_plan(recipe, faces, seed=1).name}.partial"
    partial.mkdir()
    (partial / "checkpoint.npz").write_bytes(b"PK\x03\x04 no archive")
    with pytest.warns(UserWarning, match=r"damaged checkpoint .*training starts again"):
        run = find_or_train(recipe, faces, seed=1, runs=tmp_path, progress="none")
    assert run.facts["epochs"] == 1


def test_a_checkpoint_of_another_network_is_told_and_training_begins_again(tiny, faces, tmp_path):
    recipe = tiny.recipe(epochs=1)
    plan = make_plan(recipe, faces, seed=1)
    partial = tmp_path / f"{plan.name}.partial"
    partial.mkdir()
    objective, _ = make_objective(make_plan(recipe.replace(optimizer="sgd_nesterov"), faces, seed=1))
    save_checkpoint(partial, objective, TrainingState())
    with pytest.warns(UserWarning, match="checkpoint of another version; training starts again"):
        run = find_or_train(recipe, faces, seed=1, runs=tmp_path, progress="none")
    assert run.history()["epoch"].tolist() == [1]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_training_killed_again_and_again_ends_with_the_same_bits_and_two_processes_train_once(tmp_path):
    script = Path(__file__).with_name("killed.py")
    answered = subprocess.run(
        [sys.executable, script, tmp_path], capture_output=True, text=True, timeout=1800, check=False
    )
    assert answered.returncode == 0, answered.stderr
    found = json.loads(answered.stdout.splitlines()[-1])
    assert found["kills"] >= 1  # a child may have ended before its last one
    assert found["differing_arrays"] == 0
    assert found["trained_by_two_processes_at_once"] == 1
