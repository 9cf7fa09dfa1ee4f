"""Cases of another environment, each in a Python of its own: the answer does not depend on it."""

import json
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from campaign.data import IMAGES, content
from campaign.kit import Kit, copied_project
from campaign.processes import ROOT, Command, Ended, FaultError
from fer_nb.data.formats.cache import VERSION

NOWHERE = "http://127.0.0.1:9"
VARIABLES = {
    "LANG": ("C", "zh_TW.UTF-8", "none"),
    "LC_ALL": ("C", "POSIX", "C.UTF-8", None),
    "HOME": ("/nonexistent", None),
    "TMPDIR": ("/nonexistent",),
    "MPLCONFIGDIR": ("/nonexistent",),
    "COLUMNS": ("1", "9999", "x"),
    "PYTHONOPTIMIZE": ("2",),
    "PYTHONUTF8": ("0",),
    "PYTHONIOENCODING": ("ascii",),
    "PATH": ("/nonexistent", None),
    "TERM": ("dumb", "", None),
    "TZ": ("Asia/Taipei", "none"),
    "PYTHONHASHSEED": ("1",),
    "SOURCE_DATE_EPOCH": ("0",),
    "https_proxy": (NOWHERE,),
    "http_proxy": (NOWHERE,),
    "USER": (None,),
}
_VARIABLES = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in VARIABLES.items()}
)
_PARTS = st.lists(
    st.sampled_from(["a b", "臉", "x" * 60, "臉" * 83, "😀", "'", "$HOME", "%s", "{}"]), max_size=4
)
_SHAPES = st.sampled_from(["kaggle", "npz", "parquet", "icml"])
CASES = st.one_of(
    st.tuples(st.just("info"), _VARIABLES, _PARTS, _SHAPES),
    st.tuples(st.sampled_from(["pack", "umask", "checkout", "held back", "memory"]), _VARIABLES, _PARTS,
        _SHAPES),
    st.tuples(st.sampled_from(["old cache", "bad cache", "read-only cache", "same time"]), _VARIABLES,
        _PARTS, _SHAPES),
    st.tuples(st.sampled_from(["info", "runs", "report", "read-only home"]), _VARIABLES, _PARTS, _SHAPES),
)  # fmt: skip


def check(case: Any, folder: Path, kit: Kit) -> str:
    """Ask for the faces, the runs or the report in another environment; return "right".

    Raises:
        FaultError: It does not answer, or answers otherwise.
    """
    kind, variables, parts, shape = case
    place = folder.joinpath(*parts)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return "right"  # the system makes no such folder
    path = place / f"in.{shape}"
    path.write_bytes(content(shape))
    options: dict[str, Any] = {"environment": variables, "fresh": True}
    if kind == "read-only home":
        home = folder / "home"
        home.mkdir(mode=0o555)
        options |= {"environment": variables | {"HOME": str(home)}, "held_back": True}
    if kind in ("report", "read-only home"):
        project = copied_project(kit, place)
        ended = Command(["report", "--out", "out"], project, **options).run()
        return _right(ended, all((project / "out" / name).exists() for name in ("report.html", "report.pdf")))
    if kind == "runs":
        ended = Command(["runs", "list", "--json", "--runs", str(kit.runs)], place, **options).run()
        return _right(ended, {row["name"] for row in _answer(ended)} == set(kit.names))
    if kind in ("pack", "umask"):
        wrapped = Command(["data", "pack", str(path), "--out", str(place / "out.npz")], place, **options)
        before = os.umask(0o077) if kind == "umask" else None
        try:
            ended = wrapped.run()
        finally:
            if before is not None:
                os.umask(before)
        return _right(ended, (place / "out.npz").exists())
    if kind == "checkout":
        with _read_only_checkout(kit) as options["checkout"]:
            ended = Command(["data", "info", str(path), "--json"], place, **options).run()
        return _right(ended, sum(_answer(ended)["counts"].values()) == len(IMAGES))
    if kind in ("held back", "read-only cache"):
        options["held_back"] = True
    if kind == "memory":
        options["limits"] = {resource.RLIMIT_AS: 1_500_000_000}
    asked = Command(["data", "info", str(path), "--json"], place, **options)
    if kind in ("old cache", "bad cache", "read-only cache", "same time"):
        asked.run()
        cache = place / "runs" / "cache"
        for copy in cache.glob("*.npz"):
            if kind == "old cache":
                copy.rename(copy.with_name(copy.name.replace(f"-{VERSION}-", f"-{VERSION - 1}-")))
            elif kind == "bad cache":
                copy.write_bytes(copy.read_bytes()[:5000])
        if kind == "read-only cache":
            cache.mkdir(parents=True, exist_ok=True)  # of what is packed already no copy is kept
            cache.chmod(0o555)
        if kind == "same time":
            return _same_time(asked, path)
    ended = asked.run()
    return _right(ended, sum(_answer(ended)["counts"].values()) == len(IMAGES))


def _answer(ended: Ended) -> Any:
    ended.outcome()
    try:
        return json.loads(ended.out)
    except ValueError:
        raise FaultError(f"answers no JSON: {ended.error!r} {ended.out[-300:]!r}") from None


def _right(ended: Ended, fits: bool) -> str:
    if ended.outcome() != "right":
        raise FaultError(f"refuses what is right: {ended.error!r}")
    if not fits:
        raise FaultError(f"answers otherwise: {ended.out[-300:]!r}")
    return "right"


def _same_time(asked: Command, path: Path) -> str:
    """Change a file, and keep its size and time: it is another one all the same."""
    before, told = _answer(asked.run()), path.stat()
    data = path.read_bytes()
    old = (
        bytes(IMAGES[0][0, :8])
        if path.suffix == ".npz"
        else b" ".join(b"%d" % n for n in IMAGES[0].ravel()[:8])
    )
    new = old[::-1] if path.suffix == ".npz" else b" ".join(b"%d" % n for n in IMAGES[0].ravel()[:8][::-1])
    if path.suffix == ".parquet" or len(old) != len(new) or old not in data:
        return "right"  # its pictures are compressed
    path.write_bytes(data.replace(old, new, 1))
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    ended = asked.run()
    if ended.outcome() == "refused":
        return "refused"  # the archive's checksum is another
    return _right(ended, _answer(ended)["fingerprints"] != before["fingerprints"])


@contextmanager
def _read_only_checkout(kit: Kit) -> Iterator[Path]:
    """Give a copy of the code in which nothing can be written, not by root either where it may mount."""
    copy = kit.folder / f"checkout-{os.getpid()}"
    if not copy.exists():
        for name in ("fer_nb", "notebooks", "params"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in (copy, *copy.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
    binds = [["mount", "--bind", str(copy), str(copy)], ["mount", "-o", "remount,ro,bind", str(copy)]]
    mounted = [
        os.getuid() == 0 and subprocess.run(bind, capture_output=True, check=False).returncode == 0
        for bind in binds
    ]
    try:
        yield copy
    finally:
        if mounted[0]:
            subprocess.run(["umount", "-l", str(copy)], check=True)
