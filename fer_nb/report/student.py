"""What the student says: the header that the course asks for, and remarks on single notebooks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import category

import yaml

from fer_nb.errors import InputError, unknown_name
from fer_nb.language import LANGUAGES
from fer_nb.report.parameters import read_yaml
from fer_nb.report.project import select

FIELDS = ("student_id", "department", "name", "collaborators", "remarks")
ODD = {"Cs": "half of a character (a lone surrogate)", "Cc": "a control character"}


@dataclass(frozen=True)
class Student:
    """Texts by language; plain text, escaped wherever it is printed, but for the remarks: Markdown."""

    student_id: dict[str, str]
    department: dict[str, str]
    name: dict[str, str]
    collaborators: list[dict[str, str]]
    remarks: dict[str, dict[str, str]] = field(default_factory=dict)  # by notebook


def read_student(path: Path, notebooks: Sequence[Path]) -> Student:
    """Read the student's header.

    Every value is text, or `zh:` and `en:` with a text each; `collaborators` is a list of such, or empty;
    `remarks` has one for a notebook, in one language or in both.
    Values are taken as they are written: a student number keeps its leading zeros.

    Args:
        path: The file.
        notebooks: Every notebook of the project; a remark names one as `--only` does.

    Raises:
        InputError: The file cannot be read, lacks a field, or holds something else; or two remarks are on
            one notebook.
    """
    content = read_yaml(path, "a student file", loader=yaml.BaseLoader)
    for name in content:
        if name not in FIELDS:
            raise InputError(f"{path}: {unknown_name('field', name, FIELDS)}")
    missing = [name for name in FIELDS[:3] if not content.get(name)]
    if missing:
        raise InputError(f"{path}: expected a value for {missing[0]!r}, found none")
    others = content.get("collaborators") or []
    if not isinstance(others, list):
        others = [others]
    remarks = content.get("remarks") or {}
    if not isinstance(remarks, dict):
        raise InputError(f"{path}: remarks: expected a text by notebook, found {remarks!r}")
    own = {name: _by_language(content[name], f"{path}: {name}") for name in FIELDS[:3]}
    collaborators = [_by_language(other, f"{path}: collaborators") for other in others]
    return Student(**own, collaborators=collaborators, remarks=_remarks(remarks, path, notebooks))


def _remarks(given: dict[str, Any], path: Path, notebooks: Sequence[Path]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for key, remark in given.items():
        try:
            names = [notebook.stem for notebook in select(notebooks, [key])]
        except InputError as error:
            raise InputError(f"{path}: remarks: {error}") from None
        if twice := found.keys() & names:
            raise InputError.expected(f"{path}: remarks", f"one on {twice.pop()}", f"a second one, {key!r}")
        if remark:
            text = _by_language(remark, f"{path}: remarks: {key}", complete=False)
            found |= dict.fromkeys(names, text)
    return found


def _by_language(value: Any, where: str, *, complete: bool = True) -> dict[str, str]:
    for text in value.values() if isinstance(value, dict) else [value]:
        for letter in text if isinstance(text, str) else "":
            if category(letter) in ODD and letter not in "\t\n\r":
                raise InputError.expected(where, "text", ODD[category(letter)])
    if isinstance(value, str):
        return dict.fromkeys(LANGUAGES, value)
    if isinstance(value, dict) and value and all(isinstance(text, str) for text in value.values()):
        given = {language: value[language] for language in LANGUAGES if language in value}
        if len(given) == len(value) and (len(given) == len(LANGUAGES) or not complete):
            return given
    together = "and" if complete else "or"
    raise InputError(f"{where}: expected a text, or zh {together} en with a text each, found {value!r}")
