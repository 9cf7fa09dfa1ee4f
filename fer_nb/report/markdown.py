"""Markdown to HTML and to Typst, all of a report in one call of pandoc."""

import re
from collections.abc import Iterable
from pathlib import Path

import pypandoc

TEMPLATES = Path(__file__).parent / "templates"
# Mistune, gfm and commonmark get bold next to Chinese punctuation wrong; this reader does not. Off is what
# could carry HTML, TeX, Typst or attributes into the page, or reach from one text into the next.
READER = "".join((
    "markdown+east_asian_line_breaks+lists_without_preceding_blankline",
    "-raw_html-raw_tex-raw_attribute-native_divs-native_spans-markdown_in_html_blocks-fenced_divs",
    "-bracketed_spans-link_attributes-header_attributes-fenced_code_attributes-inline_code_attributes",
    "-citations-yaml_metadata_block-pandoc_title_block-example_lists-latex_macros-footnotes-inline_notes",
    "-auto_identifiers-implicit_header_references-implicit_figures-table_captions-definition_lists",
))  # fmt: skip
ARGUMENTS = ("--sandbox", "--wrap=none", "--mathml", "--syntax-highlighting=none")
SENTINEL = "ferNbPiece{}Ends"
BETWEEN = {
    "html": re.compile(r"\s*<p>ferNbPiece\d+Ends</p>\s*"),
    "typst": re.compile(r"\s*^ferNbPiece\d+Ends$\s*", re.MULTILINE),
}
INLINE = {"html": re.compile(r"<h6>(.*)</h6>", re.DOTALL), "typst": re.compile(r"====== (.*)", re.DOTALL)}
LIST_MARK = re.compile(r"(\d+\.|[-+=/])")


def inline(text: str) -> str:
    """Return the Markdown that makes one line of a text, without a paragraph: for headings and captions."""
    return "###### " + " ".join(text.split())


def convert(texts: Iterable[str], target: str) -> dict[str, str]:
    """Return each Markdown text with what it became.

    Args:
        texts: Markdown; what `inline` returned becomes a line without a block around it.
        target: "html" or "typst".
    """
    sources = list(dict.fromkeys(texts))
    joined = "".join(f"{source}\n\n{SENTINEL.format(i)}\n\n" for i, source in enumerate(sources))
    pieces = BETWEEN[target].split(_pandoc(joined, target))[:-1]
    if len(pieces) != len(sources):  # a text with an open end, such as a code fence, swallowed its neighbour
        pieces = [_pandoc(source, target).strip() for source in sources]
    return {
        source: _unwrapped(piece, target) if source.startswith("###### ") else piece
        for source, piece in zip(sources, pieces, strict=True)
    }


def _pandoc(markdown: str, target: str) -> str:
    arguments = [*ARGUMENTS, f"--lua-filter={TEMPLATES / 'filter.lua'}"]
    return pypandoc.convert_text(markdown, target, format=READER, extra_args=arguments)


def _unwrapped(piece: str, target: str) -> str:
    found = INLINE[target].fullmatch(piece.strip())
    line = found[1].strip() if found else piece.strip()
    # At the start of a Typst block `1.` would open a list: something that is nothing keeps it a line.
    return f"#none;{line}" if target == "typst" and LIST_MARK.match(line) else line
