"""Training images a second: the real loop against Keras's bare `fit`, precisions, XLA, the matrix rate."""

import json
import statistics
import tempfile
import time
from pathlib import Path

import click
import numpy as np

from fer_nb.learning.recipes import get_recipe

CHOSEN = ("three_block_cnn", "five_conv_cnn", "compact_cnn")
TRAINING_PASSES = 3  # forward, gradient of the activations, gradient of the weights
REAL = "real loop"
BARE: dict[str, tuple[str, bool | str]] = {
    "bare fit": ("float32", False),
    "bare fit, XLA (Keras's default)": ("float32", "auto"),
    "bare fit, bfloat16": ("mixed_bfloat16", False),
    "bare fit, bfloat16, XLA": ("mixed_bfloat16", True),
}
KERAS_DEFAULT = "bare fit, XLA (Keras's default)"


@click.command()
@click.argument("recipes", nargs=-1)
@click.option("--steps", type=click.IntRange(1), default=4, show_default=True, help="Steps an epoch.")
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True, help="Epochs of each way.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
def speed(recipes: tuple[str, ...], *, steps: int, rounds: int, as_json: bool) -> None:
    """Train each of RECIPES in several ways, in turns, and print the median images a second.

    Turns and medians keep the answer fair on a machine that does other things as well. An untimed epoch of
    each way comes first: it makes the graph.

    Example: python -m benchmarks speed compact_cnn --steps 8
    """
    tables = {name: _measure(name, steps=steps, rounds=rounds) for name in recipes or CHOSEN}
    if as_json:
        click.echo(json.dumps(tables))
        return
    for name, rates in tables.items():
        click.echo("\n".join(_lines(name, rates)))


def _measure(name: str, *, steps: int, rounds: int) -> dict[str, float]:
    """Return images a second of each way, and under "matrix" multiply-adds a second of matrix products."""
    from benchmarks.trainers import BareFit, RealLoop, Trainer, random_faces

    recipe = get_recipe(name).replace(precision="auto")
    faces = random_faces(steps * recipe.batch_size)
    with tempfile.TemporaryDirectory() as folder:
        trainers: dict[str, Trainer] = {REAL: RealLoop(recipe, faces, folder=Path(folder))}
        for way, (precision, xla) in BARE.items():
            trainers[way] = BareFit(recipe, faces, precision=precision, xla=xla)
        for trainer in trainers.values():
            trainer.epoch()
        rates: dict[str, list[float]] = {way: [] for way in ["matrix", *trainers]}
        for _ in range(rounds):
            rates["matrix"].append(_matrix_rate())
            for way, trainer in trainers.items():
                rates[way].append(trainer.images / trainer.epoch())
    return {way: statistics.median(values) for way, values in rates.items()}


def _matrix_rate() -> float:
    """Return multiply-adds a second of a product of two 2048x2048 float32 matrices, on all cores."""
    matrix = np.ones((2048, 2048), np.float32)
    started = time.perf_counter()
    for _ in range(5):
        matrix @ matrix
    return 5 * 2048**3 / (time.perf_counter() - started)


def _lines(name: str, rates: dict[str, float]) -> list[str]:
    """Return the table of one recipe, and what follows from it."""
    work = TRAINING_PASSES * get_recipe(name).multiply_adds
    ways = [way for way in rates if way != "matrix"]
    best = max((way for way in ways if way != REAL), key=rates.__getitem__)
    lines = [f"{name} ({rates['matrix'] / 1e9:,.0f} billion multiply-adds a second in matrix products)"]
    for way in ways:
        share = rates[way] * work / rates["matrix"]
        lines.append(f"  {way:<34}{rates[way]:>10,.1f} images/s{100 * share:>8.0f}% of the matrix rate")
    return [
        *lines,
        f"  real loop against the best bare fit ({best}): {rates[REAL] / rates[best]:.2f}",
        f"  real loop against Keras's defaults: {rates[REAL] / rates[KERAS_DEFAULT]:.2f}",
        "",
    ]
