"""Cases of a command that is killed, or deprived of something, while it works; and of several at once."""

import contextlib
import hashlib
import math
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from campaign.data import content
from campaign.kit import Kit, copied_project, trained, training
from campaign.processes import Command, FaultError

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
TEMPORARY = ("*.tmp", "*.part.ipynb", ".*.writing", ".*.removed", "*.partial", ".[0-9a-f]*-*")
"""What a command leaves in the middle of its work, and never after it."""

_SHARES = st.integers(0, 100).map(lambda percent: percent / 100)  # of the time that the command takes
_KILLS = st.lists(st.tuples(st.sampled_from(SIGNALS), _SHARES), min_size=1, max_size=2)
_QUICK = st.sampled_from(["pack kaggle", "pack parquet", "pack npz", "remove", "info"])
_SLOW = st.sampled_from(["train", "train", "train", "self-train", "report"])


def _harmed(plan: str) -> st.SearchStrategy[Any]:
    """Return the cases of a plan: which commands, and what is done to them."""
    names = _SLOW if plan.startswith("slow") else _QUICK
    if plan.endswith("killed"):
        return st.tuples(names, st.just("kill"), _KILLS)
    if plan.endswith("without room"):
        names = st.sampled_from(["train", "report"]) if plan.startswith("slow") else _QUICK
        room = st.integers(0, 3_000_000 if plan.startswith("slow") else 12_000)
        return st.tuples(names, st.sampled_from(["size", "full"]), room)
    harms = ["permission", "deleted", "clock", "two", *["four"] * plan.startswith("quick")]
    return st.tuples(names, st.sampled_from(harms), _SHARES)


PLANS = (*["quick, killed"] * 14, *["slow, killed"] * 3, "quick, without room", "slow, without room",
         "quick, otherwise", "slow, otherwise")  # fmt: skip
CASES = st.sampled_from(PLANS).flatmap(_harmed)


def arguments(name: str, folder: Path, kit: Kit) -> tuple[list[str], Path]:
    """Put into a folder what a command works on; return its arguments and the folder to run it in."""
    if name == "report":
        project = copied_project(kit, folder)
        shutil.rmtree(project / "out")
        return ["report", "--out", "out"], project
    if name.startswith("pack"):
        shape = name.split()[1]
        (folder / f"in.{shape}").write_bytes(content(shape))
        return ["data", "pack", f"in.{shape}", "--out", "out.npz", "--force"], folder
    if name == "info":
        (folder / "in.csv").write_bytes(content("kaggle"))
        return ["data", "info", "in.csv", "--json"], folder
    shutil.copy(kit.faces, folder / "faces.npz")
    if name == "remove":
        shutil.copytree(kit.runs, folder / "runs")
        return ["runs", "remove", kit.names[0], "--yes"], folder
    if name == "train":
        return training(), folder
    options = ["--epochs", "1", "--more-epochs", "1", "--labels", "0.5", "--quiet"]
    return ["self-train", "practice_cnn", "--data", "faces.npz", *options], folder


def result(name: str, folder: Path) -> Any:
    """Return what a command has left: equal for equal weights or bytes."""
    if name == "report":
        return [(folder / "out" / file).exists() for file in ("report.html", "report.pdf", "results.json")]
    if name in ("train", "self-train"):
        return trained(folder / "runs")
    if name == "remove":
        return sorted(path.name for path in (folder / "runs").glob("[!.]*/run.json"))
    path = next(iter([*folder.glob("out.npz"), *folder.glob("runs/cache/[!.]*.npz")]), None)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else None


@cache
def unharmed(name: str, kit_folder: Path) -> tuple[Any, float]:
    """Return what a command leaves when nothing harms it, and the seconds that it takes at least."""
    kit = Kit(kit_folder)
    with tempfile.TemporaryDirectory(dir=kit_folder.parent) as text:
        words, folder = arguments(name, Path(text), kit)
        command, seconds = Command(words, folder, data_only=False), math.inf
        for _ in range(1 if name in ("train", "self-train", "report", "remove") else 3):
            began = time.monotonic()
            ended = command.run()
            seconds = min(seconds, time.monotonic() - began)
            if ended.outcome() != "right":
                raise FaultError(f"{name} does not work at all: {ended.error!r}")
        return result(name, folder), seconds


