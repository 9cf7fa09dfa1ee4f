"""`python -m fer_nb report`: run the notebooks and write the report."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fer_nb.language import LANGUAGES

if TYPE_CHECKING:
    from fer_nb.report.build import Chosen

INTERRUPTED = 130  # what a shell expects after Ctrl-C


class SeveralValues(click.Command):
    """A command whose `--only` takes all values up to the next option: `--only 01 04`."""

    def parse_args(self, ctx: click.Context, args: Sequence[str]) -> list[str]:
        """Repeat the option before each of its values, as click expects it."""
        spelled: list[str] = []
        taking = False
        for argument in args:
            if argument.startswith("-"):
                taking = argument == "--only"
                spelled += [] if taking else [argument]
                continue
            spelled += ["--only", argument] if taking else [argument]
        if taking and (not spelled or args[-1] == "--only"):
            spelled.append("--only")
        return super().parse_args(ctx, spelled)


def check(chosen: "Chosen") -> None:
    """Read every data set and make every network once before anything runs.

    The notebooks then find the packed copy of the data.

    Raises:
        InputError: With the file, the row, and what was expected; or the setting and what it may be.
    """
    from fer_nb.data import load, practice_count
    from fer_nb.data.subsets import take_training
    from fer_nb.trainings import planned_trainings

    trainings = planned_trainings(chosen)
    for values in {
        str(values.get("data")): values for values in chosen.values() if "data" in values
    }.values():
        if practice_count(values["data"]) is None:
            take_training(load(values["data"]), values.get("training_images", 0), seed=0)
    if trainings:
        from fer_nb.learning.checks import check_recipe  # takes Keras, so after the rest

        for recipe in {training.label: training.recipe for training in trainings}.values():
            check_recipe(recipe)


def estimate(chosen: "Chosen") -> dict[str, float]:
    """Return the estimated seconds of each notebook."""
    from fer_nb.estimate import estimate_seconds
    from fer_nb.trainings import planned_trainings

    return estimate_seconds(chosen, planned_trainings(chosen))


@click.command(cls=SeveralValues)
@click.option(
    "--profile", default="quick", show_default=True, metavar="NAME|FILE", help="In params/, or a file."
)
@click.option(
    "--data", metavar="PATH", help="The data set for all notebooks; or `practice`, the embedded faces."
)
@click.option(
    "--only", multiple=True, metavar="NOTEBOOK...", help="Run only these: 01 04, or 04_confusion_matrix."
)
@click.option("--lang", type=click.Choice(["both", *LANGUAGES]), default="both", show_default=True)
@click.option("--student", type=click.Path(path_type=Path), help="The header; default params/student.yaml.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("reports"), show_default=True)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A parameter, over the profile.")
@click.option("--kernel", default="python3", show_default=True, help="An installed Jupyter kernel.")
@click.pass_context
def report(  # noqa: PLR0917  (click passes by name)
    ctx: click.Context,
    profile: str,
    data: str | None,
    only: tuple[str, ...],
    lang: str,
    student: Path | None,
    out: Path,
    settings: tuple[str, ...],
    kernel: str,
) -> None:
    """Run the notebooks; write report.html, report.pdf and results.json.

    A notebook that fails does not stop the others: the report says so on its first page, and the exit
    status is 1. Bad input is refused before anything runs, with exit status 2.

    Example: python -m fer_nb report --data fer2013.csv --only 01 04 --set seed=3
    """
    from fer_nb.report.build import build

    try:
        executed = build(
            profile=profile, data=data, only=only, language=lang, student=student, out=out, settings=settings,
            kernel=kernel, check=check, estimate=estimate, echo=click.echo,
        )  # fmt: skip
    except KeyboardInterrupt:
        ctx.exit(INTERRUPTED)
    ctx.exit(int(any(notebook.status == "failed" for notebook in executed)))
