"""Tables on filters in two languages, ready for `show_table`."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fer_nb.findings.filters.study import Ascent
from fer_nb.language import GLOSSARY, Text


def merit_table(ascents: Sequence[tuple[str, Text, Ascent]]) -> pd.DataFrame:
    """Return a row an ascent: how smooth its images are, and how far they drive their filters.

    Args:
        ascents: What was driven, how, and what came of it.
    """
    rows = [
        (
            name,
            method,
            len(made.images),
            f"{np.median(made.high_frequency):.2f}",
            f"{made.high_frequency.max():.2f}",
            None if made.ratio is None else f"{made.ratio:.1f}",
            f"{int(made.enough.sum())} / {len(made.images)}",
        )
        for name, method, made in ascents
    ]
    columns = [
        GLOSSARY["layer"],
        Text("做法", "ascent"),
        GLOSSARY["images"],
        Text("高頻能量", "high frequency"),
        Text("其中最高", "highest"),
        Text("激發／資料集最大值", "activation / maximum"),
        Text("達到八成", "reach 0.8"),
    ]
    return pd.DataFrame(rows, columns=columns)
