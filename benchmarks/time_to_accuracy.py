"""How long report C's recipe and `compact_cnn` take to an accuracy on FER2013, on the same machine."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
import pandas as pd

from fer_nb.commands.backend import start_networks
from fer_nb.commands.options import DATA, RUNS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SLOW, FAST = "three_block_cnn", "compact_cnn"
VALIDATION = 0.1  # both are judged on the same held-out images, identical images kept together
PICTURE = "time_to_accuracy.png"


@click.command("time-to-accuracy")
@DATA
@RUNS
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--epochs", type=click.IntRange(1), help="Of both; by default each recipe's own number.")
@click.option("--training-images", type=click.IntRange(0), default=0, help="A subset, for a trial; 0: all.")
def time_to_accuracy(data: str, *, runs: Path, seed: int, epochs: int | None, training_images: int) -> None:
    """Train report C's recipe and then compact_cnn; print validation accuracy against training time.

    Training that is stopped goes on when the command is given again. The picture lies in the runs' folder.

    Example: nox -s bench -- time-to-accuracy --data fer2013.csv
    """
    start_networks()
    from fer_nb.data import load
    from fer_nb.data.subsets import take_training
    from fer_nb.learning.recipes import get_recipe
    from fer_nb.learning.training import find_or_train

    faces = take_training(load(data, seed=seed), training_images, seed=seed)
    histories = {}
    for name in (SLOW, FAST):
        recipe = get_recipe(name).replace(validation=VALIDATION)
        recipe = recipe.replace(epochs=epochs) if epochs else recipe
        run = find_or_train(recipe, faces, seed=seed, runs=runs)
        click.echo(f"{name}: {run.folder}, {run.facts['device']['en']}")
        histories[name] = timed(run.history())
    click.echo(table(histories).to_string(index=False))
    click.echo(verdict(histories))
    draw(histories, runs / PICTURE)
    click.echo(f"{runs / PICTURE}")


def timed(history: pd.DataFrame) -> pd.DataFrame:
    """Return epoch, validation accuracy and the minutes of training up to the end of the epoch."""
    return pd.DataFrame(
        {
            "epoch": history["epoch"],
            "minutes": history["seconds"].cumsum() / 60,
            "validation": history["validation_accuracy"],
        }
    )


def minutes_to(history: pd.DataFrame, accuracy: float) -> float:
    """Return the minutes after which a validation accuracy was first reached; infinite if it never was."""
    reached = history[history["validation"] >= accuracy]
    return float(reached["minutes"].iloc[0]) if len(reached) else float("inf")


def table(histories: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return, for each network, its best validation accuracy, when it came, and the minutes to some marks."""
    goal = histories[SLOW]["validation"].max()
    marks = [mark for mark in np.arange(0.5, 0.7, 0.05) if mark < goal]
    rows = []
    for name, history in histories.items():
        best = history.loc[history["validation"].idxmax()]
        reached = {f"min to {mark:.2f}": f"{minutes_to(history, mark):.1f}" for mark in marks}
        reached[f"min to {goal:.4f}"] = f"{minutes_to(history, goal):.1f}"
        an_epoch = history["minutes"].diff().fillna(history["minutes"].iloc[0]) * 60
        rows.append(
            {
                "network": name,
                "epochs": len(history),
                "minutes": f"{history['minutes'].iloc[-1]:.1f}",
                "seconds an epoch": f"{an_epoch.min():.0f} to {an_epoch.max():.0f}",
                "best": f"{best['validation']:.4f}",
                "at epoch": int(best["epoch"]),
                **reached,
            }
        )
    return pd.DataFrame(rows)


def verdict(histories: Mapping[str, pd.DataFrame]) -> str:
    """Say how many times sooner the fast recipe reaches the slow one's best validation accuracy."""
    goal = histories[SLOW]["validation"].max()
    slow, fast = (minutes_to(histories[name], goal) for name in (SLOW, FAST))
    if not np.isfinite(fast):
        return f"{FAST} does not reach the {goal:.4f} of {SLOW}: {histories[FAST]['validation'].max():.4f}"
    return (
        f"{FAST} reaches the best validation accuracy of {SLOW}, {goal:.4f}, in {fast:.1f} minutes instead "
        f"of {slow:.1f}: {slow / fast:.1f} times as fast"
    )


def draw(histories: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write the picture: validation accuracy against minutes of training."""
    from matplotlib import pyplot as plt

    from fer_nb.figures.style import use_report_style

    use_report_style()
    figure, ax = plt.subplots(figsize=(5.5, 3.2))
    accuracy_against_time(ax, histories)
    figure.savefig(path, dpi=160)
    plt.close(figure)


def accuracy_against_time(ax: "Axes", histories: Mapping[str, pd.DataFrame]) -> "Axes":
    """Draw a line a network, and the best of the slow one as a dotted line."""
    for name, history in histories.items():
        ax.plot(history["minutes"], history["validation"], marker=".", label=name)
    ax.axhline(histories[SLOW]["validation"].max(), color="0.5", linestyle=":", linewidth=1)
    ax.set_xlabel("訓練時間（分鐘）minutes of training")
    ax.set_ylabel("驗證準確率 validation accuracy")
    ax.legend()
    return ax
