"""What the reports say about their errors, held against a matrix by tests."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import scipy.stats
import yaml
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import accuracy_interval, holm
from fer_nb.findings.comparisons import claim_record, verdict
from fer_nb.findings.errors import TEXTS
from fer_nb.findings.sentences import SIGNIFICANCE, enumerated
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


CLAIMS = [
    Claim(**one | {"text": Text(**one["text"]), "named": tuple(map(tuple, one["named"]))})
    for one in yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
]
"""Of the reports A to E, each from its own network and images."""


def claim_of(counts: NDArray[np.integer], claim: Claim) -> dict[str, Any]:
    """Return what a matrix says to a claim, as `record(claims=[...])` takes it.

    It is confirmed where all but `place - 1` of the others are significantly smaller than each that it names,
    not confirmed where `place` or more are significantly larger than one of them, and else it cannot be told.
    Shares are compared by Fisher's exact test, counts by the exact binomial test. That all are smaller needs
    no correction (an intersection-union test); that any is larger gets Holm's, for their number.

    Args:
        counts: A confusion matrix, (7, 7), rows true and columns predicted.
        claim: What was claimed.
    """
    sizes = _sizes(counts, claim.kind)
    if not set(claim.named) <= set(sizes) or not any(images for images, _ in sizes.values()):
        return claim_record(claim.report, claim.key, claim.text, TEXTS["no data"], None)
    test = _binomial if claim.kind in ("count", "mutual") else _fisher
    others = [size for key, size in sizes.items() if key not in claim.named]
    allowed = claim.place - len(claim.named)  # others that may be larger
    confirmed, refuted = True, False
    for own in (sizes[one] for one in claim.named):
        p_values = np.array([test(own, other) for other in others])
        above = np.array([images * own[1] > own[0] * of for images, of in others], bool)
        smaller = int(((p_values < SIGNIFICANCE) & ~above).sum())
        larger = int(((holm(p_values) < SIGNIFICANCE) & above).sum())
        confirmed = confirmed and smaller >= len(others) - allowed
        refuted = refuted or larger > allowed
    holds = verdict(confirmed=confirmed, refuted=refuted)
    return claim_record(claim.report, claim.key, claim.text, _measured(sizes, claim), holds)


def _sizes(counts: np.ndarray, kind: str) -> dict[tuple[int, ...], Size]:
    """Return what a kind of claim ranks: classes or pairs -> images, and of how many."""
    supports, right, total = counts.sum(axis=1), counts.diagonal(), int(counts.sum())
    present = np.flatnonzero(supports).tolist()
    if kind in ("hardest", "easiest"):
        shown = right if kind == "easiest" else supports - right
        return {(label,): (int(shown[label]), int(supports[label])) for label in present}
    if kind == "mutual":
        both = counts + counts.T
        return {pair: (int(both[pair]), total) for pair in itertools.combinations(present, 2)}
    pairs = [(true, other) for true in present for other in range(len(EMOTIONS)) if other != true]
    return {(i, j): (int(counts[i, j]), int(supports[i]) if kind == "direction" else total) for i, j in pairs}


def _fisher(one: Size, other: Size) -> float:
    table = [[images, of - images] for images, of in (one, other)]
    return float(scipy.stats.fisher_exact(np.array(table)).pvalue)


def _binomial(one: Size, other: Size) -> float:
    if not one[0] + other[0]:
        return 1.0
    return float(scipy.stats.binomtest(one[0], one[0] + other[0]).pvalue)


def _measured(sizes: Mapping[tuple[int, ...], Size], claim: Claim) -> Text:
    """Say the size of what is named, and what comes before it where something does."""
    own = enumerated(_written(one, sizes[one], claim.kind) for one in claim.named)
    by_size = sorted(sizes, key=lambda key: (sizes[key][0] / sizes[key][1], key in claim.named), reverse=True)
    ranked = by_size[: claim.place]
    if set(claim.named) <= set(ranked):
        return own
    first = enumerated(_written(one, sizes[one], claim.kind) for one in ranked if one not in claim.named)
    return TEXTS["measured"].format(own=own, first=first)


def _written(key: tuple[int, ...], size: Size, kind: str) -> Text:
    images, of = size
    share = accuracy_interval(of - images if kind == "hardest" else images, of).text
    if len(key) == 1:
        return TEXTS["written recall of"].format(emotions=EMOTIONS[key[0]], share=share)
    one, other = (EMOTIONS[label] for label in key)
    if kind == "direction":
        return TEXTS["written text"].format(one=one, other=other, share=share)
    arrow, shown = "→" if kind == "count" else "↔", f"{images:,}"
    return TEXTS["written images"].format(one=one, arrow=arrow, other=other, shown=shown)
