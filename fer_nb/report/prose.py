"""Two languages side by side: pairs of Markdown texts become bilingual headings with both texts below."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fer_nb.language import LANGUAGES

HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True)
class Heading:
    """A heading, as Markdown by language; a pair's is one heading in two languages."""

    level: int
    text: dict[str, str]
    number: str = ""  # "4" or "4.2"
    anchor: str = ""


@dataclass(frozen=True)
class Prose:
    """Markdown without headings in one language, or in none (shown to all)."""

    markdown: str
    language: str | None


def prose(spoken: Sequence[tuple[str | None, str]]) -> list[Heading | Prose]:
    """Return the blocks of texts that follow one another.

    A Chinese text and the English one after it are a pair. Where their headings have the same levels, each
    two become one bilingual heading, with the text of both below it; otherwise one text follows the other.

    Args:
        spoken: (language, Markdown) in order; the language is one of LANGUAGES or None.
    """
    blocks: list[Heading | Prose] = []
    position = 0
    while position < len(spoken):
        pair = spoken[position : position + 2]
        parts = [divided(text) for _, text in pair]
        if _are_pair([language for language, _ in pair], parts):
            for (level, chinese, body), (_, english, translation) in zip(*parts, strict=True):
                blocks += _heading(level, {"zh": chinese, "en": english})
                blocks += _body(body, "zh") + _body(translation, "en")
            position += 2
            continue
        language = pair[0][0]
        for level, heading, body in parts[0]:
            blocks += _heading(level, {language: heading} if language else dict.fromkeys(LANGUAGES, heading))
            blocks += _body(body, language)
        position += 1
    return blocks


def _are_pair(languages: list[str | None], parts: list[list[tuple[int, str, str]]]) -> bool:
    levels = [[level for level, _, _ in text] for text in parts]
    return tuple(languages) == LANGUAGES and levels[0] == levels[1]


def divided(markdown: str) -> list[tuple[int, str, str]]:
    """Return the parts of a text as (level, heading, body); level 0 for a body before the first heading.

    A number sign in fenced code is no heading.
    """
    parts: list[tuple[int, str, list[str]]] = [(0, "", [])]
    fence = ""
    for line in markdown.split("\n"):
        opening = FENCE.match(line)
        heading = None if fence else HEADING.match(line)
        if heading:
            parts.append((len(heading[1]), heading[2], []))
            continue
        if opening and not fence:
            fence = opening[1]
        elif opening and fence and opening[1].startswith(fence):
            fence = ""
        parts[-1][2].append(line)
    found = [(level, heading, "\n".join(body).strip("\n")) for level, heading, body in parts]
    return [part for part in found if part[0] or part[2].strip()]


def _heading(level: int, text: dict[str, str]) -> list[Heading | Prose]:
    return [Heading(level, text)] if level else []


def _body(markdown: str, language: str | None) -> list[Heading | Prose]:
    return [Prose(markdown, language)] if markdown.strip() else []
