"""Trials: what each idea brought on held-out training images; no test image has a part in any of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from benchmarks.blocks import RESULTS, renew, row, table
from benchmarks.records import written
from fer_nb.analysis.evaluation import PairedDifference, accuracy_interval, holm, paired_difference
from fer_nb.commands.backend import start_networks
from fer_nb.findings.comparisons import between
from fer_nb.findings.sentences import signed
from fer_nb.learning.recipes import RECIPES

if TYPE_CHECKING:
    from fer_nb.data.faces import Faces

TRIALS = Path(__file__).parent / "trials"
TRAINING = "be88e549b9aa7b9f208f2b8e0fcc7b3b1d08d9af54e48f4408afd18a900e5443"  # fingerprint of FER2013's
VIEWS = ("none", "flip", "ten-crop")
BY = "ten-crop"  # the views by which ideas are compared
_KEPT = ("seed", "epochs", "kept_epoch", "seconds", "training_images", "device", "versions")
_CHANGES_NOTHING = ("name", "architecture", "precision", "validation", "snapshots")
TRIED = (
    "#",
    "設定 settings",
    "epochs",
    "種子 seeds",
    "分鐘 minutes",
    "驗證 validation",
    "翻轉平均 flip",
    "十裁切平均 ten-crop",
)
BROUGHT = ("想法 idea", "比較 compared", "差（百分點）points", "p")

Settings = frozenset[tuple[str, str]]


def trial_of(run: Path, training: "Faces") -> dict[str, Any]:
    """Return what is kept of a run: its settings, and what it reached on the images that it held out.

    Args:
        run: Its folder.
        training: All Training faces of FER2013; test faces are not asked for.

    Raises:
        click.UsageError: The run learned from other images.
    """
    from fer_nb.data.faces import row_hashes
    from fer_nb.learning.prediction.ensemble import open_ensemble
    from fer_nb.learning.prediction.evaluation import evaluate, held_out
    from fer_nb.learning.runs import read_run

    facts = read_run(run).facts
    if facts["data"]["fingerprints"].get("Training") != TRAINING:
        raise click.UsageError(f"{run.name}: expected the training images of FER2013, found others")
    ensemble = open_ensemble([run])
    order = np.argsort(row_hashes(training.take(held_out(ensemble, training))), kind="stable")
    right = {view: evaluate(ensemble, training, tta=view)["validation"].correct()[order] for view in VIEWS}
    return {
        "run": run.name,
        "recipe": facts["recipe"],
        **{key: facts[key] for key in _KEPT},
        "validation": {view: accuracy_interval(correct).as_record() for view, correct in right.items()},
        "right": np.packbits(right[BY]).tobytes().hex(),  # by the hash of the image
    }


def read_trials() -> list[dict[str, Any]]:
    """Return every trial that is kept."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(TRIALS.glob("*.json"))]


def changes(settings: Mapping[str, Any]) -> Settings:
    """Return what a trial's recipe changes of the recipe of its name, as (setting, value in words)."""
    usual = RECIPES[settings["name"]].settings()
    changed = {key: value for key, value in settings.items() if key not in _CHANGES_NOTHING}
    options = changed.pop("options", {})
    differ = {key: value for key, value in changed.items() if usual.get(key) != value}
    return frozenset((key, f"{value}") for key, value in (differ | options).items())


def trials_tables(trials: Iterable[Mapping[str, Any]]) -> str:
    """Return a row for each recipe tried, then one for each pair of them that differs in one setting."""
    groups: dict[tuple[str, Settings], list[Mapping[str, Any]]] = {}
    for trial in trials:
        groups.setdefault((trial["recipe"]["name"], changes(trial["recipe"])), []).append(trial)
    ordered = sorted(groups, key=lambda one: (one[0], len(one[1]), sorted(one[1])))
    tried = [
        row(
            number,
            f"`{name}` " + ", ".join(f"`{setting}={value}`" for setting, value in sorted(changed)),
            "/".join(map(str, sorted({trial["epochs"] for trial in groups[name, changed]}))),
            len(groups[name, changed]),
            f"{mean(trial['seconds'] for trial in groups[name, changed]) / 60:.0f}",
            *(
                f"{100 * mean(trial['validation'][view]['accuracy'] for trial in groups[name, changed]):.1f}"
                for view in VIEWS
            ),
        )
        for number, (name, changed) in enumerate(ordered, 1)
    ]
    return f"{table(TRIED, tried)}\n\n{table(BROUGHT, _brought(ordered, [groups[key] for key in ordered]))}"


def _brought(
    ordered: Sequence[tuple[str, Settings]], groups: Sequence[Sequence[Mapping[str, Any]]]
) -> list[str]:
    """Return a row for each pair that differs in one setting and shares a seed, p-values adjusted by Holm."""
    rows, found = [], []
    for (first, before), (second, after) in combinations(enumerate(ordered), 2):
        differ = before[1] ^ after[1]
        if before[0] != after[0] or len({name for name, _ in differ}) != 1:
            continue
        if gain := _gain(groups[second], groups[first]):
            name = next(name for name, _ in differ)
            usual = RECIPES[after[0]].settings().get(name, "—")
            there, here = (dict(one[1]).get(name, usual) for one in (before, after))
            rows.append((f"`{name}`: {there} → {here}", f"{second + 1} − {first + 1}"))
            found.append(gain)
    adjusted = holm([gain.p_value for gain in found])
    return [
        row(*told, f"{signed(gain.mean)} ({between(gain).en})", f"{p:.3f}")
        for told, gain, p in zip(rows, found, adjusted, strict=True)
    ]


def _gain(group: Sequence[Mapping[str, Any]], rivals: Sequence[Mapping[str, Any]]) -> PairedDifference | None:
    """Return how much more often the first is right on the seeds of both; None where they share none."""
    right = [{trial["seed"]: _bits(trial) for trial in trials} for trials in (group, rivals)]
    if not (shared := sorted(right[0].keys() & right[1].keys())):
        return None
    return paired_difference(*(np.stack([one[seed] for seed in shared]) for one in right))


def _bits(trial: Mapping[str, Any]) -> np.ndarray:
    packed = np.frombuffer(bytes.fromhex(trial["right"]), np.uint8)
    return np.unpackbits(packed)[: trial["validation"][BY]["n"]].astype(bool)


@click.command()
@click.argument("runs", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--data", help="FER2013, where RUNS are given.")
def trials(runs: tuple[Path, ...], *, data: str | None) -> None:
    """Keep what RUNS reached on the images that they held out, and write the tables of docs/results.md.

    Only the Training rows of --data are looked at. Without RUNS the tables are made from what is kept.

    Example: python -m benchmarks trials runs/compact_cnn-0123456789ab --data fer2013.csv
    """
    if runs:
        if not data:
            raise click.UsageError("expected --data with RUNS, found none")
        start_networks()
        from fer_nb.data import load

        training = load(data).of("Training")
        for run in runs:
            trial = trial_of(run, training)
            path = TRIALS / f"{trial['run']}.json"
            path.write_text(written(trial), encoding="utf-8")
            click.echo(path)
    click.echo(renew(RESULTS, "trials", trials_tables(read_trials())))
