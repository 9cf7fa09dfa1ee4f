"""Files that appear whole or not at all."""

import contextlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fer_nb.errors import InputError


def refuse_existing(path: Path, *, force: bool) -> None:
    """Refuse to write where something is, or where nothing can be written, before any work is done.

    Args:
        path: The file to write.
        force: Whether a file that is there may be replaced.

    Raises:
        InputError: `path` is a folder, or a file and `force` is not set; or its folder cannot be written.
    """
    if path.is_dir():
        raise InputError(f"{path}: expected the name of a file to write, found a folder")
    if path.exists() and not force:
        raise InputError(f"{path}: expected no file there, found one; --force replaces it")
    place = next(folder for folder in path.absolute().parents if folder.exists())
    if not (place.is_dir() and os.access(place, os.W_OK)):
        raise InputError(f"{path}: expected a folder that can be written, found {place}")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a temporary file to fill; it becomes `path` at the end, or vanishes.

    Args:
        path: The file to write; one that is there is replaced. Missing folders are made.

    Raises:
        InputError: The disk is full, or the folder cannot be written.
    """
    temporary = path.with_name(f".{path.stem[:100]}-{uuid.uuid4().hex}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise InputError(
            f"{path}: expected a file that can be written, found: {error.strerror or error}"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
