"""Recognises a shape of FER2013 by its content, whatever the file is called."""

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fer_nb.data.formats.csv_files import HEADERS, expected_header, header_of
from fer_nb.data.formats.images import image_files
from fer_nb.data.formats.parquet_files import has_usage
from fer_nb.errors import InputError

_START = 4096
_DEEPEST = 4
_FOREIGN = {
    b"\x1f\x8b": "a gzip archive: unpack it first",
    b"7z\xbc\xaf": "a 7z archive: unpack it first",
    b"Rar!": "a rar archive: unpack it first",
    b"\x93NUMPY": "a single .npy array",
    b"\xff\xfe": "text in UTF-16: save it as UTF-8",
    b"\xfe\xff": "text in UTF-16: save it as UTF-8",
    b"\xff\xd8\xff": "a single image",
    b"\x89PNG": "a single image",
    b"\x89HDF": "an HDF5 file",
}
_COURSE_FILES = ("train.csv", "test.csv")


@dataclass(frozen=True)
class Found:
    """A shape that was recognised.

    Attributes:
        path: What the user named.
        format: "course", "kaggle", "icml", "folder", "parquet", "hf" (Hugging Face's shards) or "npz".
        files: The files to read, at least one.
    """

    path: Path
    format: str
    files: tuple[str, ...]


def recognise(path: Path) -> Found:
    """Return the shape in which `path`, a file or a folder, holds FER2013.

    Of a folder, train.csv and test.csv come first, then Parquet files at any depth, then class folders, then
    the only file in it that is known.

    Raises:
        InputError: If it is missing, unreadable, empty or of no known shape.
    """
    try:
        if path.is_dir():
            return _recognise_folder(path)
        if not path.exists():
            raise InputError(f"{path}: expected a file or a folder, found nothing there")
        if not path.is_file():
            raise InputError(f"{path}: expected a file or a folder, found a device")
        return Found(path, _recognise_file(path), (str(path),))
    except OSError as error:
        raise InputError(f"{path}: expected a file that can be read, found: {error.strerror}") from None


def _recognise_file(path: Path) -> str:
    with path.open("rb") as handle:
        start = handle.read(_START)
    if not start:
        raise InputError(f"{path}: expected FER2013, found an empty file")
    if start.startswith(b"PAR1"):
        return "parquet" if has_usage(path) else "hf"
    if start.startswith(b"PK"):
        return "npz"
    for magic, kind in _FOREIGN.items():
        if start.startswith(magic):
            raise InputError(f"{path}: expected FER2013 as CSV, Parquet or packed .npz, found {kind}")
    header = header_of(start)
    if header not in HEADERS:
        raise InputError(f"{path}: line 1: {expected_header(header)}")
    return HEADERS[header]


def _recognise_folder(folder: Path) -> Found:
    named = [folder / name for name in _COURSE_FILES if (folder / name).is_file()]
    if named:
        formats = {file: _recognise_file(file) for file in named}
        _refuse_unlabelled_training(named[0])
        return _found(folder, formats)
    files = _files_below(folder)
    if not any(files.values()):
        raise InputError(f"{folder}: expected FER2013, found an empty folder")
    shards = [parent / name for parent, names in files.items() for name in names if name.endswith(".parquet")]
    if shards:
        return _found(folder, {file: _recognise_file(file) for file in shards})
    images = image_files(files)
    if images:
        return Found(folder, "folder", tuple(images))
    return _recognise_only_file(folder, [folder / name for name in files[folder]])


def _refuse_unlabelled_training(file: Path) -> None:
    with file.open("rb") as handle:
        header = header_of(handle.read(_START))
    if file.name == "train.csv" and header in (("id", "feature"), ("pixels",)):
        raise InputError(f"{file}: line 1: expected a column of labels, found {','.join(header)}")


def _recognise_only_file(folder: Path, files: Sequence[Path]) -> Found:
    if len(files) == 1:
        return _found(folder, {files[0]: _recognise_file(files[0])})
    known = {}
    for file in files:
        with contextlib.suppress(InputError):
            known[file] = _recognise_file(file)
    if len(known) != 1:
        found = " and ".join(file.name for file in known) or "none of them"
        raise InputError(
            f"{folder}: expected train.csv (and test.csv), class folders of images, Parquet files "
            f"or one file of a known shape, found {found}"
        )
    return _found(folder, known)


def _found(folder: Path, formats: Mapping[Path, str]) -> Found:
    """Return all files as one shape, that of the first."""
    return Found(folder, next(iter(formats.values())), tuple(map(str, formats)))


def _files_below(folder: Path) -> dict[Path, list[str]]:
    """Return the sorted names of the files in `folder` and each folder below it, without hidden ones."""
    files = {}
    for parent, folders, names in os.walk(folder):
        below = Path(parent)
        deep = len(below.relative_to(folder).parts) >= _DEEPEST
        folders[:] = (
            [] if deep else sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        )
        files[below] = sorted(name for name in names if not name.startswith("."))
    return files
