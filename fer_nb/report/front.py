"""The whole report as one notebook made of the seven: a first page, the questions, an appendix."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from fer_nb.language import LANGUAGES
from fer_nb.report.appendix import appendix
from fer_nb.report.cells import ANSWER_TYPE
from fer_nb.report.engine import LAB_ONLY
from fer_nb.report.execute import Executed
from fer_nb.report.notes import markdown_cells
from fer_nb.report.parameters import is_practice
from fer_nb.report.preprocessors import divided
from fer_nb.report.student import FIELDS, Student
from fer_nb.report.terms import ALL, Question, numbered, read_term
from fer_nb.report.words import WORDS, texts, word

MAIN = "main"  # tags the cells that hold a question's main figure and table
OWN_QUESTION = ("**問題", "**Question")  # how a notebook begins the question that it asks


def assemble(
    executed: Sequence[Executed],
    results: dict[str, Any],
    student: Student,
    *,
    term: str = ALL,
    brief: bool = False,
) -> NotebookNode:
    """Return the report as one notebook, which the two exporters render; the same notebooks give the same.

    Args:
        executed: All notebooks of the project, the skipped ones too.
        results: The content of `results.json`.
        student: The header and the remarks.
        term: Which term's questions, in its order and words; those of all terms by default.
        brief: Whether to keep of each question its title, answer, main figure and main table alone.
    """
    by_name = {notebook.name: notebook for notebook in executed}
    questions = read_term(term, list(by_name))
    numbers = numbered(questions, by_name)
    asked = [by_name[name] for name in numbers]
    ran = [notebook for notebook in asked if notebook.status != "skipped"]
    cells: list[NotebookNode] = []
    for notebook in ran:
        own = _cells(notebook.notebook, brief=brief)
        if term != ALL:
            own = _asked(own, notebook.name, questions)
        own += markdown_cells(student.remarks.get(notebook.name, {}), whose=student.name)
        cells += _marked(own, notebook.name, numbers[notebook.name])
    source, practice = data_source(results)
    if not brief:
        defaults = {notebook.name: notebook.defaults for notebook in asked}
        cells += _marked(appendix(results, source, defaults, numbers), "appendix", "")
    titles = {notebook.name: _title(notebook) for notebook in asked}
    ended = finished([notebook.notebook for notebook in ran if notebook.notebook is not None])
    front = {
        "student": {name: getattr(student, name) for name in FIELDS if name != "remarks"},
        "rows": [_row(question, [one.name for one in ran], titles, results) for question in questions],
        "notebooks": [
            {
                "number": numbers[name], "title": dict(titles[name]), "error": one.error,
                "status": "stale" if one.stale else one.status,
            }
            for name, one in zip(numbers, asked, strict=True)
        ],
        "practice": practice, "source": source, "term": None if term == ALL else term,
        "date": ended.strftime("%Y-%m-%d"),  # of the last cell that ran: a second rendering says the same
        "ended": ended.isoformat(), "brief": brief,
    }  # fmt: skip
    return v4.new_notebook(cells=cells, metadata={"fer_nb": {"front": front}})


def _cells(notebook: NotebookNode | None, *, brief: bool) -> list[NotebookNode]:
    """Return copies of a notebook's cells; of a brief report the title, the answer and the main ones."""
    cells = [nbformat.from_dict(cell) for cell in (notebook.cells if notebook is not None else [])]
    if not brief:
        return cells
    titles = [cell for cell in cells if cell.cell_type == "markdown" and cell.source.strip()]
    kept = [cell for cell in cells if cell.cell_type == "code" and _is_main(cell)]
    for cell in kept:
        cell.source = ""
    return titles[: len(LANGUAGES)] + kept


def _is_main(cell: NotebookNode) -> bool:
    answers = any(ANSWER_TYPE in output.get("data", {}) for output in cell.outputs)
    return answers or MAIN in cell.metadata.get("tags", [])


def _marked(cells: Sequence[NotebookNode], name: str, number: str) -> list[NotebookNode]:
    """Note in each cell where it comes from; ids become unique and lasting: `01_cnn-0` and on."""
    short = re.sub(r"[^A-Za-z0-9_-]", "-", name)[:50]
    for position, cell in enumerate(cells):
        own = cell.metadata.setdefault("fer_nb", {})
        own |= {"notebook": name, "number": number, "cell": cell.get("id", "")}
        cell.id = f"{short}-{position}"
    return list(cells)


