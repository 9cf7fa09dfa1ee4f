"""What happens to a notebook on its way into the report: nbconvert preprocessors, one task each.

What they find out stands in the metadata of a cell or an output, under `fer_nb`, where the templates read it:
`parts` of a text, `figure`, `table`, `answer`, `references`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from nbconvert.filters import strip_ansi
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, v4

from fer_nb.language import LANGUAGES
from fer_nb.report.cells import ANSWER_TYPE, RECORD_TYPE
from fer_nb.report.markdown import convert, inline
from fer_nb.report.words import WORDS, word

ANY = "any"  # the language of a text that says none: shown to all
ERROR_LINES = 40
HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
REFERENCE = re.compile(r"\[([^\]]*)\]\(#(\d\d-\w+)\)")  # [these curves](#01-27): what the cell 01-27 shows
CITATION = re.compile(r"\[@([\w-]+)\]")
COUNTED = ("figure", "table")

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
                if last and last.cell_type == "code" and not last.outputs and _home(last) == _home(cell):
                    last.source += f"\n\n{cell.source}"
                    last.outputs = cell.outputs
                    _own(last)["cell"] = _identity(cell)
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
        own = _own(output)
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
                for level, heading, body in ([(0, "", text)] if "whose" in _own(item) else divided(text))
            ]
            if language == "en" and waiting is not None and _levels(waiting) == _levels(parts):
                for part, translation in zip(waiting, parts, strict=True):
                    part["heading"] |= translation["heading"]
                    part["body"] |= translation["body"]
                waiting = None
                continue
            waiting = parts if language == "zh" else None
            _own(item)["parts"] = parts
            paired.append(item)
        return list(filter(self._chosen, paired))

    def _chosen(self, item: NotebookNode) -> bool:
        """Leave an item its parts in the languages asked for, and return whether it has still something."""
        own = item.get("metadata", {}).get("fer_nb", {})
        if "parts" not in own:
            return True
        for part in own["parts"]:
            for name in ("heading", "body"):
                part[name] = {
                    language: text
                    for language, text in part[name].items()
                    if text.strip() and language in (*self.parent.languages, ANY)
                }
        own["parts"] = [part for part in own["parts"] if part["heading"] or part["body"]]
        return bool(own["parts"])


class CiteReferences(Preprocessor):
    """Number what `[@key]` cites, through the whole notebook, and list it at the end."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Result:
        """Number and list; a key that `references.yaml` does not know stays as it is written."""
        cited: list[str] = []

        def number(found: re.Match[str]) -> str:
            if found[1] not in references():
                return found[0]
            if found[1] not in cited:
                cited.append(found[1])
            position = cited.index(found[1]) + 1
            return f"[\\[{position}\\]](#reference-{position})"

        for by_language, _ in markdown_texts(nb):
            for language, text in by_language.items():
                by_language[language] = CITATION.sub(number, text)
        if cited:
            home = _home(nb.cells[-1])
            own = home | {"references": [references()[key] for key in cited]}
            own["parts"] = [{"level": 2, "heading": word("references"), "body": {}}]
            nb.cells.append(v4.new_markdown_cell(id="references", metadata={"fer_nb": own}))
        return nb, resources


