"""Training images a second: the real loop against Keras's bare `fit`, precisions, XLA, the matrix rate."""

import json
import statistics
import time

import click
import numpy as np

from benchmarks.workers import REAL, Worker
from fer_nb.commands.options import JSON
from fer_nb.learning.recipes import get_recipe

CHOSEN = ("three_block_cnn", "five_conv_cnn", "compact_cnn")
TRAINING_PASSES = 3  # forward, gradient of the activations, gradient of the weights
KERAS_DEFAULT = "bare fit, float32, Keras's defaults"
AS_HERE = {
    REAL: None,
    "bare fit, float32": ("float32", False),
    "bare fit, bfloat16": ("mixed_bfloat16", False),
}
AS_TENSORFLOW_STARTS = {
    KERAS_DEFAULT: ("float32", "auto"),
    "bare fit, bfloat16, XLA": ("mixed_bfloat16", True),
}
# Keras compiles by XLA only on a GPU, where operations need not be deterministic. 0 threads: one a core.
TENSORFLOWS_OWN = {"TF_DETERMINISTIC_OPS": "0", "TF_NUM_INTEROP_THREADS": "0"}


@click.command()
@click.argument("recipes", nargs=-1)
@click.option("--steps", type=click.IntRange(1), default=4, show_default=True, help="Steps an epoch.")
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True, help="Epochs of each way.")
@JSON
def speed(recipes: tuple[str, ...], *, steps: int, rounds: int, as_json: bool) -> None:
    """Train each of RECIPES in several ways, in turns, and print the median images a second.

    Turns and medians keep the answer fair on a machine that does other things as well. An untimed epoch of
    each way comes first: it makes the graph.

    Example: python -m benchmarks speed compact_cnn --steps 8
    """
    tables = {}
    for name in recipes or CHOSEN:
        tables[name] = _measure(name, steps=steps, rounds=rounds)
        if not as_json:
            click.echo("\n".join(_lines(name, tables[name])))
    if as_json:
        click.echo(json.dumps(tables))


def _measure(name: str, *, steps: int, rounds: int) -> dict[str, float]:
    """Return images a second of each way, and under "matrix" multiply-adds a second of matrix products."""
    ours = Worker(name, AS_HERE, steps=steps, environment={})
    own = Worker(name, AS_TENSORFLOW_STARTS, steps=steps, environment=TENSORFLOWS_OWN)
    workers = dict.fromkeys(AS_HERE, ours) | dict.fromkeys(AS_TENSORFLOW_STARTS, own)
    for way, worker in workers.items():
        worker.images_per_second(way)
    rates: dict[str, list[float]] = {way: [] for way in ["matrix", *workers]}
    for _ in range(rounds):
        rates["matrix"].append(_matrix_rate())
        for way, worker in workers.items():
            rates[way].append(worker.images_per_second(way))
    ours.end()
    own.end()
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
        lines.append(f"  {way:<42}{rates[way]:>10,.1f} images/s{100 * share:>8.0f}% of the matrix rate")
    return [
        *lines,
        f"  real loop against the best bare fit ({best}): {rates[REAL] / rates[best]:.2f}",
        f"  real loop against Keras's defaults: {rates[REAL] / rates[KERAS_DEFAULT]:.2f}",
        "",
    ]
