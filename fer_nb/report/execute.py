"""Runs the notebooks with papermill, one after the other, and says truly how each ended."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpecManager
from nbconvert.filters import strip_ansi
from papermill.execute import ERROR_MARKER_TAG

from fer_nb.errors import InputError, known_name
from fer_nb.files import written_whole
from fer_nb.report.cells import ANSWER_TYPE, RECORD_TYPE
from fer_nb.report.engine import ENGINE, LAB_ONLY
from fer_nb.report.parameters import declared
from fer_nb.report.privacy import without_paths
from fer_nb.report.time_left import UNKNOWN, Forecast, TimeLeft, duration

CELL_SECONDS = 24 * 3600  # a cell that hangs ends one day, in a run that is to take less
ERROR_LENGTH = 300  # characters of the one line that says what went wrong
# The client's words for a kernel that never answered, and for one of somebody else: another process may have
# taken its TCP ports between their choice and its start. So it is started once more.
LOST_KERNEL = ("Kernel didn't respond", "Invalid Signature")
PART = ".part.ipynb"
BAR = "{desc} {n_fmt}/{total_fmt} |{bar:20}| {elapsed}"


@dataclass(frozen=True)
class Executed:
    """How a notebook ended, and what it left."""

    name: str
    status: str  # "ok", "failed" or "skipped"
    seconds: float = 0.0
    parameters: dict[str, Any] = field(default_factory=dict)  # all of them, the defaults too
    results: dict[str, Any] = field(default_factory=dict)  # what its cells recorded
    error: str | None = None  # one line
    notebook: nbformat.NotebookNode | None = None
    defaults: dict[str, Any] = field(default_factory=dict)
    stale: bool = False  # it ran with other code, data or settings than it would run with now


def check_kernel(name: str) -> None:
    """Refuse a kernel that is not installed, before anything runs.

    Raises:
        InputError: With the nearest installed name.
    """
    known_name("kernel", name, KernelSpecManager().find_kernel_specs())


@dataclass(frozen=True)
class Runner:
    """Runs notebooks and writes what they gave, each whole or not at all, without private paths.

    Attributes:
        out: Folder for the executed notebooks, `NN_name.ipynb`.
        root: The working directory of the notebooks.
        kernel: Name of an installed Jupyter kernel.
        private: What stands for each private path in the executed notebook, see `private_paths`.
        cell_seconds: A cell that takes longer fails its notebook.
    """

    out: Path
    root: Path
    kernel: str
    private: Mapping[str, str]
    cell_seconds: int = CELL_SECONDS

    def run_all(
        self,
        notebooks: Mapping[Path, Mapping[str, Any]],
        *,
        echo: Callable[[str], None],
        keys: Mapping[str, str] = MappingProxyType({}),
        forecast: Forecast = UNKNOWN,
    ) -> list[Executed]:
        """Run notebooks in their order; one that fails does not stop the next.

        Args:
            notebooks: Path -> the parameters that the notebook gets.
            echo: Prints a line.
            keys: By notebook name, its execution key, kept with what it put out.
            forecast: How long each may take; the time left is told from it.

        Raises:
            InputError: The folder cannot be written.
            KeyboardInterrupt: After it was said which notebooks are finished.
        """
        try:
            self.out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError.expected(self.out, "a folder to write to", error.strerror) from error
        ended: list[Executed] = []
        ahead = TimeLeft([path.stem for path in notebooks], forecast, echo)
        for notebook, parameters in notebooks.items():
            ahead.start()
            try:
                executed = self.run(notebook, parameters, key=keys.get(notebook.stem, ""), ahead=ahead)
            except KeyboardInterrupt:
                (self.out / (notebook.stem + PART)).unlink(missing_ok=True)
                done = ", ".join(executed.name for executed in ended) or "none"
                echo(f"interrupted in {notebook.stem}; finished and kept: {done}")
                raise
            ended.append(executed)
            left = ahead.end(executed.seconds)
            then = f", about {duration(left)} left" if left else ""
            why = f": {executed.error}" if executed.error else ""
            echo(f"{executed.name}  {executed.status}  {duration(executed.seconds)}{then}{why}")
        return ended

    def run(self, notebook: Path, parameters: Mapping[str, Any], *, key: str, ahead: TimeLeft) -> Executed:
        """Run one notebook. Every way in which it can fail is told in the result, not raised."""
        part, started = self.out / (notebook.stem + PART), time.monotonic()
        source, target = (
            str(path).replace("{", "{{").replace("}", "}}") for path in (notebook.resolve(), part)
        )

        def attempt() -> str | None:
            part.unlink(missing_ok=True)
            try:
                papermill.execute_notebook(
                    source, target, dict(parameters), kernel_name=self.kernel, cwd=self.root,
                    # disable=None: a bar on a terminal, nothing elsewhere
                    progress_bar={"desc": ahead.bar(), "leave": False, "disable": None, "bar_format": BAR},
                    execution_timeout=self.cell_seconds, engine_name=ENGINE, hear=ahead.hear,
                )  # fmt: skip
            except Exception as raised:  # a failing cell, a timeout, a dead or missing kernel, a bad notebook
                return one_line(raised)
            return None

        error = attempt()
        if error and any(words in error for words in LOST_KERNEL):
            error = attempt()
        seconds = time.monotonic() - started
        try:
            result = nbformat.read(part, as_version=4)
        except (OSError, ValueError):  # it ended before the first cell, or the disk was full
            result = nbformat.read(notebook, as_version=4)
        part.unlink(missing_ok=True)
        result.cells = [
            cell for cell in result.cells if ERROR_MARKER_TAG not in cell.metadata.get("tags", [])
        ]
        error = error or _unrun(result) or _undescribed(result)
        status = "failed" if error else "ok"
        result.metadata["fer_nb"] = {"status": status, "error": error, "seconds": seconds, "key": key}
        return self.keep(result, notebook, parameters)

    def keep(self, result: nbformat.NotebookNode, notebook: Path, parameters: Mapping[str, Any]) -> Executed:
        """Write an executed notebook, and return how it ended and what it left.

        Args:
            result: As it ran, with `status`, `error` and `seconds` in its metadata.
            notebook: Path of the notebook that was run.
            parameters: What it got beside its defaults.
        """
        result = nbformat.from_dict(without_paths(result, self.private))
        with written_whole(self.out / notebook.name) as temporary:
            nbformat.write(result, temporary)
        defaults = declared(notebook)
        ended = {name: result.metadata["fer_nb"][name] for name in ("status", "seconds", "error")}
        return Executed(
            notebook.stem, **ended, results=recorded(result), notebook=result, defaults=defaults,
            parameters=without_paths(defaults | dict(parameters), self.private),
        )  # fmt: skip


def recorded(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """Return the numbers that a notebook's cells recorded: nested dicts merged, of two values the later."""
    results: dict[str, Any] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            merge_into(results, data.get(RECORD_TYPE, {}))
            if ANSWER_TYPE in data:
                results["answer"] = data[ANSWER_TYPE]
    return results


