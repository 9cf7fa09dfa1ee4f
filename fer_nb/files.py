"""Files that appear whole or not at all."""

import contextlib
import hashlib
import os
import platform
import stat
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
        InputError: `path` is a folder or a device, or a file and `force` is not set; or its folder cannot be
            written.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        mode = None
    except OSError as error:
        raise InputError.unreadable(path, error) from None
    if mode is not None and not stat.S_ISREG(mode):
        found = "a folder" if stat.S_ISDIR(mode) else "a device"
        raise InputError.expected(path, "the name of a file to write", found)
    if mode is not None and not force:
        raise InputError(f"{path}: expected no file there, found one; --force replaces it")
    place = next(folder for folder in path.absolute().parents if folder.exists())
    if not (place.is_dir() and os.access(place, os.W_OK)):
        raise InputError.expected(path, "a folder that can be written", place)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a temporary file to fill; it becomes `path` at the end, or vanishes.

    A process that was killed leaves its temporary file behind, which carries the process's number: the next
    one that writes the same file takes it away.

    Args:
        path: The file to write; one that is there is replaced. Missing folders are made.

    Raises:
        InputError: The disk is full, or the folder cannot be written.
    """
    digest = hashlib.sha256(os.fsencode(path.name) + platform.node().encode()).hexdigest()[:12]
    ending = path.suffix if len(path.suffix) < 10 else ""
    temporary = path.with_name(f".{digest}-{os.getpid()}-{uuid.uuid4().hex[:8]}{ending}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f".{digest}-*"):
            if not _is_running(int(left.name.split("-")[1])):
                left.unlink(missing_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        found = error.strerror or error
        raise InputError.expected(path, "a file that can be written", found) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _is_running(process: int) -> bool:
    """Return whether a process of this machine runs; one that cannot be asked for does."""
    if os.name == "posix":  # elsewhere the question would end it
        with contextlib.suppress(PermissionError):
            try:
                os.kill(process, 0)
            except ProcessLookupError:
                return False
    return True
