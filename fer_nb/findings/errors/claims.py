"""What the reports say about their errors, held against a matrix."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from fer_nb.analysis.evaluation import (
    NO_DATA,
    ConfusedPair,
    class_scores,
    confused_pair,
    confused_pairs,
    most_confused,
)
from fer_nb.findings.sentences import enumerated, joined, percent
from fer_nb.language import EMOTIONS, Text


@dataclass(frozen=True)
class Claim:
    """A sentence of a report that a matrix can contradict.

    Attributes:
        report: Its letter.
        text: What it says.
        kind: "hardest" and "easiest" speak of recall; "direction" of an ordered pair by its share of the
            true class, "count" of one by its images; "mutual" of two classes taken for one another.
        classes: Labels: a set for the first two, true and predicted for the others.
        place: Of a pair among all, from 1.
    """

    report: str
    text: Text
    kind: Literal["hardest", "easiest", "direction", "count", "mutual"]
    classes: tuple[int, ...]
    place: int = 1


CLAIMS = (
    Claim("A", Text("恐懼最常被誤判為難過", "fear is taken for sad most"), "direction", (2, 4)),
    Claim("A", Text("其次是厭惡被誤判為生氣", "next, disgust for angry"), "direction", (1, 0), 2),
    Claim("B", Text("高興最容易", "happy is easiest"), "easiest", (3,)),
    Claim("B", Text("恐懼與難過最難", "fear and sad are hardest"), "hardest", (2, 4)),
    Claim("C", Text("中立被誤判為難過的張數最多", "neutral for sad has most images"), "count", (6, 4)),
    Claim("C", Text("其次是恐懼被誤判為難過", "next, fear for sad"), "count", (2, 4), 2),
    Claim("D", Text("恐懼與難過最難", "fear and sad are hardest"), "hardest", (2, 4)),
    Claim("E", Text("恐懼與難過最常互相混淆", "fear and sad are confused most"), "mutual", (2, 4)),
)
"""Of the reports A to E, each from its own network and images."""


@dataclass(frozen=True)
class Verdict:
    """A claim, what the matrix says, and whether the two agree; None where it cannot say."""

    claim: Claim
    found: Text
    agrees: bool | None


def hold_against(matrix: ArrayLike, claims: Sequence[Claim] = CLAIMS) -> tuple[Verdict, ...]:
    """Return for each claim what the matrix says.

    Args:
        matrix: Counts, (7, 7), rows true and columns predicted.
        claims: What was claimed.
    """
    counts = np.asarray(matrix)
    return tuple(_verdict(counts, claim) for claim in claims)


def claims_table(verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """Return a row a claim: report, claim, what the matrix says, whether they agree."""
    words = {True: Text("相符", "yes"), False: Text("不符", "no"), None: NO_DATA}
    columns = [
        Text("報告", "report"),
        Text("說法", "claim"),
        Text("這個矩陣", "this matrix"),
        Text("是否相符", "agrees"),
    ]
    rows = [
        (verdict.claim.report, verdict.claim.text, verdict.found, words[verdict.agrees])
        for verdict in verdicts
    ]
    return pd.DataFrame(rows, columns=columns)


def claims_sentence(verdicts: Sequence[Verdict]) -> Text:
    """Say how many claims the matrix bears out, and whether fear and sad are the hardest."""
    judged = [verdict for verdict in verdicts if verdict.agrees is not None]
    if not judged:
        return Text("這個矩陣無法檢驗五份報告的說法。", "This matrix can check none of the reports' claims.")
    agreeing = sum(bool(verdict.agrees) for verdict in judged)
    told = Text(
        f"五份報告的 {len(judged)} 個說法中，{agreeing} 個與這個矩陣相符。",
        f"This matrix agrees with {agreeing} of {len(judged)} claims in the five reports.",
    )
    hardest = [verdict for verdict in judged if verdict.claim.kind == "hardest"]
    if not hardest:
        return told
    reports = "、".join(verdict.claim.report for verdict in hardest)
    reports_en = " and ".join(verdict.claim.report for verdict in hardest)
    found, right = hardest[0].found, hardest[0].agrees
    return joined(
        told,
        Text(
            f"報告 {reports} 認為恐懼與難過最難；這裡{'也是如此' if right else '不是如此'}（{found.zh}）。",
            f"Reports {reports_en} call fear and sad the hardest; here they {'are' if right else 'are not'} "
            f"({found.en}).",
        ),
    )


def _verdict(counts: np.ndarray, claim: Claim) -> Verdict:
    if claim.kind in ("hardest", "easiest"):
        return _of_recall(counts, claim)
    if claim.kind == "mutual":
        return _of_mutual(counts, claim)
    return _of_direction(counts, claim)


def _of_recall(counts: np.ndarray, claim: Claim) -> Verdict:
    recalls = {
        score.label: score.recall.accuracy
        for score in class_scores(counts)
        if score.recall.accuracy is not None
    }
    if not set(claim.classes) < set(recalls) or len(set(recalls.values())) == 1:
        return Verdict(claim, NO_DATA, None)
    ordered = sorted(recalls, key=lambda label: recalls[label], reverse=claim.kind == "easiest")
    first = ordered[: len(claim.classes)]
    word = Text("最高", "highest") if claim.kind == "easiest" else Text("最低", "lowest")
    shown = [(EMOTIONS[label], percent(recalls[label])) for label in first]
    told = enumerated(Text(f"{name.zh} {recall}", f"{name.en} {recall}") for name, recall in shown)
    # A tie at the border supports the claim.
    border = recalls[first[-1]]
    tied = {label for label in recalls if recalls[label] == border} | set(first)
    agrees = set(claim.classes) <= tied
    return Verdict(claim, Text(f"召回率{word.zh}：{told.zh}", f"{word.en} recall: {told.en}"), agrees)


def _of_mutual(counts: np.ndarray, claim: Claim) -> Verdict:
    worst = most_confused(counts)
    first, second = claim.classes
    if worst is None or not (counts[first].any() and counts[second].any()):
        return Verdict(claim, NO_DATA, None)
    there, back = worst
    one, other = EMOTIONS[there.true], EMOTIONS[there.predicted]
    total = int(counts[first, second] + counts[second, first])
    agrees = total == there.count + back.count
    beside = "" if agrees else f"; {EMOTIONS[first].en}/{EMOTIONS[second].en}: {total}"
    beside_zh = "" if agrees else f"；{EMOTIONS[first].zh}／{EMOTIONS[second].zh} {total} 張"
    return Verdict(
        claim,
        Text(
            f"最多的是{one.zh}／{other.zh}，{there.count} + {back.count} 張{beside_zh}",
            f"most: {one.en}/{other.en}, {there.count} + {back.count}{beside}",
        ),
        agrees,
    )


def _of_direction(counts: np.ndarray, claim: Claim) -> Verdict:
    true, predicted = claim.classes
    if not counts[true].any() or most_confused(counts) is None:
        return Verdict(claim, NO_DATA, None)
    pairs = confused_pairs(counts)
    if claim.kind == "direction":
        pairs = tuple(sorted(pairs, key=lambda pair: -(pair.share or 0)))
    this = confused_pair(counts, true, predicted)
    better = [pair for pair in pairs if _size(pair, claim) > _size(this, claim)]
    agrees = len(better) == claim.place - 1 and this.count > 0
    own = _written(this, claim)
    if agrees or len(pairs) < claim.place:
        return Verdict(claim, own, agrees)
    there = _written(pairs[claim.place - 1], claim)
    return Verdict(
        claim,
        Text(f"{own.zh}；第 {claim.place} 名是{there.zh}", f"{own.en}; number {claim.place} is {there.en}"),
        agrees,
    )


def _size(pair: ConfusedPair, claim: Claim) -> float:
    return pair.count if claim.kind == "count" else pair.share or 0.0


def _written(pair: ConfusedPair, claim: Claim) -> Text:
    true, predicted = EMOTIONS[pair.true], EMOTIONS[pair.predicted]
    size_zh = f"{pair.count:,} 張" if claim.kind == "count" else percent(pair.share or 0.0)
    size_en = f"{pair.count:,}" if claim.kind == "count" else percent(pair.share or 0.0)
    return Text(f"{true.zh} → {predicted.zh} {size_zh}", f"{true.en} → {predicted.en} {size_en}")
