"""What answers: a run, a snapshot or a `.keras` file, alone or in a list with weights."""

import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import keras

from fer_nb.errors import InputError
from fer_nb.learning.loading import load_network
from fer_nb.learning.precision import in_precision
from fer_nb.learning.runs import FACTS, MODEL, Run, read_run

ENDINGS = (".keras", ".h5", ".hdf5")
"""Of the files in which Keras keeps a network."""

LONGEST_LIST, LARGEST_WEIGHT = 1_000_000, 1e6  # bytes of a list file; above it a sum may overflow


@dataclass(frozen=True)
class Member:
    """One network of a blend.

    Attributes:
        path: Its `.keras` file.
        weight: Its part in the blend, 0 or more.
    """

    path: Path
    weight: float = 1.0

    @classmethod
    def of(cls, run: Run) -> "Member":
        """Return the network of a run."""
        return cls(run.folder / MODEL)

    @cached_property
    def run(self) -> Run | None:
        """The run whose network or snapshot this is; None for a file that lies elsewhere."""
        folder = self.path.parent
        return read_run(folder) if (folder / FACTS).is_file() else None

    @property
    def name(self) -> str:
        """What a table calls it: the run's name, the run's name and the snapshot's, or the file's."""
        if self.run is None:
            return self.path.stem
        return self.run.name if self.path.name == MODEL else f"{self.run.name}/{self.path.stem}"

    def network(self) -> keras.Model:
        """Return the network, in float32 whatever it was saved in."""
        network = load_network(self.run.file(self.path.name) if self.run else self.path)
        policies = {layer.compute_dtype for layer in network.layers}
        return network if policies == {"float32"} else in_precision(network, "float32")


def open_ensemble(sources: Sequence[Path], *, runs: Path = Path("runs")) -> list[Member]:
    """Return the networks that are named, every one of them opened once to see that it answers.

    Args:
        sources: Each a run folder, a `.keras` file, or a text file of `weight path` lines (see `read_list`);
            what is not there is looked for among the runs. Runs and `.keras` files weigh 1.
        runs: Folder of all runs.

    Raises:
        InputError: Something is missing, is no network of this task, or is named twice.
    """
    ensemble: list[Member] = []
    for source in sources:
        path = source if source.exists() or not (runs / source).exists() else runs / source
        is_list = path.is_file() and path.suffix not in ENDINGS and not zipfile.is_zipfile(path)
        ensemble += read_list(path) if is_list else [_member(path)]
    seen: dict[Path, Path] = {}
    for member in ensemble:
        earlier = seen.setdefault(member.path.resolve(), member.path)
        if earlier is not member.path:
            found = f"it again (first as {earlier})"
            raise InputError.expected(member.path, "each network once", found)
    for member in ensemble:
        member.network()
    return ensemble


def read_list(path: Path) -> list[Member]:
    """Return the members in a text file of `weight path` lines, as report C has it.

    Blank lines and what stands behind a # are left out; a path is relative to the file, and names a run
    folder, a snapshot or a `.keras` file.

    Raises:
        InputError: With the line, and what was expected in it.
    """
    try:
        if path.stat().st_size > LONGEST_LIST:
            raise ValueError("no list is as long")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        wanted = "a run folder, a .keras file or a text file of `weight path` lines"
        raise InputError.expected(path, wanted, "something else") from None
    ensemble = list(_parsed(path, text))
    if not ensemble:
        raise InputError(f"{path}: expected at least one `weight path` line, found none")
    if not any(member.weight for member in ensemble):
        raise InputError(f"{path}: expected a weight above 0, found only zeros")
    return ensemble


def list_text(ensemble: Sequence[Member], path: Path) -> str:
    """Return the text of a list file that is to lie at `path`, its paths relative to it."""
    folder = path.resolve().parent
    named = [Path(os.path.relpath(member.path.resolve(), folder)).as_posix() for member in ensemble]
    return "".join(f"{member.weight:.6g} {name}\n" for member, name in zip(ensemble, named, strict=True))


def _parsed(path: Path, text: str) -> Iterator[Member]:
    for number, line in enumerate(text.splitlines(), 1):
        words = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].split(maxsplit=1)
        if not words:
            continue
        where = f"{path}: line {number}"
        try:
            weight = float(words[0])
        except ValueError:
            weight = -1.0
        if len(words) < 2 or not 0 <= weight <= LARGEST_WEIGHT:
            wanted = f"`weight path` with a weight of 0 or more, up to {LARGEST_WEIGHT:,.0f}"
            raise InputError.expected(where, wanted, repr(line))
        try:
            yield replace(_member(path.parent / words[1].strip()), weight=weight)
        except InputError as error:
            raise InputError(f"{where}: {error}") from None


def _member(path: Path) -> Member:
    """Return the member at `path`; a folder stands for the network of the run in it."""
    if path.is_dir():
        return Member.of(read_run(path))
    if not path.is_file():
        raise InputError(f"{path}: expected a run folder or a .keras file, found nothing there")
    return Member(path)
