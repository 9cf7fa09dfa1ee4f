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
ANSWER_TYPE = "application/vnd.fer-nb.answer+json"
DOTS_PER_INCH = 128  # clean on paper at 17 cm, and about 25 kB for a line plot
CSS_DOTS_PER_INCH = 96  # the size of a CSS pixel: on screen a figure keeps its size in inches
COLOUR_TOLERANCE = 40  # grey levels of 255, at single pixels; measured: no difference to be seen
GREYS = 64
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
        data = {"text/html": f"<p><em>{html.escape(str(waiting))}</em></p>", "text/plain": str(waiting)}
        self._handle = display(data, raw=True, metadata={"fer_nb": {"answer": None}}, display_id=True)

    def fill(self, *, finding: Text, reason: Text, limit: Text, see: str, front: Text | None = None) -> None:
        """Put the answer into the box; Markdown in both languages, four lines together at most.

        Args:
            finding: What was found, in words, with its size and interval.
            reason: Why it is so, as far as it was shown; else that no reason could be shown.
            limit: How far it reaches.
            see: Id of the cell whose figure or table shows it, such as "01-27".
            front: One or two sentences for the first page, the number first; by default the finding.

        Raises:
            InputError: A text lacks a language.
        """
        texts = {"finding": finding, "reason": reason, "limit": limit, "front": front or finding}
        answer: dict[str, Any] = {name: both(text, name) for name, text in texts.items()} | {"see": see}
        lines = [answer[name] for name in ("finding", "reason", "limit")]
        spoken = ""
        for language in LANGUAGES:
            text = "<br>".join(html.escape(line[language]) for line in lines)
            spoken += f'<p lang="{HTML_LANGUAGE[language]}">{text}</p>'
        data = {
            ANSWER_TYPE: answer,
            "text/html": spoken,
            "text/plain": "\n".join(map(str, list(texts.values())[:3])),
        }
        self._handle.update(data, raw=True, metadata={"fer_nb": {"answer": answer}})


def show(figure: "Figure", *, caption: Text, alt: Text) -> None:
    """Display a matplotlib figure as a PNG with its caption and its alternative text, and close it.

    Args:
        figure: The figure, drawn; its size in inches is its size on paper (text is 6.7 inches wide).
        caption: What the figure shows; one or two sentences, numbered by the report.
        alt: What a reader who cannot see the figure should know; other words than the caption's.

    Raises:
        InputError: The caption or the alternative text lacks a language.
    """
    from matplotlib import pyplot

    described = {"caption": both(caption, "caption"), "alt": both(alt, "alt text")}
    picture = small_png(figure)
    pyplot.close(figure)
    width = round(figure.get_size_inches()[0] * CSS_DOTS_PER_INCH)
    display(
        {"image/png": base64.b64encode(picture).decode("ascii"), "text/plain": str(caption)},
        raw=True,
        metadata={"fer_nb": {"figure": described}, "image/png": {"width": width}},
    )


def show_table(frame: "pd.DataFrame", *, caption: Text) -> None:
    """Display a table; the first column heads its rows, numbers stand at the right, the index is left out.

    Args:
        frame: Column names `Text` or str; cells str, numbers, `Text`, or missing (shown as a dash).
            Format a number as a string where its digits matter.
        caption: What the table shows, numbered by the report.

    Raises:
        InputError: The caption lacks a language.
    """
    described = both(caption, "caption")
    columns = [_text(name) for name in frame.columns]
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    align = [_alignment([row[i] for row in rows]) for i in range(len(columns))]
    table = {"columns": columns, "rows": rows, "align": align}
    display(
        {TABLE_TYPE: table, "text/html": _html_table(table, described), "text/plain": str(caption)},
        raw=True,
        metadata={"fer_nb": {"table": {"caption": described}}},
    )


def record(**numbers: Any) -> None:
    """Hand numbers to `results.json`, under this notebook's `results`; nested dicts are merged.

    Four names have a meaning for the report: `environment` (to which versions are added), `data` (`source`,
    `fingerprint`, `counts`), `answer` (a `Text` of one sentence for the table on the first page) and
    `headline` (`label` as a `Text`, and `accuracy` or `value`, with `low` and `high` where an interval is
    known).

    Args:
        **numbers: Numbers, strings, bools, None, `Text`, and lists and dicts of them; NumPy's count too.

    Raises:
        InputError: A number is NaN or infinite, or a value is none of these; the message names it.
    """
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


def small_png(figure: "Figure") -> bytes:
    """Return a figure as PNG bytes, smaller where nothing visible is lost by it.

    A figure in greys keeps 64 of them (measured on a sheet of faces: 247 kB for 423, and 275 for 708 in the
    PDF); one in colours gets a palette of 256 where that changes no pixel by more than `COLOUR_TOLERANCE`.
    """
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DOTS_PER_INCH, facecolor="white")
    image = Image.open(drawn).convert("RGB")
    grey = image.convert("L")
    if ImageChops.difference(image, grey.convert("RGB")).getbbox() is None:
        image = grey.point(
            [round(round(level * (GREYS - 1) / 255) * 255 / (GREYS - 1)) for level in range(256)]
        )
    else:
        palette = image.quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
        differences = ImageChops.difference(image, palette.convert("RGB")).getextrema()
        if max(high for _, high in differences) <= COLOUR_TOLERANCE:  # type: ignore[misc]
            image = palette
    small = io.BytesIO()
    image.save(small, format="PNG", optimize=True)
    return small.getvalue()


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
    styles = [f' style="text-align:{side}"' for side in table["align"]]
    captions = "<br>".join(
        f'<span lang="{HTML_LANGUAGE[language]}">{html.escape(text)}</span>'
        for language, text in caption.items()
    )
    head = "".join(
        f'<th scope="col"{style}>{html.escape(shown(name))}</th>'
        for name, style in zip(table["columns"], styles, strict=True)
    )
    body = ""
    for row in table["rows"]:
        cells = [html.escape(shown(cell)) for cell in row]
        first = "".join(f'<th scope="row"{styles[0]}>{cell}</th>' for cell in cells[:1])
        rest = "".join(f"<td{style}>{cell}</td>" for cell, style in zip(cells[1:], styles[1:], strict=True))
        body += f"<tr>{first}{rest}</tr>"
    return f"<table><caption>{captions}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
