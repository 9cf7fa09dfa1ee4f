"""Reads FER2013 in whatever shape it comes."""

from pathlib import Path

from fer_nb.data.faces import Faces, concatenate
from fer_nb.data.formats.cache import cached
from fer_nb.data.formats.csv_files import read_csv
from fer_nb.data.formats.images import read_image_folder
from fer_nb.data.formats.packed import read_packed
from fer_nb.data.formats.parquet_files import read_parquet
from fer_nb.data.formats.recognition import Found, recognise
from fer_nb.errors import InputError


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
