"""The report as a list of blocks, numbered once, before it becomes HTML or PDF."""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import nbformat
from nbconvert.filters import strip_ansi

from fer_nb.language import LANGUAGES
from fer_nb.report.blocks import Block, Code, Figure, Printed, Remark, Section, Table
from fer_nb.report.cells import RECORD_TYPE, TABLE_TYPE
from fer_nb.report.prose import Heading, Prose, prose
from fer_nb.report.words import WORDS

ERROR_LINES = 40
MAIN = "main"  # tags the cells that hold a question's main figure, its main table and its takeaway
REFERENCE = re.compile(r"\[([^\]]*)\]\(#(\d\d-\d+)\)")  # [these curves](#01-27): what the cell 01-27 shows


def document(
    notebook: nbformat.NotebookNode,
    *,
    numbers: Mapping[str, str] = MappingProxyType({}),
    remarks: Mapping[str, dict[str, str]] = MappingProxyType({}),
) -> list[Section]:
    """Return the sections of a merged notebook, figures and tables numbered through all of them.

    A section's first heading has level 1, no later one; levels have no gaps. A link to a cell, such as
    `[these curves](#01-27)`, becomes the number of the first figure or table that the cell shows.

    Args:
        notebook: What `merge` returned.
        numbers: The number of each notebook's section; by default `04_name` is section 4.
        remarks: By notebook, what its section ends with: Markdown by language.
    """
    cells: dict[str, list[nbformat.NotebookNode]] = {}
    for cell in notebook.cells:
        cells.setdefault(cell.metadata["fer_nb"]["notebook"], []).append(cell)
    sections = []
    counted = {Figure: 0, Table: 0}
    places: dict[str, Figure | Table] = {}
    for position, (name, own) in enumerate(cells.items(), start=1):
        digits = re.match(r"\d+", name)
        number = numbers.get(name) or str(int(digits[0]) if digits else position)
        blocks: list[Block] = []
        spoken: list[tuple[str | None, str]] = []
        for item in _items(own, counted, places):
            if isinstance(item, tuple):
                spoken.append(item)
                continue
            blocks += prose(spoken)
            spoken = []
            blocks.append(item)
        blocks += prose(spoken) + ([Remark(remarks[name])] if name in remarks else [])
        sections.append(Section(name, number, _leveled(_folded(blocks), name, number)))
    return [
        replace(section, blocks=[_referred(block, places) for block in section.blocks])
        for section in sections
    ]


def _items(
    cells: list[nbformat.NotebookNode], counted: dict[type, int], places: dict[str, Figure | Table]
) -> Iterator[Any]:
    """Yield blocks, and (language, Markdown) pairs of text that still waits for its other language.

    Which figure or table a cell shows first is noted in `places`.
    """
    for cell in cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            language = next((language for language in LANGUAGES if f"lang-{language}" in tags), None)
            yield language, cell.source
        elif cell.cell_type == "code":
            yield Code(cell.source)
            for output in cell.outputs:
                for item in _output(output, counted):
                    if isinstance(item, Figure | Table):
                        item = replace(item, main=MAIN in tags)  # noqa: PLW2901
                        places.setdefault(cell.metadata["fer_nb"]["cell"], item)
                    yield item


def reference(item: Figure | Table, language: str | None) -> str:
    """Return what a figure or a table is called: 圖 3, Figure 3; both where no language is given."""
    word = WORDS[type(item).__name__.lower()]
    return " ".join(f"{word.of(spoken)} {item.number}" for spoken in ([language] if language else LANGUAGES))


def _referred(block: Block, places: Mapping[str, Figure | Table]) -> Block:
    """Return a text with its references resolved; one to what is not in the report becomes plain text."""

    def resolved(text: str, language: str | None) -> str:
        def number(found: re.Match[str]) -> str:
            item = places.get(found[2])
            return f"[{reference(item, language)}](#{item.anchor})" if item else found[1]

        return REFERENCE.sub(number, text)

    if isinstance(block, Remark):
        return Remark({language: resolved(text, language) for language, text in block.text.items()})
    if isinstance(block, Prose):
        return replace(block, markdown=resolved(block.markdown, block.language))
    return block


def _folded(blocks: list[Block]) -> list[Block]:
    """Return the blocks with neighbours that are code, or that were printed while running, as one each."""
    folded: list[Block] = []
    for block in blocks:
        match (folded[-1] if folded else None), block:
            case Code(before), Code(after):
                folded[-1] = Code(f"{before}\n\n{after}")
            case Printed(before, "stream"), Printed(after, "stream"):
                folded[-1] = Printed(f"{before}\n{after}", "stream")
            case _:
                folded.append(block)
    return folded


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


def _leveled(blocks: list[Block], name: str, number: str) -> list[Block]:
    """Number the headings and close gaps between their levels; the first one heads the section."""
    if not blocks or not isinstance(blocks[0], Heading):
        blocks = [Heading(1, dict.fromkeys(LANGUAGES, name.replace("_", " "))), *blocks]
    leveled: list[Block] = []
    last, second = 0, 0
    for block in blocks:
        if not isinstance(block, Heading):
            leveled.append(block)
            continue
        level = 1 if last == 0 else min(max(block.level, 2), last + 1)
        second += level == 2
        numbered = {1: number, 2: f"{number}.{second}"}.get(level, "")
        position = sum(isinstance(other, Heading) for other in leveled)
        anchor = re.sub(r"[^A-Za-z0-9-]", "-", name).lower() + (f"-{position}" if position else "")
        leveled.append(Heading(level, block.text, numbered, anchor))
        last = level
    return leveled
