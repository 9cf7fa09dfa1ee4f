"""Tables of semi-supervised learning in two languages, ready for `show_table`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fer_nb.analysis.evaluation import Proportion, accuracy_interval
from fer_nb.findings.sentences import percent
from fer_nb.findings.tables import accuracies, mean_and_deviation
from fer_nb.language import EMOTIONS, GLOSSARY, Text
from fer_nb.learning.semi.protocols import Protocol

if TYPE_CHECKING:
    from fer_nb.learning.semi.hiding import Judgement
    from fer_nb.learning.semi.self_training import Outcome

ARMS = {
    "teacher": Text("只用標籤（教師）", "labels only (teacher)"),
    "control": Text("只用標籤，等長訓練", "labels only, equal length"),
    "student": Text("加上無標籤影像", "with unlabelled images"),
}
"""The arms of a protocol, by their names in an `Outcome`."""


def protocol_table(protocols: Mapping[str, Protocol]) -> pd.DataFrame:
    """Return the settings of protocols, one column each."""
    settings = (
        (Text("出處", "source"), lambda protocol: protocol.source),
        (Text("隱藏標籤的比例", "labels hidden"), lambda protocol: percent(protocol.hidden)),
        (Text("偽標籤的挑選", "pseudo-labels kept"), _selection),
        (GLOSSARY["epochs"], _epochs),
        (Text("無標籤影像含測試影像", "tests among the unlabelled"), lambda protocol: protocol.transductive),
    )
    rows = [[name, *(value(protocol) for protocol in protocols.values())] for name, value in settings]
    return pd.DataFrame(rows, columns=[Text("設定", "setting"), *protocols])


def _selection(protocol: Protocol) -> Text:
    if protocol.shares:
        shares = ", ".join(f"{100 * share:g}%" for share in protocol.shares)
        return Text(f"每輪各類別最有把握的 {shares}", f"the surest {shares} of each class, round by round")
    zh, en = ("至少", "at least") if protocol.inclusive else ("大於", "above")
    if protocol.unlabelled_ratio:
        ratio = protocol.unlabelled_ratio
        return Text(
            f"每一步，機率{zh} {protocol.threshold:g}；無標籤影像是有標籤的 {ratio} 倍",
            f"at every step, probability {en} {protocol.threshold:g}; {ratio} unlabelled images for each "
            "labelled one",
        )
    return Text(f"機率{zh} {protocol.threshold:g}", f"probability {en} {protocol.threshold:g}")


def _epochs(protocol: Protocol) -> Text:
    epochs, more = protocol.epochs, protocol.more_epochs
    if more:
        return Text(f"{epochs}，再接著 {more}", f"{epochs}, and {more} more")
    if protocol.unlabelled_ratio:
        return Text(f"{epochs}", f"{epochs}")
    return Text(f"教師 {epochs}，學生從頭 {epochs}", f"teacher {epochs}, student afresh {epochs}")


def arms_table(outcomes: Mapping[str, Sequence["Outcome"]], *, with_stated: bool) -> pd.DataFrame:
    """Return a row an arm: images, steps, and accuracies over the seeds.

    Args:
        outcomes: Protocol -> its outcomes, one a seed.
        with_stated: Whether the data are those on which the sources state their figures.
    """
    rows = []
    for name, repeats in outcomes.items():
        first = repeats[0]
        for arm, run in first.runs.items():
            runs = [outcome.runs[arm] for outcome in repeats]
            own = run.facts["recipe"]["name"] == first.protocol.stated_of
            stated = first.protocol.stated.get(arm) if own else None
            rows.append(
                (
                    name,
                    ARMS[arm],
                    run.facts["training_images"],
                    first.steps(arm),
                    *(mean_and_deviation(accuracies(runs, split)) for split in ("validation", "test")),
                    f"{100 * stated:.1f}%" if stated else None,
                )
            )
    columns = [
        Text("方法", "protocol"),
        Text("組別", "arm"),
        Text("有（偽）標籤的訓練影像", "images with a (pseudo-)label"),
        Text("訓練步數", "steps"),
        Text("驗證準確率（%）", "validation (%)"),
        Text("測試準確率（%）", "test (%)"),
        Text("報告所述（驗證）", "stated (validation)"),
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table if with_stated and any(row[-1] for row in rows) else table.iloc[:, :-1]


def pseudo_label_table(judgement: "Judgement") -> pd.DataFrame:
    """Return a row a class, and their sum: images hidden, pseudo-labels kept, and how many are right."""
    rows: list[tuple[Any, ...]] = [
        (emotion, pool, kept, right, accuracy_interval(right, kept).text)
        for emotion, pool, kept, right in zip(
            EMOTIONS, judgement.pool, judgement.kept, judgement.right, strict=True
        )
    ]
    total = precision(judgement)
    sums = sum(judgement.pool), sum(judgement.kept), sum(judgement.right)
    columns = [
        GLOSSARY["class"],
        Text("這個類別的無標籤影像", "unlabelled images of it"),
        Text("得到這個偽標籤", "pseudo-labels kept"),
        Text("其中正確", "right"),
        Text("正確率與 95% 信賴區間", "share right, 95% interval"),
    ]
    return pd.DataFrame([*rows, (Text("合計", "total"), *sums, total.text)], columns=columns)


def precision(judgement: "Judgement") -> Proportion:
    """Return the share of the pseudo-labels that are right."""
    return accuracy_interval(sum(judgement.right), sum(judgement.kept))


def share_text(share: float | None) -> str:
    """Write a share in percent, or a dash where there is none."""
    return "—" if share is None else percent(share)


def differences(outcomes: Sequence["Outcome"], split: str) -> list[float]:
    """Return the accuracy of the student less that of its control, one a seed."""
    student, control = (
        accuracies([outcome.runs[arm] for outcome in outcomes], split) for arm in ("student", "control")
    )
    return np.subtract(student, control).tolist()
