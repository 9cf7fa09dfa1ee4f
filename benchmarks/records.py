"""Records: one JSON file for each measured run, and the table beside what the reports state."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from benchmarks.blocks import README, interval, renew, row, table
from benchmarks.overview import renew_overview
from fer_nb.commands.backend import start_networks
from fer_nb.commands.options import TTA

if TYPE_CHECKING:
    from fer_nb.data.faces import Faces

RECORDS = Path(__file__).parent / "records"
HEAD = (
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
)
SPLITS = ("validation", "public", "private")
PRIVATE_TEST = "9acad460c1a4b467896ac2ae457a79e202afbfd083cb06160df3bbb8b88d26ef"  # its fingerprint
_KEPT = ("seed", "epochs", "kept_epoch", "seconds", "training_images", "device", "versions", "stated")


def record_of(
    facts: Mapping[str, Any], *, name: str, more: Mapping[str, Any] | None = None, label: str = ""
) -> dict[str, Any]:
    """Return what a record keeps of a run's facts; accuracies have the keys of `results.json`.

    Args:
        facts: The content of a run's `run.json`.
        name: Of the run.
        more: Further accuracies of the same network, by label, as those over several views of each image.
        label: Of its accuracies where it is not the recipe's name, as for an arm.
    """
    kept = {key: facts[key] for key in _KEPT}
    return {
        "run": name,
        "recipe": facts["recipe"],
        "data": facts["data"],
        **kept,
        "models": {label or facts["recipe"]["name"]: facts["metrics"]} | dict(more or {}),
        "members": facts.get("members", []),
    }


def keep_record(record: Mapping[str, Any]) -> Path:
    """Write a record under the name of its run; return its path."""
    path = RECORDS / f"{record['run']}.json"
    path.write_text(written(record), encoding="utf-8")
    return path


def written(record: Mapping[str, Any]) -> str:
    """Return a record as JSON, each list of numbers on a line of its own."""
    text = json.dumps(record, indent=1, ensure_ascii=False)
    return re.sub(r"\[[^\[\]{}\"]*\]", lambda found: re.sub(r"\s+", " ", found[0]), text) + "\n"


def evidence(folder: Path, faces: "Faces", *, label: str, tta: str = "none") -> dict[str, Any]:
    """Return what claims are held against, and accuracies over several views of each image.

    Args:
        folder: Of a finished run.
        faces: That its training was given; of the Training images those count that it learned from.
        label: Of its accuracies.
        tta: A name in `fer_nb.learning.prediction.test_time_augmentation.VIEWS`.

    Returns:
        "matrices": split, "training" too where the network was kept -> counts, rows true; "history": its
        columns; "views": label -> as
        `results.json` keeps accuracies, empty for "none".
    """
    from fer_nb.analysis.evaluation import confusion_matrix, metrics
    from fer_nb.learning.prediction.ensemble import open_ensemble
    from fer_nb.learning.prediction.evaluation import evaluate
    from fer_nb.learning.prediction.logits import predict_logits
    from fer_nb.learning.runs import MODEL, read_run

    run, training = read_run(folder), faces.of("Training")
    matrices = {split: part.matrix.tolist() for split, part in run.predictions(faces).items()}
    if (folder / MODEL).exists():
        learned = training.take(~run.validated_on(training))
        predicted = predict_logits(run.network(), learned.images).argmax(axis=1)
        matrices["training"] = confusion_matrix(predicted, learned.labels).tolist()
    views = {}
    if tta != "none":
        views[f"{label}, {tta}"] = metrics(evaluate(open_ensemble([folder]), faces, tta=tta))
    history = run.history().round(6).to_dict(orient="list")
    return {"matrices": matrices, "history": history, "views": views}


def read_records() -> list[dict[str, Any]]:
    """Return every record, by recipe and private accuracy."""
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RECORDS.glob("*.json"))]
    return sorted(records, key=lambda record: (_name(record), -(_accuracy(record, "private") or 0)))


def records_table(records: Iterable[Mapping[str, Any]]) -> str:
    """Return the records as a Markdown table: measured accuracy with its interval, beside what is stated.

    "stated" is validation / public / private.
    """
    rows = []
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
                *(interval(scores.get(split, {}).get("all")) for split in SPLITS),
                " / ".join(stated) if record["stated"] else "—",
                record["device"]["en"],
            ]
            rows.append(row(*cells))
    return table(HEAD, rows)


def renew_readme() -> str:
    """Put the table of all records into the README; return the table."""
    return renew(README, "records", records_table(read_records()))


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
@click.option("--data", help="FER2013: keeps matrices and history, too, for the claims of the reports.")
@click.option("--label", default="", help="Of the accuracies, as report_b/student; by default the recipe.")
@TTA
def records(runs: tuple[Path, ...], *, data: str | None, label: str, tta: str) -> None:
    """Keep the records of RUNS, print the table of all, and renew tables and picture of the README.

    Example: python -m benchmarks records runs/compact_cnn-0123456789ab --data fer2013.csv
    """
    if tta != "none" and not data:
        raise click.UsageError(f"expected --data with --tta {tta}, found none")
    faces = None
    if data:
        start_networks()
        from fer_nb.data import load

        faces = load(data)
    for run in runs:
        facts = json.loads((run / "run.json").read_text(encoding="utf-8"))
        refuse_other_data(facts, name=run.name)
        named = label or facts["recipe"]["name"]
        found = evidence(run, faces, label=named, tta=tta) if faces else {}
        record = record_of(facts, name=run.name, more=found.pop("views", {}), label=named)
        click.echo(keep_record(record | found))
    click.echo(renew_readme())
    renew_overview(read_records())


def _name(record: Mapping[str, Any]) -> str:
    return next(iter(record["models"]))


def _accuracy(record: Mapping[str, Any], split: str) -> float | None:
    return record["models"][_name(record)].get(split, {}).get("all", {}).get("accuracy")
