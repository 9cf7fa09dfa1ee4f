"""Loss and accuracy against the epoch, and what shuffled pixels do to two networks."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from fer_nb.language import GLOSSARY, Text

MEASURES = {"loss": "validation_loss", "accuracy": "validation_accuracy"}


def history_curves(ax: Axes, histories: Mapping[Any, pd.DataFrame], *, measure: str) -> None:
    """Draw validation (solid) and training (dashed) against the epoch, the gap tinted.

    Training is drawn as the network answers its images without augmentation and dropout, so that the two may
    be subtracted; of a run of old, which did not write that down, validation alone. Networks are named by
    `end_labels`.

    Args:
        ax: Axes to draw on.
        histories: Name, as Text or str -> history, as `fer_nb.learning.runs.Run.history` returns it.
        measure: "loss", in nats, or "accuracy", drawn in percent.
    """
    colours = sns.color_palette(n_colors=len(histories))
    scale = 100 if measure == "accuracy" else 1
    for (name, history), colour in zip(histories.items(), colours, strict=True):
        marker = "o" if len(history) == 1 else None
        epochs, held_out = history["epoch"], scale * history[MEASURES[measure]]
        ax.plot(epochs, held_out, color=colour, marker=marker, label=str(name))
        if f"training_{measure}" in history:
            learned = scale * history[f"training_{measure}"]
            ax.plot(epochs, learned, "--", color=colour, linewidth=1, marker=marker)
            ax.fill_between(epochs, held_out, learned, color=colour, alpha=0.1, linewidth=0)
    ax.plot([], [], "--", color="grey", linewidth=1, label=str(GLOSSARY["training"]))
    ax.plot([], [], color="grey", label=str(GLOSSARY["validation"]))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    unit = "%" if measure == "accuracy" else "nat"
    ax.set(xlabel=str(GLOSSARY["epoch"]), ylabel=f"{GLOSSARY[measure]} ({unit})")


def end_labels(ax: Axes, names: Sequence[Text], *, gap: float = 0.17) -> None:
    """Name curves at their right ends, in their colours, and in a corner what solid and dashed lines are.

    Args:
        ax: Axes with the curves of `history_curves`, at the right of its figure.
        names: Of the networks, in the order in which they were drawn.
        gap: Least distance of two names, as a share of the axes' height.
    """
    drawn = [line for line in ax.lines if np.size(line.get_xdata()) and line.get_linestyle() == "-"]
    ends = [np.asarray(line.get_xydata(), float)[-1] for line in drawn]
    low, high = ax.get_ylim()
    places = _apart([(y - low) / (high - low) for _, y in ends], gap)
    crowded = max(max(places) - 0.95, 0)
    how: dict[str, Any] = {"textcoords": "axes fraction", "va": "center", "annotation_clip": False}
    for name, line, end, place in zip(names, drawn, ends, places, strict=True):
        said = name.zh if name.zh == name.en else f"{name.zh}\n{name.en}"
        how |= {"color": line.get_color(), "fontsize": 7}
        arrow = {"arrowstyle": "-", "color": line.get_color(), "linewidth": 0.5}
        ax.annotate(said, end, (1.04, place - crowded), arrowprops=arrow, **how)
    styles = [line for line in ax.lines if not np.size(line.get_xdata())]
    ax.legend(handles=styles, loc="best", fontsize=7)


def _apart(heights: Sequence[float], gap: float) -> list[float]:
    """Move heights up, from the lowest on, until any two are a gap apart."""
    moved = list(heights)
    below, *above = np.argsort(heights)
    for place in above:
        moved[place] = max(moved[place], moved[below] + gap)
        below = place
    return moved


def loss_and_accuracy(axes: Sequence[Axes], histories: Mapping[Text, pd.DataFrame]) -> None:
    """Draw `history_curves` of the loss and of the accuracy, each on one of two axes, with names."""
    for ax, measure in zip(axes, MEASURES, strict=True):
        history_curves(ax, histories, measure=measure)
    end_labels(axes[1], list(histories))


def shuffled_slopes(ax: Axes, scores: Mapping[Text, Sequence[Mapping[str, Any]]], *, split: Text) -> None:
    """Draw one line a network: its accuracy on whole images at the left, on shuffled ones at the right.

    Args:
        ax: Axes to draw on.
        scores: Network -> {"accuracy", "low", "high"}, 0 to 1, of the two.
        split: Whose images were answered.
    """
    how: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": 7.5}
    spans = [100 * score[key] for pair in scores.values() for score in pair for key in ("low", "high")]
    line = 0.09 * (max(spans) - min(spans))  # of text
    heights = [[100 * pair[place]["accuracy"] for pair in scores.values()] for place in (0, 1)]
    said = [_apart(heights[0], 3 * line), _apart(heights[1], line)]  # a name has three lines
    colours = sns.color_palette(n_colors=len(scores))
    for (name, pair), colour, *at in zip(scores.items(), colours, *said, strict=True):
        middle, low, high = (
            np.array([100 * score[key] for score in pair]) for key in ("accuracy", "low", "high")
        )
        ax.errorbar(
            (0, 1), middle, yerr=(middle - low, high - middle), fmt="o-", color=colour, capsize=3, linewidth=2
        )
        for place, which, side, away in ((0, f"{name.zh}\n{name.en}\n", "right", -8), (1, "", "left", 8)):
            text = f"{which}{middle[place]:.1f}%"
            ax.annotate(text, (place, at[place]), (away, 0), ha=side, color=colour, **how)
    ax.set_xticks((0, 1), ["原圖\noriginal", "打亂像素\nshuffled"])
    accuracy = GLOSSARY["accuracy"]
    ax.set(xlim=(-1.1, 1.4), ylabel=f"{split.zh}{accuracy.zh} {split.en} {accuracy.en} (%)")
    ax.margins(y=0.2)
