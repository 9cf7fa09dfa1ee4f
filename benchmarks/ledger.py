"""The ledger: each figure of each report beside the notebook that redoes it and what was measured."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import yaml
from scipy.stats import kendalltau

from benchmarks.blocks import RESULTS, interval, renew, row, table
from benchmarks.records import PRIVATE_TEST, read_records, written
from benchmarks.verdicts import WORDS, accuracy, find
from fer_nb.commands.backend import start_networks
from fer_nb.language import LANGUAGES, Text
from fer_nb.learning.recipes import RECIPES

ENTRIES = Path(__file__).with_name("ledger.yaml")
CLAIMS = Path(__file__).parent / "claims"
NOTHING = "—"
DRAWN = {
    "zh": "報告只有圖，沒有可檢定的說法；筆記本重畫一次",
    "en": "a figure without a claim to test; the notebook draws it anew",
}
COLUMNS = (
    "圖表或數字 figure",
    "報告所述 stated",
    "筆記本與設定 notebook",
    "測得與判定 measured, verdict",
    "差異 why it differs",
)


def ledger_page(
    entries: Iterable[Mapping[str, Any]],
    records: list[dict[str, Any]],
    parameters: Mapping[str, int],
    claims: Iterable[Mapping[str, Any]] = (),
) -> str:
    """Return the ledger as Markdown, a table a report.

    Args:
        entries: The content of `ledger.yaml`.
        records: As `read_records` returns them.
        parameters: Recipe -> its exact number of trainable parameters.
        claims: As `read_claims` returns them.
    """
    kept = list(claims)
    by_report: dict[str, list[str]] = {}
    for entry in entries:
        profile = f"`params/report_{entry['report'].lower()}.yaml`"
        redo = f"`{entry['notebook']}`, {profile}"
        cells = [
            _both(entry["figure"]),
            _both(entry["stated"]),
            redo + (f", `{entry['setting']}`" if "setting" in entry else ""),
            measured(entry, records, parameters, kept),
            "<br>".join([_both(entry["why"]), *_endings(entry, records)]),
        ]
        by_report.setdefault(entry["report"], []).append(row(*cells))
    tables = [
        f"## 報告 {report} · Report {report}\n\n{table(COLUMNS, rows)}" for report, rows in by_report.items()
    ]
    return "\n\n".join(tables)


def measured(
    entry: Mapping[str, Any],
    records: list[dict[str, Any]],
    parameters: Mapping[str, int],
    claims: Iterable[Mapping[str, Any]] = (),
) -> str:
    """Return what was measured for an entry, with its source and verdict.

    Where nothing was: a dash, and what it would take, if the entry says.
    """
    if "parameters" in entry:
        return f"{parameters[entry['parameters']]:,}"
    if entry.get("drawn"):
        return _both(DRAWN)
    told = [*_accuracies(entry, records), *_findings(entry, records), *_claimed(entry, claims)]
    return "<br>".join(told or [NOTHING, *_wanting(entry)])


def longest(
    records: Iterable[Mapping[str, Any]], label: str, *, holds: str = "models"
) -> Mapping[str, Any] | None:
    """Return the longest training with accuracies of this label that also holds something, if any."""
    found = [record for record in records if label in record["models"] and holds in record]
    # The lowest of several seeds: the best of them would have been chosen by its test images.
    return max(
        found,
        key=lambda record: (record["epochs"] * record["training_images"], -record["seed"]),
        default=None,
    )


def _accuracies(entry: Mapping[str, Any], records: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the accuracies of the recipe, with verdicts on what is stated; or of other labels, without."""
    own = RECIPES.get(entry.get("recipe", ""))
    for label in [own.name] if own else entry.get("labels", ()):
        if not (record := longest(records, label)):
            continue
        scores = record["models"][label]
        told = " / ".join(interval(scores.get(split, {}).get("all")) for split in entry["splits"])
        verdicts = [
            accuracy(scores[split]["all"], own.stated[split], short=record["epochs"] < own.epochs).verdict
            for split in entry["splits"]
            if own and split in own.stated and split in scores
        ]
        behind = f" ({record['epochs']} epochs, `{record['run']}`)"
        yield (
            ("" if own else f"{label}: ")
            + told
            + behind
            + "".join(
                f"<br>{' / '.join(f'**{WORDS[verdict].of(language)}**' for verdict in verdicts)}"
                for language in LANGUAGES
                if verdicts
            )
        )


def _endings(entry: Mapping[str, Any], records: list[dict[str, Any]]) -> Iterator[str]:
    """Yield where the recipe's training stood at its end: a network far from done explains a difference."""
    record = longest(records, entry["recipe"], holds="history") if "recipe" in entry else None
    if record:
        yield from ending(record["history"]).by_language().values()


