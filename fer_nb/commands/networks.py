"""Opens the networks that a command is given, and lets them answer beside a bar."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_nb.commands.start import start_networks
from fer_nb.data import load
from fer_nb.errors import InputError

if TYPE_CHECKING:
    from fer_nb.data.faces import Faces
    from fer_nb.learning.prediction.ensemble import Member
    from fer_nb.learning.runs import Run


def read_run(run: Path, runs: Path) -> "Run":
    """Return the run in a folder, or of that name among the runs."""
    start_networks()
    from fer_nb.learning import runs as folders

    if not run.exists() and not (runs / run).exists():
        raise InputError(f"{run}: expected a run folder, or the name of a run in {runs}, found neither")
    return folders.read_run(run if run.exists() else runs / run)


def open_all(
    sources: Sequence[Path], data: str, *, runs: Path, quiet: bool, cache: bool = True
) -> tuple[list["Member"], "Faces"]:
    """Return the networks that are named, and the faces for them."""
    start_networks()
    from fer_nb.learning.prediction.ensemble import open_ensemble

    ensemble = open_ensemble(sources, runs=runs)
    return ensemble, faces_for(ensemble, data, cache=runs / "cache" if cache else None, quiet=quiet)


def open_network(run: Path, runs: Path) -> "Member":
    """Return the one network that is a run, a snapshot or a file."""
    from fer_nb.learning.prediction.ensemble import open_ensemble

    member, *more = open_ensemble([run], runs=runs)
    if more:
        raise InputError(f"{run}: expected one network, found a list of {len(more) + 1}")
    return member


def faces_for(ensemble: Sequence["Member"], data: str, *, cache: Path | None, quiet: bool) -> "Faces":
    """Return the faces that `data` names; practice faces as the first member's run drew them."""
    run = ensemble[0].run
    return load(data, cache=cache, seed=run.facts["seed"] if run else 0, quiet=quiet)


def predict(
    compute: Callable[..., Any],
    ensemble: Sequence["Member"],
    faces: Any,
    images: int,
    *,
    quiet: bool,
    **how: Any,
) -> Any:
    """Return what `compute` makes of the networks and the faces, beside a bar over every view of every image.

    Args:
        compute: Given the ensemble, the faces, `how` and `advance`.
        ensemble: The networks.
        faces: As `compute` takes them.
        images: How many each network answers.
        quiet: Whether to show no bar; there is none but in a terminal.
        **how: Of the options PREDICTION, which `compute` takes.
    """
    from tqdm import tqdm

    from fer_nb.learning.prediction.test_time_augmentation import VIEWS

    total = len(ensemble) * images * VIEWS[how["tta"]]
    with tqdm(
        total=total, unit="img", unit_scale=True, desc="predicting", disable=quiet or None, leave=False
    ) as bar:
        return compute(ensemble, faces, **how, advance=bar.update)
