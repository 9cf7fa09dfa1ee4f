"""The folder that the homework asks for: two scripts, the weights, and the code that they need."""

import filecmp
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from uuid import uuid4

import keras

from fer_nb.errors import InputError
from fer_nb.learning.own_networks import NAME, find_own
from fer_nb.learning.prediction.ensemble import Member, list_text
from fer_nb.learning.runs import FACTS

TESTS = ("public", "private")
TEST_IMAGES = 7178
LIMIT_SECONDS = 480.0  # of the homework's ten minutes, for a slower machine

SCRIPTS = ("hw3_train.sh", "hw3_test.sh")
LEFT_OUT = ("__pycache__", "report", "findings", "figures", "explore", "project", "ascent", "saliency")
"""Of this package: what neither trains nor predicts."""

_REQUIREMENTS = (
    "click", "filelock", "keras", "numpy", "pandas", "pillow", "pyarrow", "pyyaml", "scikit-learn", "scipy",
    "tqdm",
)  # fmt: skip


def write_handin(
    folder: Path,
    ensembles: Mapping[str, Sequence[Member]],
    *,
    tta: str = "none",
    combine: str = "probabilities",
) -> None:
    """Write the folder, whole or not at all: nothing in it names a place outside it.

    Args:
        folder: Where; it may be there if it is empty.
        ensembles: "public" and "private" -> the networks that answer for it.
        tta: A name in `fer_nb.learning.prediction.test_time_augmentation.VIEWS`.
        combine: How several networks are combined.

    Raises:
        InputError: The folder is not empty or cannot be written, or a network lies in no run folder, or
            `train` alone would not make it, so that nobody knows how to train it.
    """
    folder = folder.absolute()
    refuse_filled(folder)
    members = [member for test in TESTS for member in ensembles[test]]
    for member in members:
        if member.run is None:
            wanted = "a network in its run folder, for hw3_train.sh"
            raise InputError.expected(member.path, wanted, "a file alone")
        member.run.check_trained_at_once()
    temporary = folder.with_name(f".{folder.name}-{uuid4().hex}")
    try:
        temporary.mkdir(parents=True)
        for test in TESTS:
            copied = [_copied(member, temporary / "weights") for member in ensembles[test]]
            text = list_text(copied, temporary / f"{test}.txt")
            (temporary / f"{test}.txt").write_text(text, encoding="utf-8", newline="\n")
        own = {find_own(member.run.recipe.architecture) for member in members if member.run}
        for path in filter(None, own):
            shutil.copyfile(path, temporary / NAME)
        _write_code(temporary)
        names = {"@BACKEND@": keras.backend.backend(), "@TTA@": tta, "@COMBINE@": combine}
        for name in SCRIPTS:
            script = Path(__file__).with_name(name).read_text(encoding="utf-8")
            for key, value in names.items():
                script = script.replace(key, value)
            (temporary / name).write_text(script, encoding="utf-8", newline="\n")
            (temporary / name).chmod(0o755)
        with suppress(FileNotFoundError):
            folder.rmdir()
        temporary.rename(folder)
    except OSError as error:
        raise InputError.expected(folder, "a folder that can be written", error.strerror) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def refuse_filled(folder: Path) -> None:
    """Refuse a folder that holds something, and a file.

    Raises:
        InputError: There is one.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError.expected(folder, "a folder that is empty or not there", "something in it")


def _copied(member: Member, weights: Path) -> Member:
    """Copy a network and the facts of its run, once."""
    assert member.run is not None
    target = weights / member.run.name / member.path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and not filecmp.cmp(member.path, target, shallow=False):
        raise InputError.expected(member.path, "one run of this name", "two that differ")
    shutil.copyfile(member.path, target)
    shutil.copyfile(member.run.folder / FACTS, target.with_name(FACTS))
    return replace(member, path=target)


def _write_code(folder: Path) -> None:
    """Copy the part of this package that trains and predicts, and name the versions that it was used with."""
    package = Path(__file__).parents[2]
    shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns(*LEFT_OUT))
    used = {}
    for name in (*_REQUIREMENTS, keras.backend.backend()):
        with suppress(PackageNotFoundError):
            used[name] = version(name)
    pins = "".join(f"{name}=={number}\n" for name, number in used.items())
    (folder / "requirements.txt").write_text(pins, encoding="utf-8", newline="\n")
    # A run notes the version that made it, which Python looks up here.
    facts = folder / f"{package.name}-{version('fer-nb')}.dist-info"
    facts.mkdir()
    described = f"Metadata-Version: 2.1\nName: fer-nb\nVersion: {version('fer-nb')}\n"
    (facts / "METADATA").write_text(described, encoding="utf-8", newline="\n")
