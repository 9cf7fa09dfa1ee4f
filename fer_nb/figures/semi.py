"""Learning without labels: pseudo-labels by class and by threshold, accuracy by share of labels."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from fer_nb.language import EMOTIONS, GLOSSARY


def pseudo_label_bars(ax: Axes, *, pool: Sequence[int], kept: Sequence[int], right: Sequence[int]) -> Axes:
    """Draw the pseudo-labels of each class as bars, right ones below wrong ones, and the images there are.

    Args:
        ax: Axes to draw on.
        pool: Unlabelled images of each true class, (7,).
        kept: Images that got each class for a pseudo-label, (7,).
        right: How many of these are right, (7,).
    """
    places = np.arange(len(EMOTIONS))
    wrong = np.subtract(kept, right)
    ax.bar(places, right, 0.6, color="C0", label="正確的偽標籤 right")
    ax.bar(places, wrong, 0.6, bottom=right, color="C3", hatch="//", edgecolor="white", label="錯誤的 wrong")
    ax.plot(
        places, pool, "_", color="black", markersize=24, label="這個類別的無標籤影像 unlabelled images of it"
    )
    ax.set_xticks(places, [f"{emotion.zh}\n{emotion.en}" for emotion in EMOTIONS])
    ax.set_ylabel("影像數 images")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    return ax


def threshold_curve(
    ax: Axes,
    *,
    thresholds: Sequence[float],
    kept: Sequence[float],
    right: Sequence[float | None],
    chosen: float | None,
) -> Axes:
    """Draw which share of the images would be kept, and which share of these right, at other thresholds.

    Args:
        ax: Axes to draw on.
        thresholds: Probabilities, 0 to 1.
        kept: Share of the unlabelled images kept at each.
        right: Share of the kept ones that is right; None where none is kept.
        chosen: The protocol's threshold, None where it has none.
    """
    ax.plot(thresholds, kept, "o--", color="C1", markersize=4, label="留下的比例 share kept")
    known = [np.nan if share is None else share for share in right]
    ax.plot(thresholds, known, "o-", color="C0", markersize=4, label="其中正確的比例 share right")
    if chosen is not None:
        ax.axvline(chosen, color="grey", linestyle=":", label=f"採用 chosen: {chosen:g}")
    ax.set(xlabel="機率門檻 threshold", ylim=(0, 1.02))
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    return ax


def label_share_curve(
    ax: Axes, curve: Mapping[float, Mapping[str, Mapping[str, float]]], *, names: Mapping[str, str]
) -> Axes:
    """Draw accuracy with its interval against the share of labels, one line an arm.

    Args:
        ax: Axes to draw on.
        curve: Share of labels, 0 to 1 -> arm -> {"accuracy", "low", "high"}, 0 to 1.
        names: Arm -> its name in the legend; arms without a name are left out.
    """
    shares = np.array(sorted(curve))
    for place, (arm, name) in enumerate(names.items()):
        scores = [curve[share][arm] for share in shares]
        middle, low, high = (
            100 * np.array([score[key] for score in scores]) for key in ("accuracy", "low", "high")
        )
        ax.errorbar(
            100 * shares + 0.6 * (place - (len(names) - 1) / 2),  # side by side, or intervals hide each other
            middle,
            yerr=[middle - low, high - middle],
            fmt=("o--", "s-")[place % 2],
            capsize=3,
            markersize=4,
            label=name,
        )
    ax.set(xlabel="標籤的比例 share of labels (%)", ylabel=f"{GLOSSARY['accuracy']} (%)")
    ax.legend()
    return ax
