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
PRIVATE_TEST = "9acad460c1a4b467896ac2ae457a79e202afbfd083cb06160df3bbb8b88d26ef"  # its fingerprint
_KEPT = ("seed", "epochs", "kept_epoch", "seconds", "training_images", "device", "versions", "stated")


def record_of(
    facts: Mapping[str, Any], *, name: str, more: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what a record keeps of a run's facts; accuracies have the keys of `results.json`.

    Args:
        facts: The content of a run's `run.json`.
        name: Of the run.
        more: Further accuracies of the same network, by label, as those over several views of each image.
    """
    kept = {key: facts[key] for key in _KEPT}
    return {
        "run": name,
        "recipe": facts["recipe"],
        "data": facts["data"],
        **kept,
        "models": {facts["recipe"]["name"]: facts["metrics"]} | dict(more or {}),
        "members": facts.get("members", []),
    }


def keep_record(record: Mapping[str, Any]) -> Path:
    """Write a record under the name of its run; return its path."""
    path = RECORDS / f"{record['run']}.json"
    text = json.dumps(record, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def read_records() -> list[dict[str, Any]]:
    """Return every record, by recipe and private accuracy."""
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RECORDS.glob("*.json"))]
    return sorted(records, key=lambda record: (_name(record), -(_accuracy(record, "private") or 0)))


def records_table(records: Iterable[Mapping[str, Any]]) -> str:
    """Return the records as a Markdown table: measured accuracy with its interval, beside what is stated.

    "stated" is validation / public / private.
    """
    head = [
        "recipe",
        "images",
        "epochs",
        "seed",
        "minutes",
        "validation",
        "public",
        "private",
        "stated",
        "device",
    ]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for record in records:
        stated = [
            f"{100 * record['stated'][split]:.1f}" if split in record["stated"] else "—" for split in SPLITS
        ]
        for label, scores in record["models"].items():
            cells = [
                f"`{label}`",
                f"{record['training_images']:,}",
                "—" if record["epochs"] is None else record["epochs"],
                "—" if record["seed"] is None else record["seed"],
                f"{record['seconds'] / 60:.0f}",
                *(interval(scores, split) for split in SPLITS),
                " / ".join(stated) if record["stated"] else "—",
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


def renew_readme() -> str:
    """Put the table of all records into the README; return the table."""
    table = records_table(read_records())
    README.write_text(renewed(README.read_text(encoding="utf-8"), table), encoding="utf-8")
    return table


def refuse_other_data(facts: Mapping[str, Any], *, name: str) -> None:
    """Refuse a run whose test images are not those of FER2013.

    Raises:
        click.UsageError: They are not; the message names the run.
    """
    found = facts["data"]["fingerprints"].get("PrivateTest")
    if found != PRIVATE_TEST:
        raise click.UsageError(f"{name}: expected the test images of FER2013, found others ({found})")


@click.command()
@click.argument("runs", nargs=-1, type=click.Path(path_type=Path, exists=True))
def records(runs: tuple[Path, ...]) -> None:
    """Keep the records of RUNS, print the table of all, and put it into the README.

    Example: python -m benchmarks records runs/compact_cnn-0123456789ab
    """
    for run in runs:
        facts = json.loads((run / "run.json").read_text(encoding="utf-8"))
        refuse_other_data(facts, name=run.name)
        click.echo(keep_record(record_of(facts, name=run.name)))
    click.echo(renew_readme())


def _name(record: Mapping[str, Any]) -> str:
    return next(iter(record["models"]))


def _accuracy(record: Mapping[str, Any], split: str) -> float | None:
    return record["models"][_name(record)].get(split, {}).get("all", {}).get("accuracy")


def interval(scores: Mapping[str, Any], split: str) -> str:
    """Return the accuracy on a split with its interval, in percent; a dash where it is not known."""
    score = scores.get(split, {}).get("all")
    if not score or score["accuracy"] is None:
        return "—"
    return f"{100 * score['accuracy']:.1f} [{100 * score['low']:.1f}, {100 * score['high']:.1f}]"
