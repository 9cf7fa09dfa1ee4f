"""What several commands take and print, declared once."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce, wraps
from pathlib import Path
from typing import Any

import click

from fer_nb.errors import InputError, printable
from fer_nb.files import refuse_existing

Command = Callable[..., Any]
PATH = click.Path(path_type=Path)
RUN = click.argument("run", type=PATH)


def several(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Return one decorator of several options, which the help lists in this order."""
    return lambda command: reduce(lambda inner, option: option(inner), reversed(options), command)


def mounted() -> str | None:
    """Return where this machine keeps FER2013, said in a line; None where it keeps none."""
    from fer_nb.data import find_fer2013

    path = find_fer2013()
    if path is None:
        return None
    click.echo(f"data: {printable(path)}", err=True)
    return str(path)


def _found(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Return --data; where it is left out, FER2013 where this machine keeps it."""
    from fer_nb.data import is_to_be_found

    if ctx.resilient_parsing or not (value is None or is_to_be_found(value)):
        return value
    value = mounted() or value
    if value is None:
        raise click.MissingParameter(ctx=ctx, param=option)
    return value


DATA = click.option(
    "--data",
    callback=_found,
    help='FER2013 in any of its shapes, or "practice:N"; by default what Kaggle or Colab has mounted.',
)
RUNS = click.option(
    "--runs",
    type=click.Path(path_type=Path, file_okay=False),
    default="runs",
    help="Where runs are kept and found.",
)
SETTINGS = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting of the recipe: learning_rate=0.01.",
)
QUIET = click.option("--quiet", is_flag=True, help="Show no progress bar.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
TTA = click.option(
    "--tta",
    type=click.Choice(["none", "flip", "ten-crop"]),
    default="none",
    help="Average over views of each image: itself and its mirror image, or ten crops.",
)
COMBINE = click.option(
    "--combine",
    type=click.Choice(["probabilities", "logits", "vote"]),
    default="probabilities",
    help="How several networks answer together.",
)
BATCH = click.option(
    "--batch-size",
    type=click.IntRange(1),
    default=256,
    help="Images at a time; the answers do not depend on it.",
)
PREDICTION = several(DATA, TTA, COMBINE, BATCH, RUNS, QUIET)


def out(*endings: str, required: bool = True, help: str) -> Callable[[Command], Command]:  # noqa: A002
    """Return --out, a file of one of these endings to write, and --force, without which it may not be there.

    The command gets the path alone.
    """

    def checked(ctx: click.Context, _: click.Parameter, path: Path | None) -> Path | None:
        force = ctx.params.pop("force")
        if path is None or ctx.resilient_parsing:
            return path
        if endings and path.suffix not in endings:
            raise InputError(f"{path}: expected a file name that ends in {' or '.join(endings)}")
        refuse_existing(path, force=force)
        return path

    return several(
        click.option("--out", type=PATH, required=required, callback=checked, help=help),
        click.option("--force", is_flag=True, is_eager=True, help="Replace the file if it is there."),
    )


def answer(command: Callable[..., tuple[object, Iterable[object]]]) -> Command:
    """Add --json to a command, and print what it returns: an answer for a script, or lines for a person."""

    @JSON
    @wraps(command)
    def printed(*arguments: Any, as_json: bool, **options: Any) -> None:
        found, lines = command(*arguments, **options)
        for line in [json.dumps(found)] if as_json else lines:
            click.echo(line)

    return printed


def table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, the columns between the first and the last flush right."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *cells, last in rows:
        yield "  ".join([name.ljust(widths[0]), *map(str.rjust, cells, widths[1:]), last])


def accuracies(metrics: Mapping[str, Any], *, indent: str = "") -> Iterator[str]:
    """Yield a line for a run's accuracy on each split with its interval."""
    for split, scores in metrics.items():
        score = scores["all"]
        accuracy, low, high = (100 * score[name] for name in ("accuracy", "low", "high"))
        yield f"{indent}{split:<12}{accuracy:6.2f}%  [{low:.1f}, {high:.1f}]  of {score['n']:,} images"


def limit(source: str) -> Iterator[str]:
    """Yield a line on what an accuracy is worth that was measured on practice faces."""
    from fer_nb.data.faces import PRACTICE

    if source == PRACTICE:
        yield "These are practice faces: their accuracy says nothing about FER2013."