def ending(history: Mapping[str, Sequence[float]], *, last: int = 20) -> Text:
    """Say what a training had reached at its end, and whether validation accuracy is shown to rise still.

    It is where Kendall's tau of accuracy and epoch over the last epochs is positive with p < 0.05.

    Args:
        history: Columns "training_accuracy" and "validation_accuracy" in 0-1, a value an epoch.
        last: Epochs that tell.
    """
    tail = history["validation_accuracy"][-last:]
    tau, p = kendalltau(range(len(tail)), tail)
    rising = tau > 0 and p < 0.05
    learned, held = (100 * history[f"{name}_accuracy"][-1] for name in ("training", "validation"))
    return Text(
        f"結束時訓練影像 {learned:.1f}%、驗證影像 {held:.1f}%，"
        f"驗證準確率{'仍在' if rising else '看不出仍在'}上升",
        f"at its end {learned:.1f}% of the training images and {held:.1f}% of the validation images, "
        f"validation accuracy {'still rising' if rising else 'not shown to rise still'}",
    )


def _findings(entry: Mapping[str, Any], records: list[dict[str, Any]]) -> Iterator[str]:
    for claim in entry.get("claims", ()):
        holds = "history" if claim["kind"] == "overfitting" else "matrices"
        split = claim.get("split", "test")
        usable = [record for record in records if split == "test" or split in record.get("matrices", ())]
        if record := longest(usable, claim["recipe"], holds=holds):
            finding = find(claim, record, short=record["epochs"] < RECIPES[claim["recipe"]].epochs)
            yield _told(claim["claim"], finding.measured.by_language(), finding.verdict, record["run"])


def _claimed(entry: Mapping[str, Any], claims: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what the notebooks of a kept report found of the claims whose keys start as the entry says."""
    for claim in claims:
        here = all(claim[key] == entry[key] for key in ("report", "notebook"))
        if here and claim["key"].startswith(tuple(entry.get("keys", ()))):
            yield _told(claim["claim"], claim["measured"], claim["verdict"], claim["profile"])


def _wanting(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the entry's trainings are, and the hours that they would take."""
    if needed := entry.get("hours"):
        gpu, cores = needed["gpu"], needed["cpu"]
        yield f"{needed['zh']}：與另外八次訓練共用一張 H200 約 {gpu} 小時，兩個 CPU 核心約 {cores} 小時"
        yield f"{needed['en']}: about {gpu} h on an H200 beside eight others, {cores} h on two CPU cores"


def _told(claim: Mapping[str, str], found: Mapping[str, str], verdict: str, source: str) -> str:
    word = WORDS[verdict]
    return (
        f"{claim['zh']}：{found['zh']}：**{word.zh}**<br>"
        f"{claim['en']}: {found['en']}: **{word.en}** (`{source}`)"
    )


def kept_claims(results: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a `results.json`: its claims and accuracies, data, time and surroundings.

    Raises:
        click.UsageError: It is of other images than FER2013's.
    """
    found = results["data"].get("fingerprints", {}).get("PrivateTest", results["data"].get("fingerprint"))
    if found != PRIVATE_TEST:
        raise click.UsageError(f"the ledger is of FER2013; found a report on other images ({found})")
    notebooks = {
        name: {"seconds": one["seconds"], "parameters": one["parameters"]}
        | {key: one["results"][key] for key in ("models", "claims") if key in one["results"]}
        for name, one in results["notebooks"].items()
        if one["status"] == "ok"
    }
    shared = {key: results[key] for key in ("profile", "data", "environment")}
    return shared | {"notebooks": notebooks}


def read_claims() -> list[dict[str, Any]]:
    """Return every claim of the reports that are kept, each with its notebook, and its profile as it ran."""
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CLAIMS.glob("*.json"))]
    return [
        claim | {"notebook": name, "profile": " ".join([report["profile"], *one["parameters"]["settings"]])}
        for report in reports
        for name, one in report["notebooks"].items()
        for claim in one.get("claims", ())
    ]


@click.command()
@click.argument("reports", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
def ledger(reports: tuple[Path, ...]) -> None:
    """Write the ledger in docs/results.md; keep the claims of REPORTS, each a results.json, before.

    Example: python -m benchmarks ledger reports/results.json
    """
    start_networks(use_gpu=False)
    from fer_nb.learning.models import build
    from fer_nb.learning.recipes import get_recipe

    for path in reports:
        kept = kept_claims(json.loads(path.read_text(encoding="utf-8")))
        CLAIMS.mkdir(exist_ok=True)
        (CLAIMS / f"{kept['profile']}.json").write_text(written(kept), encoding="utf-8")
    entries = yaml.safe_load(ENTRIES.read_text(encoding="utf-8"))
    parameters = {}
    for name in {entry["parameters"] for entry in entries if "parameters" in entry}:
        network = build(get_recipe(name).architecture, seed=0)
        parameters[name] = sum(math.prod(weight.shape) for weight in network.trainable_weights)
    known = (read_records(), parameters, read_claims())
    renew(RESULTS, "ledger", ledger_page(entries, *known))
    open_rows = sum(measured(entry, *known).startswith(NOTHING) for entry in entries)
    click.echo(f"{RESULTS}: {open_rows} of {len(entries)} rows without a measurement")


def _both(text: Any) -> str:
    return f"{text['zh']}<br>{text['en']}" if isinstance(text, Mapping) else str(text)
