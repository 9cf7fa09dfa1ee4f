"""`python -m fer_nb report`: run the notebooks and write the report."""

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fer_nb.commands.checks import check, data_for
from fer_nb.commands.train_all import NOTEBOOKS, train_ahead
from fer_nb.language import LANGUAGES

if TYPE_CHECKING:
    from fer_nb.learning.recipe import Recipe
    from fer_nb.report.build import Chosen
    from fer_nb.report.time_left import Forecast

TERMS = ("2017spring", "2017fall", "2018spring", "2018fall")
WATCHED = {".py", ".j2", ".css", ".js", ".typ", ".lua", ".yaml"}
BAD_INPUT = 2


def estimate(chosen: "Chosen", *, on_gpu: bool) -> "Forecast":
    """Return how long the notebooks may take, on a GPU or on this machine's CPU."""
    from fer_nb.commands.estimate import forecast, past_runs
    from fer_nb.commands.trainings import planned_trainings
    from fer_nb.report.project import find_root

    def probe(recipe: "Recipe") -> tuple[float, float]:
        from fer_nb.learning.training.probe import probe  # takes Keras, which is not always needed

        return probe(recipe)

    folders = {find_root() / values["runs_folder"] for values in chosen.values() if "runs_folder" in values}
    return forecast(chosen, planned_trainings(chosen), on_gpu=on_gpu, probe=probe, past=past_runs(folders))


def rebuild(*more: Path | None) -> None:
    """Call this command without --watch, and again whenever something is saved, until Ctrl-C.

    Args:
        *more: Files to look at beside the project's own.

    Raises:
        click.exceptions.Exit: The first build refused its input.
    """
    from fer_nb.report.cache import own_code
    from fer_nb.report.project import find_root
    from fer_nb.report.watch import changes

    root, package = find_root(), Path(__file__).resolve().parents[1]

    def looked_at() -> list[Path]:
        own = [*(root / "notebooks").glob("*.ipynb"), *(root / "params").glob("*.yaml"), *filter(None, more)]
        own += own_code(root)
        return own + [path for path in package.rglob("*") if path.suffix in WATCHED]

    command = [sys.executable, "-m", "fer_nb", *(word for word in sys.argv[1:] if word != "--watch")]
    for changed in changes(looked_at):
        if changed:
            click.echo(f"changed: {', '.join(path.name for path in changed)}")
        code = subprocess.run(command, check=False).returncode
        if not changed and code == BAD_INPUT:
            raise click.exceptions.Exit(code)
        click.echo("watching: save a notebook, a profile or code to build again; Ctrl-C ends")


@click.command(context_settings={"allow_extra_args": True})  # what --only takes behind its first value
@NOTEBOOKS
@click.option(
    "--only", multiple=True, metavar="NOTEBOOK...", help="Run only these: 01 04, or 04_confusion_matrix."
)
@click.option("--lang", "language", type=click.Choice(["both", *LANGUAGES, "all"]), default="both")
@click.option("--student", type=click.Path(path_type=Path), help="The header; default params/student.yaml.")
@click.option("--out", type=click.Path(path_type=Path), default="reports")
@click.option("--kernel", default="python3", help="An installed Jupyter kernel.")
@click.option("--fresh", is_flag=True, help="Run every notebook, those too of which nothing has changed.")
@click.option("--watch", is_flag=True, help="Build again whenever a notebook, a profile or code is saved.")
@click.option("--term", type=click.Choice(TERMS), help="Only what this term asked, in its order and words.")
@click.option("--brief", is_flag=True, help="Answers, main figures and tables, on three pages a language.")
@click.option("--code", is_flag=True, help="Show the code in the PDF, too.")
@click.option("--allow-cpu", is_flag=True, help="Start a profile that needs a GPU where there is none.")
@click.pass_context
def report(
    ctx: click.Context, *, watch: bool, workers: int | None, scheduler: str | None, **options: Any
) -> None:
    """Run the notebooks; write report.html, report.pdf and results.json.

    A notebook of which nothing has changed since it last ran well is not run again.
    A notebook that fails does not stop the others: the report says so on its first page, and the exit
    status is 1. Bad input is refused before anything runs, with exit status 2.

    Example: python -m fer_nb report --data fer2013.csv --only 01 04 --set seed=3
    """
    from fer_nb.report.build import build

    if ctx.args and not options["only"]:
        ctx.fail(f"Got unexpected extra argument ({' '.join(ctx.args)})")
    options["only"] += tuple(ctx.args)
    train = None
    if workers is not None or scheduler is not None:
        train = partial(train_ahead, workers=workers, scheduler=scheduler)
    if watch:
        rebuild(options["student"], Path(options["profile"]))
    given = (options[name] for name in ("profile", "data", "settings"))
    options["data"], options["settings"] = data_for(*given)
    executed = build(**options, check=check, estimate=estimate, train=train, echo=click.echo)
    ctx.exit(int(any(notebook.status == "failed" for notebook in executed)))
