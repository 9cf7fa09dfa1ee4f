"""From notebooks to the report, in one call."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter

from fer_nb.errors import InputError
from fer_nb.files import written_whole
from fer_nb.language import LANGUAGES
from fer_nb.report import warm
from fer_nb.report.cache import execution_key, kept, ran_before
from fer_nb.report.execute import CELL_SECONDS, Executed, Runner, check_kernel
from fer_nb.report.exporters import FerHTMLExporter, FerPDFExporter
from fer_nb.report.front import assemble
from fer_nb.report.numbering import unknown_citations
from fer_nb.report.privacy import private_paths, without_paths
from fer_nb.report.profile import has_gpu, read_parameters
from fer_nb.report.project import find_notebooks, find_root, named
from fer_nb.report.results import collect, write_json
from fer_nb.report.student import read_student
from fer_nb.report.terms import ALL, numbered, read_term
from fer_nb.report.time_left import UNKNOWN, Forecast, duration

Chosen = Mapping[str, Mapping[str, Any]]  # by notebook name, its parameters, the defaults too

SLOWEST = 3  # times the estimate of the whole run: what a cell may take before it is ended


def build(
    *,
    profile: str,
    out: Path,
    echo: Callable[[str], None],
    data: str | None = None,
    only: Sequence[str] = (),
    language: str = "both",
    student: Path | None = None,
    settings: Sequence[str] = (),
    kernel: str = "python3",
    fresh: bool = False,
    term: str | None = None,
    brief: bool = False,
    code: bool = False,
    allow_cpu: bool = False,
    check: Callable[[Chosen], None] | None = None,
    estimate: Callable[..., Forecast] | None = None,
    train: Callable[..., Any] | None = None,
) -> list[Executed]:
    """Run the notebooks and write `report.html`, `report.pdf`, `results.json` and the executed notebooks.

    Everything that can be refused is refused before the first notebook runs, and nothing is written then.
    A notebook of which nothing has changed is not run again, see `execution_key`.

    Args:
        profile: A name in `params/`, or a file.
        out: The folder to write to.
        echo: Prints a line.
        data: The parameter `data` for all notebooks: a path, or `practice`.
        only: Names or numbers of the notebooks to run, all where it is empty; the others that were executed
            before in `out` stand in the report as well, and it says of which code, data or settings have
            changed since.
        language: "both", "zh", "en", or "all" for a PDF of each kind.
        student: The file with the header; `params/student.yaml` where it is None.
        settings: `key=value`, over the profile.
        kernel: Name of an installed Jupyter kernel.
        fresh: Run every notebook, changed or not.
        term: The term whose questions are answered, in its order and words; every notebook where it is None.
        brief: Keep of each question its answer, main figure and table, on three pages a language at most.
        code: Whether the PDF shows the code.
        allow_cpu: Start a profile that needs a GPU where there is none.
        check: Refuses, with an InputError, parameters of the notebooks that are to run.
        estimate: Returns how long the notebooks will take, given `on_gpu`.
        train: Trains ahead what the notebooks will then find, given the project's `root` and `on_gpu`.

    Returns:
        How each notebook of the project ended.

    Raises:
        InputError: Bad input.
    """
    root, term = find_root(), term or ALL
    notebooks = find_notebooks(root)
    asked = numbered(read_term(term, [path.stem for path in notebooks]), [path.stem for path in notebooks])
    read = read_parameters(profile, data=data, settings=settings, only=only)
    file, opened, complete, shown = read.file, read.profile, read.complete, read.shown
    selected = [path for path in notebooks if path.stem in complete and path.stem in asked]
    rest = [path for path in notebooks if only and path not in selected and path.stem in asked]
    if not selected:
        wanted = f"one of {', '.join(asked)} (term: {term})"
        raise InputError.expected("--only", wanted, ", ".join(only or opened.only) or "none")
    header = read_student(student or root / "params" / "student.yaml", notebooks)
    _refuse(selected, out=out, kernel=kernel, root=root)
    private = private_paths(root, shown, out)
    keys = {
        path.stem: execution_key(path, complete[path.stem], root=root, kernel=kernel) for path in selected
    }
    done = [] if fresh else selected
    before = {path: kept(out / "notebooks" / path.name, path, keys[path.stem], private) for path in done}
    to_run = [path for path in selected if before.get(path) is None]
    planned = {path.stem: complete[path.stem] for path in to_run}
    if check and planned:
        check(planned)
    if planned:
        warm.begin()
    on_gpu = bool(planned) and has_gpu(kernel)
    forecast = estimate(planned, on_gpu=on_gpu) if estimate and planned else UNKNOWN
    estimated = estimate_line(forecast.seconds) if forecast.seconds else ""
    if opened.needs_gpu and planned and not allow_cpu and not on_gpu:
        raise InputError(
            f"{named(file)} needs a GPU: expected one that kernel {kernel!r} trains on, found none; "
            f"--allow-cpu starts it all the same{f' ({estimated})' if estimated else ''}"
        )
    if estimated:
        echo(estimated)
    if len(to_run) < len(selected):
        echo(f"unchanged, not run again: {', '.join(path.stem for path in selected if path not in to_run)}")
    if train and planned:
        train(planned, root=root, on_gpu=on_gpu)
    seconds = max(CELL_SECONDS, round(SLOWEST * sum(forecast.seconds.values())))
    runner = Runner(out / "notebooks", root, kernel, private, cell_seconds=seconds)
    ran = runner.run_all(
        {path: read.chosen[path.stem] for path in to_run}, echo=echo, keys=keys, forecast=forecast
    )
    ran += [runner.keep(one, path, read.chosen[path.stem]) for path, one in before.items() if one is not None]
    ran += _executed_before(rest, read.every, runner, echo=echo)
    by_name = {ended.name: ended for ended in ran}
    executed = [
        by_name.get(path.stem) or Executed(path.stem, "skipped", notebook=nbformat.read(path, as_version=4))
        for path in notebooks
    ]
    options = {
        "--profile": [file.name if Path(profile).is_absolute() else profile],
        "--data": [shown.get(str(Path(data).expanduser().resolve()), data)] if data else [],
        "--only": only,
        "--set": settings,
        "--term": [] if term == ALL else [term],
    }
    results = collect(executed, profile=file.stem, command=without_paths(command(options), private))
    write_json(results, out / "results.json")
    report = assemble(executed, results, header, term=term, brief=brief)
    written = [*render(report, out=out, language=language, echo=echo, code=code), out / "results.json"]
    echo(f"report: {', '.join(map(named, written))}")
    return executed


def _refuse(notebooks: Sequence[Path], *, out: Path, kernel: str, root: Path) -> None:
    """Refuse a citation of nothing, a kernel that is not there, and a folder that is not to be written to."""
    for path in notebooks:
        if unknown := unknown_citations(nbformat.read(path, as_version=4)):
            raise InputError(f"{path}: expected a key of references.yaml behind @, found {unknown[0]!r}")
    check_kernel(kernel)
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: expected a folder to write to, found a file")
    if (out / "notebooks").resolve() == (root / "notebooks").resolve():
        raise InputError.expected(out, "a folder other than the project's", "the project itself")


def _executed_before(
    notebooks: Sequence[Path], complete: Chosen, runner: Runner, *, echo: Callable[[str], None]
) -> list[Executed]:
    """Return those notebooks that were executed before, and say which; they stay as they ran."""
    found = []
    for path in notebooks:
        place = runner.out / path.name
        if before := ran_before(place):
            key = execution_key(path, complete[path.stem], root=runner.root, kernel=runner.kernel)
            now, given = kept(place, path, key, runner.private), before.metadata["papermill"]["parameters"]
            ended = runner.keep(now or before, place, given)
            found.append(replace(ended, stale=now is None and ended.status == "ok"))
    if found:
        echo(f"kept as executed before: {', '.join(ended.name for ended in found)}")
    if stale := [ended.name for ended in found if ended.stale]:
        echo(f"changed since in code, data or settings: {', '.join(stale)}; without --only they run again")
    return found


def render(
    report: nbformat.NotebookNode,
    *,
    out: Path,
    language: str,
    echo: Callable[[str], None],
    code: bool = False,
) -> list[Path]:
    """Write the report's files, each whole or as it was, and return their paths; PDFs of other languages go.

    Args:
        report: What `assemble` returned.
        out: An existing folder.
        language: "both", "zh" or "en", without a word of the other language; "all" for one page in both
            and a PDF of each kind.
        echo: Prints a line.
        code: Whether the PDF shows the code, too; the page always does, folded.
    """
    chosen = LANGUAGES if language in ("both", "all") else (language,)
    files: dict[str, Exporter] = {
        "report.html": FerHTMLExporter(languages=list(chosen)),
        "report.pdf": FerPDFExporter(languages=list(chosen), exclude_input=not code, echo=echo),
    }
    for one in LANGUAGES if language == "all" else ():
        files[f"report.{one}.pdf"] = FerPDFExporter(languages=[one], exclude_input=not code, echo=echo)
    with ThreadPoolExecutor(2) as pool:  # they wait for programs that are not Python
        started = {name: pool.submit(exporter.from_notebook_node, report) for name, exporter in files.items()}
        for name, running in started.items():
            content = running.result()[0]
            with written_whole(out / name) as temporary:
                temporary.write_bytes(content.encode() if isinstance(content, str) else content)
    for one in {f"report.{one}.pdf" for one in LANGUAGES} - set(files):  # of a run before this one
        (out / one).unlink(missing_ok=True)
    return [out / name for name in files]


def command(options: Mapping[str, Sequence[str]]) -> str:
    """Return the command line with these options; `--only` takes all its values at once."""
    words = ["python", "-m", "fer_nb", "report"]
    for name, values in options.items():
        if name == "--only" and values:
            words += [name, *values]
        else:
            words += [word for value in values for word in (name, value)]
    return shlex.join(words)


def estimate_line(seconds: Mapping[str, float]) -> str:
    """Return an estimate as a line: the whole run, then each notebook."""
    each = ", ".join(f"{name} {duration(value)}" for name, value in seconds.items())
    return f"estimated time: {duration(sum(seconds.values()))} with the machine as busy as now ({each})"
