"""What stands before and after the notebooks: the first page, and how the report was made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import nbformat

from fer_nb.language import LANGUAGES
from fer_nb.report.appendix import making
from fer_nb.report.blocks import Code, Figure, Section, Table
from fer_nb.report.document import document
from fer_nb.report.execute import Executed
from fer_nb.report.merge import merge
from fer_nb.report.prose import Prose
from fer_nb.report.student import Student
from fer_nb.report.terms import ALL, Question, numbered, read_term
from fer_nb.report.words import WORDS, texts, word

UNBROKEN = "\u2060"  # no line breaks here: an interval stays in one piece
OWN_QUESTION = ("**問題", "**Question")  # how a notebook begins the question that it asks


@dataclass(frozen=True)
class Row:
    """A question in the table on the first page; texts by language, `title` and `answer` as Markdown."""

    number: int
    points: dict[str, str]
    anchor: str | None  # of its section; None where that is not in the report
    title: dict[str, str]
    answer: dict[str, str] | None
    headline: dict[str, str] | None
    see: list[Figure | Table]  # its main figures and tables
    status: str


@dataclass(frozen=True)
class Ended:
    """How a notebook of the report ended."""

    number: str
    title: dict[str, str]  # Markdown by language
    status: str
    error: str | None


@dataclass(frozen=True)
class Front:
    """The first page."""

    rows: list[Row]
    notebooks: list[Ended]
    practice: bool
    source: dict[str, str]
    profile: str
    term: str | None
    date: str  # of the last cell that ran, so that a second rendering says the same


@dataclass(frozen=True)
class Report:
    """All that is rendered."""

    student: Student
    front: Front
    sections: list[Section]
    making: list[Table]
    finished: datetime  # when the last notebook ended: the only date in the report
    brief: bool = False


def assemble(
    executed: Sequence[Executed],
    results: dict[str, Any],
    student: Student,
    *,
    term: str = ALL,
    brief: bool = False,
) -> Report:
    """Return the report of executed notebooks; the same notebooks give the same report.

    Args:
        executed: All notebooks of the project, the skipped ones too.
        results: The content of `results.json`.
        student: The header and the remarks.
        term: Which term's questions, in its order and words; those of all terms by default.
        brief: Whether to keep of each question its main figure, table and takeaway alone.
    """
    by_name = {notebook.name: notebook for notebook in executed}
    questions = read_term(term, list(by_name))
    numbers = numbered(questions, by_name)
    asked = [by_name[name] for name in numbers]
    ran = [notebook for notebook in asked if notebook.status != "skipped"]
    remarks = _remarks(student, numbers)
    sections = document(merge(ran, brief=brief), numbers=numbers, remarks=remarks)
    if term != ALL:
        sections = [_asked(section, questions) for section in sections]
    if brief:
        sections = [_answered(section, results["notebooks"][section.name]["results"]) for section in sections]
    titles = {name: dict.fromkeys(LANGUAGES, name) for name in numbers}
    titles |= {section.name: section.title for section in document(merge(asked))}
    ended = finished([notebook.notebook for notebook in ran if notebook.notebook is not None])
    source, practice = data_source(results)
    page = Front(
        rows=[row(question, sections, titles, results) for question in questions],
        notebooks=[Ended(numbers[one.name], titles[one.name], one.status, one.error) for one in asked],
        practice=practice,
        source=source,
        profile=results["profile"],
        term=None if term == ALL else term,
        date=ended.strftime("%Y-%m-%d"),
    )
    tables = sum(isinstance(block, Table) for section in sections for block in section.blocks)
    defaults = {notebook.name: notebook.defaults for notebook in asked}
    appendix = [] if brief else making(results, source, defaults, first=tables + 1)
    return Report(student, page, sections, appendix, ended, brief)


def _remarks(student: Student, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the student's remarks by the notebooks' names, which the file may shorten to 04 or 4."""
    short = {key: name for name in names for key in (name, f"{name}.ipynb", name[:2], name[:2].lstrip("0"))}
    return {short[key]: text for key, text in student.remarks.items() if key in short}


def _asked(section: Section, questions: Sequence[Question]) -> Section:
    """Return a section with the questions that it answers, as the term words them, instead of its own."""
    asked = [
        Prose(
            f"**{name}**{WORDS['points are'].of(language).format(points(question)[language])}{words}",
            language,
        )
        for question in questions
        if question.words and section.name[:2] in question.notebooks
        for language, words in question.words.items()
        for name in [WORDS["question number"].of(language).format(question.number)]
    ]
    title, *others = section.blocks
    own = [
        block for block in others[:2] if isinstance(block, Prose) and block.markdown.startswith(OWN_QUESTION)
    ]
    return replace(section, blocks=[title, *asked, *others[len(own) :]])


