"""What happens to a notebook on its way into the report: nbconvert preprocessors, one task each.

Those that number its headings, figures, tables and references are in `numbering`.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from nbconvert.filters import strip_ansi
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from fer_nb.language import LANGUAGES
from fer_nb.report.cells import ANSWER_TYPE, RECORD_TYPE
from fer_nb.report.markdown import convert, inline
from fer_nb.report.notes import ANY, home_of, identity, markdown_texts, notes

ERROR_LINES = 40
HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")

Result = tuple[NotebookNode, dict[str, Any]]


class TidyOutputs(Preprocessor):
    """Drop what is for JupyterLab alone, colours of terminals, and the border between bare code cells."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Result:
        """Tidy a notebook."""
        cells: list[NotebookNode] = []
        for cell in nb.cells:
            if not cell.source.strip() and not cell.get("outputs"):
                continue
            if cell.cell_type == "code":
                cell.outputs = list(filter(self._tidy, cell.outputs))
                last = cells[-1] if cells else None
                if last and last.cell_type == "code" and not last.outputs and home_of(last) == home_of(cell):
                    last.source += f"\n\n{cell.source}"
                    last.outputs = cell.outputs
                    notes(last)["cell"] = identity(cell)
                    continue
            cells.append(cell)
        nb.cells = cells
        return nb, resources

    @staticmethod
    def _tidy(output: NotebookNode) -> bool:
        """Tidy an output in place and return whether it is shown."""
        if output.output_type == "stream":
            output.text = strip_ansi(output.text).strip("\n")
            return bool(output.text)
        if output.output_type == "error":
            lines = strip_ansi("\n".join(output.traceback)).splitlines()
            output.traceback = ["\n".join(lines[-ERROR_LINES:])]
            return True
        output.output_type = "display_data"  # a cell's value is shown as what it displays
        output.pop("execution_count", None)
        own = notes(output)
        if ANSWER_TYPE in output.data:
            own["answer"] = output.data[ANSWER_TYPE]
        if "text/latex" in output.data:
            output.data.setdefault("text/markdown", output.data["text/latex"])
        if "text/plain" in output.data:
            output.data["text/plain"] = strip_ansi(output.data["text/plain"])
        waits = "answer" in own and own["answer"] is None
        return RECORD_TYPE not in output.data and not own.get("lab") and not waits


class PairLanguages(Preprocessor):
    """Divide each text at its headings, make one of a Chinese text and its English one, and choose languages.

    Where the headings of the two have the same levels, each two become one bilingual heading, with the text
    of both below it; otherwise one text follows the other.
    """

    parent: Any  # the exporter

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Result:
        """Pair and choose, in cells and in outputs."""
        nb.cells = self._paired(nb.cells, _cell_text)
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = self._paired(cell.outputs, _output_text)
        return nb, resources

    def _paired(
        self, items: Sequence[NotebookNode], spoken: Callable[[NotebookNode], tuple[str, str] | None]
    ) -> list[NotebookNode]:
        paired: list[NotebookNode] = []
        waiting: list[dict[str, Any]] | None = None  # parts of a Chinese text that may get their English
        for item in items:
            found = spoken(item)
            if found is None:
                waiting = None
                paired.append(item)
                continue
            language, text = found
            parts = [
                {"level": level, "heading": {language: heading} if level else {}, "body": {language: body}}
                for level, heading, body in ([(0, "", text)] if "whose" in notes(item) else divided(text))
            ]
            if language == "en" and waiting is not None and _levels(waiting) == _levels(parts):
                for part, translation in zip(waiting, parts, strict=True):
                    part["heading"] |= translation["heading"]
                    part["body"] |= translation["body"]
                waiting = None
                continue
            waiting = parts if language == "zh" else None
            notes(item)["parts"] = parts
            paired.append(item)
        return list(filter(self._chosen, paired))

    def _chosen(self, item: NotebookNode) -> bool:
        """Leave an item its parts in the languages asked for, and return whether it has still something."""
        own = item.get("metadata", {}).get("fer_nb", {})
        if "parts" not in own:
            return True
        chosen = (*self.parent.languages, ANY)
        for part in own["parts"]:
            for name in ("heading", "body"):
                texts = part[name].items()
                part[name] = {one: text for one, text in texts if one in chosen and text.strip()}
        own["parts"] = [part for part in own["parts"] if part["heading"] or part["body"]]
        return bool(own["parts"])


class ConvertMarkdown(Preprocessor):
    """Turn every Markdown text into what the page or the paper is written in: the last step.

    `resources["pieces"]` tells of each result the text that it was made from.
    """

    parent: Any  # the exporter

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Result:
        """Convert all texts at once."""
        found = [
            (by_language, language, inline(text) if one_line else text)
            for by_language, one_line in markdown_texts(nb)
            for language, text in by_language.items()
            if language in (*self.parent.languages, ANY)
        ]
        converted = convert((text for *_, text in found), self.parent.markdown_target)
        for by_language, language, text in found:
            by_language[language] = converted[text]
        resources["pieces"] = {piece: text for text, piece in converted.items()}
        return nb, resources


def divided(markdown: str) -> list[tuple[int, str, str]]:
    """Return the parts of a text as (level, heading, body); level 0 for a body before the first heading.

    A number sign in fenced code is no heading.
    """
    parts: list[tuple[int, str, list[str]]] = [(0, "", [])]
    fence = ""
    for line in markdown.split("\n"):
        opening = FENCE.match(line)
        heading = None if fence else HEADING.match(line)
        if heading:
            parts.append((len(heading[1]), heading[2], []))
            continue
        if opening and opening[1].startswith(fence):
            fence = "" if fence else opening[1]
        parts[-1][2].append(line)
    found = [(level, heading, "\n".join(body).strip("\n")) for level, heading, body in parts]
    return [part for part in found if part[0] or part[2].strip()]


def _levels(parts: Sequence[dict[str, Any]]) -> list[int]:
    return [part["level"] for part in parts]


def _cell_text(cell: NotebookNode) -> tuple[str, str] | None:
    if cell.cell_type != "markdown":
        return None
    tags = cell.metadata.get("tags", [])
    return next((language for language in LANGUAGES if f"lang-{language}" in tags), ANY), cell.source


def _output_text(output: NotebookNode) -> tuple[str, str] | None:
    data = output.get("data", {})
    described = output.get("metadata", {}).get("fer_nb", {})
    if "text/markdown" not in data or ANSWER_TYPE in data or "figure" in described:
        return None
    return output.metadata.get("lang", ANY), data["text/markdown"]
