"""Blocks of text that a command writes between two marks of a page, and leaves the rest of it alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
README, RESULTS = ROOT / "README.md", ROOT / "docs" / "results.md"


def renewed(page: str, name: str, block: str) -> str:
    """Return the page with the block between its marks `<!-- name -->` and `<!-- end of name -->`.

    Raises:
        ValueError: The marks are not there.
    """
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, _, rest = page.partition(begin)
    _, mark, after = rest.partition(end)
    if not mark:
        raise ValueError(f"expected {begin} and {end}")
    return f"{before}{begin}\n{block.strip()}\n{end}{after}"


def renew(path: Path, name: str, block: str) -> str:
    """Put a block into the page at `path`; return the block."""
    path.write_text(renewed(path.read_text(encoding="utf-8"), name, block), encoding="utf-8")
    return block


def interval(score: Mapping[str, Any] | None) -> str:
    """Write {"accuracy", "low", "high"} in percent with its interval; a dash where there is none."""
    if not score or score["accuracy"] is None:
        return "—"
    return f"{100 * score['accuracy']:.1f} [{100 * score['low']:.1f}, {100 * score['high']:.1f}]"


def row(*cells: object) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(map(str, cells))} |"


def table(head: tuple[str, ...], rows: list[str]) -> str:
    """Return a Markdown table of a head and rows that `row` made."""
    return "\n".join([row(*head), "|" + "---|" * len(head), *rows])
