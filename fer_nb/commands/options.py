"""What several commands take and print, worded once; and the bar of a prediction."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fer_nb.commands.start import start_networks
from fer_nb.data import find_fer2013, is_to_be_found, load
from fer_nb.data.faces import PRACTICE
from fer_nb.errors import InputError, printable

if TYPE_CHECKING:
    from tqdm import tqdm

    from fer_nb.data.faces import Faces
    from fer_nb.learning.prediction.ensemble import Member
    from fer_nb.learning.runs import Run

PATH = click.Path(path_type=Path)
RUN = click.argument("run", type=PATH)


def mounted() -> str | None:
    """Return where this machine keeps FER2013, said in a line; None where it keeps none."""
    path = find_fer2013()
    if path is None:
        return None
    click.echo(f"data: {printable(path)}", err=True)
    return str(path)


def _found(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Return --data; where it is left out, FER2013 where this machine keeps it."""
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
    default=Path("runs"),
    show_default=True,
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
FORCE = click.option("--force", is_flag=True, help="Replace the file if it is there.")
TTA = click.option(
    "--tta",
    type=click.Choice(["none", "flip", "ten-crop"]),
    default="none",
    show_default=True,
    help="Average over views of each image: itself and its mirror image, or ten crops.",
)
COMBINE = click.option(
    "--combine",
    type=click.Choice(["probabilities", "logits", "vote"]),
    default="probabilities",
    show_default=True,
    help="How several networks answer together.",
)
BATCH = click.option(
    "--batch-size",
    type=click.IntRange(1),
    default=256,
    show_default=True,
    help="Images at a time; the answers do not depend on it.",
)


def read_run(run: Path, runs: Path) -> "Run":
    """Return the run in a folder, or of that name among the runs."""
    start_networks()
    from fer_nb.learning import runs as folders

    if not run.exists() and not (runs / run).exists():
        raise InputError(f"{run}: expected a run folder, or the name of a run in {runs}, found neither")
    return folders.read_run(run if run.exists() else runs / run)


def print_accuracies(metrics: Mapping[str, Any], *, indent: str = "") -> None:
    """Print a run's accuracy on each split with its interval."""
    for split, scores in metrics.items():
        score = scores["all"]
        accuracy, low, high = (100 * score[name] for name in ("accuracy", "low", "high"))
        click.echo(f"{indent}{split:<12}{accuracy:6.2f}%  [{low:.1f}, {high:.1f}]  of {score['n']:,} images")


def print_limit(source: str) -> None:
    """Say of practice faces what an accuracy on them is worth."""
    if source == PRACTICE:
        click.echo("These are practice faces: their accuracy says nothing about FER2013.")


def faces_for(ensemble: Sequence["Member"], data: str, *, cache: Path | None, quiet: bool) -> "Faces":
    """Return the faces that `data` names; practice faces as the first member's run drew them."""
    run = ensemble[0].run
    return load(data, cache=cache, seed=run.facts["seed"] if run else 0, quiet=quiet)


def prediction_bar(ensemble: Sequence["Member"], images: int, *, tta: str, quiet: bool) -> "tqdm":
    """Return the bar over every view of every image for every member; in a terminal only."""
    from tqdm import tqdm

    from fer_nb.learning.prediction.test_time_augmentation import VIEWS

    total = len(ensemble) * images * VIEWS[tta]
    return tqdm(
        total=total, unit="img", unit_scale=True, desc="predicting", disable=quiet or None, leave=False
    )
