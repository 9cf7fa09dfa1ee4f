"""What the homework asked, term by term: its questions in order, their words and their points."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from fer_nb.language import LANGUAGES

FILE = Path(__file__).with_name("terms.yaml")
ALL = "all"


@dataclass(frozen=True)
class Question:
    """A question of the homework, and which notebooks answer it."""

    number: int
    notebooks: tuple[str, ...]  # their numbers, such as "04"
    points: int | None  # per cent of the course; None for a notebook that no term asked for
    bonus: bool = False
    words: dict[str, str] | None = None  # Markdown by language; None where the notebook's title will do


def read_term(name: str, notebooks: Sequence[str]) -> list[Question]:
    """Return the questions of a term in its order.

    Args:
        name: A term such as "2017spring"; or "all" for the questions of all terms, one for each notebook.
        notebooks: Names of all notebooks, `04_confusion_matrix`.
    """
    asked = yaml.safe_load(FILE.read_text(encoding="utf-8"))[name]
    if name == ALL:
        known = {question["notebooks"][0]: question for question in asked}
        numbers = dict.fromkeys(name[:2] for name in notebooks)  # a copy has the number of its notebook
        asked = [known.get(number, {"notebooks": [number]}) for number in numbers]
    return [
        Question(
            number=int(question["notebooks"][0]) if name == ALL else position,
            notebooks=tuple(question["notebooks"]),
            points=question.get("points"),
            bonus=question.get("bonus", False),
            words={language: question[language] for language in LANGUAGES} if "zh" in question else None,
        )
        for position, question in enumerate(asked, start=1)
    ]


def numbered(questions: Sequence[Question], names: Iterable[str]) -> dict[str, str]:
    """Return the notebooks that answer the questions, in their order, each with its section's number.

    A notebook stands where it is asked for first: 3 for the only one of question 3, 3a and 3b for two.

    Args:
        questions: The questions.
        names: Names of all notebooks, `04_confusion_matrix`.
    """
    by_number = {name[:2]: name for name in names}
    sections: dict[str, str] = {}
    for question in questions:
        known = [by_number[number] for number in question.notebooks if number in by_number]
        new = [name for name in known if name not in sections]
        letters = "abcdefg" if len(new) > 1 else [""]
        sections |= {name: f"{question.number}{letter}" for name, letter in zip(new, letters, strict=False)}
    return sections
