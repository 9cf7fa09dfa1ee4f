"""Reads and writes the packed shape: one .npz with the four arrays of Faces, uncompressed for speed."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from fer_nb.data.faces import PRACTICE, Faces
from fer_nb.errors import InputError
from fer_nb.files import written_whole

ARRAYS = ("images", "labels", "usage", "ids")


def pack(faces: Faces, path: Path) -> None:
    """Write faces to `path` as .npz: whole or not at all, replacing what is there.

    Practice faces are marked as such, so that they are known for what they are when they are read again.

    Raises:
        InputError: If it cannot be written.
    """
    columns = {name: getattr(faces, name) for name in ARRAYS}
    if faces.source == PRACTICE:
        columns["source"] = np.array(PRACTICE)
    with written_whole(path) as temporary, temporary.open("xb") as handle:
        np.savez(handle, **columns)


def read_packed(path: Path) -> Faces:
    """Read what `pack` wrote. Pickled objects are never loaded.

    Raises:
        InputError: If arrays are missing, damaged, pickled, or of another shape, type or range.
    """
    try:
        with path.open("rb") as handle, np.load(handle, allow_pickle=False) as archive:
            if not any(name.endswith(".npy") for name in archive.zip.namelist()):
                raise InputError(f"{path}: expected a packed .npz, found a zip archive: unpack it first")
            missing = [name for name in ARRAYS if name not in archive.files]
            if missing:
                found = ", ".join(archive.files[:8]) or "none"
                raise InputError(f"{path}: expected the arrays {', '.join(ARRAYS)}, found {found}")
            columns = {name: _array(path, archive, name) for name in ARRAYS}
            marked = "source" in archive.files and str(_array(path, archive, "source")) == PRACTICE
    except (OSError, zipfile.BadZipFile, ValueError, EOFError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: expected a packed .npz, found a damaged one ({error})") from None
    faces = Faces(**columns, source=str(path))
    if not len(faces):
        raise InputError(f"{path}: expected faces, found none (0 rows)")
    return Faces(**columns, source=PRACTICE) if marked else faces


def _array(path: Path, archive: np.lib.npyio.NpzFile, name: str) -> np.ndarray:
    try:
        array = archive[name]
    except (zipfile.BadZipFile, zlib.error, EOFError, MemoryError, ValueError) as error:
        if "pickle" in str(error):
            raise InputError(
                f"{path}: array {name}: expected plain numbers, found pickled objects, which are never loaded"
            ) from None
        raise InputError(f"{path}: array {name}: expected an array, found damage ({error})") from None
    if not isinstance(array, np.ndarray):
        raise InputError(f"{path}: array {name}: expected an array, found {len(array)} bytes of another kind")
    return array
