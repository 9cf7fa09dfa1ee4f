"""What the notebooks will train, read off their parameters before anything runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fer_nb.data import practice_count
from fer_nb.errors import InputError
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.recipes import ablation_variant, arm, dnn_otherwise, get_recipe
from fer_nb.learning.semi.protocols import get_protocol

FER2013_TRAINING = 28_709


@dataclass(frozen=True)
class Training:
    """One training that a notebook asks for.

    Attributes:
        notebook: Its name.
        label: What the notebook calls the network.
        recipe: With the notebook's changes.
        images: Training images, as far as the parameters tell.
        seed: Of everything random.
    """

    notebook: str
    label: str
    recipe: Recipe
    images: int
    seed: int


def planned_trainings(parameters: Mapping[str, Mapping[str, Any]]) -> list[Training]:
    """Return every training of every notebook, in order; the same one twice where two notebooks share it.

    A notebook trains what its parameters name: `X_recipes` (a list of recipes), `X_arms` (the first with
    another option each, "option=value") or `X_variants` (the first with another normalization and
    augmentation each, which then stand for it), `X_epochs` (0 for each recipe's own number) and
    `X_repeats` (seeds) on `X_subset` images (0 for `training_images`), where X is the notebook's own prefix;
    with `X_dnn_otherwise` the DNN a second time. With
    `X_protocols`, the first recipe is trained by these protocols of semi-supervised learning instead, each
    with all its arms.

    Args:
        parameters: Notebook -> its parameters, defaults too.

    Raises:
        InputError: A recipe does not exist, or a setting is out of its range; the message names the notebook.
    """
    trainings = []
    for notebook, values in parameters.items():
        try:
            trainings += list(_of_notebook(notebook, values))
        except InputError as error:
            raise InputError(f"{notebook}: {error}") from None
    return trainings


def _of_notebook(notebook: str, values: Mapping[str, Any]) -> Iterator[Training]:
    seed = values.get("seed", 0)
    for key, names in values.items():
        prefix, _, kind = key.rpartition("_")
        if kind != "recipes":
            continue
        images = _training_images(values, prefix)
        if not names:
            raise InputError(f"{key}: expected one recipe or more, found none")
        if values.get(f"{prefix}_run") or values.get(f"{prefix}_model"):
            continue  # another network is looked at, which is there
        recipes = {name: get_recipe(name) for name in names}
        if values.get(f"{prefix}_dnn_otherwise"):
            recipes |= dnn_otherwise(*names)
        for option in values.get(f"{prefix}_arms", []):
            recipes[f"{names[0]}/{option}"] = arm(get_recipe(names[0]), option)
        if variants := values.get(f"{prefix}_variants"):
            first = get_recipe(names[0])
            recipes = {f"{names[0]}/{variant}": ablation_variant(first, variant) for variant in variants}
        epochs = values.get(f"{prefix}_epochs", 0)
        repeats = values.get(f"{prefix}_repeats", 1)
        if repeats < 1:
            raise InputError(f"{prefix}_repeats: expected 1 or more, found {repeats}")
        if f"{prefix}_protocols" in values:
            yield from _of_protocols(notebook, prefix, values, get_recipe(names[0]), repeats)
            continue
        for label, recipe in recipes.items():
            trained = recipe.replace(epochs=epochs) if epochs else recipe
            for repeat in range(repeats):
                yield Training(notebook, label, trained, images, seed + repeat)


def _of_protocols(
    notebook: str, prefix: str, values: Mapping[str, Any], recipe: Recipe, repeats: int
) -> Iterator[Training]:
    """Yield every arm of every protocol and repeat, and of the first protocol's other shares of labels."""
    names = ("epochs", "more_epochs", "threshold", "unlabelled_ratio")
    changes = {name: values.get(f"{prefix}_{name}") or None for name in names}
    changes["hidden"] = 1 - values[f"{prefix}_labels"] if values.get(f"{prefix}_labels") else None
    chosen = {name: get_protocol(name).replace(**changes) for name in values[f"{prefix}_protocols"]}
    if not chosen:
        raise InputError(f"{prefix}_protocols: expected one protocol or more, found none")
    asked = [(name, protocol, repeat) for name, protocol in chosen.items() for repeat in range(repeats)]
    first, protocol = next(iter(chosen.items()))
    if protocol.transductive:
        raise InputError(f"{prefix}_protocols: expected one that compares first, found {first!r}")
    for share in values.get(f"{prefix}_shares", []):
        asked.append((f"{first}/{share}", protocol.replace(hidden=1 - share), 0))
    for name, protocol, repeat in asked:
        for arm_name, trained, images, _ in protocol.planned(recipe, _training_images(values, prefix)):
            label = f"{recipe.name}/{name}/{arm_name}"
            yield Training(notebook, label, trained, images, values.get("seed", 0) + repeat)


def _training_images(values: Mapping[str, Any], prefix: str) -> int:
    """Return how many images a notebook trains on, without reading the data."""
    if chosen := values.get(f"{prefix}_subset") or values.get("training_images"):
        return int(chosen)
    drawn = practice_count(values.get("data", ""))
    return FER2013_TRAINING if drawn is None else drawn
