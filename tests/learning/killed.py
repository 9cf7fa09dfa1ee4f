"""Trains in child processes that are killed with SIGKILL, and compares with trainings that were not.

`python killed.py FOLDER` prints one line of JSON. This process imports TensorFlow and computes nothing
with it, so that a forked child can: starting it once serves all children.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import numpy as np
import tiny

from fer_nb.learning.models import architecture
from fer_nb.learning.training import find_or_train

architecture(tiny.tiny_cnn)

KILLS = 2


def start(recipe, runs, seconds=0.0):
    """Train in a child process; return its id."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        find_or_train(recipe, tiny.faces(), seed=3, runs=runs, progress="none", checkpoint_seconds=seconds)
        status = 0
    finally:
        os._exit(status)


def finish(child):
    """Wait for a child to end by itself."""
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def kill_after_progress(child, runs, delay):
    """Kill the child some time after it has written a checkpoint; return whether it was still running."""
    before = newest(runs)
    while newest(runs) == before:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            assert os.waitstatus_to_exitcode(status) == 0
            return False
        time.sleep(0.001)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def newest(runs):
    """When the checkpoint of an unfinished training was written."""
    return max((path.stat().st_mtime_ns for path in runs.glob("*.partial/checkpoint.npz")), default=0)


def arrays(runs):
    """Everything numeric that the one finished run below `runs` holds."""
    (facts,) = runs.glob("[!.]*/run.json")
    found = {}
    for name in ("checkpoint.npz", "logits.npz"):
        with np.load(facts.parent / name) as stored:
            found |= {f"{name}/{key}": stored[key] for key in stored.files if key != "standing"}
    return found


def main(folder):
    generator = random.Random()
    recipe = tiny.recipe(**tiny.FULL | {"epochs": 5})
    reference, killed = folder / "reference", folder / "killed"
    finish(start(recipe, reference))
    kills = 0
    while kills < KILLS and kill_after_progress(
        start(recipe, killed), killed, delay=generator.uniform(0, 0.05)
    ):
        kills += 1
    finish(start(recipe, killed))
    first, second = arrays(reference), arrays(killed)
    assert set(first) == set(second)
    differing = [key for key in first if not np.array_equal(first[key], second[key])]
    answer = {"kills": kills, "differing_arrays": len(differing)}
    together = folder / "together"
    children = [start(tiny.recipe(epochs=2), together) for _ in range(2)]
    for child in children:
        finish(child)
    answer["trained_by_two_processes_at_once"] = len(list(together.glob("tiny-*")))
    print(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
