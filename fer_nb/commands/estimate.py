"""How long the notebooks will take, from a few steps of what they will train and the runs that are there."""

import csv
import json
import math
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from fer_nb.commands.trainings import TRAINING_PASSES, Training, distinct
from fer_nb.data import practice_count
from fer_nb.learning.progress import read_epoch
from fer_nb.learning.recipe import Recipe
from fer_nb.report.time_left import Forecast

CPU_RATE = 2e10  # multiply-adds a second in training on two cores
SMALL = 5e10  # multiply-adds, of which the rate need not be measured
VALIDATED = 1.07  # times the work: validation and as many training images pass forward after each epoch
PROBING_SECONDS = 10.0  # after which no other network is probed
SPUN = 0.1  # seconds of one thread that tell how busy the machine is
GPU_RATE = 5e12  # multiply-adds a second in training on a current card, rounded down
NOTEBOOK_SECONDS = 18.0  # starting a kernel, importing TensorFlow, drawing
STEPS = 50  # of a run whose rate counts: of fewer, the making of the graph is most
MOST_FILTERS = 64  # of a layer of which all are driven
STEP_SECONDS = 0.015  # of a step of few images beside their multiply-adds
PATCHES = 11 * 11  # of occlusion, on each checked face
TRAINING_SECONDS = 8.0  # of one training beside its epochs: graphs made, answers to all images, files
STARTS = 2.0  # times as long as its start that is: networks are made again to validate and to answer

SHORTEST = 5.0  # seconds of an epoch: how long a shorter one takes is mostly chance

Probe = Callable[[Recipe], tuple[float, float]]
"""Returns the seconds until a training by a recipe runs, and those that an image then takes."""

_OF_ARMS = ("epochs", "unlabelled_ratio", "confidence")  # settings that an arm of a protocol sets itself


@dataclass(frozen=True)
class Past:
    """What an estimate needs of a finished run: its facts and its seconds an epoch."""

    facts: Mapping[str, Any]
    seconds: float

    @property
    def rate(self) -> float:
        """Multiply-adds a second, of which a step of training takes TRAINING_PASSES for each image."""
        return TRAINING_PASSES * self.facts["multiply_adds"] * self.facts["images_per_epoch"] / self.seconds

    def is_of(self, training: Training) -> bool:
        """Return whether this run is what the training asks for, as far as its parameters tell."""
        arm = training.protocol is not None  # its length and images follow from the arms before it
        left_out = dict.fromkeys(("precision", *(_OF_ARMS if arm else ())))
        settings = json.loads(json.dumps(training.recipe.settings() | left_out))
        own = {name: self.facts["recipe"].get(name) for name in settings} | left_out
        data, practice = self.facts["data"], practice_count(training.data) is not None
        drawn = data.get("practice", self.facts["recipe"]["name"].startswith("practice_"))
        if own != settings or (self.facts["seed"], drawn) != (training.seed, practice):
            return False
        return arm == self.facts.get("validation_handed_over", False) and (
            arm or data["counts"]["Training"] == training.images
        )


def past_runs(folders: Iterable[Path]) -> list[Past]:
    """Return the finished runs in some folders of runs; a damaged one is passed over."""
    found = []
    for file in sorted({file for folder in folders for file in folder.glob("*/run.json")}):
        try:
            rows = csv.DictReader((file.parent / "history.csv").read_text("utf-8").splitlines())
            epochs = [float(row["seconds"]) for row in rows]
            past = Past(json.loads(file.read_text("utf-8")), median(epochs[min(1, len(epochs) - 1) :]))
            found += [past] if past.rate > 0 and past.facts["data"]["counts"] else []
        except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
            continue
    return found


def forecast(
    parameters: Mapping[str, Mapping[str, Any]],
    trainings: Iterable[Training],
    *,
    on_gpu: bool,
    probe: Probe,
    past: Sequence[Past] = (),
) -> Forecast:
    """Return how long each notebook may take on a machine as busy as this one is now.

    A training that an earlier notebook does, or whose run is there, is found and costs nothing. On a CPU the
    others take what a few steps of them take now; on a GPU what runs of about their size took. What a
    notebook prints of an epoch then tells how right that was.

    Args:
        parameters: Of each notebook by its name, in the order in which they run.
        trainings: What they will train.
        on_gpu: Whether they train on a GPU.
        probe: Times a few steps of a recipe on this machine's CPU.
        past: The runs that are there.
    """
    trainings, there = list(trainings), list(past)
    new = [one for one in distinct(trainings) if not _found(one, there)]
    rates = [Rate.of(run) for run in past if _is_alike(run, on_gpu=on_gpu)]
    if not on_gpu and sum(training.work for training in new) > SMALL:
        rates = _probed(new, probe)
    busy = slowness()
    by_default = Rate("", 0, GPU_RATE if on_gpu else CPU_RATE / busy, TRAINING_SECONDS * busy)
    seconds = dict.fromkeys(parameters, NOTEBOOK_SECONDS * busy)
    expected = {}
    for training in new:
        like = _like(training.recipe, rates) or by_default
        beside = like.beside or by_default.beside
        seconds[training.notebook] += beside + VALIDATED * training.work / like.rate
        expected[training.notebook, training.recipe.name] = training, like.rate, beside / STARTS
    for notebook, values in parameters.items():
        images, steps = _analysed(values)
        looked_into = next((one.recipe for one in trainings if one.notebook == notebook), None)
        if images and looked_into:
            work = TRAINING_PASSES * looked_into.multiply_adds * images
            rate = (_like(looked_into, rates) or by_default).rate
            seconds[notebook] += work / rate + steps * STEP_SECONDS * busy

    def slower(notebook: str, printed: str) -> float | None:
        title, number, rate = read_epoch(printed) or ("", 0, 0.0)
        if (notebook, title) not in expected or not rate:
            return None
        training, expected_rate, start = expected[notebook, title]
        estimated = training.work_of_epoch(number) / expected_rate
        if estimated < SHORTEST:
            return None
        return training.images_per_epoch / rate / (estimated + (start if number == 1 else 0.0))

    return Forecast(seconds, slower)


