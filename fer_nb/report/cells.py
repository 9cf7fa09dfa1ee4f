"""What a notebook cell calls: text, figures and tables in two languages, and numbers for `results.json`."""

import base64
import html
import io
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from IPython.display import display
from pandas import isna
from PIL import Image, ImageChops

from fer_nb.errors import InputError
from fer_nb.language import HTML_LANGUAGE, LANGUAGES, Text
from fer_nb.report.environment import environment

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

TABLE_TYPE = "application/vnd.fer-nb.table+json"
RECORD_TYPE = "application/vnd.fer-nb.record+json"
CLAIM = {"report", "claim", "measured", "verdict"}  # of which the report makes a row
ANSWER_TYPE = "application/vnd.fer-nb.answer+json"
DOTS_PER_INCH = 128  # clean on paper at 17 cm, and about 25 kB for a line plot
CSS_DOTS_PER_INCH = 96  # the size of a CSS pixel: on screen a figure keeps its size in inches
LARGEST_DRAWING = 1_000_000  # bytes of SVG; a scatter of 100,000 points is better a picture
SHARP = ("none", "nearest", "auto", "antialiased")  # interpolations that draw an enlarged pixel as a square
LONG_NUMBER = re.compile(r"\d+\.\d{3,}(?![\w.])")
EMBEDDED = re.compile(r'(xlink:href="data:image/png;base64,)\s*([A-Za-z0-9+/=\s]+)"')
NUMBER = re.compile(r"[-+−±<>≤≥~]?\s*\d[\d,.]*(e[-+]?\d+)?\s*%?")


def say(text: Text | None = None, *, zh: str = "", en: str = "") -> None:
    """Display the same Markdown in both languages, as two outputs.

    Args:
        text: The Markdown in both languages; mathematics between dollar signs, `[@key]` cites a reference.
        zh: Instead of `text`, the Markdown in Traditional Chinese.
        en: The same in English.

    Raises:
        InputError: A language is empty.
    """
    for language, markdown in both(text or Text(zh, en), "text").items():
        display({"text/markdown": markdown, "text/plain": markdown}, raw=True, metadata={"lang": language})


class AnswerBox:
    """The answer right under the question: it waits there until the notebook's last cell fills it."""

    def __init__(self) -> None:
        waiting = Text("執行到最後，答案會出現在這裡。", "The answer appears here when all cells have run.")
        data = {"text/markdown": f"*{waiting}*", "text/plain": str(waiting)}
        self._handle = display(data, raw=True, metadata={"fer_nb": {"answer": None}}, display_id=True)

    def fill(self, *, finding: Text, reason: Text, limit: Text, see: str, front: Text | None = None) -> None:
        """Put the answer into the box; Markdown in both languages, four lines together at most.

        Args:
            finding: What was found, in words, with its size and interval.
            reason: Why it is so, as far as it was shown; else that no reason could be shown.
            limit: How far it reaches.
            see: Ids of the cells whose figures or tables show it, such as "01-15" or "02-21 02-16".
            front: One or two sentences for the first page, the number first; by default the finding.

        Raises:
            InputError: A text lacks a language.
        """
        texts = {"finding": finding, "reason": reason, "limit": limit, "front": front or finding}
        answer: dict[str, Any] = {name: both(text, name) for name, text in texts.items()} | {"see": see}
        # A reference leads somewhere in the report alone; in JupyterLab its words remain.
        boxed = "\n>\n".join(
            "> **{}**  \n> {}  \n> {}".format(
                *(answer[name][language] for name in ("finding", "reason", "limit"))
            )
            for language in LANGUAGES
        )
        data = {
            ANSWER_TYPE: answer,
            "text/markdown": re.sub(r"\[([^\]]*)\]\(#[\w-]+\)", r"\1", boxed),
            "text/plain": "\n".join(map(str, (finding, reason, limit))),
        }
        self._handle.update(data, raw=True, metadata={"fer_nb": {"answer": answer}})


