"""The report as one HTML file that makes no request."""

import base64
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from fer_nb.language import HTML_LANGUAGE
from fer_nb.report.blocks import Figure
from fer_nb.report.cells import shown
from fer_nb.report.document import reference
from fer_nb.report.front import Report
from fer_nb.report.markdown import TEMPLATES, inline
from fer_nb.report.pictures import for_page
from fer_nb.report.words import WORDS

ALIGNED = re.compile(r' style="text-align: (left|right|center);"')
COLUMNS = re.compile(r"<colgroup>.*?</colgroup>", re.DOTALL)


def html_page(report: Report, converted: Mapping[str, str], languages: Sequence[str]) -> str:
    """Return the page.

    Its Content-Security-Policy allows the one style and the one script in it, by their hashes, and pictures
    in data URIs; nothing else.

    Args:
        report: What to render.
        converted: What each Markdown text became.
        languages: "zh" and "en", or one of them.
    """
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8") if len(languages) > 1 else ""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip
    environment.filters.update(
        line=lambda text: Markup(converted[inline(text)]),
        prose=lambda text: Markup(_strict(converted[text])),
        python=lambda source: Markup(highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))),
        kind=lambda block: type(block).__name__,
        shown=shown,
        source=_source,
        size=_size,
        reference=reference,
    )
    return environment.get_template("report.html.j2").render(
        report=report,
        languages=languages,
        words=WORDS,
        html_language=HTML_LANGUAGE,
        style=Markup(style),
        script=Markup(script),
        style_hash=_digest(style),
        script_hash=_digest(script),
    )


def _strict(page: str) -> str:
    """Return pandoc's HTML with scoped headers and without inline styles, which the policy forbids."""
    page = COLUMNS.sub("", ALIGNED.sub(r' class="\1"', page))
    page = page.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )
    return re.sub(r"<th\b", '<th scope="col"', page)


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _source(figure: Figure) -> str:
    kind, picture = for_page(figure.png)
    return f"data:{kind};base64,{base64.b64encode(picture).decode()}"


def _size(figure: Figure) -> dict[str, Any]:
    """Return width and height in CSS pixels, so that the page does not jump while it is read."""
    width, height = Image.open(io.BytesIO(figure.png)).size
    return {"width": figure.width, "height": round(figure.width * height / width)}
