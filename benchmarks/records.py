"""Records: one JSON file for each measured run, and the table beside what the reports state."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

RECORDS = Path(__file__).parent / "records"
README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- records -->", "<!-- end of records -->"
SPLITS = ("validation", "public", "private")
_KEPT = ("seed", "epochs", "kept_epoch", "seconds", "training_images", "device", "versions", "stated")


def record_of(facts: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """Return what a record keeps of a run's facts; accuracies have the keys of `results.json`.

    Args:
        facts: The content of a run's `run.json`.
        name: Of the run.
    """
    kept = {key: facts[key] for key in _KEPT}
    return {
        "run": name,
        "recipe": facts["recipe"],
        "data": facts["data"],
        **kept,
        "models": {facts["recipe"]["name"]: facts["metrics"]},
        "members": facts.get("members", []),
    }


def write_record(run: Path) -> Path:
    """Write the record of a run folder into `benchmarks/records/`; return its path."""
    facts = json.loads((run / "run.json").read_text(encoding="utf-8"))
    RECORDS.mkdir(exist_ok=True)
    path = RECORDS / f"{run.name}.json"
    text = json.dumps(record_of(facts, name=run.name), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def read_records(folder: Path = RECORDS) -> list[dict[str, Any]]:
    """Return every record, by recipe and private accuracy."""
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return sorted(records, key=lambda record: (_name(record), -(_accuracy(record, "private") or 0)))


def records_table(records: Iterable[Mapping[str, Any]]) -> str:
    """Return the records as a Markdown table: measured accuracy with its interval, beside the stated one."""
    head = ["recipe", "epochs", "seed", "minutes", "validation", "public", "private", "stated", "device"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for record in records:
        stated = [f"{100 * record['stated'][split]:.1f}" for split in SPLITS[1:] if split in record["stated"]]
        cells = [
            f"`{_name(record)}`",
            record["epochs"],
            record["seed"],
            f"{record['seconds'] / 60:.0f}",
            *(_interval(record, split) for split in SPLITS),
            " / ".join(stated) or "—",
            record["device"]["en"],
        ]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def renewed(readme: str, table: str) -> str:
    """Return the README with the table between its two marks.

    Raises:
        ValueError: The marks are not there.
    """
    before, _, rest = readme.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"README.md: expected {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


@click.command()
@click.argument("runs", nargs=-1, type=click.Path(path_type=Path, exists=True))
def records(runs: tuple[Path, ...]) -> None:
    """Keep the records of RUNS, print the table of all, and put it into the README.

    Example: python -m benchmarks records runs/compact_cnn-0123456789ab
    """
    for run in runs:
        click.echo(write_record(run))
    table = records_table(read_records())
    README.write_text(renewed(README.read_text(encoding="utf-8"), table), encoding="utf-8")
    click.echo(table)


def _name(record: Mapping[str, Any]) -> str:
    return next(iter(record["models"]))


def _accuracy(record: Mapping[str, Any], split: str) -> float | None:
    return record["models"][_name(record)].get(split, {}).get("all", {}).get("accuracy")


def _interval(record: Mapping[str, Any], split: str) -> str:
    score = record["models"][_name(record)].get(split, {}).get("all")
    if not score or score["accuracy"] is None:
        return "—"
    return f"{100 * score['accuracy']:.1f} [{100 * score['low']:.1f}, {100 * score['high']:.1f}]"
