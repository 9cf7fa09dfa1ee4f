"""A network drawn as a column of its layers."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from fer_nb.language import Text

LINE = 0.2  # inches a row
_NUMBERS = 2  # columns of numbers, at the right


def structure(ax: Axes, table: pd.DataFrame) -> Axes:
    """Draw a table of layers, a row each; its last row, the totals, between heavier lines.

    Args:
        ax: Where to draw; `LINE` inches a row are enough.
        table: As `fer_nb.findings.tables.structure_table` returns it.
    """
    ax.set_axis_off()
    cells = [[_shown(value) for value in row] for row in table.itertuples(index=False, name=None)]
    heads = [str(name).replace(" ", "\n", 1) for name in table.columns]
    drawn = ax.table(cells, colLabels=heads, loc="center", bbox=Bbox.unit(), edges="horizontal")
    drawn.auto_set_font_size(False)
    drawn.auto_set_column_width(list(range(len(heads))))
    for (row, column), cell in drawn.get_celld().items():
        cell.set_text_props(size=7, ha="right" if column >= len(heads) - _NUMBERS else "left")
        cell.set_linewidth(0.8 if row in (0, len(cells)) else 0.3)
        if row == 0:
            cell.set_height(2 * cell.get_height())
    return ax


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, str | Text) else f"{value:,}"
