"""What the notebooks will train, read off their parameters before anything runs."""

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fer_nb.data import load, practice_count
from fer_nb.data.faces import SIZE, Faces
from fer_nb.errors import InputError
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.recipes import ablation_variant, arm, dnn_otherwise, get_recipe, with_fixed_pixels
from fer_nb.learning.semi.protocols import Protocol, get_protocol

FER2013_TRAINING = 28_709
TRAINING_PASSES = 3  # forward, gradient of the activations, gradient of the weights
BALANCED = 1.76  # times the images: FER2013's largest class for each of seven classes


@dataclass(frozen=True, kw_only=True)
class Training:
    """One training that a notebook asks for.

    Attributes:
        notebook: Its name.
        label: What the notebook calls the network.
        recipe: With the notebook's changes.
        images: Training images an epoch, as far as the parameters tell; for an estimate.
        seed: Of everything random in training.
        data: What the notebook reads, as `load` takes it.
        subsets: How many Training rows are kept, draw after draw.
        data_seed: Of the rows that are kept, and of practice faces.
        protocol: Of semi-supervised learning, of which this is an arm; None for supervised training.
        arm: Its name, as `Protocol.planned` gives it.
        before: Name of the arm that it waits for, or "".
        shuffled: Seed of the permutation of all images' pixels; None leaves them.
    """

    notebook: str
    label: str
    recipe: Recipe
    images: int
    seed: int
    data: str
    subsets: tuple[int, ...]
    data_seed: int
    protocol: Protocol | None = None
    arm: str = ""
    before: str = ""
    shuffled: int | None = None

    @property
    def work(self) -> float:
        """Its multiply-adds."""
        small = self.recipe.small_epochs
        return small * self.work_of_epoch(1) + (self.recipe.epochs - small) * self.work_of_epoch(small + 1)

    def work_of_epoch(self, number: int) -> float:
        """Return the multiply-adds of an epoch, from 1."""
        share = (self.recipe.small_size / SIZE) ** 2 if number <= self.recipe.small_epochs else 1.0
        return TRAINING_PASSES * self.recipe.multiply_adds * self.images_per_epoch * share

    @property
    def images_per_epoch(self) -> int:
        """As many as the recipe makes of its images."""
        images = self.images * (2 if self.recipe.flipped_copies else 1)
        return round(images * BALANCED) if self.recipe.augmentation == "balanced" else images

    @property
    def data_key(self) -> tuple[str, int]:
        """What tells the faces that its notebook reads from others."""
        return self.data, self.data_seed

    @cached_property
    def identity(self) -> str:
        """What tells it from every other training: the same for the same one of two notebooks."""
        return self._digest(self.arm)

    @property
    def waits_for(self) -> str:
        """The identity of the training that comes before it, or ""."""
        return self._digest(self.before) if self.before else ""

    def _digest(self, arm: str) -> str:
        recipe, protocol = self.recipe, self.protocol
        if protocol is not None:
            recipe = protocol.supervised(recipe)
            protocol = dataclasses.replace(protocol, name="")
        own = (self.seed, self.data, self.subsets, self.data_seed, self.shuffled)
        decisive = (recipe.settings(), own, protocol, arm)
        return hashlib.sha256(repr(decisive).encode()).hexdigest()[:16]


def read_data(trainings: Iterable[Training]) -> dict[tuple[str, int], Faces]:
    """Return all faces that the trainings' notebooks read, by `Training.data_key`."""
    return {(data, seed): load(data, seed=seed, quiet=True) for data, seed in {t.data_key for t in trainings}}


def distinct(trainings: Iterable[Training]) -> list[Training]:
    """Return the trainings without those that an earlier one is, in order."""
    found: dict[str, Training] = {}
    for training in trainings:
        found.setdefault(training.identity, training)
    return list(found.values())


def planned_trainings(parameters: Mapping[str, Mapping[str, Any]]) -> list[Training]:
    """Return every training of every notebook, in order; the same one twice where two notebooks share it.

    A notebook trains what its parameters name: `X_recipes` (a list of recipes), `X_arms` (the first with
    another option each, "option=value") or `X_variants` (the first with another normalization and
    augmentation each, which then stand for it), `X_epochs` (0 for each recipe's own number) and
    `X_repeats` (seeds) on `X_subset` images (0 for `training_images`), where X is the notebook's own prefix;
    `settings` change every recipe;
    with `X_dnn_otherwise` the DNN a second time; with `X_shuffle_seed` the recipes on `X_shuffle_images` as
    they are and with their pixels shuffled. With `X_protocols`, the first recipe is trained by these
    protocols of semi-supervised learning instead, each with all its arms.

    Args:
        parameters: Notebook -> its parameters, defaults too.

    Raises:
        InputError: A recipe does not exist, or a setting is out of its range; the message names the notebook.
    """
    trainings = []
    for notebook, values in parameters.items():
        for key in values:
            prefix, _, kind = key.rpartition("_")
            if kind != "recipes" or values.get(f"{prefix}_model"):  # another one is looked at, which is there
                continue
            try:
                trainings += list(_of_notebook(notebook, prefix, values))
            except InputError as error:
                raise InputError(f"{notebook}: {error}") from None
    return trainings


