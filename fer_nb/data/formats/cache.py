"""The packed cache: what was read once is read again in a fraction of a second."""

import contextlib
import hashlib
import os
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from fer_nb.data.faces import Faces
from fer_nb.data.formats.packed import pack, read_packed
from fer_nb.errors import InputError

VERSION = 2
"""Raise it when a reader gives other rows for the same files."""


def cached(path: Path, state: str, folder: Path, read: Callable[[], Faces]) -> Faces:
    """Return the faces that `read` returns, from a packed copy in `folder` if there is one, else making it.

    A damaged copy, or a folder that cannot be written, gives a warning and no more.

    Args:
        path: What the user named.
        state: Of all its files, as `fer_nb.data.formats.reading.Found` has it.
        folder: Of packed copies.
        read: Reads the files themselves.
    """
    name = os.fsencode(path.resolve())
    place = hashlib.sha256(name).hexdigest()[:12]
    packed = folder / f"{place}-{VERSION}-{state}.npz"
    with contextlib.suppress(OSError):
        if packed.exists():
            try:
                return replace(read_packed(packed), source=str(path))
            except InputError as error:
                warnings.warn(f"rebuilding a damaged cache: {error}", stacklevel=2)
    faces = read()
    try:
        pack(faces, packed)
    except InputError as error:
        warnings.warn(f"no cache is kept: {error}", stacklevel=2)
    with contextlib.suppress(OSError):
        for stale in folder.glob(f"{place}-*.npz"):
            if stale != packed:
                stale.unlink(missing_ok=True)
    return faces