def show(figure: "Figure", *, caption: Text, alt: Text) -> None:
    """Display a matplotlib figure with its caption and its alternative text, and close it.

    It is displayed as SVG, which the report takes (lines stay sharp, and so do the pixels of a face), and as
    PNG for those that show no SVG.

    Args:
        figure: The figure, drawn; its size in inches is its size on paper (text is 6.7 inches wide).
        caption: What the figure shows; one or two sentences, numbered by the report.
        alt: What a reader who cannot see the figure should know; other words than the caption's.

    Raises:
        InputError: The caption or the alternative text lacks a language.
    """
    from matplotlib import pyplot

    described = {"caption": both(caption, "caption"), "alt": both(alt, "alt text")}
    width, height = (round(inches * CSS_DOTS_PER_INCH) for inches in figure.get_size_inches())
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DOTS_PER_INCH, facecolor="white")
    forms = {"image/png": base64.b64encode(drawn.getvalue()).decode("ascii"), "text/plain": str(alt)}
    drawing = svg(figure)
    if len(drawing) <= LARGEST_DRAWING:
        forms["image/svg+xml"] = drawing
    pyplot.close(figure)
    size = {"width": width, "height": height}
    described_forms = {"image/png": {"width": width, "alt": str(alt)}, "image/svg+xml": {"alt": str(alt)}}
    display(forms, raw=True, metadata={"fer_nb": {"figure": described | size}} | described_forms)
    _lab_only(f"<p>{_captions(described['caption'])}</p>", str(caption))


def show_table(frame: "pd.DataFrame", *, caption: Text) -> None:
    """Display a table; the first column heads its rows, numbers stand at the right, the index is left out.

    Args:
        frame: Column names `Text` or str; cells str, numbers, `Text`, or missing (shown as a dash).
            Format a number as a string where its digits matter.
        caption: What the table shows, numbered by the report.

    Raises:
        InputError: The caption lacks a language.
    """
    data, metadata = table_output(frame, caption)
    display(data, raw=True, metadata=metadata)


