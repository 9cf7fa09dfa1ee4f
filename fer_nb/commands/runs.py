"""`python -m fer_nb runs`: what was trained."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fer_nb.commands import networks, options
from fer_nb.commands.backend import start_networks

if TYPE_CHECKING:
    from fer_nb.learning.runs import Run


@click.group()
def runs() -> None:
    """List, show and remove trained networks.

    Example: python -m fer_nb runs list
    """


@runs.command("list")
@options.RUNS
@options.answer
def list_(runs: Path) -> tuple[object, Iterator[str]]:
    """List every finished run: accuracy on validation and test images, when it ended, size, network.

    Example: python -m fer_nb runs list --runs runs
    """
    start_networks()
    from fer_nb.learning.runs import list_runs

    rows = [_row(run) for run in list_runs(runs)]
    if not rows:
        return rows, iter([f"no runs in {runs}: `python -m fer_nb train` and the notebooks make some"])
    return rows, options.table([tuple(rows[0]), *(tuple(_shown(row).values()) for row in rows)])


@runs.command()
@options.RUN
@options.RUNS
@options.answer
def show(run: Path, runs: Path) -> tuple[object, list[str]]:
    """Show how RUN, a name or a folder, was trained and what it reached.

    Example: python -m fer_nb runs show compact_cnn-0123456789ab
    """
    found = networks.read_run(run, runs)
    settings = found.facts["recipe"] | {"device": found.facts["device"]["en"]} | found.facts["versions"]
    told = settings | _shown(_row(found))
    return dict(found.facts), [f"{name:<22}{value}" for name, value in told.items()]


@runs.command()
@click.argument("names", type=options.PATH, nargs=-1, required=True, metavar="RUN...")
@options.RUNS
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(names: tuple[Path, ...], runs: Path, yes: bool) -> None:
    """Remove each RUN, a name or a folder, after asking; a run that is removed is trained again when needed.

    Example: python -m fer_nb runs remove compact_cnn-0123456789ab
    """
    start_networks()
    from fer_nb.learning import run_folders

    run_folders.finish_removals(runs)
    found = {run.folder.resolve(): run for run in (networks.read_run(name, runs) for name in names)}
    listed = ", ".join(run.name for run in found.values())
    if not yes and not click.confirm(f"remove {listed}?", err=True):
        return
    for run in found.values():
        run_folders.remove(run.folder.resolve())
        click.echo(f"removed: {run.folder}")


def _row(run: "Run") -> dict[str, Any]:
    from fer_nb.findings import names

    metrics = run.facts["metrics"]
    accuracy = {split: scores["all"]["accuracy"] for split, scores in metrics.items()}
    size = sum(file.stat().st_size for file in run.folder.rglob("*") if file.is_file())
    return {
        "name": run.name,
        "epochs": run.facts["epochs"],
        "seed": run.facts["seed"],
        "validation": accuracy.get("validation"),
        "test": accuracy.get("test"),
        "ended": datetime.fromtimestamp(run.finished).isoformat(" ", "minutes"),
        "MB": round(size / 1e6, 1),
        "network": names.trained(run.recipe).en,
    }


def _shown(row: dict[str, Any]) -> dict[str, str]:
    shares = {split: row[split] for split in ("validation", "test")}
    percent = {split: "-" if share is None else f"{100 * share:.2f}%" for split, share in shares.items()}
    return {name: str(value) for name, value in (row | percent).items()}
