"""What the student says: the header that the course asks for, and remarks on single notebooks."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from fer_nb.errors import InputError, unknown_name
from fer_nb.language import LANGUAGES
from fer_nb.report.parameters import read_yaml

FIELDS = ("student_id", "department", "name", "collaborators", "remarks")


@dataclass(frozen=True)
class Student:
    """Texts by language; plain text, escaped wherever it is printed, but for the remarks: Markdown."""

    student_id: dict[str, str]
    department: dict[str, str]
    name: dict[str, str]
    collaborators: list[dict[str, str]]
    remarks: dict[str, dict[str, str]] = field(default_factory=dict)  # by notebook, as the file names it


def read_student(path: Path) -> Student:
    """Read the student's header.

    Every value is text, or `zh:` and `en:` with a text each; `collaborators` is a list of such, or empty;
    `remarks` has one for a notebook, in one language or in both.
    Values are taken as they are written: a student number keeps its leading zeros.

    Raises:
        InputError: The file cannot be read, lacks a field, or holds something else.
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
    remarks = {
        notebook: _by_language(remark, f"{path}: remarks: {notebook}", complete=False)
        for notebook, remark in remarks.items()
        if remark
    }
    return Student(**own, collaborators=collaborators, remarks=remarks)


def _by_language(value: Any, where: str, *, complete: bool = True) -> dict[str, str]:
    for text in value.values() if isinstance(value, dict) else [value]:
        if isinstance(text, str) and any("\ud800" <= letter <= "\udfff" for letter in text):
            raise InputError.expected(where, "text", "half of a character (a lone surrogate)")
    if isinstance(value, str):
        return dict.fromkeys(LANGUAGES, value)
    if isinstance(value, dict) and value and all(isinstance(text, str) for text in value.values()):
        given = {language: value[language] for language in LANGUAGES if language in value}
        if len(given) == len(value) and (len(given) == len(LANGUAGES) or not complete):
            return given
    together = "and" if complete else "or"
    raise InputError(f"{where}: expected a text, or zh {together} en with a text each, found {value!r}")
