"""Sentences on how far data, probabilities and labels can be trusted, in both languages."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from fer_nb.analysis.evaluation import SuspectLabels, Temperature, metrics
from fer_nb.findings.sentences import joined, limit_sentence, percent
from fer_nb.language import EMOTIONS, GLOSSARY, Text

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import Predictions
    from fer_nb.data.audit import AuditReport

NOT_FITTED = Text(
    "沒有驗證集的 logit，因此不調整溫度。", "Without validation logits no temperature is fitted."
)
NOT_DETERMINED = Text(
    "驗證集定不出溫度，機率維持原樣。",
    "Validation determines no temperature: the probabilities stay as they are.",
)


def audit_sentence(report: "AuditReport") -> Text:
    """Say what the audit means for the accuracies."""
    leaks, conflicts = sum(report.leaked_images.values()), report.groups_with_conflicting_labels
    if not report.duplicate_groups:
        return Text("這份資料沒有完全相同的影像。", "No two images of these data are identical.")
    found = Text(
        f"有 {report.duplicate_images:,} 張影像與別張完全相同；測試集有 {leaks:,} 張在訓練集裡出現過，"
        "因此準確率會去除這些影像再算一次。",
        f"{report.duplicate_images:,} images equal another one; {leaks:,} test images are in the training "
        "set, so accuracy is computed once more without them.",
    )
    if not conflicts:
        return found
    return joined(
        found,
        Text(
            f"{conflicts:,} 組相同的影像標了不同的類別：這些影像，任何網路都不可能全對。",
            f"{conflicts:,} groups of identical images carry different labels: no network can get all of "
            "them right.",
        ),
    )


def calibration_sentence(
    before: float | None, after: float | None, temperature: Temperature | None, *, same_images: bool
) -> Text:
    """Say how far the probabilities can be trusted, without and with the temperature.

    Args:
        before: Expected calibration error of the probabilities as they are, 0 to 1.
        after: The same with the temperature.
        temperature: Fitted on validation; None where there were no validation logits.
        same_images: Whether the errors were measured on the images that it was fitted on.
    """
    if before is None or after is None:
        return Text("沒有影像，無法評估機率。", "There are no images to judge the probabilities on.")
    told = Text(
        f"預期校準誤差（ECE）是 {percent(before)}。",
        f"The expected calibration error (ECE) is {percent(before)}.",
    )
    if temperature is None:
        return joined(told, NOT_FITTED)
    if not temperature.determined:
        return joined(told, NOT_DETERMINED)
    value, falls = f"{temperature.temperature:.2f}", after < before
    sure = Text("過度自信", "too sure")
    if temperature.temperature < 1:
        sure = Text("不夠自信", "not sure enough")
    zh = f"在驗證集上求得的溫度是 {value}，表示網路原本{sure.zh}；調整後 ECE "
    en = f"The temperature found on validation is {value}: the network is {sure.en}. With it the ECE "
    change = Text(
        f"{zh}{'降為' if falls else '沒有降低，是'} {percent(after)}。",
        f"{en}{'falls to' if falls else 'does not fall: it is'} {percent(after)}.",
    )
    warned = Text(
        "（溫度與誤差用的是同一批影像，結果偏樂觀。）",
        "(Both were taken from the same images, which flatters the result.)",
    )
    return joined(told, change, *([warned] if same_images else []))


def suspects_sentence(suspects: SuspectLabels, total: int) -> Text:
    """Say how many labels the network doubts; `total` is the number of labels looked at."""
    if suspects.status != "ok":
        return Text(
            "網路對每張影像的答案都一樣，沒有能力質疑標籤。",
            "The network answers every image alike and can doubt no label.",
        )
    count = len(suspects.rows)
    if not count:
        return Text(f"{total:,} 個標籤中沒有可疑的。", f"None of the {total:,} labels is suspect.")
    kinds = suspects.confident_joint * ~np.eye(len(EMOTIONS), dtype=bool)
    given, suggested = (int(index) for index in np.unravel_index(kinds.argmax(), kinds.shape))
    one, other, most = EMOTIONS[given], EMOTIONS[suggested], int(kinds[given, suggested])
    return Text(
        f"{total:,} 個標籤中有 {count:,} 個（{percent(count / total)}）可疑，最多的一種是標為{one.zh}、"
        f"網路卻很肯定是{other.zh}（{most:,} 張）。可疑不等於標錯：也可能是網路錯了，要由人來看。",
        f"{count:,} of {total:,} labels ({percent(count / total)}) are suspect, most often {one.en} that the "
        f"network is confident is {other.en} ({most:,}). Suspect is not wrong: the network may be, and a "
        "human has to look.",
    )


def found_wrong_sentence(suspects: int, found: int, wrong: int, total: int) -> Text:
    """Say how well the list of suspects meets the labels known to be wrong.

    Args:
        suspects: Labels on the list.
        found: Those of them that are wrong.
        wrong: All wrong labels.
        total: All labels.
    """
    base, hit = percent(wrong / total), percent(found / suspects) if suspects else "—"
    return Text(
        f"練習臉知道真相：測試集的 {total:,} 個標籤有 {wrong:,} 個（{base}）是故意標錯的，"
        f"名單上屬於測試集的 {suspects:,} 個裡找到其中 {found:,} 個，命中率 {hit}。",
        f"Practice faces know the truth: {wrong:,} of the {total:,} test labels ({base}) are wrong on "
        f"purpose; the {suspects:,} test labels on the list hold {found:,} of them, a hit rate of {hit}.",
    )


def reach_sentence(answers: "Mapping[str, Predictions]", split: str, *, on_practice_faces: bool) -> Text:
    """Say how far the findings on a split reach."""
    leaked = answers[split].leaked
    if leaked is None:
        return Text(
            "這些答案來自一個只有 logit 與標籤的檔案，無從得知其中有沒有訓練時看過的影像。",
            "The answers come from a file of logits and labels alone: nobody can tell whether images among "
            "them were trained on.",
        )
    if not on_practice_faces and not leaked.any():
        name = GLOSSARY[split]
        return Text(
            f"{name.zh}沒有一張影像與訓練影像相同，準確率不必修正。",
            f"No {name.en} image equals a training image: the accuracy needs no correction.",
        )
    return limit_sentence(metrics(answers), on_practice_faces=on_practice_faces)
