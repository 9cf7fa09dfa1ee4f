"""Folders of runs as wholes: one is written by one process, there or not, and removed as a whole.

How a run is called is decided by `fer_nb.learning.training.plan.make_plan`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from fer_nb.errors import InputError


def remove(folder: Path) -> None:
    """Remove a run's folder and all that is in it; who is training it now is waited for.

    Raises:
        InputError: It cannot be removed.
    """
    runs = folder.parent
    with lock(runs, folder.name):
        try:
            # Renamed first: a run is whole or absent, also for who looks while it is removed.
            gone = runs / f".{folder.name}.removed"
            shutil.rmtree(gone, ignore_errors=True)  # left by a process that was killed
            folder.rename(gone)
            shutil.rmtree(gone)
        except OSError as error:
            raise InputError(f"{folder}: cannot be removed: {error.strerror}") from None


def finish_removals(runs: Path) -> None:
    """Take away what removals that were killed have left of runs, which nobody can name any more."""
    for gone in runs.glob(".*.removed"):
        with lock(runs, gone.name.removeprefix(".").removesuffix(".removed")):
            shutil.rmtree(gone, ignore_errors=True)


@contextmanager
def writing(runs: Path, name: str) -> Iterator[Path]:
    """Give a fresh folder to fill; it becomes `runs/name` at the end, whole, or vanishes.

    Only who holds the run's lock writes it.

    Raises:
        InputError: The disk is full, or the folder cannot be written.
    """
    temporary = runs / f".{name}.writing"
    shutil.rmtree(temporary, ignore_errors=True)  # left by a process that was killed
    try:
        temporary.mkdir(parents=True)
        yield temporary
        temporary.rename(runs / name)
    except OSError as error:
        wanted, found = "a folder that can be written", error.strerror or error
        raise InputError.expected(runs / name, wanted, found) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def lock(runs: Path, name: str) -> FileLock:
    """Return the lock of a run: whoever holds it trains it, everyone else waits and then finds it.

    Raises:
        InputError: It cannot be written.
    """
    path = runs / "locks" / f"{name}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as error:
        raise InputError.expected(runs, "a folder that can be written", error.strerror or error) from None
    return FileLock(path)
