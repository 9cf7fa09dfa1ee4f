"""Learning without labels: student beside control, pseudo-labels by class and by threshold."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import transforms
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from fer_nb.language import EMOTIONS, GLOSSARY, Text
from fer_nb.learning.semi.splitting import PseudoLabelCounts

ARMS = {
    "control": Text("監督式訓練", "supervised training"),
    "student": Text("加上偽標籤", "with pseudo-labels"),
}
"""The arms that are compared, by their names in an `Outcome`."""


def paired_accuracies(ax: Axes, pairs: Mapping[Text, tuple[Sequence[float], Sequence[float]]]) -> None:
    """Draw for each protocol a line a seed from its control to its student, and their means in bold.

    Args:
        ax: Axes to draw on.
        pairs: Protocol -> accuracies of the controls and of the students, 0 to 1, in the order of the seeds.
    """
    for number, (name, (controls, students)) in enumerate(pairs.items()):
        places = np.array([0.0, 1.0]) + 1.8 * number
        for pair in zip(controls, students, strict=True):
            ax.plot(places, 100 * np.array(pair), "o-", color="0.6", linewidth=1, markersize=4)
        means = [100 * float(np.mean(controls)), 100 * float(np.mean(students))]
        ax.plot(places, means, "s-", color="C0", linewidth=2.5, markersize=7)
        for place, mean, side in zip(places, means, ("right", "left"), strict=True):
            space = -0.06 if side == "right" else 0.06
            ax.text(place + space, mean, f"{mean:.1f}%", ha=side, va="center", color="C0", weight="bold")
        middle, above = float(places.mean()), ax.get_xaxis_transform()
        ax.text(middle, 1.02, f"{name.zh}\n{name.en}", ha="center", transform=above)
    ends = [place for number in range(len(pairs)) for place in (1.8 * number, 1.8 * number + 1)]
    ax.set_xticks(ends, [f"{end.zh}\n{end.en}" for _ in pairs for end in ARMS.values()])
    ax.set(xlim=(-0.5, ends[-1] + 0.5), ylabel=f"{GLOSSARY['accuracy']} (%)")


def pseudo_label_shares(ax: Axes, counts: PseudoLabelCounts) -> None:
    """Draw each class's share of the pseudo-labels, wrong ones hatched, beside its share of the images.

    Args:
        ax: Axes to draw on.
        counts: The pseudo-labels; the number of each class stands above its bar.
    """
    places, whole = np.arange(len(EMOTIONS)), max(sum(counts.kept), 1)
    good, bad = np.array(counts.right) / whole, np.subtract(counts.kept, counts.right) / whole
    true = np.array(counts.pool) / max(sum(counts.pool), 1)
    ax.bar(places - 0.2, true, 0.38, color="0.75", label="無標籤影像的真實類別 true classes")
    ax.bar(places + 0.2, good, 0.38, color="C0", label="偽標籤，正確 pseudo-labels, right")
    hatched: dict[str, Any] = {"color": "white", "edgecolor": "C0", "hatch": "////", "linewidth": 0.8}
    bars = ax.bar(places + 0.2, bad, 0.38, bottom=good, label="偽標籤，錯誤 wrong", **hatched)
    ax.bar_label(bars, [str(count) for count in counts.kept], fontsize=7, padding=1)
    ax.set_xticks(places, [f"{emotion.zh}\n{emotion.en}" for emotion in EMOTIONS])
    highest = 1.12 * float(max(np.max(true), np.max(good + bad)))  # with room for the number above a bar
    ax.set(ylabel="佔比 share", ylim=(0, highest))
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, borderaxespad=0.2)


def threshold_curve(
    ax: Axes, counts: Mapping[float, PseudoLabelCounts], *, chosen: float | None = None
) -> None:
    """Draw which share of the images would be kept, and which share of these right, at other thresholds.

    Args:
        ax: Axes to draw on.
        counts: Threshold, a probability, ascending -> the pseudo-labels at it.
        chosen: The protocol's threshold, None where it has none.
    """
    kept = [sum(one.kept) / sum(one.pool) for one in counts.values()]
    right = [sum(one.right) / sum(one.kept) if sum(one.kept) else np.nan for one in counts.values()]
    ax.plot(list(counts), right, "o-", color="C0", markersize=4)
    ax.plot(list(counts), kept, "s--", color="C1", markersize=4)
    # Behind the lines, where nothing crosses them; apart where the lines end close together.
    levels = [level for level, share in zip(counts, right, strict=True) if np.isfinite(share)]
    correct = right[len(levels) - 1]  # nothing is right where nothing is kept, from some threshold on
    ends = {"正確的比例\nshare right": (correct, 0.08), "留下的比例\nshare kept": (kept[-1], -0.08)}
    for name, (height, apart) in ends.items():
        other = kept[-1] if apart > 0 else correct
        moved = height + apart if abs(height - other) < 2 * abs(apart) else height
        if np.isfinite(height):
            colour, last = ("C0", max(levels)) if apart > 0 else ("C1", max(counts))
            offset = transforms.offset_copy(ax.transData, ax.get_figure(root=True), x=6, units="points")
            ax.text(last, moved, name, transform=offset, va="center", fontsize=8, color=colour)
    if chosen is not None:
        ax.axvline(chosen, color="grey", linestyle=":")
        ax.text(chosen, 1.14, f"所用 used {chosen:g} ", ha="right", va="top", fontsize=8, color="0.3")
    ax.set(xlabel="機率門檻 threshold", ylim=(0, 1.16))
    ax.margins(x=0.04)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
