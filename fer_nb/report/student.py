"""The header that the course asks for: student number, department, name, collaborators."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fer_nb.errors import InputError, unknown_name
from fer_nb.language import LANGUAGES

FIELDS = ("student_id", "department", "name", "collaborators")


@dataclass(frozen=True)
class Student:
    """Texts by language; plain text, escaped wherever it is printed."""

    student_id: dict[str, str]
    department: dict[str, str]
    name: dict[str, str]
    collaborators: list[dict[str, str]]


def read_student(path: Path) -> Student:
    """Read the student's header.

    Every value is text, or `zh:` and `en:` with a text each; `collaborators` is a list of such, or empty.
    Values are taken as they are written: a student number keeps its leading zeros.

    Raises:
        InputError: The file cannot be read, lacks a field, or holds something else.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
    except OSError as error:
        raise InputError(f"{path}: expected a student file, found {error.strerror or error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected YAML, found {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise InputError(f"{path}: expected the fields {', '.join(FIELDS)}, found {type(content).__name__}")
    for name in content:
        if name not in FIELDS:
            raise InputError(f"{path}: {unknown_name('field', name, FIELDS)}")
    missing = [name for name in FIELDS[:3] if not content.get(name)]
    if missing:
        raise InputError(f"{path}: expected a value for {missing[0]!r}, found none")
    others = content.get("collaborators") or []
    if not isinstance(others, list):
        others = [others]
    number, department, name = (_by_language(content[field], f"{path}: {field}") for field in FIELDS[:3])
    return Student(
        number, department, name, [_by_language(other, f"{path}: collaborators") for other in others]
    )


def _by_language(value: Any, where: str) -> dict[str, str]:
    if isinstance(value, str):
        return dict.fromkeys(LANGUAGES, value)
    if (
        isinstance(value, dict)
        and set(value) == set(LANGUAGES)
        and all(isinstance(v, str) for v in value.values())
    ):
        return {language: value[language] for language in LANGUAGES}
    raise InputError(f"{where}: expected a text, or zh and en with a text each, found {value!r}")
