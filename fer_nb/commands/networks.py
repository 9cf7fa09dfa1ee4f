"""Opens the networks that a command is given, and the faces for them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fer_nb.commands.backend import start_networks
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
