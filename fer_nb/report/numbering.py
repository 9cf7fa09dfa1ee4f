"""Numbers for headings, figures, tables and cited references, and what points to them: two preprocessors."""

import re
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, v4

from fer_nb.language import LANGUAGES
from fer_nb.report.notes import ANY, COUNTED, home_of, identity, markdown_texts, notes, parts_of
from fer_nb.report.words import WORDS, word

REFERENCE = re.compile(r"\[([^\]]*)\]\(#(\d\d-\w+)\)")  # [these curves](#01-15): what the cell 01-15 shows
CITATION = re.compile(r"\[@([\w-]+)\]")

Result = tuple[NotebookNode, dict[str, Any]]


class CiteReferences(Preprocessor):
    """Number what `[@key]` cites, through the whole notebook, and list it at the end."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Result:
        """Number and list; a key that `references.yaml` does not know stays as it is written."""
        cited: dict[str, int] = {}

        def number(found: re.Match[str]) -> str:
            if found[1] not in references():
                return found[0]
            position = cited.setdefault(found[1], len(cited) + 1)
            return f"[\\[{position}\\]](#reference-{position})"

        for by_language, _ in markdown_texts(nb):
            for language, text in by_language.items():
                by_language[language] = CITATION.sub(number, text)
        if cited:
            home = home_of(nb.cells[-1])
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
            if not cells or home_of(cell) != home_of(cells[-1]):
                alone = {"notebook": resources.get("metadata", {}).get("name") or "notebook"}
                section = _Section(home_of(cell) or alone)
                if not notes(cell).get("parts", [{}])[0].get("heading"):
                    title = {ANY: section.name.replace("_", " ")}
                    part = {"level": 1, "heading": title, "body": {}}
                    section.number(part)
                    own = home_of(cell) | {"parts": [part]}
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
                        places.setdefault(identity(cell), own[kind])
        nb.cells = cells
        self._refer(nb, places)
        resources["headings"] = [part for cell in nb.cells for part in parts_of(cell) if part["heading"]]
        anchors = {part["anchor"] for part in resources["headings"]}
        for row in nb.metadata.get("fer_nb", {}).get("front", {}).get("rows", []):
            if row["anchor"] not in anchors:  # nothing was left of the notebook
                row["anchor"] = None
        return nb, resources

    @staticmethod
    def _refer(nb: NotebookNode, places: dict[str, dict[str, Any]]) -> None:
        """Resolve references; one to what is not in the report becomes plain text."""

        def resolved(language: str, found: re.Match[str]) -> str:
            item = places.get(found[2])
            return f"[{called(item, language)}](#{item['anchor']})" if item else found[1]

        for cell in nb.cells:
            for output in cell.get("outputs", []):
                answer = output.get("metadata", {}).get("fer_nb", {}).get("answer")
                if answer:
                    there = [f"[…](#{place})" for place in answer["see"].split() if place in places]
                    answer["see"] = word("see it", " · ".join(there)) if there else {}
        for by_language, _ in markdown_texts(nb):
            for language, text in by_language.items():
                by_language[language] = REFERENCE.sub(partial(resolved, language), text)


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
