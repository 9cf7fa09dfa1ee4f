"""Curves against the epoch: loss, accuracy, learning rate."""

from collections.abc import Mapping

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from fer_nb.language import GLOSSARY

MEASURES = {"loss": "validation_loss", "accuracy": "validation_accuracy"}


def history_curves(ax: Axes, histories: Mapping[str, pd.DataFrame], *, measure: str) -> Axes:
    """Draw training (dashed) and validation (solid) against the epoch, one colour a network.

    The legend is `shared_legend`'s.

    Args:
        ax: Axes to draw on.
        histories: Name -> history with the columns epoch, `measure`, validation_`measure`.
        measure: "loss" or "accuracy".
    """
    colours = sns.color_palette(n_colors=len(histories))
    for (name, history), colour in zip(histories.items(), colours, strict=True):
        marker = "o" if len(history) == 1 else None
        ax.plot(history["epoch"], history[measure], "--", color=colour, linewidth=1, marker=marker)
        ax.plot(history["epoch"], history[MEASURES[measure]], color=colour, marker=marker, label=name)
    ax.plot([], [], "--", color="grey", linewidth=1, label=str(GLOSSARY["training"]))
    ax.plot([], [], color="grey", label=str(GLOSSARY["validation"]))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel=str(GLOSSARY["epoch"]), ylabel=str(GLOSSARY[measure]))
    return ax


def shared_legend(ax: Axes) -> Axes:
    """Put one legend of an axes' curves below the whole figure, where it covers none of them."""
    handles, labels = ax.get_legend_handles_labels()
    ax.figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 4))
    return ax


def accuracy_intervals(
    ax: Axes, scores: Mapping[str, Mapping[str, float]], *, stated: Mapping[str, float]
) -> Axes:
    """Draw accuracies with their intervals as points on one line each, and stated figures as crosses.

    Args:
        ax: Axes to draw on.
        scores: Label -> {"accuracy", "low", "high"}, 0 to 1.
        stated: Label -> accuracy that the source states; labels without one have none.
    """
    for place, (label, score) in enumerate(scores.items()):
        ax.plot([100 * score["low"], 100 * score["high"]], [place, place], color="C0", linewidth=1.5)
        ax.plot(
            100 * score["accuracy"], place, "o", color="C0", label="測得 measured" if place == 0 else None
        )
        if label in stated:
            ax.plot(100 * stated[label], place, "x", color="C3")
    ax.plot([], [], "o-", color="C0", label="測得，95% 信賴區間 measured, 95% interval")
    if any(label in stated for label in scores):
        ax.plot([], [], "x", color="C3", label="報告所述 stated")
    ax.set_yticks(range(len(scores)), list(scores))
    ax.invert_yaxis()
    ax.margins(y=0.15)
    ax.set_xlabel(f"{GLOSSARY['accuracy']} (%)")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)  # above, where no interval lies
    return ax
