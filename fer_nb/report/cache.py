"""Which notebooks need not run again: those of which nothing has changed that decides what they put out."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from fer_nb.report.environment import environment

PACKAGE = Path(__file__).resolve().parents[1]
WRITTEN_TO = "_folder"  # ends the names of parameters that say where a notebook keeps what it made
OWN = "own_networks.py"
INJECTED = "injected-parameters"
VARIABLES = ("KERAS_BACKEND", "CUDA_VISIBLE_DEVICES", "JAX_PLATFORMS")


def execution_key(notebook: Path, parameters: Mapping[str, Any], *, root: Path, kernel: str) -> str:
    """Return a hash of everything that decides what a notebook puts out.

    That is: its code (not its Markdown), its parameters, size and times of every file that they name and of
    networks of one's own, this package, the kernel and the versions of the packages that matter.
    Trained networks count for nothing: notebooks find them by what they are made from, or make them again.

    Args:
        notebook: Path of the notebook.
        parameters: All that it runs with, the defaults too.
        root: The working directory of the notebooks.
        kernel: Name of the Jupyter kernel.
    """
    code = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    surroundings = environment()
    decisive = {
        "code": [(cell.source, "parameters" in cell.metadata.get("tags", [])) for cell in code],
        "parameters": dict(parameters),
        "files": [_stamp(path) for path in (*named_files(parameters, root), *own_networks(root))],
        "library": {
            str(path.relative_to(PACKAGE)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(PACKAGE.rglob("*"))
            if path.suffix in (".py", ".yaml")
        },
        "kernel": kernel,
        "versions": [surroundings["python"], surroundings["system"], surroundings["packages"]],
        "variables": [os.environ.get(name) for name in VARIABLES],
    }
    return hashlib.sha256(json.dumps(decisive, sort_keys=True, default=str).encode()).hexdigest()


def ran_before(executed: Path) -> nbformat.NotebookNode | None:
    """Return the notebook that an earlier run has left there, None where there is none."""
    try:
        before = nbformat.read(executed, as_version=4)
    except (OSError, ValueError, AttributeError):
        return None
    return before if {"fer_nb", "papermill"} <= set(before.metadata) else None


def kept(executed: Path, notebook: Path, key: str) -> nbformat.NotebookNode | None:
    """Return what a notebook put out before, with its present Markdown and tags; None if it must run.

    Args:
        executed: Where it lies if it was run before.
        notebook: The notebook as it is now.
        key: Its execution key as it is now; one that failed is run again whatever its key.
    """
    before = ran_before(executed)
    metadata = before.metadata["fer_nb"] if before else {}
    if before is None or (metadata.get("status"), metadata.get("key")) != ("ok", key):
        return None
    ran = [cell for cell in before.cells if cell.cell_type == "code"]
    cells = []
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            while INJECTED in ran[0].metadata.get("tags", []):
                cells.append(ran.pop(0))
            ran[0].metadata["tags"] = cell.metadata.get("tags", [])
            cell = ran.pop(0)  # noqa: PLW2901  (the same source, with what it put out)
        cells.append(cell)
    before.cells = cells
    return before


def named_files(parameters: Mapping[str, Any], root: Path) -> Iterator[Path]:
    """Yield the files and folders that parameters name as something to read."""
    for name, value in parameters.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and text and not name.endswith(WRITTEN_TO):
                path = root / text
                if os.path.exists(path):  # noqa: PTH110  (a text too long for a name is no error here)
                    yield path


def own_networks(root: Path) -> list[Path]:
    """Return the files with a student's own networks that notebooks may ask for, where there are some."""
    return [path for path in (root / OWN, root / "notebooks" / OWN) if path.exists()]


def _stamp(path: Path) -> list[tuple[str, int, int, int]]:
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    facts = [(file, file.stat()) for file in files]
    return [(str(file), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) for file, stat in facts]
