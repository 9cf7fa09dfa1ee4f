"""The report as a list of blocks, numbered once, before it becomes HTML or PDF."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import nbformat
from nbconvert.filters import strip_ansi

from fer_nb.language import LANGUAGES
from fer_nb.report.cells import RECORD_TYPE, TABLE_TYPE
from fer_nb.report.prose import Heading, Prose, prose

ERROR_LINES = 40


@dataclass(frozen=True)
class Figure:
    """A picture with its number, which is the same in both languages and in both files."""

    number: int
    caption: dict[str, str]
    alt: dict[str, str]
    png: bytes
    width: int  # CSS pixels, 96 an inch


@dataclass(frozen=True)
class Table:
    """A table with its number; cells are numbers, strings, None, or {"zh", "en"}."""

    number: int
    caption: dict[str, str]
    columns: list[dict[str, str]]
    rows: list[list[Any]]
    align: list[str]


@dataclass(frozen=True)
class Code:
    """The source of a code cell."""

    source: str


@dataclass(frozen=True)
class Printed:
    """What a cell printed, as plain text; `kind` is "stream", "value" or "error"."""

    text: str
    kind: str


Block = Heading | Prose | Figure | Table | Code | Printed


@dataclass(frozen=True)
class Section:
    """The blocks of one notebook."""

    name: str
    number: int
    blocks: list[Block]

    @property
    def title(self) -> dict[str, str]:
        """The first heading, as Markdown by language; the notebook's name where it has none."""
        for block in self.blocks:
            if isinstance(block, Heading):
                return block.text
        return dict.fromkeys(LANGUAGES, self.name)


def document(notebook: nbformat.NotebookNode) -> list[Section]:
    """Return the sections of a merged notebook, figures and tables numbered through all of them.

    A notebook `04_name` is section 4. Its first heading has level 1, no later one; levels have no gaps.
    """
    cells: dict[str, list[nbformat.NotebookNode]] = {}
    for cell in notebook.cells:
        cells.setdefault(cell.metadata["fer_nb"]["notebook"], []).append(cell)
    sections = []
    counted = {Figure: 0, Table: 0}
    for position, (name, own) in enumerate(cells.items(), start=1):
        digits = re.match(r"\d+", name)
        number = int(digits[0]) if digits else position
        blocks: list[Block] = []
        spoken: list[tuple[str | None, str]] = []
        for item in _items(own, counted):
            if isinstance(item, tuple):
                spoken.append(item)
                continue
            blocks += prose(spoken)
            spoken = []
            blocks.append(item)
        sections.append(Section(name, number, _leveled([*blocks, *prose(spoken)], name, number)))
    return sections


def _items(cells: list[nbformat.NotebookNode], counted: dict[type, int]) -> Iterator[Any]:
    """Yield blocks, and (language, Markdown) pairs of text that still waits for its other language."""
    for cell in cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            language = next((language for language in LANGUAGES if f"lang-{language}" in tags), None)
            yield language, cell.source
        elif cell.cell_type == "code":
            yield Code(cell.source)
            for output in cell.outputs:
                yield from _output(output, counted)


def _output(output: nbformat.NotebookNode, counted: dict[type, int]) -> Iterator[Any]:
    if output.output_type == "stream":
        if text := plain_text(output.text):
            yield Printed(text, "stream")
        return
    if output.output_type == "error":
        lines = plain_text("\n".join(output.traceback)).splitlines()
        yield Printed("\n".join(lines[-ERROR_LINES:]), "error")
        return
    data, described = output.data, output.metadata.get("fer_nb", {})
    if "figure" in described and "image/png" in data:
        counted[Figure] += 1
        yield Figure(
            number=counted[Figure],
            caption=described["figure"]["caption"],
            alt=described["figure"]["alt"],
            png=base64.b64decode(data["image/png"]),
            width=output.metadata["image/png"]["width"],
        )
    elif TABLE_TYPE in data:
        counted[Table] += 1
        yield Table(number=counted[Table], caption=described["table"]["caption"], **data[TABLE_TYPE])
    elif "text/markdown" in data:
        yield output.metadata.get("lang"), data["text/markdown"]
    elif "text/plain" in data and RECORD_TYPE not in data and not _interactive(data):
        yield Printed(plain_text(data["text/plain"]), "value")


def _interactive(data: dict[str, Any]) -> bool:
    return any("widget" in kind or kind.startswith("image/") for kind in data)


def plain_text(text: str) -> str:
    """Return what a terminal would show in the end: no colours, and of a progress bar its last state."""
    lines = [line.rstrip("\r").rsplit("\r", 1)[-1].rstrip() for line in strip_ansi(text).split("\n")]
    return "\n".join(lines).strip("\n")


def _leveled(blocks: list[Block], name: str, number: int) -> list[Block]:
    """Number the headings and close gaps between their levels; the first one heads the section."""
    if not isinstance(blocks[0], Heading):
        blocks = [Heading(1, dict.fromkeys(LANGUAGES, name.replace("_", " "))), *blocks]
    leveled: list[Block] = []
    last, second = 0, 0
    for block in blocks:
        if not isinstance(block, Heading):
            leveled.append(block)
            continue
        level = 1 if last == 0 else min(max(block.level, 2), last + 1)
        second += level == 2
        numbered = {1: str(number), 2: f"{number}.{second}"}.get(level, "")
        position = sum(isinstance(other, Heading) for other in leveled)
        anchor = re.sub(r"[^A-Za-z0-9-]", "-", name).lower() + (f"-{position}" if position else "")
        leveled.append(Heading(level, block.text, numbered, anchor))
        last = level
    return leveled
