"""What a report is made of, before it becomes HTML or PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fer_nb.language import LANGUAGES
from fer_nb.report.prose import Heading, Prose


@dataclass(frozen=True)
class Figure:
    """A picture with its number, which is the same in both languages and in both files."""

    number: int
    caption: dict[str, str]
    alt: dict[str, str]
    png: bytes
    width: int  # CSS pixels, 96 an inch
    main: bool = False  # whether the first page leads to it

    @property
    def anchor(self) -> str:
        """Where a link to it leads."""
        return f"figure-{self.number}"


@dataclass(frozen=True)
class Table:
    """A table with its number; cells are numbers, strings, None, or {"zh", "en"}."""

    number: int
    caption: dict[str, str]
    columns: list[dict[str, str]]
    rows: list[list[Any]]
    align: list[str]
    main: bool = False  # whether the first page leads to it

    @property
    def anchor(self) -> str:
        """Where a link to it leads."""
        return f"table-{self.number}"


@dataclass(frozen=True)
class Code:
    """The source of a code cell."""

    source: str


@dataclass(frozen=True)
class Printed:
    """What a cell printed, as plain text; `kind` is "stream", "value" or "error"."""

    text: str
    kind: str


@dataclass(frozen=True)
class Remark:
    """What the student adds to a section: Markdown by language, one language at least."""

    text: dict[str, str]

    def said(self, languages: Sequence[str]) -> dict[str, str]:
        """Return the text in those of the languages that it has; once where it is the same in both."""
        texts = {language: self.text[language] for language in languages if language in self.text}
        return dict(list(texts.items())[: len(set(texts.values()))])


Block = Heading | Prose | Figure | Table | Code | Printed | Remark


@dataclass(frozen=True)
class Section:
    """The blocks of one notebook."""

    name: str
    number: str
    blocks: list[Block]

    @property
    def title(self) -> dict[str, str]:
        """The first heading, as Markdown by language; the notebook's name where it has none."""
        for block in self.blocks:
            if isinstance(block, Heading):
                return block.text
        return dict.fromkeys(LANGUAGES, self.name)
