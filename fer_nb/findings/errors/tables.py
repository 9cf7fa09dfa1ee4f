"""Tables of errors in two languages, ready for `show_table`."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import ClassScore, accuracy_interval, confused_pairs
from fer_nb.findings.errors import TEXTS
from fer_nb.findings.errors.reasons import Reason
from fer_nb.findings.sentences import p_text
from fer_nb.language import EMOTIONS, Text

LARGEST = 5  # pairs of classes in a table


def class_score_table(scores: Sequence[ClassScore], sizes: Sequence[int]) -> pd.DataFrame:
    """Return a row a class in report C's form: recall ("recognition"), precision ("prediction"), F1.

    Args:
        scores: A class each.
        sizes: Images of each class to learn from and to validate.
    """
    rows = []
    for one in scores:
        counts = (int(sizes[one.label]), one.support, one.predicted)
        shares = (one.recall.text, one.precision.text, one.f1.text)
        rows.append((str(EMOTIONS[one.label]), *counts, *shares))
    return pd.DataFrame(rows, columns=TEXTS["class score columns"].split())


def pairs_table(counts: NDArray[np.integer]) -> pd.DataFrame:
    """Return a row for each of the five ordered pairs with most images; pairs of equal count share a rank.

    Args:
        counts: A confusion matrix, (7, 7), rows true and columns predicted.
    """
    supports = counts.sum(axis=1)
    rows = []
    for pair in confused_pairs(counts):
        if pair.rank <= LARGEST:
            share = accuracy_interval(pair.count, int(supports[pair.true])).text
            classes = map(str, (EMOTIONS[pair.true], EMOTIONS[pair.predicted]))
            rows.append((pair.rank, *classes, pair.count, share))
    return pd.DataFrame(rows, columns=TEXTS["pairs columns"].split())


def reason_table(reason: Reason) -> pd.DataFrame:
    """Return a row a part of the face: what both classes show, and where the misread images stand."""
    one, other = EMOTIONS[reason.true], EMOTIONS[reason.predicted]
    words = {True: TEXTS["yes"], False: TEXTS["no"]}
    rows = [
        {
            TEXTS["part or action"]: part.name,
            TEXTS["in both"]: words[bool(part.shared)],
            TEXTS["reason table right"].format(one=one): _number(part.right),
            TEXTS["reason table misread"].format(one=one, other=other): _number(part.misread),
            TEXTS["reason table right 2"].format(other=other): _number(part.other),
            TEXTS["p holm"]: "—" if np.isnan(part.p_value) else p_text(part.p_value)[2:].strip("= "),
        }
        for part in reason.parts
    ]
    table = pd.DataFrame(rows)
    return table if reason.drawn else table.drop(columns=table.columns[1:2])


def reason_caption(reason: Reason) -> Text:
    """Return what `reason_table` holds."""
    one, other = EMOTIONS[reason.true], EMOTIONS[reason.predicted]
    if reason.drawn:
        return TEXTS["reason caption actions of and"].format(one=one, other=other)
    return TEXTS["reason caption distance of each"].format(other=other, one=one)


def _number(value: float) -> str:
    return "—" if np.isnan(value) else f"{value:.2f}"
