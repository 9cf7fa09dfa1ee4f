"""`python -m fer_nb recipes`: every network with its size, its cost and what its source states."""

import math
from collections.abc import Iterator

import click

from fer_nb.commands import options
from fer_nb.commands.backend import start_networks
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.recipes import RECIPES

_STATED = ("validation", "public", "private")
_COLUMNS = ("name", "parameters", "trainable", "multiply-adds", *_STATED, "epochs", "source")


@click.command()
@options.answer
def recipes() -> tuple[object, Iterator[str]]:
    """List the recipes: exact parameters and multiply-adds, and the accuracy that the source states.

    Multiply-adds are those of one image forward; training takes three times as many. --json also tells at how
    many GB of memory a process peaks that trains it on FER2013.

    Example: python -m fer_nb recipes
    """
    start_networks()
    counts = {name: _counts(recipe) for name, recipe in RECIPES.items()}
    found = [
        {"name": name} | counts[name] | {"peak_memory_gb": recipe.peak_memory}
        for name, recipe in RECIPES.items()
    ]
    rows = (_row(recipe, counts[name]) for name, recipe in RECIPES.items())
    return found, options.table([_COLUMNS, *rows])


def _counts(recipe: Recipe) -> dict[str, int]:
    """Return what the network of a recipe has, counted on the network itself."""
    from fer_nb.learning.models import build_shapes, multiply_adds

    network = build_shapes(recipe.architecture, crop=recipe.crop, **recipe.options)
    return {
        "parameters": network.count_params(),
        "trainable_parameters": sum(math.prod(weight.shape) for weight in network.trainable_weights),
        "multiply_adds": multiply_adds(network),
    }


def _row(recipe: Recipe, counts: dict[str, int]) -> tuple[str, ...]:
    stated = (f"{100 * recipe.stated[split]:.2f}%" if split in recipe.stated else "-" for split in _STATED)
    numbers = (f"{number:,}" for number in counts.values())
    return (recipe.name, *numbers, *stated, str(recipe.epochs), recipe.source.en)
