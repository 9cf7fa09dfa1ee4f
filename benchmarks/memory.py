"""The memory at which a process peaks that trains a recipe: what a worker needs to have."""

import multiprocessing
import resource
import sys
import tempfile
from pathlib import Path

import click

from fer_nb.commands.backend import start_networks
from fer_nb.learning.recipes import RECIPES, get_recipe

IMAGES = 35_887  # of FER2013: they lie in memory, with what is made of them, whatever the network
STEPS = 2
LIGHT = "practice_dnn"  # weighs the data: an epoch of all images takes it seconds


@click.command()
@click.argument("recipes", nargs=-1)
def memory(recipes: tuple[str, ...]) -> None:
    """Train each of RECIPES for a few steps in a process of its own; print its peak in GB, FER2013 in it.

    Example: nox -s bench -- memory compact_cnn
    """
    few = STEPS * get_recipe(LIGHT).batch_size
    data = max(0.0, _peak(LIGHT, IMAGES) - _peak(LIGHT, few))
    click.echo(f"all images instead of a few: {data:.2f} GB more")
    for name in recipes or RECIPES:
        peak = _peak(name, STEPS * get_recipe(name).batch_size)
        click.echo(f"{name:<20}{peak + data:>6.2f} GB")


def _peak(recipe: str, images: int) -> float:
    """Return the highest resident memory of a process that trains one epoch, in GB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_train, (recipe, images))


def _train(name: str, images: int) -> float:
    start_networks()
    from benchmarks.trainers import HELD_OUT, random_faces
    from fer_nb.learning.training import find_or_train

    faces = random_faces(images)
    recipe = get_recipe(name).replace(epochs=1, validation=HELD_OUT, small_share=0.0, warmup_epochs=0.0)
    with tempfile.TemporaryDirectory() as runs:
        find_or_train(recipe, faces, seed=0, runs=Path(runs), progress="none", checkpoint_seconds=0.0)
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9
