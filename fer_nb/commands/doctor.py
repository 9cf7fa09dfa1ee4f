"""`python -m fer_nb doctor`: what this machine has of what the project takes, and what to do for the rest."""

import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

import click

from fer_nb.commands import options
from fer_nb.errors import InputError, printable

Finding = tuple[str, str, str]
"""What was looked at, what was found, and what to do about it: "" for nothing."""

LITTLE = 2e9  # bytes of free disk: the runs and the report of a profile take some hundred million


@click.command()
@options.RUNS
@options.answer
def doctor(runs: Path) -> tuple[object, Iterator[str]]:
    """Say what was found of versions, GPU, fonts, notebooks, data, runs and disk, and what to do about each.

    Example: python -m fer_nb doctor
    """
    findings = [*_installed(), _gpu(), _fonts(), _project(), _data(), _trained(runs), _disk(runs)]
    return [dict(zip(("what", "found", "do"), one, strict=True)) for one in findings], _lines(findings)


def _lines(findings: list[Finding]) -> Iterator[str]:
    for what, found, advice in findings:
        yield f"{what:<10}{printable(found)}"
        if advice:
            yield f"{'':<8}> {advice}"


def _installed() -> Iterator[Finding]:
    """Yield the versions of what decides a number, and which packages are missing or out of their bounds."""
    from importlib.metadata import distribution, distributions

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    from fer_nb.report.environment import environment

    versions = {"Python": platform.python_version()} | environment()["packages"]
    yield "versions", ", ".join(f"{name} {version}" for name, version in versions.items()), ""
    there = {canonicalize_name(one.name): one.version for one in distributions() if one.name}
    asked = [Requirement(line) for line in distribution("fer-nb").requires or []]
    needed = [one for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]
    wrong = [
        f"'{one.name}{one.specifier}'"
        for one in needed
        if not one.specifier.contains(there.get(canonicalize_name(one.name), "0"), prereleases=True)
    ]
    found = f"{len(needed) - len(wrong)} of {len(needed)} as asked for"
    yield "packages", found, f"pip install {' '.join(wrong)}" if wrong else ""


def _gpu() -> Finding:
    from fer_nb.report.profile import has_gpu

    if has_gpu("python3"):
        return "GPU", "one that networks train on", ""
    if shutil.which("nvidia-smi"):
        return "GPU", "one that networks do not train on", "install the extra [gpu], see README"
    return "GPU", "none", "the profiles quick and laptop are made for a CPU"


def _fonts() -> Finding:
    from fer_nb.report.fonts import FAMILY, WHEELS, font_files

    try:
        return "fonts", f"{FAMILY}, {len(font_files())} weights", ""
    except ModuleNotFoundError as error:
        return "fonts", str(error), f"pip install {' '.join(WHEELS).lower().replace('_', '-')}"


def _project() -> Finding:
    from fer_nb.report.execute import check_kernel
    from fer_nb.report.project import find_notebooks, find_root

    try:
        root = find_root()
    except InputError:
        return "notebooks", "none here", "python -m fer_nb start"
    try:
        check_kernel("python3")
    except InputError as error:
        return "notebooks", str(error), "python -m ipykernel install --sys-prefix"
    return "notebooks", f"{len(find_notebooks(root))} in {root}, with a kernel to run them", ""


def _data() -> Finding:
    from fer_nb.data import find_fer2013
    from fer_nb.data.formats import recognise

    path = find_fer2013()
    if path is None:
        advice = "--data PATH, or python -m fer_nb data get; practice faces need no file"
        return "data", "no FER2013 in data/, on Kaggle or on Colab's drive", advice
    return "data", f"FER2013 in {path}, as {recognise(path).format}", ""


def _trained(runs: Path) -> Finding:
    whole, begun = list(runs.glob("[!.]*/run.json")), list(runs.glob("[!.]*.partial"))
    size = sum(file.stat().st_size for file in runs.rglob("*") if file.is_file())
    found = f"{len(whole)} trained and {len(begun)} begun in {runs}, {size / 1e6:,.0f} MB"
    return "runs", found, "the command that began a training goes on with it" if begun else ""


def _disk(runs: Path) -> Finding:
    there = next(folder for folder in (runs, *runs.absolute().parents) if folder.is_dir())
    free = shutil.disk_usage(there).free
    return "disk", f"{free / 1e9:,.1f} GB free", "python -m fer_nb runs list" if free < LITTLE else ""
