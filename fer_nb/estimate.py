"""How long the notebooks will take, before they start: from multiply-adds and the machine's rate."""

import shutil
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from fer_nb.learning.recipes import get_recipe

TRAINING_PASSES = 3  # forward, gradient of the activations, gradient of the weights
CPU_SHARE = 0.3  # of the matrix rate that training reaches: 0.2 to 0.7 from small to large networks
GPU_RATE = 5e12  # multiply-adds a second in training on a current card, rounded down
NOTEBOOK_SECONDS = 25.0  # starting a kernel, importing TensorFlow, drawing
FER2013_TRAINING = 28_709


def estimate_seconds(parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Return the estimated seconds of each notebook.

    A notebook trains what its parameters name: `X_recipes` (a list of recipes), `X_arms` (variants of the
    first), `X_epochs` (0 for each recipe's own) and `X_repeats`, where X is the notebook's prefix. A training
    that an earlier notebook does is found, not done again. Runs that lie in `runs/` from before are not
    counted off, so this is an upper estimate.

    Args:
        parameters: Notebook -> its parameters, defaults too.
    """
    rate = _multiply_adds_per_second()
    seen: set[tuple[Any, ...]] = set()
    seconds = {}
    for notebook, values in parameters.items():
        work = 0.0
        for key in values:
            prefix, _, kind = key.rpartition("_")
            if kind == "recipes":
                work += sum(_new_work(prefix, values, seen))
        seconds[notebook] = NOTEBOOK_SECONDS + work / rate
    return seconds


def _new_work(prefix: str, values: Mapping[str, Any], seen: set[tuple[Any, ...]]) -> list[float]:
    """Return the multiply-adds of every training of one prefix that is not in `seen`, and add them to it."""
    names = list(values[f"{prefix}_recipes"])
    images = _training_images(values)
    arms = [f"{names[0]}/{arm}" for arm in values.get(f"{prefix}_arms", [])] if names else []
    work = []
    for label in names + arms:
        recipe = get_recipe(label.split("/")[0])
        epochs = values.get(f"{prefix}_epochs", 0) or recipe.epochs
        for repeat in range(values.get(f"{prefix}_repeats", 1)):
            training = (label, epochs, images, values.get("seed", 0) + repeat)
            if training not in seen:
                seen.add(training)
                copies = 2 if recipe.flipped_copies else 1
                work.append(float(TRAINING_PASSES * recipe.multiply_adds * images * copies * epochs))
    return work


def _training_images(values: Mapping[str, Any]) -> int:
    """Return how many images a notebook trains on, without reading the data."""
    if values.get("training_images"):
        return int(values["training_images"])
    name, _, count = str(values.get("data", "")).partition(":")
    if name == "practice":
        return int(count) if count.isdecimal() else 6000
    return FER2013_TRAINING


def _multiply_adds_per_second() -> float:
    """Return this machine's rate in training: measured in a fifth of a second on a CPU, assumed on a GPU."""
    if shutil.which("nvidia-smi"):
        return GPU_RATE
    matrix = np.ones((512, 512), np.float32)
    matrix @ matrix
    started, products = time.perf_counter(), 0
    while time.perf_counter() - started < 0.2:
        matrix @ matrix
        products += 1
    return CPU_SHARE * products * 512**3 / (time.perf_counter() - started)
