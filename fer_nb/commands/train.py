"""`python -m fer_nb train` and `resume`: train a network by its recipe, and go on with a finished run."""

from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fer_nb.commands import networks, options
from fer_nb.commands.backend import start_networks
from fer_nb.data import load
from fer_nb.learning.recipes import arm, get_recipe

if TYPE_CHECKING:
    from fer_nb.learning.runs import Run


@click.command()
@click.argument("recipe")
@options.DATA
@click.option("--epochs", type=int, help="Passes over the training images; the recipe's own by default.")
@click.option(
    "--seed", type=click.IntRange(0), help="Of everything random; 0 by default, or that of the run."
)
@options.SETTINGS
@options.RUNS
@options.QUIET
@options.answer
def train(
    recipe: str, *, data: str, epochs: int | None, seed: int | None, settings: tuple[str, ...], runs: Path,
    quiet: bool,
) -> tuple[object, Iterator[object]]:  # fmt: skip
    """Train RECIPE on the Training rows of --data, or find the run that already did.

    RECIPE is a recipe's name; or the folder of a run, which is then trained again as it was, seed and all.
    Training that was interrupted goes on from its last checkpoint and ends with the same weights.

    Example: python -m fer_nb train compact_cnn --data fer2013.csv --epochs 3 --set optimizer=adam
    """
    if Path(recipe, "run.json").is_file():
        earlier = networks.read_run(Path(recipe), runs)
        from fer_nb.learning.own_networks import find_own

        earlier.check_trained_at_once()
        chosen, usual = earlier.recipe, earlier.facts["seed"]
        find_own(chosen.architecture)
    else:
        chosen, usual = get_recipe(recipe), 0
    seed = usual if seed is None else seed
    chosen = reduce(arm, settings, chosen)
    if epochs is not None:
        chosen = chosen.replace(epochs=epochs)
    faces = load(data, cache=runs / "cache", seed=seed, quiet=quiet)
    start_networks()
    from fer_nb.learning.training import find_or_train

    run = find_or_train(chosen, faces, seed=seed, runs=runs, progress="none" if quiet else None)
    return _answer(run), _lines(run, faces.source)


@click.command()
@options.RUN
@click.option("--epochs", type=int, required=True, help="The last epoch, counted from the very first.")
@options.DATA
@options.RUNS
@options.QUIET
@options.answer
def resume(run: Path, *, epochs: int, data: str, runs: Path, quiet: bool) -> tuple[object, Iterator[object]]:
    """Go on with a finished RUN, a folder below --runs, until --epochs in all.

    The optimizer goes on where it stood; the result is a run of its own. Training that was interrupted needs
    no command: `train` goes on with it.

    Example: python -m fer_nb resume runs/compact_cnn-0123456789ab --epochs 30 --data fer2013.csv
    """
    finished = networks.read_run(run, runs)
    from fer_nb.learning.own_networks import find_own

    find_own(finished.recipe.architecture)
    faces = load(data, cache=runs / "cache", seed=finished.facts["seed"], quiet=quiet)
    from fer_nb.learning.training import continue_run

    longer = continue_run(finished, faces, epochs=epochs, runs=runs, progress="none" if quiet else None)
    return _answer(longer), _lines(longer, faces.source)


def _answer(run: "Run") -> dict[str, object]:
    return {"run": str(run.folder), "epochs": run.facts["epochs"], "metrics": run.facts["metrics"]}


def _lines(run: "Run", source: str) -> Iterator[object]:
    yield run.folder
    yield from options.accuracies(run.facts["metrics"])
    yield from options.limit(source)