def _of_notebook(notebook: str, prefix: str, values: Mapping[str, Any]) -> Iterator[Training]:
    """Yield the trainings that the parameters with one prefix ask for."""
    names = values[f"{prefix}_recipes"]
    repeats, seed = values.get(f"{prefix}_repeats", 1), values.get("seed", 0)
    if not names:
        raise InputError(f"{prefix}_recipes: expected one recipe or more, found none")
    if repeats < 1:
        raise InputError(f"{prefix}_repeats: expected 1 or more, found {repeats}")
    subset = int(values.get(f"{prefix}_subset") or values.get("training_images") or 0)
    data = str(values.get("data", ""))
    shared: dict[str, Any] = {"notebook": notebook, "data": data, "data_seed": seed}
    shared["subsets"] = (subset,) if subset else ()
    images = subset or practice_count(data) or FER2013_TRAINING
    if f"{prefix}_protocols" in values:
        asked, first = _protocols(prefix, values, repeats), get_recipe(names[0], values.get("settings", ()))
        for name, protocol, repeat in asked:
            for arm_name, recipe, seen, before in protocol.planned(first, images):
                yield Training(
                    label=f"{names[0]}/{name}/{arm_name}", recipe=recipe, images=seen, seed=seed + repeat,
                    protocol=protocol, arm=arm_name, before=before, **shared,
                )  # fmt: skip
        return
    recipes = _supervised(prefix, names, values)
    for label, recipe in recipes.items():
        for repeat in range(repeats):
            yield Training(label=label, recipe=recipe, images=images, seed=seed + repeat, **shared)
    if (order := values.get(f"{prefix}_shuffle_seed")) is not None:
        count = values[f"{prefix}_shuffle_images"]
        shared["subsets"] += (count,) if count else ()
        for name in names:
            recipe = with_fixed_pixels(recipes[name], epochs=values[f"{prefix}_shuffle_epochs"])
            for shuffled in (None, order):
                yield Training(
                    label=f"{name}/{'whole' if shuffled is None else 'shuffled'}", recipe=recipe,
                    images=count or images, seed=seed, shuffled=shuffled, **shared,
                )  # fmt: skip


def _supervised(prefix: str, names: Sequence[str], values: Mapping[str, Any]) -> dict[str, Recipe]:
    """Return every recipe that is trained on the images as they are, by what the notebook calls it."""
    epochs = values.get(f"{prefix}_epochs", 0)
    recipes = {name: get_recipe(name, values.get("settings", ()), epochs=epochs) for name in names}
    if variants := values.get(f"{prefix}_variants"):
        first = recipes[names[0]].replace(selection="last")  # all variants end at one epoch
        return {f"{names[0]}/{variant}": ablation_variant(first, variant) for variant in variants}
    if values.get(f"{prefix}_dnn_otherwise"):
        recipes |= dnn_otherwise(*recipes.values())
    arms = values.get(f"{prefix}_arms", [])
    return recipes | {f"{names[0]}/{option}": arm(recipes[names[0]], option) for option in arms}


def _protocols(prefix: str, values: Mapping[str, Any], repeats: int) -> list[tuple[str, Protocol, int]]:
    """Return (name, protocol, repeat) of all protocols, and of the first with other shares of labels."""
    names = ("epochs", "more_epochs", "threshold", "unlabelled_ratio")
    changes = {name: values.get(f"{prefix}_{name}") or None for name in names}
    changes["hidden"] = 1 - values[f"{prefix}_labels"] if values.get(f"{prefix}_labels") else None
    chosen = {name: get_protocol(name).replace(**changes) for name in values[f"{prefix}_protocols"]}
    if not chosen:
        raise InputError(f"{prefix}_protocols: expected one protocol or more, found none")
    first, protocol = next(iter(chosen.items()))
    if protocol.transductive:
        raise InputError(f"{prefix}_protocols: expected one that compares first, found {first!r}")
    asked = [(name, protocol, repeat) for name, protocol in chosen.items() for repeat in range(repeats)]
    for share in values.get(f"{prefix}_shares", []):
        asked.append((f"{first}/{share}", protocol.replace(hidden=1 - share), 0))
    return asked


def path_lengths(trainings: Sequence[Training], costs: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the cost of each training and the longest chain behind it, by identity.

    Args:
        trainings: Each behind the one that it waits for.
        costs: Of each, by identity; by default its multiply-adds.
    """
    lengths: dict[str, float] = {}
    for training in reversed(trainings):
        own = (costs[training.identity] if costs else training.work) + lengths.get(training.identity, 0.0)
        lengths[training.identity] = own
        if training.waits_for:
            lengths[training.waits_for] = max(lengths.get(training.waits_for, 0.0), own)
    return lengths


def longest_first(trainings: Sequence[Training]) -> list[Training]:
    """Return the trainings with the longest work ahead first, each behind the one that it waits for."""
    lengths = path_lengths(trainings)
    return sorted(trainings, key=lambda training: -lengths[training.identity])
