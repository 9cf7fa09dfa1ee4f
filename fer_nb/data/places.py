"""Where a machine keeps data: in a folder `data`, among Kaggle's inputs, on Colab's drive."""

import contextlib
import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from fer_nb.data.formats.names import class_of, split_of
from fer_nb.language import EMOTIONS

PLACES = (Path("data"), Path("/kaggle/input"), Path("/content/drive/MyDrive"))
_DEEPEST = 6  # folders; Kaggle keeps a data set in datasets/OWNER/NAME/
_MOST = 1000  # folders that are looked into in a place: somebody's drive may hold anything
_SUFFIXES = (".csv", ".parquet", ".npz")


def candidates(place: Path) -> Iterator[Path]:
    """Yield the files and folders below a place that may hold FER2013, a folder before the files in it."""
    waiting = deque([place])
    for _ in range(_MOST):
        if not waiting:
            return
        folder, names, files = waiting.popleft(), [], []
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_dir():
                    names.append(entry.name)
                elif entry.name.lower().endswith(_SUFFIXES):
                    files.append(entry.name)
        if {class_of(name) for name in names} >= set(range(len(EMOTIONS))):
            yield folder.parent if split_of(folder.name) and folder != place else folder
        if "train.csv" in files or (folder != place and sum(name.endswith(".parquet") for name in files) > 1):
            yield folder
        yield from (folder / name for name in files)
        if len(folder.relative_to(place).parts) < _DEEPEST:
            waiting += (
                folder / name for name in names if class_of(name) is None and not name.startswith(".")
            )