def check(case: Any, folder: Path, kit: Kit) -> str:
    """Harm a command, start it again, and compare with one that was not harmed.

    Returns:
        "killed" where a signal ended it, of a training "killed in training"; else as the harmed one ended.

    Raises:
        FaultError: It ended in another way, or the second time with another result.
    """
    name, harm, amount = case
    words, place = arguments(name, folder, kit)
    command = Command(words, place, data_only=False)
    expected, seconds = unharmed(name, kit.folder)
    outcome = "right"
    if harm == "kill":
        for number, share in amount:
            outcome = max(
                outcome, command.start().harm(number, share * seconds).outcome(harmed=True), key=_worse
            )
    elif harm in ("size", "full"):
        outcome = _without_room(command, harm, int(amount)).outcome(harmed=name == "report")
    elif harm == "permission":
        outcome = _without_permission(command)
    elif harm == "deleted":
        started = command.start()
        ended = started.poll(until=started.began + amount * seconds)
        for path in (place / "runs", place / "out"):
            with contextlib.suppress(OSError):
                shutil.rmtree(path)
        outcome = (ended or started.wait()).outcome(harmed=name == "report")
        if name == "remove":
            return outcome
    elif harm == "clock":
        outcome = command.start().harm(signal.SIGKILL, amount * seconds).outcome(harmed=True)
        for path in (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
            os.utime(path, (path.stat().st_atime + 10**8, path.stat().st_mtime + 10**8))
    else:
        return _together(name, command, place, expected, 2 if harm == "two" else 4)
    _look_at_what_is_there(name, place, expected)
    again = command.run()
    removed = name == "remove" and again.status == 2 and not (place / "runs" / kit.names[0]).exists()
    if again.outcome() != "right" and not removed:
        raise FaultError(f"{outcome}; started again it does not end well: {again.error[-600:]!r}")
    _compare(name, place, expected, again.error)
    return f"{outcome} in training" if outcome == "killed" and name in ("train", "self-train") else outcome


def _worse(outcome: str) -> int:
    return ("right", "refused", "killed").index(outcome)


def _compare(name: str, place: Path, expected: Any, told: str) -> None:
    found = result(name, place)
    if found != expected:
        raise FaultError(
            f"ends with another result: {_shown(found)}, not {_shown(expected)}; {told[-300:]!r}"
        )
    left = [path for pattern in TEMPORARY for path in place.rglob(pattern)]
    if left:
        raise FaultError(f"leaves {[path.name for path in left]}")


def _look_at_what_is_there(name: str, place: Path, expected: Any) -> None:
    """Refuse what is there by half: everything under its final name is whole, or absent."""
    if name == "report":
        ends = {"report.html": b"</html>", "report.pdf": b"%%EOF", "results.json": b"}"}
        for file in (place / "out" / file for file in ends):
            if file.exists() and not file.read_bytes().rstrip().endswith(ends[file.name]):
                raise FaultError(f"leaves half of {file.name}")
        return
    try:
        found = result(name, place)
    except Exception as error:  # NumPy raises whatever half of a file provokes
        raise FaultError(f"leaves half of a run: {error!r}") from None
    if name in ("train", "self-train"):
        whole = found.items() <= expected.items()
    else:
        whole = name == "remove" or found in (None, expected)
    if not whole:
        raise FaultError(f"leaves what is neither whole nor absent: {_shown(found)}, not {_shown(expected)}")


def _shown(found: Any) -> str:
    if isinstance(found, dict):
        return str({name: hashlib.sha256(value).hexdigest()[:6] for name, value in found.items()})[:400]
    return str(found)


def _without_room(command: Command, harm: str, room: int) -> Any:
    """Run a command where no file may grow beyond some bytes, or on a small disk where one can be had."""
    if harm == "full":
        with _small_disk(command.folder, room) as mounted:
            if mounted:
                return command.run()
    limited = Command(
        command.arguments, command.folder, limits={resource.RLIMIT_FSIZE: room}, data_only=False
    )
    return limited.run()


@contextmanager
def _small_disk(folder: Path, room: int) -> Iterator[bool]:
    """Put the folder on a disk with so much room left, where the system lets one."""
    copy = folder.with_name(f"{folder.name}-kept")
    shutil.copytree(folder, copy, symlinks=True)
    needed = sum(path.stat().st_size + 4096 for path in folder.rglob("*") if path.is_file()) + 65_536
    options = f"size={needed + room},mode=777"
    mount = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    mounted = os.getuid() == 0 and not subprocess.run(mount, capture_output=True, check=False).returncode
    if mounted:
        shutil.copytree(copy, folder, dirs_exist_ok=True, symlinks=True)
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        shutil.rmtree(copy)


def _without_permission(command: Command) -> str:
    """Run a command where nothing may be written in its folder."""
    folders = [command.folder, *(path for path in command.folder.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        return Command(command.arguments, command.folder, held_back=True, data_only=False).run().outcome()
    finally:
        for folder in folders:
            folder.chmod(0o755)


def _together(name: str, command: Command, place: Path, expected: Any, count: int) -> str:
    """Start a command several times at once: each ends well, with the result of one alone."""
    for ended in [started.wait() for started in [command.start() for _ in range(count)]]:
        if ended.outcome() != "right" and name != "remove":
            raise FaultError(f"{count} at once: {ended.error!r}")
    _compare(name, place, expected, "")
    return "right"
