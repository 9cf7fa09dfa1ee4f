"""One notebook of many, in order: what both renderers start from."""

import re
from collections.abc import Sequence

import nbformat

from fer_nb.report.execute import Executed

LEFT_OUT = "lab-only"  # cells that offer something interactive: nothing on paper


def merge(executed: Sequence[Executed]) -> nbformat.NotebookNode:
    """Return one notebook with the cells of those given, each cell marked with its notebook's name.

    Cells tagged `lab-only` are left out, and so are empty ones; cell ids become unique and lasting
    (`01_cnn-0`, ...), so that the same notebooks give the same report to the byte.
    """
    cells = []
    for ended in executed:
        name = re.sub(r"[^A-Za-z0-9_-]", "-", ended.name)[:50]
        own = ended.notebook.cells if ended.notebook is not None else []
        kept = [cell for cell in own if LEFT_OUT not in cell.metadata.get("tags", []) and cell.source.strip()]
        for number, cell in enumerate(kept):
            copy = nbformat.from_dict(cell)
            copy.id = f"{name}-{number}"
            copy.metadata["fer_nb"] = {"notebook": ended.name}
            cells.append(copy)
    return nbformat.v4.new_notebook(cells=cells)
