"""Writes `report.html` and `report.pdf`."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from fer_nb.files import written_whole
from fer_nb.report.blocks import Block, Code, Figure, Remark, Table
from fer_nb.report.front import Report
from fer_nb.report.html import html_page
from fer_nb.report.markdown import convert, inline
from fer_nb.report.pdf import pdf_document
from fer_nb.report.prose import Heading, Prose

CHOICES = {"both": ("zh", "en"), "zh": ("zh",), "en": ("en",)}


def render(
    report: Report, *, out: Path, language: str, echo: Callable[[str], None], code: bool = False
) -> tuple[Path, Path]:
    """Write both files, each whole or as it was, and return their paths.

    Args:
        report: What to render.
        out: An existing folder.
        language: One of CHOICES; with `zh` or `en` no word of the other language is in the files.
        echo: Prints a line.
        code: Whether the PDF shows the code, too; the page always does, folded.
    """
    languages = CHOICES[language]
    report = spoken(report, languages)
    texts = list(markdown(report, languages))
    page, paper = out / "report.html", out / "report.pdf"
    with ThreadPoolExecutor(1) as other:  # both wait for programs that are not Python
        printed = other.submit(
            lambda: pdf_document(report, convert(texts, "typst"), languages, echo=echo, code=code)
        )
        with written_whole(page) as temporary:
            temporary.write_bytes(html_page(report, convert(texts, "html"), languages).encode())
        with written_whole(paper) as temporary:
            temporary.write_bytes(printed.result())
    return page, paper


def spoken(report: Report, languages: Sequence[str]) -> Report:
    """Return a report without the texts and headings that are in none of the languages."""

    def heard(block: Block) -> bool:
        if isinstance(block, Prose):
            return block.language is None or block.language in languages
        if isinstance(block, Code):
            return not report.brief
        return not isinstance(block, Heading | Remark) or any(
            language in block.text for language in languages
        )

    sections = [replace(section, blocks=list(filter(heard, section.blocks))) for section in report.sections]
    return replace(report, sections=sections)


def markdown(report: Report, languages: Sequence[str]) -> Iterator[str]:
    """Yield every Markdown text of a report in the languages asked for."""
    lines = [texts for row in report.front.rows for texts in (row.title, row.answer or {})]
    for texts in [*lines, *(notebook.title for notebook in report.front.notebooks)]:
        yield from (inline(text) for language, text in texts.items() if language in languages)
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Prose):
                yield block.markdown
            elif isinstance(block, Remark):
                yield from (text for language, text in block.text.items() if language in languages)
            elif isinstance(block, Heading | Figure | Table):
                texts = block.text if isinstance(block, Heading) else block.caption
                yield from (inline(text) for language, text in texts.items() if language in languages)
    for table in report.making:
        yield from (inline(table.caption[language]) for language in languages)