def table_output(frame: "pd.DataFrame", caption: Text) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return data and metadata of the output that `show_table` displays."""
    described = both(caption, "caption")
    columns = [_text(name) for name in frame.columns]
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    align = [_alignment([row[i] for row in rows]) for i in range(len(columns))]
    table = {"columns": columns, "rows": rows, "align": align}
    data = {TABLE_TYPE: table, "text/html": _html_table(table, described), "text/plain": str(caption)}
    return data, {"fer_nb": {"table": {"caption": described}}}


def record(**numbers: Any) -> None:
    """Hand numbers to `results.json`, under this notebook's `results`; nested dicts are merged.

    Three names have a meaning for the report: `environment` (to which versions are added), `data` (`source`,
    `fingerprint`, `counts`) and `claims` (what earlier reports said: `report`, `key`, `claim` and `measured`
    as `Text`, and `verdict`: "confirmed", "not confirmed" or "cannot be told").

    Args:
        **numbers: Numbers, strings, bools, None, `Text`, and lists and dicts of them; NumPy's count too.

    Raises:
        InputError: A number is NaN or infinite, or a value is none of these; the message names it. Or one of
            the three is of another form, or a name is `answer`, which the answer box fills.
    """
    if "answer" in numbers:
        raise InputError(
            "answer: expected another name, for the answer box fills this one, found it recorded"
        )
    if not isinstance(numbers.get("data", {}), Mapping):
        raise InputError.expected("data", "a dict", type(numbers["data"]).__name__)
    claims = numbers.get("claims", [])
    if not isinstance(claims, list) or not all(
        isinstance(one, Mapping) and set(one) >= CLAIM for one in claims
    ):
        wanted = f"a list of dicts with {', '.join(sorted(CLAIM))}"
        raise InputError.expected("claims", wanted, "something else")
    if "environment" in numbers:
        numbers["environment"] = environment() | numbers["environment"]
    display({RECORD_TYPE: {name: plain(value, name) for name, value in numbers.items()}}, raw=True)


def both(text: Text, what: str) -> dict[str, str]:
    """Return `{"zh", "en"}` of a text.

    Raises:
        InputError: It is no `Text`, or a language is empty.
    """
    if not isinstance(text, Text):
        raise InputError(f"{what}: expected Text(zh, en), found {type(text).__name__}")
    for language in LANGUAGES:
        if not text.of(language).strip():
            raise InputError(f"{what}: expected words in zh and en, found none in {language}")
    return {language: text.of(language) for language in LANGUAGES}


def plain(value: Any, where: str) -> Any:
    """Return a value as JSON holds it.

    Args:
        value: A value as `record` takes it.
        where: Its name, for the message.

    Raises:
        InputError: It is NaN, infinite, or of a type that JSON has not.
    """
    if isinstance(value, Text):
        return both(value, where)
    if hasattr(value, "tolist"):  # a NumPy scalar or array
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(name): plain(item, f"{where}.{name}") for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, f"{where}[{i}]") for i, item in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"{where}: expected a finite number, found {value}")
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise InputError(f"{where}: expected numbers, strings, lists or dicts, found {type(value).__name__}")


def svg(figure: "Figure") -> str:
    """Return a figure as SVG: text as outlines, images with their own pixels, the same bytes each time."""
    from matplotlib import rc_context
    from matplotlib.image import AxesImage

    for image in figure.findobj(AxesImage):
        if image.get_interpolation() in SHARP:
            image.set_interpolation("none")  # the pixels themselves, not a picture of them
    drawn = io.BytesIO()
    with rc_context({"svg.hashsalt": "fer_nb", "svg.fonttype": "path", "image.composite_image": False}):
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(drawn, format="svg", facecolor="white", metadata=nothing)
    drawing = LONG_NUMBER.sub(lambda found: f"{float(found[0]):.5g}", drawn.getvalue().decode())
    return EMBEDDED.sub(lambda found: found[1] + _smaller(found[2]) + '"', drawing)


def _smaller(png: str) -> str:
    """Return a PNG in base64 without colours or transparency that it does not use."""
    image = Image.open(io.BytesIO(base64.b64decode(png)))
    plain = image.convert("RGBA")
    if plain.getextrema()[3] == (255, 255):  # type: ignore[index, misc]
        plain = plain.convert("RGB")
        grey = plain.convert("L")
        plain = plain if ImageChops.difference(plain, grey.convert("RGB")).getbbox() else grey
    small = io.BytesIO()
    plain.save(small, "PNG", optimize=True)
    return base64.b64encode(small.getvalue()).decode("ascii")


def shown(cell: Any) -> str:
    """Return the cell of a table as it is printed; a `Text` (a dict here) in both languages."""
    match cell:
        case None:
            return "—"
        case {"zh": zh, "en": en}:
            return str(Text(zh, en))
        case bool():
            return "✓" if cell else "—"
        case int():
            return f"{cell:,}"
        case float():
            return f"{cell:,.0f}" if abs(cell) >= 1000 else f"{cell:.4g}"
    return str(cell)


def _text(name: Any) -> dict[str, str]:
    return both(name if isinstance(name, Text) else Text(str(name), str(name)), "column name")


def _cell(value: Any) -> Any:
    if isinstance(value, Text):
        return both(value, "cell")
    if hasattr(value, "item"):  # a NumPy scalar
        value = value.item()
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return None if isna(value) else str(value)


def _alignment(cells: list[Any]) -> str:
    numbers = [
        NUMBER.fullmatch(cell.strip()) is not None if isinstance(cell, str) else isinstance(cell, int | float)
        for cell in cells
        if cell is not None
    ]
    return "right" if numbers and all(numbers) else "left"


def _html_table(table: dict[str, Any], caption: dict[str, str]) -> str:
    """Return the table for JupyterLab; the report renders the JSON beside it instead."""

    def line(values: list[Any], scope: str, *, headers: int) -> str:
        cells = ""
        for place, (value, side) in enumerate(zip(values, table["align"], strict=True)):
            tag, scoped = ("th", f' scope="{scope}"') if place < headers else ("td", "")
            cells += f'<{tag}{scoped} style="text-align:{side}">{html.escape(shown(value))}</{tag}>'
        return f"<tr>{cells}</tr>"

    head = line(table["columns"], "col", headers=len(table["columns"]))
    body = "".join(line(row, "row", headers=1) for row in table["rows"])
    head = f"<caption>{_captions(caption)}</caption><thead>{head}</thead>"
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _captions(caption: dict[str, str]) -> str:
    return "<br>".join(
        f'<span lang="{HTML_LANGUAGE[language]}">{html.escape(text)}</span>'
        for language, text in caption.items()
    )


def _lab_only(content: str, text: str) -> None:
    """Display what JupyterLab shows and the report makes itself."""
    display({"text/html": content, "text/plain": text}, raw=True, metadata={"fer_nb": {"lab": True}})
