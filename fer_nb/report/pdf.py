"""The report as a PDF that a screen reader can read: Typst, PDF/UA-1."""

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fer_nb.report.blocks import Figure
from fer_nb.report.cells import shown
from fer_nb.report.document import reference
from fer_nb.report.fonts import covered, font_files
from fer_nb.report.front import Report
from fer_nb.report.markdown import TEMPLATES, inline
from fer_nb.report.pictures import for_paper
from fer_nb.report.words import WORDS

UNSHOWN = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
INSTEAD = "□"
LONG_WORD = re.compile(r"(?<=[_/.,;=-])(?=\w{4,})")
PAGE = re.compile(rb"/Type\s*/Page\b")
BRIEF_PAGES = 3  # a language, as one term suggests
SCALES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)  # of figures, and with less effect of type, tried in turn
LINE = 100  # characters in a line of a table in its smallest type
BREAKABLE = 18  # characters: a longer word in a table may break after a sign


def pdf_document(
    report: Report,
    converted: Mapping[str, str],
    languages: Sequence[str],
    *,
    echo: Callable[[str], None],
    code: bool = False,
) -> bytes:
    """Return the PDF.

    The compiler checks PDF/UA-1: a picture or an equation without alternative text, or a sign that no font
    has, is an error. A sign that came with data or a student's text is shown as a box, and said.
    A brief report is set in smaller type and with smaller figures until it is short enough.

    Args:
        report: What to render.
        converted: What each Markdown text became.
        languages: "zh" and "en", or one of them.
        echo: Prints a line.
        code: Whether to show the code.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=False, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip
    environment.filters.update(
        line=lambda text: converted[inline(text)],
        prose=lambda text: converted[text],
        kind=lambda block: type(block).__name__,
        string=typst_string,
        cell=_cell,
        reference=reference,
    )
    template = environment.get_template("report.typ.j2")
    with tempfile.TemporaryDirectory() as folder:
        for section in report.sections:
            for block in section.blocks:
                if isinstance(block, Figure):
                    # Typst tells the kind of a picture by its content, whatever its name ends in.
                    (Path(folder) / f"{block.number}.picture").write_bytes(for_paper(block.png))
        (Path(folder) / "style.typ").write_bytes((TEMPLATES / "style.typ").read_bytes())
        for scale in SCALES if report.brief else (1.0,):
            source = template.render(report=report, languages=languages, words=WORDS, code=code, scale=scale)
            content = _compile(source, Path(folder), timestamp=int(report.finished.timestamp()), echo=echo)
            pages = len(PAGE.findall(content))
            if not report.brief or pages <= BRIEF_PAGES * len(languages):
                return content
        echo(f"report.pdf: {pages} pages at its smallest, expected {BRIEF_PAGES} a language at most")
        return content


def _compile(source: str, folder: Path, *, timestamp: int, echo: Callable[[str], None]) -> bytes:
    """Return the compiled document; each further try has fewer signs that no font has."""
    main = folder / "report.typ"
    while True:
        main.write_text(source, encoding="utf-8")
        try:
            return typst.compile(
                main, root=folder, font_paths=[path.parent for path in font_files()], ignore_system_fonts=True,
                pdf_standards=["ua-1"], timestamp=timestamp,
            )  # fmt: skip
        except typst.TypstError as error:
            texts = UNSHOWN.findall(error.diagnostic)
            unshown = sorted({sign for text in texts for sign in text if not covered(sign)} & set(source))
            if not unshown:
                raise
            echo(f"report.pdf: no font has {' '.join(unshown)}: shown as {INSTEAD}")
            source = source.translate(dict.fromkeys(map(ord, unshown), INSTEAD))


def typst_string(text: Any) -> str:
    """Return a text as a Typst string, which is never read as markup."""
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "")
    return '"' + "".join(sign if sign >= " " else f"\\u{{{ord(sign):x}}}" for sign in escaped) + '"'


def _cell(value: Any, columns: int = 1) -> str:
    """Return the cell of a table as a string; a long name may break, so that no table overflows."""
    longest = min(BREAKABLE, LINE // columns)
    words = [
        LONG_WORD.sub("\u200b", word) if len(word) > longest else word for word in shown(value).split(" ")
    ]
    return typst_string(" ".join(words))
