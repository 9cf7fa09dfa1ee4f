"""From notebooks to the report, in one call."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from fer_nb.errors import InputError
from fer_nb.report.execute import Executed, check_kernel, run_all
from fer_nb.report.front import assemble
from fer_nb.report.parameters import absolute_data, choose, declared, read_profile, read_settings
from fer_nb.report.privacy import private_paths
from fer_nb.report.project import find_notebooks, find_profile, find_root, named, select
from fer_nb.report.render import render
from fer_nb.report.results import collect, write_json
from fer_nb.report.student import read_student

Chosen = Mapping[str, Mapping[str, Any]]  # by notebook name, its parameters, the defaults too


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
    check: Callable[[Chosen], None] | None = None,
    estimate: Callable[[Chosen], Mapping[str, float]] | None = None,
) -> list[Executed]:
    """Run the notebooks and write `report.html`, `report.pdf`, `results.json` and the executed notebooks.

    Everything that can be refused is refused before the first notebook runs, and nothing is written then.

    Args:
        profile: A name in `params/`, or a file.
        out: The folder to write to.
        echo: Prints a line.
        data: The parameter `data` for all notebooks: a path, or `practice`.
        only: Names or numbers of the notebooks to run; all where it is empty.
        language: "both", "zh" or "en".
        student: The file with the header; `params/student.yaml` where it is None.
        settings: `key=value`, over the profile.
        kernel: Name of an installed Jupyter kernel.
        check: Refuses, with an InputError, parameters of the notebooks that are to run.
        estimate: Returns the seconds that each of the notebooks will take.

    Returns:
        How each notebook of the project ended.

    Raises:
        InputError: Bad input.
    """
    root = find_root()
    notebooks = find_notebooks(root)
    selected = select(notebooks, only)
    header = read_student(student or root / "params" / "student.yaml")
    file = find_profile(profile, root)
    defaults = {path.stem: declared(path) for path in notebooks}
    given = {} if data is None else {"data": data}
    sources = [(named(file), read_profile(file)), ("--data", given), ("--set", read_settings(settings))]
    chosen = choose(defaults, sources)
    chosen = {path.stem: chosen[path.stem] for path in selected}
    private = private_paths(root, absolute_data(chosen, Path.cwd()))
    check_kernel(kernel)
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: expected a folder to write to, found a file")
    complete = {
        name: {key: parameter.default for key, parameter in defaults[name].items()} | values
        for name, values in chosen.items()
    }
    if check:
        check(complete)
    if estimate:
        echo(told(estimate(complete)))
    ran = {
        ended.name: ended
        for ended in run_all(
            selected, chosen, out=out / "notebooks", root=root, kernel=kernel, private=private, echo=echo
        )
    }
    executed = [
        ran.get(path.stem) or Executed(path.stem, "skipped", notebook=nbformat.read(path, as_version=4))
        for path in notebooks
    ]
    results = collect(executed, profile=file.stem)
    write_json(results, out / "results.json")
    page, paper = render(assemble(executed, results, header), out=out, language=language, echo=echo)
    echo(f"report: {named(page)}, {named(paper)}, {named(out / 'results.json')}")
    return executed


def told(seconds: Mapping[str, float]) -> str:
    """Return an estimate as a line: the whole run, then each notebook."""
    each = ", ".join(f"{name} {duration(value)}" for name, value in seconds.items())
    return f"estimated time: {duration(sum(seconds.values()))} ({each})"


def duration(seconds: float) -> str:
    """Return seconds as a person says them: `40 s`, `12 min`, `3.5 h`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
