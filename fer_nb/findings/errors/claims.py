"""What the reports say about their errors, held against a matrix by tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import scipy.stats
from numpy.typing import ArrayLike

from fer_nb.findings.comparisons import claim_record
from fer_nb.findings.errors import TEXTS
from fer_nb.findings.sentences import SIGNIFICANCE, enumerated, percent
from fer_nb.language import EMOTIONS, Text

Size = tuple[int, int]
"""Images, and of how many."""


@dataclass(frozen=True)
class Claim:
    """A sentence of a report that a matrix can contradict.

    Attributes:
        report: Its letter.
        key: Of the claim, in the ledger of all claims.
        text: What it says.
        kind: "hardest" and "easiest" speak of recall; "direction" of an ordered pair by its share of the
            true class, "count" of one by its images; "mutual" of two classes by both directions' images.
        named: What it names: classes, or one pair of them.
        place: The lowest place among all that each of `named` must have, from 1.
    """

    report: str
    key: str
    text: Text
    kind: Literal["hardest", "easiest", "direction", "count", "mutual"]
    named: tuple[tuple[int, ...], ...]
    place: int = 1


CLAIMS = (
    Claim("A", "largest_confusion", TEXTS["fear is taken for"],
          "direction", ((2, 4),)),
    Claim("A", "second_confusion", TEXTS["next disgust for angry"],
          "direction", ((1, 0),), 2),
    Claim("B", "easiest", TEXTS["happy is easiest"], "easiest", ((3,),)),
    Claim("B", "hardest", TEXTS["fear and sad are"], "hardest", ((2,), (4,)), 2),
    Claim("C", "largest_confusion", TEXTS["neutral for sad has"],
          "count", ((6, 4),)),
    Claim("C", "second_confusion", TEXTS["next fear for sad"],
          "count", ((2, 4),), 2),
    Claim("D", "hardest", TEXTS["fear and sad are"], "hardest", ((2,), (4,)), 2),
    Claim("E", "largest_confusion", TEXTS["fear and sad are 2"],
          "mutual", ((2, 4),)),
)  # fmt: skip
"""Of the reports A to E, each from its own network and images."""


def claim_of(matrix: ArrayLike, claim: Claim) -> dict[str, Any]:
    """Return what a matrix says to a claim, as `record(claims=[...])` takes it.

    It is confirmed where all but `place - 1` of the others are significantly smaller than each that it names,
    not confirmed where `place` or more are significantly larger than one of them, and else it cannot be told.
    Shares are compared by Fisher's exact test, counts by the exact binomial test.

    Args:
        matrix: Counts, (7, 7), rows true and columns predicted.
        claim: What was claimed.
    """
    sizes = _sizes(np.asarray(matrix), claim.kind)
    test = _binomial if claim.kind in ("count", "mutual") else _fisher
    if not set(claim.named) <= set(sizes) or not any(images for images, _ in sizes.values()):
        return claim_record(claim.report, claim.key, claim.text, TEXTS["no data"], None)
    each = [_compared(sizes, one, claim.named, test) for one in claim.named]
    others = len(sizes) - len(claim.named)
    allowed = claim.place - len(claim.named)  # others that may be larger
    refuted = False if any(larger > allowed for larger, _ in each) else None
    holds = True if all(smaller >= others - allowed for _, smaller in each) else refuted
    return claim_record(claim.report, claim.key, claim.text, _measured(sizes, claim), holds)


def _sizes(counts: np.ndarray, kind: str) -> dict[tuple[int, ...], Size]:
    """Return what a kind of claim ranks: classes or pairs -> images, and of how many."""
    supports = [int(support) for support in counts.sum(axis=1)]
    present = [label for label in range(len(EMOTIONS)) if supports[label]]
    if kind in ("hardest", "easiest"):
        right = {label: int(counts[label, label]) for label in present}
        return {
            (label,): (right[label] if kind == "easiest" else supports[label] - right[label], supports[label])
            for label in present
        }
    total = int(counts.sum())
    if kind == "mutual":
        return {
            (one, other): (int(counts[one, other] + counts[other, one]), total)
            for one in present
            for other in present
            if one < other
        }
    return {
        (true, predicted): (int(counts[true, predicted]), supports[true] if kind == "direction" else total)
        for true in present
        for predicted in range(len(EMOTIONS))
        if true != predicted
    }


def _compared(
    sizes: Mapping[tuple[int, ...], Size],
    one: tuple[int, ...],
    named: tuple[tuple[int, ...], ...],
    test: Callable[[Size, Size], float],
) -> tuple[int, int]:
    """Return how many of those that are not named are significantly larger than one, and smaller."""
    own, larger, smaller = sizes[one], 0, 0
    for key, other in sizes.items():
        if key in named or test(own, other) >= SIGNIFICANCE:
            continue
        more = other[0] * own[1] > own[0] * other[1]
        larger, smaller = larger + more, smaller + (not more)
    return larger, smaller


def _fisher(one: Size, other: Size) -> float:
    table = [[images, of - images] for images, of in (one, other)]
    return float(scipy.stats.fisher_exact(np.array(table)).pvalue)


def _binomial(one: Size, other: Size) -> float:
    if not one[0] + other[0]:
        return 1.0
    return float(scipy.stats.binomtest(one[0], one[0] + other[0]).pvalue)


def _measured(sizes: Mapping[tuple[int, ...], Size], claim: Claim) -> Text:
    """Say the size of what is named, and what is largest where that is another."""
    own = enumerated(_written(one, sizes[one], claim.kind) for one in claim.named)
    ranked = sorted(sizes, key=lambda key: sizes[key][0] / sizes[key][1], reverse=True)[: claim.place]
    if set(claim.named) <= set(ranked):
        return own
    first = enumerated(_written(one, sizes[one], claim.kind) for one in ranked)
    return TEXTS["measured"].format(own=own, first=first)


def _written(key: tuple[int, ...], size: Size, kind: str) -> Text:
    images, of = size
    share = percent(1 - images / of if kind == "hardest" else images / of)
    if len(key) == 1:
        return TEXTS["written recall of"].format(emotions=EMOTIONS[key[0]], share=share)
    one, other = (EMOTIONS[label] for label in key)
    if kind == "direction":
        return TEXTS["written text"].format(one=one, other=other, share=share)
    arrow, shown = "→" if kind == "count" else "↔", f"{images:,}"
    return TEXTS["written images"].format(one=one, arrow=arrow, other=other, shown=shown)
