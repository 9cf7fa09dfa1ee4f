"""The report's two forms as nbconvert exporters: one HTML file that makes no request, and a PDF by Typst."""

import base64
import hashlib
import re
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbconvert.preprocessors import CoalesceStreamsPreprocessor, TagRemovePreprocessor
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from traitlets import Any as AnyTrait
from traitlets import Bool, Enum, List, Unicode, default
from traitlets.config import Config

from fer_nb.language import HTML_LANGUAGE, LANGUAGES, Text
from fer_nb.report.cells import ANSWER_TYPE, TABLE_TYPE, shown
from fer_nb.report.engine import LAB_ONLY
from fer_nb.report.fonts import web_fonts
from fer_nb.report.notes import ANY
from fer_nb.report.numbering import CiteReferences, NumberItems
from fer_nb.report.paper import Paper, table_cell, typst_string
from fer_nb.report.preprocessors import ConvertMarkdown, PairLanguages, TidyOutputs
from fer_nb.report.words import WORDS

TEMPLATES = Path(__file__).parent / "templates"
LOOK = TEMPLATES / "fer"
WIDGET = "application/vnd.jupyter.widget-view+json"
SHOWN = (
    TABLE_TYPE, ANSWER_TYPE, WIDGET, "image/svg+xml", "image/png", "image/jpeg", "text/markdown",
    "text/plain", "text/html", "application/javascript", "application/json",
)  # fmt: skip
"""Of a display in several forms the first of these is taken; the last three are shown as nothing."""

ALIGNED = re.compile(r' style="text-align: (left|right|center);"')
COLUMNS = re.compile(r"<colgroup>.*?</colgroup>", re.DOTALL)
PAGE = re.compile(rb"/Type\s*/Page\b")
BRIEF_PAGES = 3  # a language, as one term suggests
SCALES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)  # of figures, and with less effect of type, tried in turn


class _FerExporter(TemplateExporter):
    """What both have in common: the template folder, the preprocessors, languages."""

    languages = List(
        Enum(LANGUAGES), list(LANGUAGES), minlen=1, help="Languages of the report: zh, en, or both."
    ).tag(config=True)
    template_name = "fer"
    extra_template_basedirs = List(Unicode(), [str(TEMPLATES)]).tag(config=True, affects_environment=True)
    exclude_raw = Bool(True, help="As nbconvert's template prints it unescaped.").tag(config=True)
    default_preprocessors = List([
        TagRemovePreprocessor, CoalesceStreamsPreprocessor,
        TidyOutputs, PairLanguages, CiteReferences, NumberItems, ConvertMarkdown,
    ]).tag(config=True)  # fmt: skip
    optimistic_validation = True
    markdown_target: str
    escapes: bool

    @property
    def default_config(self) -> Config:
        """Preprocessors in use, and which form of an output is shown."""
        own: dict[str, Any] = {
            preprocessor.__name__: {"enabled": True} for preprocessor in self.default_preprocessors
        }
        own["TagRemovePreprocessor"]["remove_cell_tags"] = {LAB_ONLY}
        config = Config(own | {"NbConvertBase": {"display_data_priority": list(SHOWN)}})
        config.merge(super(TemplateExporter, self).default_config)
        return config

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.autoescape = self.escapes
        environment.undefined = StrictUndefined
        environment.trim_blocks = environment.lstrip_blocks = True
        environment.globals.update(
            languages=self.languages, words=WORDS, html_language=HTML_LANGUAGE, answer_type=ANSWER_TYPE,
            table_type=TABLE_TYPE,
        )  # fmt: skip
        environment.filters.update(
            spoken=self._spoken, shown=shown, between=lambda cell: Text(**cell).between
        )
        return environment

    def _spoken(self, texts: dict[str, str] | Text | str) -> list[tuple[str | None, str]]:
        """Return a text in the languages of the report, as (language, text); once where it is one text."""
        if isinstance(texts, str):
            return [(None, texts)]
        if isinstance(texts, Text):
            texts = texts.by_language()
        said = [(name, texts[name]) for name in (*self.languages, ANY) if texts.get(name)]
        if len(self.languages) > 1 and (len({text for _, text in said}) < len(said)):
            said = [(None, said[0][1])]
        return [(None if name == ANY else name, text) for name, text in said]