class Rate(NamedTuple):
    """Multiply-adds a second in training a network, and the seconds beside its epochs, 0 where not known."""

    architecture: str
    multiply_adds: int  # an image
    rate: float
    beside: float = 0.0

    @classmethod
    def of(cls, run: Past) -> "Rate":
        """Return the rate of a finished run, under the load of its time."""
        return cls(run.facts["recipe"]["architecture"], run.facts["multiply_adds"], run.rate)


def _probed(trainings: Sequence[Training], probe: Probe) -> list[Rate]:
    """Return the rates of the networks on which most work is done, as many as are probed in a while."""
    work: dict[str, float] = defaultdict(float)
    for training in trainings:
        work[training.recipe.architecture] += training.work
    rates: list[Rate] = []
    started = time.monotonic()
    for architecture in sorted(work, key=lambda name: -work[name]):
        if rates and time.monotonic() - started > PROBING_SECONDS:
            break
        of_it = [training for training in trainings if training.recipe.architecture == architecture]
        recipe = max(of_it, key=lambda training: training.work).recipe
        start, image = probe(recipe)
        an_image = max(recipe.multiply_adds, 1)  # a network of layers that are not counted has none
        rates.append(Rate(architecture, an_image, TRAINING_PASSES * an_image / image, STARTS * start))
    return rates


def _like(recipe: Recipe, rates: Sequence[Rate]) -> Rate | None:
    """Return the median rate of the same network, else that of the nearest size."""
    size = max(recipe.multiply_adds, 1)
    if same := sorted(one for one in rates if one.architecture == recipe.architecture):
        return same[len(same) // 2]
    return min(rates, key=lambda one: abs(math.log(one.multiply_adds / size)), default=None)


def _found(training: Training, past: list[Past]) -> bool:
    """Return whether a run is there; the run of an arm of a protocol, which stands for it alone, is taken."""
    found = next((run for run in past if run.is_of(training)), None)
    if found and training.protocol is not None:
        past.remove(found)
    return found is not None


def _is_alike(run: Past, *, on_gpu: bool) -> bool:
    """Return whether a run was trained on such a device, in steps enough to tell a rate."""
    from fer_nb.learning.precision import cpu_name

    device = run.facts.get("device", {}).get("en", "")
    own = f"{os.cpu_count()} CPU cores ({cpu_name()})"
    alike = "CPU cores" not in device if on_gpu else device.startswith(own)
    return alike and run.facts.get("steps", STEPS) >= STEPS


def slowness() -> float:
    """Return how many seconds pass while one thread computes for a second: 1 on a quiet machine."""
    started, computed = time.perf_counter(), time.process_time()
    while time.process_time() - computed < SPUN:
        pass
    return (time.perf_counter() - started) / SPUN


def _analysed(values: Mapping[str, Any]) -> tuple[float, int]:
    """Return what an analysis passes through a network, in images trained on, and in how many steps of few.

    05 makes the maps of its checked faces with the network and three untrained ones; 06 drives the filters of
    its layers, those of a worse network's last layer and the classes, each naively and regularized.
    """
    samples, masks = values.get("saliency_samples", 0), values.get("saliency_masks", 0)
    maps = 7 * values.get("saliency_checked", 0) * 4
    layers, steps = values.get("ascent_layers", ()), values.get("ascent_steps", 0)
    driven = (len(layers) + 1) * (values.get("ascent_filters", 0) or MOST_FILTERS) + 7 if layers else 0
    gradients = maps * 2 * samples + 2 * steps * driven
    answers = maps * (masks + PATCHES)
    return (2 * gradients + answers) / TRAINING_PASSES, 2 * steps * (len(layers) + 2) if layers else 0
