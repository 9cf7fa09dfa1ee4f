"""Whether unlabelled images helped, and what their pseudo-labels were, in both languages."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from fer_nb.analysis.evaluation import accuracy_interval
from fer_nb.findings import names
from fer_nb.findings.comparisons import between, is_significant
from fer_nb.findings.sentences import capital, enumerated, interval_text, listed, p_text, percent, signed
from fer_nb.language import EMOTIONS, GLOSSARY, Text

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import PairedDifference
    from fer_nb.learning.semi.splitting import PseudoLabelCounts

Verdict = Literal["gain", "harm", "open"]

_VERDICTS: dict[Verdict, Text] = {
    "gain": Text("無標籤影像有幫助", "the unlabelled images help"),
    "harm": Text("無標籤影像反而有害", "the unlabelled images do harm"),
    "open": Text("看不出無標籤影像有幫助或有害", "neither help nor harm of the unlabelled images shows"),
}

PAIRS = Text(
    "加上偽標籤與等長的監督式訓練：灰線一個種子，粗線平均。",
    "With pseudo-labels and without, trained equally long: grey a seed, bold the mean.",
)
SHARES = Text(
    "偽標籤的類別比例與無標籤影像的真實比例（第一個種子）；數字是偽標籤的張數。",
    "Classes of the pseudo-labels beside those of the unlabelled images (first seed); their number above.",
)
THRESHOLDS = Text(
    "各門檻下留下的偽標籤比例與其中正確的比例；門檻事先定好，不由此圖決定。",
    "Pseudo-labels by threshold, which was set beforehand and not chosen here: share kept, share right.",
)
SETTINGS = Text("作法與準確率（平均與標準差）。", "How it was run, and accuracies (mean and deviation).")
LABEL_SHARES = Text("標籤的比例與增益（第一個種子）。", "Gain by share of labels (first seed).")


def verdict(gain: "PairedDifference", p_value: float) -> Verdict:
    """Tell whether the unlabelled images help: the test over all seeds and the sign of each must say so.

    Args:
        gain: Accuracy of the students less that of their controls of equal length, on the same images.
        p_value: Of no gain, adjusted where there are several protocols.
    """
    if not is_significant(gain, p_value):
        return "open"
    return "gain" if gain.mean > 0 else "harm"


def finding_sentence(name: Text, gain: "PairedDifference", p_value: float, *, split: str) -> Text:
    """Say what the student gains over its control: the mean over seeds, its interval, and each seed.

    Args:
        name: Of the protocol.
        gain: As for `verdict`.
        p_value: Likewise.
        split: "test" or "validation", on which it was measured.
    """
    found, reach, mean = _VERDICTS[verdict(gain, p_value)], between(gain), signed(gain.mean)
    each, p = [signed(seed) for seed in gain.by_seed], p_text(p_value)
    average = "平均" if len(each) > 1 else ""
    zh = f"{len(each)} 個種子：{'、'.join(each)}" if len(each) > 1 else "只有一個種子"
    en = f"{len(each)} seeds: {', '.join(each)}" if len(each) > 1 else "one seed"
    return Text(
        f"{name.zh}：{GLOSSARY[split].zh}準確率與等長的監督式訓練{average}相差 {mean} 個百分點"
        f"（95% 區間 {reach.zh}；{zh}；{p}），{found.zh}。",
        f"{capital(name.en)}: {mean} points of {GLOSSARY[split].en} accuracy against supervised training of "
        f"equal length (95% interval {reach.en}; {en}; {p}): {found.en}.",
    )


def front_sentence(name: Text, gain: "PairedDifference", p_value: float) -> Text:
    """Say the same for the first page, the number first."""
    found, reach, mean = _VERDICTS[verdict(gain, p_value)], between(gain), signed(gain.mean)
    return Text(
        f"{mean} 個百分點（{reach.zh}）：{name.zh}減去等長的監督式訓練，{found.zh}。",
        f"{mean} points ({reach.en}): {name.en} less supervised training of equal length; {found.en}.",
    )


def reason_sentence(
    counts: "PseudoLabelCounts", *, labelled: int, gain_by_class: Sequence[float] | None = None
) -> Text:
    """Say how many pseudo-labels were kept, how many are right, of which class most are, and what they add.

    A class is called favoured only where the interval of its share lies above its true share.

    Args:
        counts: Of the pseudo-labels that the student learned from.
        labelled: Training images with a label of their own.
        gain_by_class: Where there is a gain, the part of each class in it, (7,): the largest is named.
    """
    pool, kept, right = sum(counts.pool), sum(counts.kept), sum(counts.right)
    if not kept:
        return Text(
            f"{pool:,} 張無標籤影像沒有一張達到門檻，學生沒有多學到任何影像。",
            f"None of {pool:,} unlabelled images passes the threshold: there was nothing more to learn.",
        )
    share = interval_text(accuracy_interval(right, kept).as_record())
    zh = (
        f"{pool:,} 張無標籤影像留下 {kept:,} 張偽標籤（{percent(kept / pool)}），訓練影像因此多 "
        f"{percent(kept / labelled)}；其中 {right:,} 張正確，佔 {share}"
    )
    en = (
        f"Of {pool:,} unlabelled images {kept:,} ({percent(kept / pool)}) got a pseudo-label, "
        f"{percent(kept / labelled)} more to train on; {right:,} are right, {share}"
    )
    top = int(np.argmax(counts.kept))
    favoured, true = accuracy_interval(counts.kept[top], kept), counts.pool[top] / pool
    if (favoured.low or 0) > true:
        mostly = percent(counts.kept[top] / kept)
        zh += f"；{mostly} 是{EMOTIONS[top].zh}，實際上只佔 {percent(true)}"
        en += f"; {mostly} are {EMOTIONS[top].en}, truly {percent(true)}"
    never = enumerated(
        emotion
        for emotion, number, there in zip(EMOTIONS, counts.kept, counts.pool, strict=True)
        if there and not number
    )
    if never.zh:
        zh, en = f"{zh}；{never.zh}一張也沒有", f"{en}; none is {never.en}"
    if gain_by_class is not None:
        best = int(np.argmax(gain_by_class))
        part = signed(gain_by_class[best])
        zh += f"。增益最多的是{EMOTIONS[best].zh}（佔 {part} 個百分點）"
        en += f". Most of the gain is in {EMOTIONS[best].en} ({part} points)"
    return Text(f"{zh}。", f"{en}.")


def transductive_sentence(name: Text, score: Mapping[str, Any], *, learned: int) -> Text:
    """Say what a student that learned from test images reaches, and that this compares with nothing.

    Args:
        name: Of the protocol.
        score: {"accuracy", ...} on all test images.
        learned: How many test images it learned from.
    """
    return Text(
        f"{name.zh}的學生學過 {learned:,} 張測試影像（transductive），所以它的測試準確率 "
        f"{percent(score['accuracy'])} 不能與其他組別比較，也不在上面的比較之中。",
        f"The student of {name.en} learned from {learned:,} test images (transductive): its test accuracy of "
        f"{percent(score['accuracy'])} compares with no other, and is in no comparison above.",
    )


def limit_sentence(*, on_practice_faces: bool) -> Text:
    """Say how far the result reaches."""
    if on_practice_faces:
        return Text(
            "標籤只有一種藏法，種子只換訓練；練習臉上的結果不能推論到 FER2013。",
            "Seeds vary training, not which labels are hidden; practice faces say nothing about FER2013.",
        )
    return Text(
        "標籤只有一種藏法，種子只換訓練；結果只屬於這個網路與這個標籤比例。",
        "Seeds vary training, not which labels are hidden; it is true of this network and share of labels.",
    )


def gain_claim(gain: "PairedDifference", p_value: float) -> dict[str, Any]:
    """Return report B's claim on the gain beside what was measured, as `record(claims=[...])` takes it."""
    verdicts = {"gain": "confirmed", "harm": "not confirmed", "open": "cannot be told"}
    mean, reach = signed(gain.mean), between(gain)
    return {
        "report": "B",
        "key": "semi_supervised_gain",
        "claim": Text(
            "半監督學習的驗證準確率（66.0%）高於訓練 50 個 epoch 的監督式學習（65.2%）",
            "Semi-supervised learning (66.0% in validation) beats 50 supervised epochs (65.2%)",
        ),
        "measured": Text(f"平均 {mean} 個百分點（{reach.zh}）", f"{mean} points on average ({reach.en})"),
        "verdict": verdicts[verdict(gain, p_value)],
    }


def counts_alt(counts: "PseudoLabelCounts") -> Text:
    """Write out the pseudo-labels of each class, right ones of all."""
    values = {
        str(emotion): f"{right} / {kept}"
        for emotion, kept, right in zip(EMOTIONS, counts.kept, counts.right, strict=True)
    }
    return listed(Text("偽標籤（正確／全部）", "Pseudo-labels, right / all"), values)


def thresholds_alt(counts: Mapping[float, "PseudoLabelCounts"]) -> Text:
    """Write out the share kept at every third threshold."""
    values = {
        f"{level:.2f}": percent(sum(one.kept) / sum(one.pool)) for level, one in list(counts.items())[::3]
    }
    return listed(Text("各門檻留下的比例", "Share kept by threshold"), values)


def gains_alt(gains: Mapping[str, "PairedDifference"]) -> Text:
    """Write out what each protocol gains, seed by seed."""
    values = {str(names.protocol(name)): ", ".join(map(signed, gain.by_seed)) for name, gain in gains.items()}
    return listed(Text("各種子的差（百分點）", "Differences by seed, points"), values)
