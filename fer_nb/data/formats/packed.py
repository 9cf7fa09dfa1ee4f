"""Reads and writes the packed shape: one .npz with the four arrays of Faces, uncompressed for speed."""

import zipfile
from pathlib import Path

import numpy as np

from fer_nb.data.faces import COLUMNS, MOST, PRACTICE, SIZE, UNKNOWN, USAGES, Faces
from fer_nb.errors import InputError
from fer_nb.files import written_whole

_HEADER = 65_536  # bytes at most before an array


def pack(faces: Faces, path: Path) -> None:
    """Write faces to `path` as .npz: whole or not at all, replacing what is there.

    Practice faces are marked as such, so that they are known for what they are when they are read again.

    Raises:
        InputError: If it cannot be written.
    """
    columns = {name: getattr(faces, name) for name in COLUMNS}
    if faces.practice:
        columns["source"] = np.array(PRACTICE)
    with written_whole(path) as temporary, temporary.open("xb") as handle:
        np.savez(handle, **columns)


def is_packed(path: Path) -> bool:
    """Return whether a file is an archive that names the four arrays."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {f"{name}.npy" for name in COLUMNS} <= set(archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def read_packed(path: Path) -> Faces:
    """Read what `pack` wrote. Pickled objects are never loaded.

    Raises:
        InputError: If arrays are missing, damaged, pickled, or of another shape, type or range.
    """
    try:
        with path.open("rb") as handle, zipfile.ZipFile(handle) as archive:
            names = [name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy")]
            if not names:
                raise InputError.expected(path, "a packed .npz", "a zip archive: unpack it first")
            if not set(COLUMNS) <= set(names):
                found = ", ".join(names[:8])
                raise InputError.expected(path, f"the arrays {', '.join(COLUMNS)}", found)
            columns = {name: _array(path, archive, name) for name in COLUMNS}
            marked = "source" in names and str(_array(path, archive, "source")) == PRACTICE
    except InputError:
        raise
    except Exception as error:  # zipfile raises whatever the archive's content provokes
        raise InputError.expected(path, "a packed .npz", f"a damaged one ({error})") from None
    faces = Faces(**columns, source=str(path))
    if not len(faces):
        raise InputError.expected(path, "faces", "none (0 rows)")
    named = faces.usage == USAGES.index("unlabelled")
    wrong = np.flatnonzero((faces.labels == UNKNOWN) != named)
    if wrong.size:
        wanted = "-1" if named[wrong[0]] else f"0 to 6 in a {USAGES[faces.usage[wrong[0]]]} row"
        raise InputError.expected(f"{path}: row {wrong[0]} of labels", wanted, faces.labels[wrong[0]])
    return Faces(**columns, source=PRACTICE) if marked else faces


def _array(path: Path, archive: zipfile.ZipFile, name: str) -> np.ndarray:
    where = f"{path}: array {name}"
    size, most = archive.getinfo(f"{name}.npy").file_size, MOST * (SIZE * SIZE if name == "images" else 8)
    if size > most + _HEADER:
        raise InputError.expected(where, f"at most {most:,} bytes, of {MOST:,} images", f"{size:,}")
    try:
        with archive.open(f"{name}.npy") as member:
            array = np.lib.format.read_array(member, allow_pickle=False)
            member.read()  # to the end, where its checksum is held against what was read
    except Exception as error:  # compression, encryption, header and content have errors of their own
        if "pickle" in str(error) or "Object arrays" in str(error):
            found = "pickled objects, which are never loaded"
            raise InputError.expected(where, "plain numbers", found) from None
        raise InputError.expected(where, "an array", f"damage ({error})") from None
    return array
