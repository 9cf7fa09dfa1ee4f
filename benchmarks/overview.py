"""What the suite reaches on FER2013, first in the README: a table of the networks of two cores, a picture."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.blocks import README, ROOT, interval, renew, row, table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PICTURE = ROOT / "docs" / "measured.png"
SPLITS = ("validation", "public", "private")
BASELINES = {"simple": (0.6216, 0.6241), "strong": (0.6785, 0.6656)}
"""Public and private accuracy that the homework asks for."""
BEST_REPORT = (0.695, 0.7191, 0.7066)
"""Validation, public and private accuracy that the best of the five reports states, reached on a GPU."""
LABEL_GAP = 1.1  # points of accuracy that the labels of the picture keep apart
HEAD = ("網路 network", "訓練分鐘 minutes", "驗證 validation", "公開 public", "私有 private")


class Reached(NamedTuple):
    """The mean over seeds of what one network reaches."""

    label: str
    on_cpu: bool
    seeds: int
    minutes: tuple[float, ...]  # of each seed's training
    accuracies: Mapping[str, tuple[float, int]]  # split -> mean accuracy in 0-1, images; known ones alone


def reached(records: Iterable[Mapping[str, Any]]) -> list[Reached]:
    """Return what each network reaches, the mean over records that differ in nothing but the seed.

    Args:
        records: As `benchmarks.records.read_records` gives them.
    """
    groups: dict[tuple[str, str, bool], list[Mapping[str, Any]]] = defaultdict(list)
    for record in records:
        recipe = json.dumps(record["recipe"], sort_keys=True)
        for label in record["models"]:
            groups[label, recipe, "CPU" in record["device"]["en"]].append(record)
    means = []
    for (label, _, on_cpu), members in groups.items():
        accuracies = {}
        for split in SPLITS:
            scores = [record["models"][label].get(split, {}).get("all") for record in members]
            if all(score and score["accuracy"] is not None for score in scores):
                mean = fmean(score["accuracy"] for score in scores)
                accuracies[split] = mean, round(fmean(score["n"] for score in scores))
        minutes = tuple(record["seconds"] / 60 for record in members)
        means.append(Reached(label, on_cpu, len(members), minutes, accuracies))
    return sorted(means, key=lambda one: max(one.minutes))


def overview_table(networks: Sequence[Reached]) -> str:
    """Return the networks trained on CPU cores beside the baselines and the best report, in percent."""
    rows = [
        row(
            f"`{one.label}`" + (f"（{one.seeds} seeds）" if one.seeds > 1 else ""),
            "–".join(dict.fromkeys(f"{minutes:.0f}" for minutes in (min(one.minutes), max(one.minutes)))),
            *(_with_interval(one.accuracies.get(split)) for split in SPLITS),
        )
        for one in sorted(networks, key=lambda one: one.accuracies["private"])
        if one.on_cpu
    ]
    names = {"simple": "作業的簡單基準 simple baseline", "strong": "作業的困難基準 **strong baseline**"}
    for key, (public, private) in BASELINES.items():
        rows.append(row(names[key], "", "", f"{100 * public:.2f}", f"{100 * private:.2f}"))
    stated = (f"{100 * accuracy:.2f}" for accuracy in BEST_REPORT)
    rows.append(row("五份報告中最好的（GPU）best of the five reports (GPU)", "", *stated))
    return table(HEAD, rows)


def draw_overview(axes: Sequence["Axes"], networks: Sequence[Reached]) -> None:
    """Draw accuracy in percent against minutes of training, and the baselines as lines.

    A network that has accuracies over several kinds of views stands with the best on validation images.

    Args:
        axes: Two that share both scales: of the public test and of the private.
        networks: What was reached; one of which a test accuracy is unknown is left out there.
    """
    best: dict[tuple[str, bool, tuple[float, ...]], Reached] = {}
    for one in networks:
        key = (one.label.split(",")[0], one.on_cpu, one.minutes)
        best[key] = max(best.get(key, one), one, key=lambda one: one.accuracies["validation"][0])
    for ax, split, part in zip(axes, ("public", "private"), (0, 1), strict=True):
        points = sorted(
            (100 * one.accuracies[split][0], one) for one in best.values() if split in one.accuracies
        )
        lowest = {True: 0.0, False: 0.0}  # where the next label of a side may stand
        for accuracy, one in points:
            place = fmean(one.minutes), accuracy
            ax.plot(*place, "o", mfc="C0" if one.on_cpu else "white", mec="C0", ms=5, zorder=4)
            label = place[0] * (1.2 if one.on_cpu else 1 / 1.2), max(accuracy, lowest[one.on_cpu])
            beside = {"ha": "left" if one.on_cpu else "right", "va": "center", "fontsize": 7}
            ax.text(*label, one.label, **beside, bbox={"fc": "white", "ec": "none", "pad": 0.6})
            lowest[one.on_cpu] = label[1] + LABEL_GAP
        for name, style in (("簡單 simple", ":"), ("困難 strong", "--")):
            mark = 100 * BASELINES[name.split()[1]][part]
            ax.axhline(mark, color="0.35", linestyle=style, linewidth=0.9, zorder=0)
            ax.text(0.065, mark + 0.3, name, fontsize=6.5, color="0.35")
        ax.set(xscale="log", xlim=(0.06, 900), xlabel="訓練時間（分鐘）minutes of training")
        ax.set_xticks([1, 10, 100], ["1", "10", "100"])
    axes[0].set(ylabel="準確率（%）accuracy (%)", title="公開測試集 public test")
    axes[1].set(title="私有測試集 private test")


def renew_overview(records: Iterable[Mapping[str, Any]], *, readme: Path = README) -> None:
    """Write the table of the networks of two cores into the README, and the picture of all beside it."""
    from matplotlib import pyplot as plt

    from fer_nb.figures.style import use_report_style

    networks = reached(records)
    renew(readme, "overview", overview_table(networks))
    use_report_style()
    figure, axes = plt.subplots(1, 2, figsize=(8.4, 4.8), sharex=True, sharey=True)
    draw_overview(axes, networks)
    figure.savefig(PICTURE, dpi=160, metadata={"Software": None})
    plt.close(figure)


def _with_interval(score: tuple[float, int] | None) -> str:
    from fer_nb.analysis.evaluation import accuracy_interval

    if score is None:
        return interval(None)
    accuracy, images = score
    return interval(accuracy_interval(round(accuracy * images), images).as_record() | {"accuracy": accuracy})
