"""Which notebooks need not run again: those of which nothing has changed that decides what they put out."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager

from fer_nb.report.engine import LAB_ONLY
from fer_nb.report.environment import environment
from fer_nb.report.parameters import MODEL, MODELS, UNREADABLE
from fer_nb.report.privacy import without_paths

PACKAGE = Path(__file__).resolve().parents[1]
WRITTEN_TO = "_folder"  # ends the names of parameters that say where a notebook keeps what it made
INJECTED = "injected-parameters"
DECISIVE = {"parameters", LAB_ONLY}  # tags that decide what a cell gets, and whether it runs
VARIABLES = ("KERAS_BACKEND", "CUDA_VISIBLE_DEVICES", "JAX_PLATFORMS")


def execution_key(notebook: Path, parameters: Mapping[str, Any], *, root: Path, kernel: str) -> str:
    """Return a hash of everything that decides what a notebook puts out.

    That is: its code (not its Markdown), its parameters, size and times of every file that they name and of
    Python of one's own, this package, the kernel and the versions of the packages that matter.
    Trained networks count for nothing: notebooks find them by what they are made from, or make them again.

    Args:
        notebook: Path of the notebook.
        parameters: All that it runs with, the defaults too.
        root: The working directory of the notebooks.
        kernel: Name of the Jupyter kernel.
    """
    code = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    surroundings, spec = environment(), KernelSpecManager().get_kernel_spec(kernel)
    decisive = {
        "code": [(cell.source, sorted(DECISIVE & {*cell.metadata.get("tags", [])})) for cell in code],
        "parameters": dict(parameters),
        "files": [_stamp(path) for path in (*named_files(parameters, root), *own_code(root))],
        "library": {
            str(path.relative_to(PACKAGE)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(PACKAGE.rglob("*"))
            if path.suffix in (".py", ".yaml")
        },
        "kernel": (kernel, spec.argv, spec.env),
        "versions": [surroundings["python"], surroundings["system"], surroundings["packages"]],
        "variables": [os.environ.get(name) for name in VARIABLES],
    }
    return hashlib.sha256(json.dumps(decisive, sort_keys=True, default=str).encode()).hexdigest()


def ran_before(executed: Path) -> nbformat.NotebookNode | None:
    """Return the notebook that an earlier run has left there, None where there is none."""
    try:
        before = nbformat.read(executed, as_version=4)
    except UNREADABLE:
        return None
    return before if {"fer_nb", "papermill"} <= set(before.metadata) else None


def kept(
    executed: Path, notebook: Path, key: str, private: Mapping[str, str]
) -> nbformat.NotebookNode | None:
    """Return what a notebook put out before, with its present Markdown and tags; None if it must run.

    Args:
        executed: Where it lies if it was run before.
        notebook: The notebook as it is now.
        key: Its execution key as it is now; one that failed is run again whatever its key, and so is one
            whose code was changed where it lies.
        private: What stands for each private path in what was run.
    """
    before = ran_before(executed)
    metadata = before.metadata["fer_nb"] if before else {}
    if before is None or (metadata.get("status"), metadata.get("key")) != ("ok", key):
        return None
    ran = [cell for cell in before.cells if cell.cell_type == "code"]
    own = [cell.source for cell in ran if INJECTED not in cell.metadata.get("tags", [])]
    now, cells = nbformat.read(notebook, as_version=4).cells, []
    if own != [without_paths(cell.source, private) for cell in now if cell.cell_type == "code"]:
        return None
    for cell in now:
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
                    if name.endswith((MODEL, MODELS)) and path.suffix == ".txt":
                        yield from _listed(path)


def _listed(path: Path) -> Iterator[Path]:
    """Yield the networks in a list of `weight path` lines, which may change while the list does not."""
    for line in path.read_text(encoding="utf-8-sig", errors="replace").splitlines():
        words = line.partition(" #")[0].split(maxsplit=1)
        if len(words) == 2:
            yield path.parent / words[1].strip()


def own_code(root: Path) -> list[Path]:
    """Return the Python files of a student that notebooks may read: own networks, and what these import."""
    return sorted(path for folder in (root, root / "notebooks") for path in folder.glob("*.py"))


def _stamp(path: Path) -> list[tuple[str, int, int, int]]:
    below = os.walk(path, followlinks=True)
    files = [path, *sorted(Path(folder, name) for folder, _, names in below for name in names)]
    facts = [(file, file.stat()) for file in files if file.is_file()]
    return [(str(file), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) for file, stat in facts]
