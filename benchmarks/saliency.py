"""Seconds that saliency maps take, and report C's map beside the loop that its authors would have written."""

import json
import time
from collections.abc import Callable

import click
import numpy as np

from fer_nb.commands.options import JSON
from fer_nb.learning.recipes import get_recipe

PIXELS = 2304
LOOPED = 50  # pixels of the loop that are timed; the others take as long


@click.command()
@click.argument("recipe", default="three_block_cnn")
@click.option("--images", type=click.IntRange(1), default=256, show_default=True, help="For the gradient.")
@click.option("--fewer", type=click.IntRange(1), default=64, show_default=True, help="For slower methods.")
@JSON
def saliency(recipe: str, *, images: int, fewer: int, as_json: bool) -> None:
    """Time the methods on the network of RECIPE, with random weights: speed does not depend on them.

    Example: python -m benchmarks saliency compact_cnn
    """
    from benchmarks.trainers import random_faces
    from fer_nb.analysis import saliency as maps
    from fer_nb.learning.models import build
    from fer_nb.learning.transforms import fit_normalization

    chosen = get_recipe(recipe)
    faces = random_faces(images).images[:images]
    normalization = fit_normalization(chosen.normalization, faces)
    network = build(
        chosen.architecture, normalization=normalization, crop=chosen.crop, seed=0, **chosen.options
    )
    classes = np.arange(images) % 7
    few, some = faces[:fewer], classes[:fewer]
    ways: dict[str, Callable[[], object]] = {
        f"gradient, {images} images": lambda: maps.gradient(network, faces, classes),
        f"SmoothGrad, {fewer}": lambda: maps.smoothgrad(network, few, some, seed=0),
        f"integrated gradients, {fewer}": lambda: maps.integrated_gradients(network, few, some),
        f"occlusion, {fewer}": lambda: maps.occlusion(network, few, some),
        "perturbation, 1": lambda: maps.perturbation(network, few[:1], some[:1]),
    }
    maps.gradient(network, few[:1], some[:1])  # makes the graphs, which every further call finds
    maps.occlusion(network, few[:1], some[:1], patch=40, stride=40)
    seconds = {name: _seconds(way) for name, way in ways.items()}
    loop = "perturbation, 1, a loop of predict"
    seconds[loop] = _seconds(lambda: _looped(network, few[0])) * PIXELS / LOOPED
    if as_json:
        click.echo(json.dumps(seconds))
        return
    for name, value in seconds.items():
        click.echo(f"{name:<42}{value:>10.2f} s")
    click.echo(
        f"perturbation against the loop: {seconds[loop] / seconds['perturbation, 1']:.0f} times as fast"
    )


def _looped(network, face: np.ndarray) -> None:  # type: ignore[no-untyped-def]
    """Ask for one changed image after the other, as a first program would."""
    for pixel in range(LOOPED):
        changed = face.astype(np.float32)
        changed.flat[pixel] += 1
        network.predict(changed[None, ..., None], verbose=0)


def _seconds(way: Callable[[], object]) -> float:
    started = time.perf_counter()
    way()
    return time.perf_counter() - started