def _answered(section: Section, recorded: Mapping[str, Any]) -> Section:
    """Return a section of a brief report; one without a main cell gets the recorded answer."""
    main = any(isinstance(block, Code) for block in section.blocks)
    answer = {} if main else texts(recorded.get("answer")) or {}
    said = [Prose(text, language) for language, text in answer.items()]
    return replace(section, blocks=[*section.blocks, *said])


def points(question: Question) -> dict[str, str]:
    """Return the points of a question as text, a dash where they are not known."""
    if question.points is None:
        return dict.fromkeys(LANGUAGES, "—")
    bonus = {language: f" {WORDS['bonus'].of(language)}" if question.bonus else "" for language in LANGUAGES}
    return {language: f"{question.points}%{bonus[language]}" for language in LANGUAGES}


def row(
    question: Question,
    sections: Sequence[Section],
    titles: Mapping[str, dict[str, str]],
    results: dict[str, Any],
) -> Row:
    """Return a question's row on the first page.

    Args:
        question: The question.
        sections: Those of the report.
        titles: By notebook name, its first heading as Markdown by language; of the skipped ones too.
        results: The content of `results.json`.
    """
    names = [name for name in titles if name[:2] in question.notebooks]
    own = [section for section in sections if section.name in names]
    told = [results["notebooks"][name] for name in names]
    statuses = [notebook["status"] for notebook in told] or ["skipped"]
    return Row(
        number=question.number,
        points=points(question),
        anchor=own[0].blocks[0].anchor if own else None,  # type: ignore[union-attr]
        title=question.words or _joined([titles[name] for name in names], "；", "; ") or _dashes(),
        answer=_joined([texts(notebook["results"].get("answer")) for notebook in told], "", " "),
        headline=_joined([headline(notebook["results"].get("headline")) for notebook in told], "；", "; "),
        see=[
            block
            for section in own
            for block in section.blocks
            if isinstance(block, Figure | Table) and block.main
        ],
        status=next(
            (status for status in ("failed", "skipped") if status in statuses), "ok" if told else "skipped"
        ),
    )


def _joined(texts: Sequence[dict[str, str] | None], zh: str, en: str) -> dict[str, str] | None:
    """Return texts as one, with a sign between them, in the languages that all have; None without texts."""
    known = [text for text in texts if text]
    if not known:
        return None
    return {
        language: sign.join(text[language] for text in known)
        for language, sign in {"zh": zh, "en": en}.items()
        if all(language in text for text in known)
    }


def _dashes() -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, "—")


def data_source(results: dict[str, Any]) -> tuple[dict[str, str], bool]:
    """Return the data set's name by language, and whether it is the practice faces."""
    source = str(results["data"].get("source", ""))
    practice = source.startswith("practice") or any(
        str(notebook["parameters"].get("data", "")).split(":")[0] == "practice"
        for notebook in results["notebooks"].values()
        if notebook["status"] != "skipped"
    )
    return word("practice faces") if practice else dict.fromkeys(LANGUAGES, source or "—"), practice


def headline(recorded: Any) -> dict[str, str] | None:
    """Return a recorded headline as text, with its interval; an accuracy is in percent."""
    if not isinstance(recorded, dict):
        return None
    percent = "accuracy" in recorded
    value = recorded.get("accuracy", recorded.get("value"))
    if not isinstance(value, int | float):
        return None

    def number(x: float) -> str:
        return f"{100 * x:.1f}%" if percent else f"{x:.4g}"

    text = number(value)
    if isinstance(recorded.get("low"), int | float) and isinstance(recorded.get("high"), int | float):
        text += f" ({number(recorded['low'])}{UNBROKEN}–{UNBROKEN}{number(recorded['high'])})"
    label = texts(recorded.get("label")) or dict.fromkeys(LANGUAGES, "")
    return {language: f"{label[language]} {text}".strip() for language in LANGUAGES}


def finished(notebook_files: list[nbformat.NotebookNode]) -> datetime:
    """Return when the last notebook ended, from papermill's record; 1970 where there is none."""
    ends = [notebook.metadata.get("papermill", {}).get("end_time") for notebook in notebook_files]
    times = [datetime.fromisoformat(end).astimezone(UTC) for end in ends if end]
    return max(times, default=datetime.fromtimestamp(0, UTC)).replace(microsecond=0)
