"""Markdown to HTML and to Typst, all of a notebook in one call of pandoc."""

import hashlib
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pypandoc

FILTER = Path(__file__).parent / "templates" / "fer" / "filter.lua"
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
SECONDS, SECONDS_EACH = 30, 3  # for all texts, and for one by itself: some texts take pandoc hours
INLINE = {"html": re.compile(r"<h6>(.*)</h6>", re.DOTALL), "typst": re.compile(r"====== (.*)", re.DOTALL)}
LIST_MARK = re.compile(r"(\d+\.|[-+=/])")
MARKED = re.compile(r"([\\`*_{}\[\]()#+.!|$<>~^\"'&@:=-])")


def inline(text: str) -> str:
    """Return the Markdown that makes one line of a text, without a paragraph: for headings and captions."""
    return "###### " + re.sub(r"[^\S\N{NO-BREAK SPACE}]+", " ", text).strip()


def convert(texts: Iterable[str], target: str) -> dict[str, str]:
    """Return each Markdown text with what it became; one that pandoc cannot read becomes plain text.

    Args:
        texts: Markdown; what `inline` returned becomes a line without a block around it.
        target: "html" or "typst".
    """
    sources = list(dict.fromkeys(texts))
    # No text can hold its own hash: so the mark between two texts is in none of them.
    mark = "ends" + hashlib.sha256("\0".join(sources).encode(errors="replace")).hexdigest()
    between = {"html": rf"\s*<p>{mark}</p>\s*", "typst": rf"\s*^{mark}$\s*"}[target]
    joined = _pandoc("".join(f"{source}\n\n{mark}\n\n" for source in sources), target, SECONDS)
    pieces: list[str] = re.split(between, joined or "", flags=re.MULTILINE)[:-1]
    if len(pieces) != len(sources):  # a text with an open end, such as a code fence, swallowed its neighbour
        pieces = [_alone(source, target) for source in sources]
    return {
        source: _unwrapped(piece, target) if source.startswith("###### ") else piece
        for source, piece in zip(sources, pieces, strict=True)
    }


def _alone(source: str, target: str) -> str:
    """Return what one text became; escaped, where pandoc takes too long or refuses it."""
    converted = _pandoc(source, target, SECONDS_EACH)
    if converted is None:
        start = "###### " if source.startswith("###### ") else ""
        converted = _pandoc(start + MARKED.sub(r"\\\1", source.removeprefix(start)), target, SECONDS) or ""
    return converted.strip()


def _pandoc(markdown: str, target: str, seconds: int) -> str | None:
    command = [pypandoc.get_pandoc_path(), f"--from={READER}", f"--to={target}", f"--lua-filter={FILTER}"]
    try:
        done = subprocess.run(
            [*command, *ARGUMENTS], input=markdown.encode(errors="replace"), capture_output=True, check=True,
            timeout=seconds,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    return done.stdout.decode().replace("\r\n", "\n")


def _unwrapped(piece: str, target: str) -> str:
    found = INLINE[target].fullmatch(piece.strip())
    line = found[1].strip() if found else piece.strip()
    # At the start of a Typst block `1.` would open a list: something that is nothing keeps it a line.
    return f"#none;{line}" if target == "typst" and LIST_MARK.match(line) else line
