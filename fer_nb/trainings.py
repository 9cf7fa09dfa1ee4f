"""What the notebooks will train, read off their parameters before anything runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fer_nb.data import practice_count
from fer_nb.errors import InputError
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.recipes import ablation_arm, arm, get_recipe

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

    A notebook trains what its parameters name: `X_recipes` (a list of recipes), `X_arms` (variants of the
    first: "option=value", or "normalization+augmentation"), `X_epochs` (0 for each recipe's own number) and
    `X_repeats` (seeds), where X is the notebook's own prefix.

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
    images = _training_images(values)
    seed = values.get("seed", 0)
    for key, names in values.items():
        prefix, _, kind = key.rpartition("_")
        if kind != "recipes":
            continue
        if not names:
            raise InputError(f"{key}: expected one recipe or more, found none")
        recipes = {name: get_recipe(name) for name in names}
        for option in values.get(f"{prefix}_arms", []):
            vary = ablation_arm if "+" in option else arm
            recipes[f"{names[0]}/{option}"] = vary(recipes[names[0]], option)
        epochs = values.get(f"{prefix}_epochs", 0)
        repeats = values.get(f"{prefix}_repeats", 1)
        if repeats < 1:
            raise InputError(f"{prefix}_repeats: expected 1 or more, found {repeats}")
        for label, recipe in recipes.items():
            trained = recipe.replace(epochs=epochs) if epochs else recipe
            for repeat in range(repeats):
                yield Training(notebook, label, trained, images, seed + repeat)


def _training_images(values: Mapping[str, Any]) -> int:
    """Return how many images a notebook trains on, without reading the data."""
    if values.get("training_images"):
        return int(values["training_images"])
    drawn = practice_count(values.get("data", ""))
    return FER2013_TRAINING if drawn is None else drawn
