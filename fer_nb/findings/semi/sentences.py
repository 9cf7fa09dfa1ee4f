"""Whether unlabelled images helped, and what their pseudo-labels were, in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import PairedDifference, accuracy_interval
from fer_nb.findings import names
from fer_nb.findings.comparisons import between, claim_record
from fer_nb.findings.semi import TEXTS
from fer_nb.findings.sentences import SIGNIFICANCE, interval_text, listed, p_text, percent, points, signed
from fer_nb.language import EMOTIONS, Text
from fer_nb.learning.semi.splitting import PseudoLabelCounts

FEWEST = 5  # pseudo-labels, below which nothing is said of their classes
NEXT_TO_NONE = 0.01  # pseudo-labels for each image with a label, below which they can change nothing

Verdict = Literal["gain", "harm", "open"]

_VERDICTS: dict[Verdict, Text] = {
    "gain": TEXTS["the unlabelled images help"],
    "harm": TEXTS["the unlabelled images do"],
    "open": TEXTS["neither help nor harm"],
}


def verdict(gain: PairedDifference, p_value: float) -> Verdict:
    """Tell whether the unlabelled images help.

    Args:
        gain: Accuracy of the students less that of their controls of equal length, on the same images.
        p_value: Of no gain, adjusted where there are several protocols.
    """
    if p_value >= SIGNIFICANCE:
        return "open"
    return "gain" if gain.mean > 0 else "harm"


def verdict_text(gain: PairedDifference, p_value: float, counts: PseudoLabelCounts, *, labelled: int) -> Text:
    """Say whether the unlabelled images help, or that next to none of them could.

    Args:
        gain: As for `verdict`.
        p_value: Likewise.
        counts: Of the pseudo-labels that the student learned from.
        labelled: Training images with a label of their own.
    """
    found, kept = verdict(gain, p_value), sum(counts.kept)
    if found == "open" and kept < NEXT_TO_NONE * labelled:
        return TEXTS["not tried"].format(kept=kept, pool=sum(counts.pool))
    return _VERDICTS[found]


def finding_sentence(name: Text, gain: PairedDifference, p_value: float, found: Text, *, split: str) -> Text:
    """Say what the student gains over its control: the mean over seeds, its interval, and each seed.

    Args:
        name: Of the protocol.
        gain: As for `verdict`.
        p_value: Likewise.
        found: Of `verdict_text`.
        split: "test" or "validation", on which it was measured.
    """
    reach, mean = between(gain), signed(gain.mean)
    each, p = [signed(seed) for seed in gain.by_seed], p_text(p_value)
    seeds = TEXTS["seeds" if len(each) > 1 else "one seed"].format(count=len(each), each=each)
    gaps = {"name": name, "split": TEXTS[split], "mean": mean, "reach": reach, "p": p, "found": found}
    return TEXTS["finding"].format(seeds=seeds, **gaps)


def front_sentence(name: Text, gain: PairedDifference, found: Text) -> Text:
    """Say the same for the first page, the number first."""
    return TEXTS["front 2"].format(mean=signed(gain.mean), reach=between(gain), name=name, found=found)


def reason_sentence(counts: PseudoLabelCounts, surest: NDArray[np.floating], *, labelled: int) -> Text:
    """Say how many pseudo-labels were kept, how many are right, of which class most are, and what they add.

    A class is called favoured only where the interval of its share lies above its true share. Where next to
    none were kept, it is said how sure the teacher was.

    Args:
        counts: Of the pseudo-labels that the student learned from.
        surest: The highest probability that the teacher gives each unlabelled image, 0 to 1, (N,).
        labelled: Training images with a label of their own.
    """
    pool, kept, right = sum(counts.pool), sum(counts.kept), sum(counts.right)
    sure = {"median": float(np.median(surest)), "most": float(np.max(surest))}
    if not kept:
        return TEXTS["reason none of unlabelled"].format(pool=pool, **sure)
    share = interval_text(accuracy_interval(right, kept).as_record())
    gaps: dict[str, Any] = {"pool": pool, "kept": kept, "of": kept / pool, "right": right, "share": share}
    said = [TEXTS["reason of pseudo-labels"].format(**gaps)]
    top = int(np.argmax(counts.kept))
    favoured, true = accuracy_interval(counts.kept[top], kept), counts.pool[top] / pool
    if kept >= FEWEST and (favoured.low or 0) > true:
        part = counts.kept[top] / kept
        said.append(TEXTS["reason of the favoured"].format(part=part, emotion=EMOTIONS[top], true=true))
    numbers = zip(EMOTIONS, counts.kept, counts.pool, strict=True)
    never = [emotion for emotion, number, there in numbers if there and not number]
    if never and kept >= FEWEST:
        said.append(TEXTS["reason of none"].format(never=never))
    if kept < NEXT_TO_NONE * labelled:
        said.append(TEXTS["reason next to none"].format(**sure))
    return TEXTS["reason of all"].format(said=said)


def longer_sentence(teacher: Sequence[float], control: Sequence[float]) -> Text:
    """Say what longer training on the labelled images alone does; nothing without a teacher or a difference.

    Args:
        teacher: Its accuracies by seed, 0 to 1.
        control: Those of supervised training of about the student's length, as many.
    """
    gain = float(np.mean(control) - np.mean(teacher)) if teacher else 0.0
    if points(gain) == "0.0":
        return Text("", "")
    return TEXTS["longer training alone"].format(
        gap=points(gain), way=TEXTS["better" if gain > 0 else "not as good"]
    )


def gain_claim(gain: PairedDifference, p_value: float) -> dict[str, Any]:
    """Return report B's claim on the gain beside what was measured, as `record(claims=[...])` takes it."""
    holds = {"gain": True, "harm": False, "open": None}[verdict(gain, p_value)]
    measured = TEXTS["gain claim"].format(mean=signed(gain.mean), reach=between(gain))
    claim = TEXTS["gain claim semi supervised learning"]
    return claim_record("B", "semi_supervised_gain", claim, measured, holds)


def counts_alt(counts: PseudoLabelCounts) -> Text:
    """Write out the pseudo-labels of each class, right ones of all."""
    values = {
        str(emotion): f"{right} / {kept}"
        for emotion, kept, right in zip(EMOTIONS, counts.kept, counts.right, strict=True)
    }
    return listed(TEXTS["pseudo labels right all"], values)


def thresholds_alt(counts: Mapping[float, PseudoLabelCounts]) -> Text:
    """Write out the share kept at every third threshold."""
    values = {
        f"{level:.2f}": percent(sum(one.kept) / sum(one.pool)) for level, one in list(counts.items())[::3]
    }
    return listed(TEXTS["share kept by threshold"], values)


def gains_alt(gains: Mapping[str, PairedDifference]) -> Text:
    """Write out what each protocol gains, seed by seed."""
    values = {str(names.protocol(name)): ", ".join(map(signed, gain.by_seed)) for name, gain in gains.items()}
    return listed(TEXTS["differences by seed points"], values)
