"""The ledger: each figure of each report beside the notebook that redoes it and what was measured."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
import yaml

from benchmarks.records import interval, read_records

ENTRIES = Path(__file__).with_name("ledger.yaml")
PAGE = Path(__file__).parents[1] / "docs" / "results.md"
HEAD = """# 五份報告的每一個數字 · Each figure of the five reports

由 `python -m benchmarks ledger` 從 `benchmarks/ledger.yaml` 與 `benchmarks/records/` 產生，不含任何臉孔。
「—」表示還沒有測量的紀錄。準確率為百分比，中括號內是 95% Wilson 信賴區間。

Made by `python -m benchmarks ledger` from `benchmarks/ledger.yaml` and `benchmarks/records/`; it shows no
face. A dash means that no record of a measurement exists yet. Accuracies in percent, 95% Wilson intervals.
"""
COLUMNS = (
    "圖表或數字 figure",
    "報告所述 stated",
    "筆記本與設定 notebook",
    "測得 measured",
    "差異 why it differs",
)


def ledger_page(
    entries: Iterable[Mapping[str, Any]], records: list[dict[str, Any]], parameters: Mapping[str, int]
) -> str:
    """Return the page as Markdown, a table a report.

    Args:
        entries: The content of `ledger.yaml`.
        records: As `read_records` returns them.
        parameters: Recipe -> its exact number of trainable parameters.
    """
    by_report: dict[str, list[str]] = {}
    for entry in entries:
        profile = f"`params/report_{entry['report'].lower()}.yaml`"
        redo = f"`{entry['notebook']}`, {profile}"
        cells = [
            _both(entry["figure"]),
            _both(entry["stated"]),
            redo + (f", `{entry['setting']}`" if "setting" in entry else ""),
            measured(entry, records, parameters),
            _both(entry["why"]),
        ]
        by_report.setdefault(entry["report"], []).append(_row(cells))
    tables = [
        "\n".join(
            [f"## 報告 {report} · Report {report}", "", _row(COLUMNS), "|---" * len(COLUMNS) + "|", *rows]
        )
        for report, rows in by_report.items()
    ]
    return "\n\n".join([HEAD.strip(), *tables]) + "\n"


def measured(entry: Mapping[str, Any], records: list[dict[str, Any]], parameters: Mapping[str, int]) -> str:
    """Return what was measured for an entry, with the name of its record; a dash where nothing was."""
    if "parameters" in entry:
        return f"{parameters[entry['parameters']]:,}"
    found = [record for record in records if entry.get("recipe") in record["models"]]
    if not found:
        return "—"
    # The lowest of several seeds: the best of them would have been chosen by its test images.
    longest = max(found, key=lambda record: (record["epochs"] * record["training_images"], -record["seed"]))
    scores = longest["models"][entry["recipe"]]
    shown = [interval(scores, split) for split in entry["splits"]]
    return f"{' / '.join(shown)} ({longest['epochs']} epochs, `{longest['run']}`)"


@click.command()
def ledger() -> None:
    """Write docs/results.md from the ledger and the records."""
    from fer_nb.learning.models import build
    from fer_nb.learning.recipes import get_recipe

    entries = yaml.safe_load(ENTRIES.read_text(encoding="utf-8"))
    parameters = {}
    for name in {entry["parameters"] for entry in entries if "parameters" in entry}:
        network = build(get_recipe(name).architecture, seed=0)
        parameters[name] = sum(math.prod(weight.shape) for weight in network.trainable_weights)
    PAGE.write_text(ledger_page(entries, read_records(), parameters), encoding="utf-8")
    click.echo(PAGE)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _both(text: Any) -> str:
    return f"{text['zh']}<br>{text['en']}" if isinstance(text, Mapping) else str(text)
