"""Tables of errors in two languages, ready for `show_table`."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from fer_nb.analysis.evaluation import ClassScore, accuracy_interval, confused_pairs
from fer_nb.findings.errors.reasons import Reason
from fer_nb.findings.sentences import p_text
from fer_nb.language import EMOTIONS, GLOSSARY, Text

LARGEST = 5  # pairs of classes in a table
PAIRS_CAPTION = Text("張數最多的五種誤判，附 95% 信賴區間。", "The five most frequent errors, 95% intervals.")
SCORES_CAPTION = Text(
    "各類別的召回率、精確率與 F1，附 95% 信賴區間。", "Recall, precision and F1 of each class, 95% intervals."
)


def class_score_table(scores: Sequence[ClassScore]) -> pd.DataFrame:
    """Return a row a class in report C's form: recall ("recognition"), precision ("prediction"), F1."""
    rows = [
        (
            str(EMOTIONS[score.label]),
            score.support,
            score.predicted,
            score.recall.text,
            score.precision.text,
            score.f1.text,
        )
        for score in scores
    ]
    columns = [
        GLOSSARY["class"],
        GLOSSARY["images"],
        Text("被預測次數", "predictions"),
        Text("召回率（辨識）", "recall (recognition)"),
        Text("精確率（預測）", "precision (prediction)"),
        Text("F1", "F1"),
    ]
    return pd.DataFrame(rows, columns=columns)


def pairs_table(matrix: ArrayLike) -> pd.DataFrame:
    """Return a row for each of the five ordered pairs with most images; pairs of equal count share a rank.

    Args:
        matrix: Counts, (7, 7), rows true and columns predicted.
    """
    supports = np.asarray(matrix).sum(axis=1)
    rows = [
        (
            pair.rank,
            str(EMOTIONS[pair.true]),
            str(EMOTIONS[pair.predicted]),
            pair.count,
            accuracy_interval(pair.count, int(supports[pair.true])).text,
        )
        for pair in confused_pairs(matrix)
        if pair.rank <= LARGEST
    ]
    columns = [
        Text("名次", "rank"),
        Text("真實類別", "true class"),
        Text("預測類別", "predicted class"),
        GLOSSARY["images"],
        Text("佔該真實類別", "of the true class"),
    ]
    return pd.DataFrame(rows, columns=columns)


def reason_table(reason: Reason) -> pd.DataFrame:
    """Return a row a part of the face: what both classes show, and where the misread images stand."""
    one, other = EMOTIONS[reason.true], EMOTIONS[reason.predicted]
    words = {True: Text("是", "yes"), False: Text("否", "no")}
    rows = [
        {
            Text("部位或動作", "part or action"): part.name,
            Text("兩類都有", "in both"): words[bool(part.shared)],
            Text(f"答對的{one.zh}", f"right {one.en}"): _number(part.right),
            Text(f"誤判的{one.zh}", f"misread {one.en}"): _number(part.misread),
            Text(f"答對的{other.zh}", f"right {other.en}"): _number(part.other),
            Text("p（Holm）", "p (Holm)"): "—"
            if np.isnan(part.p_value)
            else p_text(part.p_value)[2:].strip("= "),
        }
        for part in reason.parts
    ]
    table = pd.DataFrame(rows)
    return table if reason.drawn else table.drop(columns=table.columns[1:2])


def reason_caption(reason: Reason) -> Text:
    """Return what `reason_table` holds."""
    one, other = EMOTIONS[reason.true], EMOTIONS[reason.predicted]
    if reason.drawn:
        return Text(
            f"{one.zh}與{other.zh}的動作：平均強度（0 到 1），以及誤判與答對的{one.zh}之間的檢定。",
            f"Actions of {one.en} and {other.en}: mean strength (0 to 1), and a test of misread against "
            f"right {one.en}.",
        )
    return Text(
        f"各部位與{other.zh}平均臉的距離（灰階標準差），以及誤判與答對的{one.zh}之間的檢定。",
        f"Distance of each part to the mean {other.en} face (standard deviations of grey), and a test of "
        f"misread against right {one.en}.",
    )


def _number(value: float) -> str:
    return "—" if np.isnan(value) else f"{value:.2f}"
