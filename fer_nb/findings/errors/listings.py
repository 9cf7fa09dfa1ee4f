"""Tables of errors in two languages, ready for `show_table`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import NO_DATA, ClassScore, ConfusedPair, OverallScores, Proportion
from fer_nb.findings.sentences import percent
from fer_nb.language import EMOTIONS, GLOSSARY, Text

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import Predictions
    from fer_nb.data.audit import AuditReport

_TRUE, _PREDICTED = Text("真實類別", "true class"), Text("預測類別", "predicted class")


def audit_table(report: "AuditReport") -> pd.DataFrame:
    """Return a row a finding: what was looked for, and how many images and groups of images it concerns."""
    rows: list[tuple[Any, ...]] = [
        (Text("完全相同的影像", "identical images"), report.duplicate_images, report.duplicate_groups),
        (Text("其中跨越資料分割的", "of these, in two splits or more"), None, report.groups_across_splits),
        (
            Text("其中標籤互相矛盾的", "of these, with conflicting labels"),
            None,
            report.groups_with_conflicting_labels,
        ),
        (
            Text("看起來幾乎相同的影像", "images that look nearly the same"),
            report.near_duplicate_images,
            report.near_duplicate_groups,
        ),
        (
            Text("測試影像與訓練影像相同", "test images that equal a training image"),
            sum(report.leaked_images.values()),
            None,
        ),
        (Text("只有一個灰階值的影像", "images of one grey level"), report.flat_images, None),
        (Text("另有幾乎空白的影像", "further, nearly blank images"), report.nearly_flat_images, None),
    ]
    return pd.DataFrame(rows, columns=[Text("檢查項目", "finding"), GLOSSARY["images"], Text("組", "groups")])


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


def overall_table(overall: OverallScores, clean: Proportion) -> pd.DataFrame:
    """Return a row a score over all classes; `clean` is the accuracy without leaked images."""
    rows = [
        (GLOSSARY["accuracy"], overall.accuracy.text, overall.accuracy.n),
        (Text("準確率，去除洩漏影像", "accuracy without leaked images"), clean.text, clean.n or None),
        (Text("平衡準確率（召回率的平均）", "balanced accuracy"), _share(overall.balanced_accuracy), None),
        (Text("macro-F1（bootstrap 區間）", "macro-F1 (bootstrap)"), overall.macro_f1.text, None),
        (
            Text("Cohen's κ（扣除碰巧一致）", "Cohen's κ (beyond chance)"),
            NO_DATA if overall.kappa is None else f"{overall.kappa:.3f}",
            None,
        ),
    ]
    columns = [Text("指標", "score"), Text("數值與 95% 信賴區間", "value, 95% interval"), GLOSSARY["images"]]
    return pd.DataFrame(rows, columns=columns)


def pairs_table(pairs: Sequence[ConfusedPair]) -> pd.DataFrame:
    """Return a row for each ordered pair of classes: how many images, and which share of the true class."""
    rows = [
        (pair.rank, str(EMOTIONS[pair.true]), str(EMOTIONS[pair.predicted]), pair.count, _share(pair.share))
        for pair in pairs
    ]
    columns = [
        Text("名次", "rank"),
        _TRUE,
        _PREDICTED,
        GLOSSARY["images"],
        Text("佔該真實類別", "of the true class"),
    ]
    return pd.DataFrame(rows, columns=columns)


def error_table(answers: "Predictions", rows: NDArray[Any]) -> pd.DataFrame:
    """Return a line for each of `rows` (E,): both classes and both probabilities, where no image is known."""
    shares, guesses = answers.probabilities, answers.predicted
    lines = [
        (
            int(row),
            str(EMOTIONS[answers.labels[row]]),
            percent(shares[row, answers.labels[row]]),
            str(EMOTIONS[guesses[row]]),
            percent(shares[row, guesses[row]]),
        )
        for row in rows
    ]
    columns = [
        Text("列（從 0 起）", "row (from 0)"),
        _TRUE,
        Text("真實類別的機率", "its probability"),
        _PREDICTED,
        Text("預測類別的機率", "probability of that"),
    ]
    return pd.DataFrame(lines, columns=columns)


def _share(value: float | None) -> Text | str:
    return NO_DATA if value is None else percent(value)
