"""What stands before and after the notebooks: the first page, and how the report was made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import nbformat

from fer_nb.language import GLOSSARY, LANGUAGES
from fer_nb.report.document import Section, Table, document
from fer_nb.report.execute import Executed
from fer_nb.report.merge import merge
from fer_nb.report.student import Student
from fer_nb.report.words import WORDS

USAGES = {
    "Training": "training",
    "PublicTest": "public",
    "PrivateTest": "private",
    "unlabelled": "unlabelled",
}
"""The splits as the data wing names them, and their names in the glossary."""


@dataclass(frozen=True)
class Row:
    """A question in the table on the first page; texts by language, `title` and `answer` as Markdown."""

    number: int
    anchor: str | None  # None where the notebook is not in the report
    title: dict[str, str]
    answer: dict[str, str] | None
    headline: dict[str, str] | None
    status: str
    error: str | None


@dataclass(frozen=True)
class Front:
    """The first page."""

    rows: list[Row]
    practice: bool
    source: dict[str, str]
    profile: str
    date: str  # of the last cell that ran, so that a second rendering says the same


@dataclass(frozen=True)
class Report:
    """All that is rendered."""

    student: Student
    front: Front
    sections: list[Section]
    making: list[Table]
    finished: datetime  # when the last notebook ended: the only date in the report


def assemble(executed: Sequence[Executed], results: dict[str, Any], student: Student) -> Report:
    """Return the report of executed notebooks; the same notebooks give the same report.

    Args:
        executed: All notebooks of the project, the skipped ones too.
        results: The content of `results.json`.
        student: The header.
    """
    ran = [notebook for notebook in executed if notebook.status != "skipped"]
    sections = document(merge(ran))
    titles = {section.name: section.title for section in document(merge(executed))}
    ended = finished([notebook.notebook for notebook in ran if notebook.notebook is not None])
    tables = sum(isinstance(block, Table) for section in sections for block in section.blocks)
    page = front(results, sections, titles, ended)
    return Report(student, page, sections, making(results, page.source, first=tables + 1), ended)


def front(
    results: dict[str, Any], sections: list[Section], titles: dict[str, dict[str, str]], finished: datetime
) -> Front:
    """Return the first page.

    Args:
        results: The content of `results.json`.
        sections: The sections of the report.
        titles: By notebook name, its first heading as Markdown by language; of the skipped ones too.
        finished: When the last notebook ended.
    """
    by_name = {section.name: section for section in sections}
    rows = []
    for position, (name, notebook) in enumerate(results["notebooks"].items(), start=1):
        section = by_name.get(name)
        recorded = notebook["results"]
        rows.append(
            Row(
                number=section.number if section else int(name[:2]) if name[:2].isdigit() else position,
                anchor=section.blocks[0].anchor if section else None,  # type: ignore[union-attr]
                title=titles.get(name, dict.fromkeys(LANGUAGES, name.replace("_", " "))),
                answer=_texts(recorded.get("answer")),
                headline=headline(recorded.get("headline")),
                status=notebook["status"],
                error=notebook.get("error"),
            )
        )
    source = str(results["data"].get("source", ""))
    practice = source.startswith("practice") or any(
        str(notebook["parameters"].get("data", "")).split(":")[0] == "practice"
        for notebook in results["notebooks"].values()
    )
    named = _word("practice faces") if practice else dict.fromkeys(LANGUAGES, source or "—")
    return Front(
        rows=rows,
        practice=practice,
        source=named,
        profile=results["profile"],
        date=finished.strftime("%Y-%m-%d"),
    )


def _texts(value: Any) -> dict[str, str] | None:
    return value if isinstance(value, dict) and set(value) == set(LANGUAGES) else None


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
        text += f" ({number(recorded['low'])}–{number(recorded['high'])})"
    label = _texts(recorded.get("label")) or dict.fromkeys(LANGUAGES, "")
    return {language: f"{label[language]} {text}".strip() for language in LANGUAGES}


def finished(notebook_files: list[nbformat.NotebookNode]) -> datetime:
    """Return when the last notebook ended, from papermill's record; 1970 where there is none."""
    ends = [notebook.metadata.get("papermill", {}).get("end_time") for notebook in notebook_files]
    times = [datetime.fromisoformat(end).astimezone(UTC) for end in ends if end]
    return max(times, default=datetime.fromtimestamp(0, UTC)).replace(microsecond=0)


def making(results: dict[str, Any], source: dict[str, str], *, first: int) -> list[Table]:
    """Return the tables of the appendix: surroundings, run times, parameters.

    Args:
        results: The content of `results.json`.
        source: The data set's name by language.
        first: Number of the first of these tables.
    """
    data, surroundings = results["data"], results["environment"]
    facts: list[list[Any]] = [[_word("profile"), results["profile"]], [_word("data"), source]]
    if data.get("counts"):
        counts = {
            language: ", ".join(
                f"{GLOSSARY.get(term, WORDS['unlabelled']).of(language)} {data['counts'][usage]:,}"
                for usage, term in USAGES.items()
                if data["counts"].get(usage)
            )
            for language in LANGUAGES
        }
        facts.append([_word("counts"), counts])
    if isinstance(data.get("fingerprint"), str):
        facts.append([_word("fingerprint"), data["fingerprint"]])
    facts += [
        [_word(name) if name in WORDS else name, _plain(value)]
        for name, value in surroundings.items()
        if name != "packages"
    ]
    facts += [[name, version] for name, version in surroundings.get("packages", {}).items()]
    ran = {name: told for name, told in results["notebooks"].items() if told["status"] != "skipped"}
    times = [[name, _word(told["status"]), told["seconds"]] for name, told in ran.items()]
    chosen = [
        [name, key, _plain(value)] for name, told in ran.items() for key, value in told["parameters"].items()
    ]
    tables = [
        Table(
            first, _word("environment"), [_word("environment"), _word("value of")], facts, ["left", "left"]
        ),
        Table(
            first + 1,
            _word("times"),
            [_word("notebook"), _word("status"), _word("seconds")],
            times,
            ["left", "left", "right"],
        ),
    ]
    if chosen:
        names = [_word("notebook"), _word("parameter"), _word("value of")]
        tables.append(Table(first + 2, _word("parameters of"), names, chosen, ["left", "left", "left"]))
    return tables


def _word(name: str) -> dict[str, str]:
    return {language: WORDS[name].of(language) for language in LANGUAGES}


def _plain(value: Any) -> str:
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)
