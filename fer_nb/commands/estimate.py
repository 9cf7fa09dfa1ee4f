"""How long the notebooks will take, before they start: from multiply-adds and the machine's rate."""

import time
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from fer_nb.commands.trainings import Training, distinct

SIZE = 48  # side of an image in pixels
TRAINING_PASSES = 3  # forward, gradient of the activations, gradient of the weights
CPU_SHARE = 0.6  # of the matrix rate that training reaches: 0.2 to 0.8 from small to large networks
BALANCED = 1.76  # times the images: FER2013's largest class for each of seven classes
GPU_RATE = 5e12  # multiply-adds a second in training on a current card, rounded down
NOTEBOOK_SECONDS = 25.0  # starting a kernel, importing TensorFlow, drawing
TRAINING_SECONDS = 4.0  # making and tracing the graph of one training


def estimate_seconds(
    notebooks: Iterable[str], trainings: Iterable[Training], *, on_gpu: bool
) -> dict[str, float]:
    """Return the estimated seconds of each notebook.

    A training that an earlier notebook does is found, not done again, and counts once. Runs that lie in
    `runs/` from before are not counted off, so this is an upper estimate.

    Args:
        notebooks: Their names, in the order in which they run.
        trainings: What they will train.
        on_gpu: Whether they train on a GPU.
    """
    rate = GPU_RATE if on_gpu else _multiply_adds_per_second()
    seconds = dict.fromkeys(notebooks, NOTEBOOK_SECONDS)
    for training in distinct(trainings):
        seconds[training.notebook] += TRAINING_SECONDS + work(training) / rate
    return seconds


def path_lengths(trainings: Sequence[Training], costs: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the cost of each training and the longest chain behind it, by identity.

    Args:
        trainings: Each behind the one that it waits for.
        costs: Of each, by identity; by default its multiply-adds.
    """
    lengths: dict[str, float] = {}
    for training in reversed(trainings):
        own = (costs[training.identity] if costs else work(training)) + lengths.get(training.identity, 0.0)
        lengths[training.identity] = own
        if training.waits_for:
            lengths[training.waits_for] = max(lengths.get(training.waits_for, 0.0), own)
    return lengths


def longest_first(trainings: Sequence[Training]) -> list[Training]:
    """Return the trainings with the longest work ahead first, each behind the one that it waits for."""
    lengths = path_lengths(trainings)
    return sorted(trainings, key=lambda training: -lengths[training.identity])


def work(training: Training) -> float:
    """Return the multiply-adds of one training."""
    recipe = training.recipe
    images = training.images * (2 if recipe.flipped_copies else 1)
    images = round(images * BALANCED) if recipe.augmentation == "balanced" else images
    saved = recipe.small_epochs * (1 - (recipe.small_size / SIZE) ** 2)
    return float(TRAINING_PASSES * recipe.multiply_adds * images * (recipe.epochs - saved))


def _multiply_adds_per_second() -> float:
    """Return this machine's rate in training on its CPU, measured in a fifth of a second."""
    matrix = np.ones((512, 512), np.float32)
    matrix @ matrix
    started, products = time.perf_counter(), 0
    while time.perf_counter() - started < 0.2:
        matrix @ matrix
        products += 1
    return CPU_SHARE * products * 512**3 / (time.perf_counter() - started)