def merge_into(results: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Merge nested dicts in place; where both hold a value, the later one stays."""
    for name, value in more.items():
        if isinstance(value, Mapping) and isinstance(results.get(name), dict):
            merge_into(results[name], value)
        else:
            results[name] = dict(value) if isinstance(value, Mapping) else value


def one_line(error: BaseException) -> str:
    """Return what went wrong in one line without colours: the type and the message of the innermost error."""
    if hasattr(error, "ename"):  # papermill's and nbclient's error of a cell
        message = f"{error.ename}: {getattr(error, 'evalue', '')}".rstrip(": ")
    else:
        message = f"{type(error).__name__}: {error}"
    message = re.sub(r"\s+", " ", strip_ansi(message)).strip()
    return message if len(message) <= ERROR_LENGTH else message[: ERROR_LENGTH - 1] + "…"


def _unrun(notebook: nbformat.NotebookNode) -> str | None:
    """`sys.exit(0)` in a cell raises nothing: tell it by the cells that have never run."""
    code = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.strip() and LAB_ONLY not in cell.metadata.get("tags", [])
    ]
    unrun = [i for i, cell in enumerate(code, start=1) if cell.execution_count is None]
    if not unrun:
        return None
    return f"stopped early: code cell {unrun[0]} of {len(code)} was the first of {len(unrun)} that never ran"


def _undescribed(notebook: nbformat.NotebookNode) -> str | None:
    """Every picture needs a caption and an alternative text; only `show` gives them."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            picture = any(kind.startswith("image/") for kind in output.get("data", {}))
            if picture and "figure" not in output.metadata.get("fer_nb", {}):
                shortened = cell.source.strip().splitlines()[-1][:60]
                return f"a figure without caption and alternative text: use show(...), found {shortened!r}"
    return None