def _asked(cells: list[NotebookNode], name: str, questions: Sequence[Question]) -> list[NotebookNode]:
    """Return the cells of a notebook with the questions as the term words them, instead of its own."""
    for cell in cells[: len(LANGUAGES)]:
        (level, heading, body), *others = divided(cell.source) or [(0, "", "")]
        language = next((one for one in LANGUAGES if f"lang-{one}" in cell.metadata.get("tags", [])), None)
        if cell.cell_type != "markdown" or language is None or level != 1:
            continue
        asked = [
            f"**{WORDS['question number'].of(language).format(question.number)}**"
            f"{WORDS['points are'].of(language).format(points(question)[language])}{question.words[language]}"
            for question in questions
            if question.words and name[:2] in question.notebooks
        ]
        if asked:
            own = [part for part in body.split("\n\n") if not part.startswith(OWN_QUESTION)]
            rest = [f"{'#' * level} {heading}\n\n{body}" for level, heading, body in others]
            cell.source = "\n\n".join([f"# {heading}", *asked, *own, *rest])
    return cells


def points(question: Question) -> dict[str, str]:
    """Return the points of a question as text, a dash where they are not known."""
    if question.points is None:
        return dict.fromkeys(LANGUAGES, "—")
    bonus = {language: f" {WORDS['bonus'].of(language)}" if question.bonus else "" for language in LANGUAGES}
    return {language: f"{question.points}%{bonus[language]}" for language in LANGUAGES}


def _row(
    question: Question,
    ran: Sequence[str],
    titles: Mapping[str, dict[str, str]],
    results: dict[str, Any],
) -> dict[str, Any]:
    """Return a question's row on the first page; title and answer as Markdown by language."""
    names = [name for name in titles if name[:2] in question.notebooks]
    entries = [results["notebooks"][name] for name in names]
    statuses = ["stale" if one.get("stale") else one["status"] for one in entries] or ["skipped"]
    answers = [notebook["results"].get("answer") or {} for notebook in entries]
    shown = [name for name in names if name in ran]
    return {
        "number": question.number,
        "points": points(question),
        # None where its section is not in the report
        "anchor": re.sub(r"[^A-Za-z0-9-]", "-", shown[0]).lower() if shown else None,
        "title": dict(question.words or _joined([titles[name] for name in names], word("and then"))),
        "answer": _joined([texts(answer.get("front")) for answer in answers], {"zh": "", "en": " "}),
        "status": next((one for one in ("failed", "skipped", "stale") if one in statuses), "ok"),
    }


def _joined(several: Sequence[dict[str, str] | None], between: Mapping[str, str]) -> dict[str, str]:
    """Return texts as one, with a sign between them, in the languages that all have; a dash without texts."""
    known = [text for text in several if text] or [dict.fromkeys(LANGUAGES, "—")]
    return {
        language: between[language].join(text[language] for text in known)
        for language in LANGUAGES
        if all(language in text for text in known)
    }


def _title(notebook: Executed) -> dict[str, str]:
    """Return the first heading of a notebook by language, as Markdown; its name where it has none."""
    found: dict[str, str] = {}
    for cell in notebook.notebook.cells if notebook.notebook is not None else []:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "markdown" or LAB_ONLY in tags:
            continue
        heading = next((heading for level, heading, _ in divided(cell.source) if level), None)
        for language in LANGUAGES:
            if heading and (f"lang-{language}" in tags or not any(tag.startswith("lang-") for tag in tags)):
                found.setdefault(language, heading)
    return found or dict.fromkeys(LANGUAGES, notebook.name)


def data_source(results: dict[str, Any]) -> tuple[dict[str, str], bool]:
    """Return the data set's name by language, and whether a notebook met the practice faces."""
    source = str(results["data"].get("source", ""))

    def drawn(notebook: Mapping[str, Any]) -> bool:
        recorded = notebook["results"].get("data", results["data"]).get("source")
        if recorded is None:
            return is_practice(notebook["parameters"].get("data"))
        return recorded == word("practice faces")["en"]

    practice = any(drawn(one) for one in results["notebooks"].values() if one["status"] != "skipped")
    return word("practice faces") if practice else dict.fromkeys(LANGUAGES, source or "—"), practice


def finished(notebook_files: list[NotebookNode]) -> datetime:
    """Return when the last notebook ended, from papermill's record; 1970 where there is none."""
    ends = [notebook.metadata.get("papermill", {}).get("end_time") for notebook in notebook_files]
    times = [datetime.fromisoformat(end).astimezone(UTC) for end in ends if end]
    return max(times, default=datetime.fromtimestamp(0, UTC)).replace(microsecond=0)
