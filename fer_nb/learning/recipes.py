"""The recipes by name, read from `recipes.yaml`, and variants of them. Importing this room needs no Keras."""

import ast
import dataclasses
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from fer_nb.errors import InputError, known_name
from fer_nb.language import Text
from fer_nb.learning.recipe import Recipe


def read_recipes(path: Path) -> dict[str, Recipe]:
    """Return the recipes of a YAML file by name; a name that begins with a dot is what others share.

    Raises:
        InputError: A setting is unknown, missing or out of its range; the message names file and line.
    """
    text = path.read_text(encoding="utf-8")
    lines = {key.value: key.start_mark.line + 1 for key, _ in yaml.compose(text, yaml.SafeLoader).value}  # type: ignore[union-attr]
    found = {}
    for name, values in yaml.safe_load(text).items():
        if name.startswith("."):
            continue
        texts = {key: Text(**values[key]) for key in ("source", "cost") if key in values}
        try:
            found[name] = Recipe(name=name, **values | texts)
        except (InputError, TypeError) as error:
            raise InputError(f"{path.name}, line {lines[name]}: {error}") from None
    return found


RECIPES = read_recipes(Path(__file__).with_name("recipes.yaml"))
"""Every recipe by its name."""


def get_recipe(name: str, settings: Iterable[str] = (), *, epochs: int = 0) -> Recipe:
    """Return the recipe of this name: one of RECIPES, or of a network of one's own.

    Args:
        name: Of a recipe, or of a function in `own_networks.py`, see `fer_nb.learning.own_networks`.
        settings: Changes of it, one after another, as `arm` reads them.
        epochs: How many it trains for, whatever else says; 0 leaves them.

    Raises:
        InputError: There is none; the message names the nearest. A change does not fit.
    """
    if name in RECIPES:
        recipe = RECIPES[name]
    else:
        from fer_nb.learning.own_networks import own_recipes

        own = own_recipes()
        if taken := RECIPES.keys() & own.keys():
            raise InputError.expected("a network of one's own", "a name of its own", ", ".join(sorted(taken)))
        recipe = own[known_name("recipe", name, RECIPES | own)]
    for change in settings:
        recipe = arm(recipe, change)
    return recipe.replace(epochs=epochs) if epochs else recipe


def arm(recipe: Recipe, changes: str) -> Recipe:
    """Return a recipe with some of its settings, or options of its network, changed.

    Args:
        recipe: The recipe to vary.
        changes: "name=value", more of them joined by "+": "learning_rate=0.01+batch_size=64",
            "activation=leaky_relu". A name that is no setting of a recipe is an option of the network, which
            checks it when it is made.

    Raises:
        InputError: There is no equals sign, no name before it, or a setting is out of its range.
    """
    settings: dict[str, Any] = {}
    options = dict(recipe.options)
    for change in re.split(r"\+(?=\s*[a-z_]\w*\s*=)", changes):
        name, sign, text = (part.strip() for part in change.partition("="))
        if not sign or not name:
            raise InputError(f"change of {recipe.name!r}: expected setting=value, found {change!r}")
        try:
            value = _YAML[text] if text in _YAML else ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):  # the last two of text without end
            value = text
        (settings if name in VARIABLE else options)[name] = value
    return recipe.replace(options=options, **settings)


_YAML = {"true": True, "false": False, "null": None}  # which are no literals of Python

VARIABLE = {entry.name for entry in dataclasses.fields(Recipe)} - {
    "name", "architecture", "source", "cost", "multiply_adds", "peak_memory", "stated", "options"
}  # fmt: skip
"""Settings of a recipe that a variant may change; any other name is an option of its network."""


def dnn_otherwise(cnn: Recipe, dnn: Recipe) -> dict[str, Recipe]:
    """Return {label: the DNN trained the other way}, lest a comparison favour the CNN.

    That is without augmentation where it has some, else with the CNN's; empty where neither has any.

    Args:
        cnn: The CNN's recipe.
        dnn: The DNN's.
    """
    other = cnn.augmentation if dnn.augmentation == "none" else "none"
    return {} if other == dnn.augmentation else {f"{dnn.name}/{other}": dnn.replace(augmentation=other)}


def with_fixed_pixels(recipe: Recipe, *, epochs: int = 0) -> Recipe:
    """Return a recipe that leaves every pixel of a training image where it is.

    Without augmentation, mirrored copies, crops and small images, which make no sense of shuffled pixels.

    Args:
        recipe: The recipe to change.
        epochs: How many it trains for; 0 for as many as it has.
    """
    fixed: dict[str, Any] = {"flipped_copies": False, "crop": None, "small_share": 0.0}
    return recipe.replace(augmentation="none", epochs=epochs or recipe.epochs, **fixed)


def ablation_variant(recipe: Recipe, variant: str) -> Recipe:
    """Return a recipe with another normalization and augmentation.

    Args:
        recipe: The recipe to vary.
        variant: "normalization+augmentation", for example "standardized+flip"; the augmentation may be one
            part of a preset ("compact/rotation") and carry a strength ("compact*2"). The names are checked
            when it trains.

    Raises:
        InputError: There is no plus sign, or the strength is no number.
    """
    normalization, sign, augmentation = variant.partition("+")
    if not sign:
        raise InputError(f"variant {variant!r}: expected normalization+augmentation")
    augmentation, _, strength = augmentation.partition("*")
    try:
        factor = float(strength or 1)
    except ValueError:
        raise InputError(f"variant {variant!r}: expected a number behind *, found {strength!r}") from None
    return recipe.replace(
        normalization=normalization, augmentation=augmentation, augmentation_strength=factor
    )
