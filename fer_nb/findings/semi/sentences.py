"""Whether unlabelled images helped, and what their pseudo-labels were, in both languages."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from fer_nb.analysis.evaluation import accuracy_interval
from fer_nb.findings import names
from fer_nb.findings.comparisons import between, is_significant
from fer_nb.findings.semi import TEXTS
from fer_nb.findings.sentences import enumerated, interval_text, listed, p_text, percent, signed
from fer_nb.language import EMOTIONS, Text

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import PairedDifference
    from fer_nb.learning.semi.splitting import PseudoLabelCounts

Verdict = Literal["gain", "harm", "open"]

_VERDICTS: dict[Verdict, Text] = {
    "gain": TEXTS["the unlabelled images help"],
    "harm": TEXTS["the unlabelled images do"],
    "open": TEXTS["neither help nor harm"],
}

PAIRS = TEXTS["with pseudo labels and"]
SHARES = TEXTS["classes of the pseudo"]
THRESHOLDS = TEXTS["pseudo labels by threshold"]
SETTINGS = TEXTS["how it was run"]
LABEL_SHARES = TEXTS["gain by share of"]


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
    return TEXTS["finding"].format(
        name=name,
        glossary=TEXTS[split],
        average=average,
        mean=mean,
        reach=reach,
        rest=Text(zh, en),
        p=p,
        found=found,
    )


def front_sentence(name: Text, gain: "PairedDifference", p_value: float) -> Text:
    """Say the same for the first page, the number first."""
    found, reach, mean = _VERDICTS[verdict(gain, p_value)], between(gain), signed(gain.mean)
    return TEXTS["front 2"].format(mean=mean, reach=reach, name=name, found=found)


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
        return TEXTS["reason none of unlabelled"].format(pool=pool)
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
    return TEXTS["reason text"].format(rest=Text(zh, en))


def transductive_sentence(name: Text, score: Mapping[str, Any], *, learned: int) -> Text:
    """Say what a student that learned from test images reaches, and that this compares with nothing.

    Args:
        name: Of the protocol.
        score: {"accuracy", ...} on all test images.
        learned: How many test images it learned from.
    """
    return TEXTS["transductive"].format(name=name, learned=learned, accuracy=score["accuracy"])


def limit_sentence(*, on_practice_faces: bool) -> Text:
    """Say how far the result reaches."""
    if on_practice_faces:
        return TEXTS["limit seeds vary training"]
    return TEXTS["limit seeds vary training 2"]


def gain_claim(gain: "PairedDifference", p_value: float) -> dict[str, Any]:
    """Return report B's claim on the gain beside what was measured, as `record(claims=[...])` takes it."""
    verdicts = {"gain": "confirmed", "harm": "not confirmed", "open": "cannot be told"}
    mean, reach = signed(gain.mean), between(gain)
    return {
        "report": "B",
        "key": "semi_supervised_gain",
        "claim": TEXTS["gain claim semi supervised learning"],
        "measured": TEXTS["gain claim"].format(mean=mean, reach=reach),
        "verdict": verdicts[verdict(gain, p_value)],
    }


def counts_alt(counts: "PseudoLabelCounts") -> Text:
    """Write out the pseudo-labels of each class, right ones of all."""
    values = {
        str(emotion): f"{right} / {kept}"
        for emotion, kept, right in zip(EMOTIONS, counts.kept, counts.right, strict=True)
    }
    return listed(TEXTS["pseudo labels right all"], values)


def thresholds_alt(counts: Mapping[float, "PseudoLabelCounts"]) -> Text:
    """Write out the share kept at every third threshold."""
    values = {
        f"{level:.2f}": percent(sum(one.kept) / sum(one.pool)) for level, one in list(counts.items())[::3]
    }
    return listed(TEXTS["share kept by threshold"], values)


def gains_alt(gains: Mapping[str, "PairedDifference"]) -> Text:
    """Write out what each protocol gains, seed by seed."""
    values = {str(names.protocol(name)): ", ".join(map(signed, gain.by_seed)) for name, gain in gains.items()}
    return listed(TEXTS["differences by seed points"], values)
