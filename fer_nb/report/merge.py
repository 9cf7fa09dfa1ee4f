"""One notebook of many, in order: what both renderers start from."""

import re
from collections.abc import Sequence

import nbformat

from fer_nb.language import LANGUAGES
from fer_nb.report.document import MAIN
from fer_nb.report.engine import LAB_ONLY
from fer_nb.report.execute import Executed


def merge(executed: Sequence[Executed], *, brief: bool = False) -> nbformat.NotebookNode:
    """Return one notebook with the cells of those given, each marked with its notebook's name and its id.

    Cells tagged `lab-only` are left out, and so are empty ones; cell ids become unique and lasting
    (`01_cnn-0`, ...), so that the same notebooks give the same report to the byte.

    Args:
        executed: The notebooks in their order.
        brief: Keep of each the title with the question, and what its cells tagged `main` put out.
    """
    cells = []
    for ended in executed:
        name = re.sub(r"[^A-Za-z0-9_-]", "-", ended.name)[:50]
        own = ended.notebook.cells if ended.notebook is not None else []
        kept = [cell for cell in own if LAB_ONLY not in cell.metadata.get("tags", []) and cell.source.strip()]
        for number, cell in enumerate(_shortest(kept) if brief else kept):
            copy = nbformat.from_dict(cell)
            copy.id = f"{name}-{number}"
            copy.metadata["fer_nb"] = {"notebook": ended.name, "cell": cell.get("id", "")}
            cells.append(copy)
    return nbformat.v4.new_notebook(cells=cells)


def _shortest(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Return the title in each language, or what stands for it, and the main cells."""
    titles = [cell for cell in cells if cell.cell_type == "markdown"][: len(LANGUAGES)]
    return titles + [
        cell for cell in cells if cell.cell_type == "code" and MAIN in cell.metadata.get("tags", [])
    ]
