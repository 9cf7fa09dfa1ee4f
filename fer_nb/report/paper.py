"""A document that Typst compiles, and how texts are written in it.

A table is the macro `table` of `templates/fer/macros.typ.j2`, its look `listing` in `style.typ` beside.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from fer_nb.report.cells import shown
from fer_nb.report.fonts import covered, font_files

STYLE = Path(__file__).parent / "templates" / "fer" / "style.typ"
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")  # a sign in a message of Typst's, as Rust writes it
UNSHOWN = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
DISALLOWED = re.compile(r"disallowed codepoint `\"\\u\{(\w+)\}")  # by PDF/UA: they say nothing
INSTEAD = "□"
LONG_WORD = re.compile(r"(?<=[_/.,;=-])(?=\w{4,})")
LINE = 100  # characters in a line of a table in its smallest type
BREAKABLE = 18  # characters: a longer word in a table may break after a sign
EMPTY_PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 24"></svg>'


@dataclass
class Paper:
    """A document that Typst compiles, whatever is wrong with pieces of it."""

    folder: Path
    source: str
    pictures: dict[str, bytes]
    pieces: dict[str, str]
    ended: datetime
    echo: Callable[[str], None]

    def __post_init__(self) -> None:
        (self.folder / "style.typ").write_bytes(STYLE.read_bytes())
        for name, content in self.pictures.items():
            (self.folder / name).write_bytes(content)

    def compiled(self, scale: float = 1.0) -> bytes:
        """Return the PDF; each further try has fewer signs that no font has, then fewer broken pieces."""
        while True:
            try:
                return self._compile(self.source, scale)
            except typst.TypstError as error:
                if not (self._boxed(error.diagnostic) or self._mended()):
                    raise

    def _compile(self, source: str, scale: float = 1.0) -> bytes:
        main = self.folder / "report.typ"
        main.write_text(source, encoding="utf-8")
        return typst.compile(
            main, root=self.folder, font_paths=[path.parent for path in font_files()],
            ignore_system_fonts=True, pdf_standards=["ua-1"], timestamp=int(self.ended.timestamp()),
            sys_inputs={"scale": str(scale)},
        )  # fmt: skip

    def _boxed(self, diagnostic: str) -> bool:
        """Replace signs that could not be displayed; those that draw nothing vanish."""
        before = self.source
        for code in DISALLOWED.findall(diagnostic):
            self.source = self.source.replace(chr(int(code, 16)), "").replace(f"\\u{{{code}}}", "")
        shown_signs = "".join(UNSHOWN.findall(diagnostic))
        shown_signs += "".join(chr(int(code, 16)) for code in ESCAPED.findall(shown_signs))
        signs = set(shown_signs) & set(self.source)
        unshown = [sign for sign in sorted(signs) if not covered(sign)]
        invisible = [sign for sign in sorted(signs) if unicodedata.category(sign) in ("Cc", "Cf", "Mn", "Me")]
        if visible := [sign for sign in unshown if sign not in invisible]:
            self.echo(f"PDF: no font has {' '.join(visible)}: shown as {INSTEAD}")
        self.source = self.source.translate(
            dict.fromkeys(map(ord, unshown), INSTEAD) | dict.fromkeys(map(ord, invisible), "")
        )
        return self.source != before

    def _mended(self) -> bool:
        """Replace texts and pictures that do not compile by themselves, and return whether there were any."""
        broken = list(self._broken((f"#[\n{piece}\n]", piece) for piece in self.pieces if piece))
        for piece in broken:
            text = self.pieces.pop(piece)
            self.source = self.source.replace(piece, f"#raw({typst_string(text.removeprefix('###### '))});")
            self.echo(f"PDF: shown as it was typed: {text.strip()[:60]!r}")
        empty = list(self._broken((f'#image("{name}", alt: "x")', name) for name in self.pictures))
        for name in empty:
            del self.pictures[name]
            (self.folder / name).write_bytes(EMPTY_PICTURE)
            self.echo(f"PDF: a picture that cannot be read is left empty: {name}")
        return bool(broken or empty)

    def _broken(self, pieces: Iterable[tuple[str, str]]) -> Iterable[str]:
        for source, name in pieces:
            try:
                self._compile(f'#import "style.typ": *\n#set document(title: "x")\n{source}')
            except typst.TypstError as error:
                if not UNSHOWN.search(error.diagnostic):
                    yield name


def typst_string(text: Any) -> str:
    """Return a text as a Typst string, which is never read as markup."""
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "")
    return '"' + "".join(sign if sign >= " " else f"\\u{{{ord(sign):x}}}" for sign in escaped) + '"'


def table_cell(value: Any, columns: int = 1) -> str:
    """Return the cell of a table as a string; a long name may break, so that no table overflows."""
    longest = min(BREAKABLE, LINE // columns)
    words: Sequence[str] = [
        LONG_WORD.sub("\u200b", word) if len(word) > longest else word for word in shown(value).split(" ")
    ]
    return typst_string(" ".join(words))