class FerHTMLExporter(_FerExporter):
    """One HTML file: a strict Content-Security-Policy by hashes, both languages, light and dark."""

    export_from_notebook = "Report (HTML)"
    file_extension = ".html"
    output_mimetype = "text/html"
    markdown_target = "html"
    escapes = True

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        style = (LOOK / "report.css").read_text(encoding="utf-8")
        script = (LOOK / "report.js").read_text(encoding="utf-8") if len(self.languages) > 1 else ""
        environment.filters.update(prose=_strict, python=_coloured, source=_source, digest=_digest)
        environment.globals.update(style=Markup(style), script=Markup(script))
        return environment

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page of a notebook, with the Chinese signs that it shows for systems without any."""
        own = [path.read_text(encoding="utf-8") for path in LOOK.glob("*.html.j2")]
        own += [text.zh for text in WORDS.values()]
        fonts = Markup(web_fonts("".join([nbformat.writes(nb), *own])))
        return super().from_notebook_node(nb, (resources or {}) | {"fonts": fonts}, **kw)


class FerPDFExporter(_FerExporter):
    """A PDF that a screen reader can read (PDF/UA-1), made whatever a text holds.

    The compiler checks: a picture or an equation without alternative text, or a sign that no font has, is an
    error. So a sign that came with data or a student's text is shown as a box, and said; and a text that
    Typst refuses is shown as it was typed.
    A brief report is set in smaller type and with smaller figures until it is short enough.
    """

    export_from_notebook = "Report (PDF)"
    file_extension = ".pdf"
    output_mimetype = "application/pdf"
    markdown_target = "typst"
    escapes = False
    template_extension = Unicode(".typ.j2").tag(config=True, affects_environment=True)
    exclude_input = Bool(True).tag(config=True)
    echo = AnyTrait(help="Prints a line about what could not be shown.")

    @default("echo")
    def _default_echo(self) -> Callable[[str], None]:
        return self.log.warning

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Return the PDF of a notebook."""
        self._pictures: dict[str, bytes] = {}
        source, resources = super().from_notebook_node(nb, resources, **kw)
        with tempfile.TemporaryDirectory() as folder:
            paper = Paper(Path(folder), source, self._pictures, resources["pieces"], _ended(nb), self.echo)
            if not nb.metadata.get("fer_nb", {}).get("front", {}).get("brief"):
                return paper.compiled(), resources
            for scale in SCALES:
                content = paper.compiled(scale)
                if (pages := len(PAGE.findall(content))) <= BRIEF_PAGES * len(self.languages):
                    break
            else:
                self.echo(f"PDF: {pages} pages at its smallest, expected {BRIEF_PAGES} a language at most")
        return content, resources

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.filters.update(string=typst_string, cell=table_cell, picture=self._picture)
        return environment

    def _picture(self, content: str, *, text: bool = False) -> str:
        """Keep a picture for Typst and return its name; it tells the kind by the content."""
        name = f"{len(self._pictures)}.picture"
        self._pictures[name] = content.encode() if text else base64.b64decode(content)
        return name


def _ended(nb: NotebookNode) -> datetime:
    """Return the one date in a file, when the notebook ended; 1970 where that is not known."""
    front = nb.metadata.get("fer_nb", {}).get("front", {})
    ended = front.get("ended") or nb.metadata.get("papermill", {}).get("end_time")
    return datetime.fromisoformat(ended).astimezone(UTC) if ended else datetime.fromtimestamp(0, UTC)


def _strict(page: str) -> Markup:
    """Return pandoc's HTML with scoped headers and without inline styles, which the policy forbids."""
    page = COLUMNS.sub("", ALIGNED.sub(r' class="\1"', page))
    page = page.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )
    return Markup(re.sub(r"<th\b", '<th scope="col"', page))


def _coloured(source: str) -> Markup:
    return Markup(highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)))


def _source(data: dict[str, str]) -> Markup:
    """Return the address of a picture that lies in the page."""
    if "image/svg+xml" in data:
        return Markup("data:image/svg+xml," + quote(data["image/svg+xml"], safe=" <>/=:;,()@!$*+?[]{}|^~'"))
    kind = next(kind for kind in ("image/png", "image/jpeg") if kind in data)
    return Markup(f"data:{kind};base64,{re.sub('[^A-Za-z0-9+/=]', '', data[kind])}")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