class NumberItems(Preprocessor):
    """Number headings, figures and tables, and put the numbers where a text points to them.

    The first heading of a notebook has level 1, no later one; levels have no gaps. `resources["headings"]`
    lists them all.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Result:
        """Number a notebook, or one that was made of several: each begins a section."""
        counted = dict.fromkeys(COUNTED, 0)
        places: dict[str, dict[str, Any]] = {}
        cells: list[NotebookNode] = []
        for cell in nb.cells:
            if not cells or _home(cell) != _home(cells[-1]):
                section = _Section(_home(cell) or _named(resources))
                if not _own(cell).get("parts", [{}])[0].get("heading"):
                    title = {ANY: section.name.replace("_", " ")}
                    part = {"level": 1, "heading": title, "body": {}}
                    section.number(part)
                    own = _home(cell) | {"parts": [part]}
                    cells.append(v4.new_markdown_cell(id=section.anchor, metadata={"fer_nb": own}))
            cells.append(cell)
            for item in (cell, *cell.get("outputs", [])):
                own = item.get("metadata", {}).get("fer_nb", {})
                for part in own.get("parts", []):
                    section.number(part)
                for kind in COUNTED:
                    if kind in own:
                        counted[kind] += 1
                        number = counted[kind]
                        own[kind] |= {"kind": kind, "number": number, "anchor": f"{kind}-{number}"}
                        places.setdefault(_identity(cell), own[kind])
        nb.cells = cells
        self._refer(nb, places)
        resources["headings"] = [part for cell in nb.cells for part in _parts(cell) if part["heading"]]
        return nb, resources

    @staticmethod
    def _refer(nb: NotebookNode, places: dict[str, dict[str, Any]]) -> None:
        """Resolve references; one to what is not in the report becomes plain text."""

        def resolved(text: str, language: str) -> str:
            def number(found: re.Match[str]) -> str:
                item = places.get(found[2])
                return f"[{called(item, language)}](#{item['anchor']})" if item else found[1]

            return REFERENCE.sub(number, text)

        for cell in nb.cells:
            for output in cell.get("outputs", []):
                answer = output.get("metadata", {}).get("fer_nb", {}).get("answer")
                if answer:
                    there = [f"[…](#{place})" for place in answer["see"].split() if place in places]
                    answer["see"] = word("see it", " · ".join(there)) if there else {}
        for by_language, _ in markdown_texts(nb):
            for language, text in by_language.items():
                by_language[language] = resolved(text, language)


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


class _Section:
    """Counts the headings of one notebook."""

    def __init__(self, home: dict[str, Any]) -> None:
        self.name = home["notebook"]
        digits = re.match(r"\d\d(?=_)", self.name)
        self.numbered = home.get("number", str(int(digits[0])) if digits else "")
        self.anchor = re.sub(r"[^A-Za-z0-9-]", "-", self.name).lower()
        self.headings = self.second = self.level = 0

    def number(self, part: dict[str, Any]) -> None:
        """Give a part of a text its level, its number and its anchor, where it has a heading."""
        if not part["heading"]:
            return
        level = min(max(part["level"], 2), self.level + 1) if self.level else 1
        self.second += level == 2
        number = {1: self.numbered, 2: f"{self.numbered}.{self.second}"}.get(level, "")
        anchor = self.anchor + (f"-{self.headings}" if self.headings else "")
        part |= {"level": level, "number": number if self.numbered else "", "anchor": anchor}
        self.headings += 1
        self.level = level


def markdown_texts(nb: NotebookNode) -> Iterator[tuple[dict[str, str], bool]]:
    """Yield every Markdown text of a notebook as a dict by language, and whether it makes one line."""
    front = nb.metadata.get("fer_nb", {}).get("front", {})
    for row in front.get("rows", []):
        yield row["title"], True
        yield row["answer"], True
    for notebook in front.get("notebooks", []):
        yield notebook["title"], True
    for cell in nb.cells:
        for item in (cell, *cell.get("outputs", [])):
            own = item.get("metadata", {}).get("fer_nb", {})
            for part in own.get("parts", []):
                yield part["heading"], True
                yield part["body"], False
            for kind in COUNTED:
                if kind in own:
                    yield own[kind]["caption"], True
            for name in ("finding", "reason", "limit", "see"):
                if own.get("answer") and isinstance(own["answer"][name], dict):
                    yield own["answer"][name], True


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
        if opening and not fence:
            fence = opening[1]
        elif opening and fence and opening[1].startswith(fence):
            fence = ""
        parts[-1][2].append(line)
    found = [(level, heading, "\n".join(body).strip("\n")) for level, heading, body in parts]
    return [part for part in found if part[0] or part[2].strip()]


def called(item: dict[str, Any], language: str) -> str:
    """Return what a figure or a table is called: 圖 3, Figure 3; both in a text of no language."""
    spoken = LANGUAGES if language == ANY else (language,)
    return " ".join(f"{WORDS[item['kind']].of(one)}\N{NO-BREAK SPACE}{item['number']}" for one in spoken)


@cache
def references() -> dict[str, str]:
    """Return what can be cited: by its key, authors, title, venue, number."""
    return yaml.safe_load(Path(__file__).with_name("references.yaml").read_text(encoding="utf-8"))


def unknown_citations(nb: NotebookNode) -> list[str]:
    """Return the keys that the cells of a notebook cite and that `references.yaml` does not know."""
    keys = {key for cell in nb.cells for key in CITATION.findall(cell.source)}
    return sorted(keys - set(references()))


def _own(item: NotebookNode) -> dict[str, Any]:
    return item.setdefault("metadata", NotebookNode()).setdefault("fer_nb", {})


def _parts(item: NotebookNode) -> list[dict[str, Any]]:
    parts = list(item.get("metadata", {}).get("fer_nb", {}).get("parts", []))
    return parts + [part for output in item.get("outputs", []) for part in _parts(output)]


def _home(cell: NotebookNode) -> dict[str, Any]:
    """Return the notebook that a cell of a merged one came from, and its number."""
    own = cell.metadata.get("fer_nb", {})
    return {name: own[name] for name in ("notebook", "number") if name in own}


def _named(resources: dict[str, Any]) -> dict[str, str]:
    return {"notebook": resources.get("metadata", {}).get("name") or "notebook"}


def _identity(cell: NotebookNode) -> str:
    return cell.metadata.get("fer_nb", {}).get("cell") or cell.get("id", "")


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
