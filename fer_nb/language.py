"""Two languages: a text in both, catalogues of texts, the seven emotions, and the glossary of terms."""

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

LANGUAGES = ("zh", "en")
HTML_LANGUAGE = {"zh": "zh-Hant-TW", "en": "en"}


@dataclass(frozen=True)
class Text:
    """The same text in Traditional Chinese (Taiwan) and in English."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Both languages, as a figure label shows them; once where they are equal."""
        return self.zh if self.zh == self.en else f"{self.zh}{self.between}{self.en}"

    @property
    def between(self) -> str:
        """What parts the two: a dot where the one ends, or the other begins, as the other language might."""
        alike = (self.zh and self.zh[-1].isascii()) or self.en[:1].isdecimal()
        return " · " if alike else " "

    def by_language(self) -> dict[str, str]:
        """Return {"zh": ..., "en": ...}, as `say(**text.by_language())` takes it."""
        return {"zh": self.zh, "en": self.en}

    def of(self, language: str) -> str:
        """Return the text in `language`, one of LANGUAGES."""
        return self.by_language()[language]

    def format(self, **values: Any) -> "Text":
        """Return the text with values in its gaps, `{name}` or `{name:.1%}`, as `str.format` fills them.

        A `Text` speaks the language of the gap. Several values are enumerated, or have what the gap says
        between them: `{names:; }`. `{name!c}` begins with a capital letter.
        """
        zh, en = (_Gaps(language).vformat(self.of(language), (), values) for language in LANGUAGES)
        return Text(_set_chinese(zh), en)

    def split(self) -> list["Text"]:
        """Return the names of a table's columns, of which a text tells all: `train | test`."""
        return [Text(zh, en) for zh, en in zip(self.zh.split(" | "), self.en.split(" | "), strict=True)]


def _set_chinese(text: str) -> str:
    """Write an interval behind a share in full-width brackets, and spaces around a Latin name."""
    text = re.sub(r"% \(([^()]*)\) ?", r"%（\1）", text)
    ends = rf"(?<=[A-Za-z])(?={_CHINESE})|(?<={_CHINESE})(?=[A-Za-z])|(?<=_\d)(?={_CHINESE})"
    return re.sub(ends, " ", text)


_CHINESE = "[\u4e00-\u9fff]"


class _Gaps(string.Formatter):
    """Fills the gaps of a text in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Text):
            return value.of(self.language)
        if isinstance(value, Sequence) and not isinstance(value, str):
            between = format_spec or {"zh": "、", "en": ", "}[self.language]
            return between.join(self.format_field(one, "") for one in value)
        return format(value, format_spec)

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        if conversion != "c":
            return super().convert_field(value, conversion)  # type: ignore[arg-type]
        text = self.format_field(value, "")
        return text[:1].upper() + text[1:]


EMOTIONS = (
    Text("生氣", "angry"),
    Text("厭惡", "disgust"),
    Text("恐懼", "fear"),
    Text("高興", "happy"),
    Text("難過", "sad"),
    Text("驚訝", "surprise"),
    Text("中立", "neutral"),
)
"""The seven classes; a label is an index into this tuple (0 angry to 6 neutral)."""


def read_texts(path: Path, *, beside: Mapping[str, Text] = MappingProxyType({})) -> dict[str, Text]:
    """Return the texts of a catalogue, a YAML file in which both languages of each stand together, by key.

    Args:
        path: The catalogue.
        beside: Texts of a wider one, which are returned as well.

    Raises:
        ValueError: A key stands in both: one text would silently be printed for the other.
    """
    entries = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    if twice := sorted(entries.keys() & beside.keys()):
        raise ValueError(f"{path}: expected keys of its own, found {', '.join(twice)} of a wider catalogue")
    return {**beside, **{key: Text(**entry) for key, entry in entries.items()}}


GLOSSARY = read_texts(Path(__file__).with_name("glossary.yaml"))
"""Terms as every notebook, figure and table writes them."""
