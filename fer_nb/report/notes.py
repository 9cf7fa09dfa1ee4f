"""What preprocessors note in the metadata of cells and outputs, under `fer_nb`, where the templates read it.

`parts` of a text, `figure`, `table`, `answer`, `references`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from nbformat import NotebookNode, v4

ANY = "any"  # the language of a text that says none: shown to all
COUNTED = ("figure", "table")


def notes(item: NotebookNode) -> dict[str, Any]:
    """Return what is noted of a cell or an output, to be added to."""
    return item.setdefault("metadata", NotebookNode()).setdefault("fer_nb", {})


def parts_of(item: NotebookNode) -> list[dict[str, Any]]:
    """Return the parts of the texts of a cell and of its outputs."""
    parts = list(item.get("metadata", {}).get("fer_nb", {}).get("parts", []))
    return parts + [part for output in item.get("outputs", []) for part in parts_of(output)]


def home_of(cell: NotebookNode) -> dict[str, Any]:
    """Return the notebook that a cell of a merged one came from, and its number."""
    own = cell.metadata.get("fer_nb", {})
    return {name: own[name] for name in ("notebook", "number") if name in own}


def identity(cell: NotebookNode) -> str:
    """Return the name by which texts point to a cell."""
    return cell.metadata.get("fer_nb", {}).get("cell") or cell.get("id", "")


def markdown_cells(texts: Mapping[str, str], **noted: Any) -> list[NotebookNode]:
    """Return a text by language as Markdown cells, and what is noted of each."""
    return [
        v4.new_markdown_cell(text, metadata={"tags": [f"lang-{language}"], "fer_nb": noted})
        for language, text in texts.items()
    ]


def markdown_texts(nb: NotebookNode) -> Iterator[tuple[dict[str, str], bool]]:
    """Yield every Markdown text of a notebook as a dict by language, and whether it makes one line."""
    front = nb.metadata.get("fer_nb", {}).get("front", {})
    for row in front.get("rows", []):
        yield row["title"], True
        yield row["answer"], True
    for notebook in front.get("notebooks", []):
        yield notebook["title"], True
    for cell in nb.cells:
        for item in (cell, *cell.get("outputs", [])):
            own = item.get("metadata", {}).get("fer_nb", {})
            for part in own.get("parts", []):
                yield part["heading"], True
                yield part["body"], False
            for kind in COUNTED:
                if kind in own:
                    yield own[kind]["caption"], True
            for name in ("finding", "reason", "limit", "see"):
                if own.get("answer") and isinstance(own["answer"][name], dict):
                    yield own["answer"][name], True
