"""Recognises a shape of FER2013 by its content, whatever the file is called, and reads it."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fer_nb.data.faces import Faces, concatenate
from fer_nb.data.formats.cache import cached
from fer_nb.data.formats.csv_files import HEADERS, expected_header, header_of, read_csv
from fer_nb.data.formats.images import image_files, read_image_folder
from fer_nb.data.formats.packed import read_packed
from fer_nb.data.formats.parquet_files import has_usage, read_parquet
from fer_nb.errors import InputError

_START = 4096
_DEEPEST = 8
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # with files and without, as NumPy knows its archives
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
        files: The files to read, at least one, none of them a pipe or a device.
        state: 12 hex digits over the format and every file's name, place, size and times; other ones after
            any change, also after one that sets size and time of writing back.
    """

    path: Path
    format: str
    files: tuple[str, ...]
    state: str


def read_faces(path: Path, *, cache: Path | None = None, quiet: bool = False) -> Faces:
    """Read FER2013 from a file or a folder in any of its shapes, recognised by content.

    Args:
        path: The file or folder.
        cache: The folder of packed copies, usually runs/cache; None reads the data itself.
        quiet: Show no progress bar.

    Raises:
        InputError: In one line, the file, the row, what was expected and what was found.
    """
    return read_found(recognise(path), cache=cache, quiet=quiet)


def read_found(found: Found, *, cache: Path | None = None, quiet: bool = False) -> Faces:
    """Read what `recognise` found; as `read_faces` else."""
    try:
        if cache is None or found.format == "npz":
            return _read(found, quiet=quiet)
        return cached(found.path, found.state, cache, lambda: _read(found, quiet=quiet))
    except OSError as error:
        raise InputError.unreadable(found.path, error) from None


def _read(found: Found, *, quiet: bool) -> Faces:
    files = [Path(file) for file in found.files]
    if found.format == "npz":
        return read_packed(files[0])
    if found.format == "folder":
        return read_image_folder(found.path, files, quiet=quiet)
    if found.format in ("parquet", "hf"):
        return read_parquet(found.path, files, quiet=quiet)
    return concatenate([read_csv(file, quiet=quiet) for file in files], source=str(found.path))


def recognise(path: Path) -> Found:
    """Return the shape in which `path`, a file or a folder, holds FER2013.

    Of a folder, train.csv and test.csv come first, then Parquet files at any depth, then class folders, then
    the only file in it that is known.

    Raises:
        InputError: If it is missing, unreadable, empty or of no known shape.
    """
    try:
        if not os.path.lexists(path):
            raise InputError.expected(path, "a file or a folder", "nothing there")
        shape, files = _recognise_folder(path) if path.is_dir() else (_recognise_file(path), [path])
        digest = hashlib.sha256(shape.encode())
        for file in files:
            status = _regular(file)
            state = f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}\n"
            digest.update(os.fsencode(file) + b"\0" + state.encode())
    except OSError as error:
        raise InputError.unreadable(path, error) from None
    return Found(path, shape, tuple(map(str, files)), digest.hexdigest()[:12])


def _regular(path: Path | str) -> os.stat_result:
    """Return the state of a file; a pipe would be waited for, and a device may have no end."""
    status = os.stat(path)  # noqa: PTH116 (a third of the time of Path.stat)
    if not stat.S_ISREG(status.st_mode):
        raise InputError.expected(path, "a file", "a folder" if stat.S_ISDIR(status.st_mode) else "a device")
    return status


def _start(path: Path) -> bytes:
    _regular(path)
    with path.open("rb") as handle:
        return handle.read(_START)


def _recognise_file(path: Path) -> str:
    start = _start(path)
    if not start:
        raise InputError.expected(path, "FER2013", "an empty file")
    if start.startswith(b"PAR1"):
        return "parquet" if has_usage(path) else "hf"
    if start.startswith(_ZIP):
        return "npz"
    for magic, kind in _FOREIGN.items():
        if start.startswith(magic):
            raise InputError.expected(path, "FER2013 as CSV, Parquet or packed .npz", kind)
    header = header_of(start)
    if header not in HEADERS:
        raise InputError(f"{path}: line 1: {expected_header(header)}")
    return HEADERS[header]


def _recognise_folder(folder: Path) -> tuple[str, Sequence[Path | str]]:
    """Return the shape of a folder and the files to read."""
    named = [folder / name for name in _COURSE_FILES if os.path.lexists(folder / name)]
    if named:
        formats = {file: _recognise_file(file) for file in named}
        header = header_of(_start(named[0]))
        if named[0].name == "train.csv" and header in (("id", "feature"), ("pixels",)):
            raise InputError.expected(f"{named[0]}: line 1", "a column of labels", ",".join(header))
        return _one_shape(formats)
    files = _files_below(folder)
    if not any(files.values()):
        raise InputError.expected(folder, "FER2013", "an empty folder")
    shards = [parent / name for parent, names in files.items() for name in names if name.endswith(".parquet")]
    if shards:
        return _one_shape({file: _recognise_file(file) for file in shards})
    images = image_files(files)
    if images:
        return "folder", images
    return _recognise_only_file(folder, [folder / name for name in files[folder]])


def _recognise_only_file(folder: Path, files: Sequence[Path]) -> tuple[str, list[Path]]:
    if len(files) == 1:
        return _recognise_file(files[0]), [*files]
    known = {}
    for file in files:
        with contextlib.suppress(InputError):
            known[file] = _recognise_file(file)
    if len(known) != 1:
        wanted = (
            "train.csv (and test.csv), class folders of images, Parquet files or one file of a known shape"
        )
        raise InputError.expected(folder, wanted, " and ".join(file.name for file in known) or "none of them")
    return _one_shape(known)


def _one_shape(formats: Mapping[Path, str]) -> tuple[str, list[Path]]:
    """Return all files as one shape, that of the first.

    Raises:
        InputError: Some are of another kind: a train.csv that is Parquet, beside a test.csv that is none.
    """
    (first, shape), *others = formats.items()
    kind = {"parquet": "Parquet", "hf": "Parquet", "npz": "a packed .npz"}
    for file, other in others:
        if kind.get(other) != kind.get(shape):
            found = kind.get(other, "CSV")
            raise InputError.expected(file, f"{kind.get(shape, 'CSV')}, as {first.name} is", found)
    return shape, [*formats]


def _files_below(folder: Path) -> dict[Path, list[str]]:
    """Return the sorted names of the files in `folder` and each folder below it, without hidden ones.

    Links are followed: what a link leads to is part of the data.

    Raises:
        OSError: A folder cannot be read; its faces would be missed in silence.
        InputError: Folders are nested too deeply, or a link leads to one that is read already.
    """
    files: dict[Path, list[str]] = {}
    seen: dict[tuple[int, int], Path] = {}
    for parent, folders, names in os.walk(folder, onerror=_fail, followlinks=True):
        below = Path(parent)
        status = below.stat()
        first = seen.setdefault((status.st_dev, status.st_ino), below)
        if first is not below:
            raise InputError.expected(
                below, "a folder of its own", f"a link to {first}, which is read already"
            )
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        if folders and len(below.relative_to(folder).parts) >= _DEEPEST:
            raise InputError.expected(below / folders[0], f"folders at most {_DEEPEST} deep", "a deeper one")
        files[below] = sorted(name for name in names if not name.startswith("."))
    return files


def _fail(error: OSError) -> None:
    raise error
