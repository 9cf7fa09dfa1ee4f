"""Is a report's claim borne out? Each test returns one of three verdicts, and what was measured in words."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binomtest, fisher_exact

from fer_nb.analysis.evaluation import accuracy_interval, holm
from fer_nb.language import EMOTIONS, Text

CONFIRMED, REFUTED, UNTOLD = "confirmed", "not confirmed", "cannot be told"
WORDS = {
    CONFIRMED: Text("相符", CONFIRMED),
    REFUTED: Text("不符", REFUTED),
    UNTOLD: Text("無法判定", UNTOLD),
}
LEVEL = 0.05  # of a test
MARGIN = 0.03  # of an accuracy: two that lie surely closer count as the same
TEST_IMAGES = 3589  # on which each accuracy of a report was measured
LOSS_TOLERANCE = 0.01  # nats: epochs whose validation loss comes as close to the least are not told from it
EPOCH_TOLERANCE = 0.1  # of the epoch that a report names with "about"
DRAWS = 2000


@dataclass(frozen=True)
class Finding:
    """What was measured, and one of the three verdicts."""

    measured: Text
    verdict: str


def ranked(better: Collection[float], worse: Collection[float]) -> str:
    """Return a verdict from p-values of many comparisons.

    A claim of a first place holds where it beats every rival, each tested by itself (an intersection-union
    test needs no correction); it falls where any rival beats it, and there the many rivals are corrected for.

    Args:
        better: Against each rival, of a difference as claimed; 1 where it goes the other way.
        worse: The same of a difference against the claim.
    """
    if max(better) < LEVEL:
        return CONFIRMED
    return REFUTED if min(holm(list(worse))) < LEVEL else UNTOLD


def accuracy(measured: Mapping[str, float], stated: float, *, short: bool = False) -> Finding:
    """Hold a stated accuracy against a measured one, {"accuracy", "n"}.

    Confirmed where the 95% interval of the difference (Newcombe's, from both Wilson intervals) lies within
    `MARGIN`, not confirmed where it leaves out 0.

    Args:
        measured: Ours.
        stated: Theirs, 0 to 1, on `TEST_IMAGES` images.
        short: Whether ours was trained for fewer epochs: that it is lower then tells nothing.
    """
    ours = accuracy_interval(round(measured["accuracy"] * measured["n"]), int(measured["n"]))
    theirs = accuracy_interval(round(stated * TEST_IMAGES), TEST_IMAGES)
    difference = measured["accuracy"] - stated
    low = difference - np.hypot(ours.accuracy - ours.low, theirs.high - theirs.accuracy)  # type: ignore[operator]
    high = difference + np.hypot(ours.high - ours.accuracy, theirs.accuracy - theirs.low)  # type: ignore[operator]
    verdict = UNTOLD
    if low > -MARGIN and high < MARGIN:
        verdict = CONFIRMED
    elif low > 0 or (high < 0 and not short):
        verdict = REFUTED
    return Finding(_same(f"{100 * difference:+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]"), verdict)


def recalls(matrix: ArrayLike, classes: Collection[int], *, highest: bool) -> Finding:
    """Hold "these classes are the easiest" (or the hardest) against a matrix by Fisher's test of recalls."""
    counts = np.asarray(matrix)
    right, of = counts.diagonal(), counts.sum(axis=1)
    tests = [
        _fisher(right[mine], of[mine], right[other], of[other])
        for mine in classes
        for other in range(len(counts))
        if other not in classes
    ]
    verdict = ranked(*zip(*(test if highest else test[::-1] for test in tests), strict=True))
    ordered = np.argsort(-right / of if highest else right / of, kind="stable")[: max(2, len(classes) + 1)]
    shares = (_share(right[k], of[k]) for k in ordered)
    return Finding(_listed((EMOTIONS[k] for k in ordered), shares), verdict)


def pair(
    matrix: ArrayLike, claimed: Sequence[int], *, by: str = "count", after: Sequence[Sequence[int]] = ()
) -> Finding:
    """Hold "this class is taken for that one most" against a matrix.

    Args:
        matrix: Counts, (7, 7), rows true.
        claimed: True class and predicted one.
        by: "count" compares images (an exact binomial test), "share" shares of the true class (Fisher's),
            "mutual" the images of both directions together.
        after: Pairs that the report puts before this one.
    """
    counts = np.asarray(matrix)
    if by == "mutual":
        counts = np.triu(counts + counts.T)
    of = counts.sum(axis=1)
    pairs = [p for p in permutations(range(len(counts)), 2) if by != "mutual" or p[0] < p[1]]
    mine = tuple(sorted(claimed) if by == "mutual" else claimed)
    rivals = [p for p in pairs if p != mine and p not in {tuple(one) for one in after}]
    if by == "share":
        tests = [_fisher(counts[mine], of[mine[0]], counts[p], of[p[0]]) for p in rivals]
    else:
        tests = [_binomial(counts[mine], counts[p]) for p in rivals]
    size = (lambda p: counts[p] / of[p[0]]) if by == "share" else (lambda p: counts[p])
    shown = [mine, *sorted(rivals, key=size, reverse=True)[:1]]
    told = _share if by == "share" else lambda count, _: f"{count:,}"
    arrow = Text("／", "/") if by == "mutual" else Text(" → ", " → ")
    names = [
        Text(f"{EMOTIONS[a].zh}{arrow.zh}{EMOTIONS[b].zh}", f"{EMOTIONS[a].en}{arrow.en}{EMOTIONS[b].en}")
        for a, b in shown
    ]
    numbers = (told(int(counts[p]), int(of[p[0]])) for p in shown)
    return Finding(_listed(names, numbers), ranked(*zip(*tests, strict=True)))


def pairs_over(matrix: ArrayLike, least: int, stated: int) -> Finding:
    """Hold the number of ordered pairs with so many errors against a matrix; drawn images vary it."""
    counts = np.asarray(matrix)
    off = ~np.eye(len(counts), dtype=bool)
    draws = np.random.default_rng(0).multinomial(counts.sum(), counts.ravel() / counts.sum(), size=DRAWS)
    low, high = np.percentile((draws[:, off.ravel()] >= least).sum(axis=1), [2.5, 97.5])
    verdict = CONFIRMED if low <= stated <= high else REFUTED
    return Finding(_same(f"{(counts[off] >= least).sum()} [{low:.0f}, {high:.0f}]"), verdict)


def overfitting(history: Mapping[str, Sequence[float]], about: int) -> Finding:
    """Hold "overfits from about this epoch" against the epochs of nearly the least validation loss."""
    losses = np.asarray(history["validation_loss"], float)
    near = np.flatnonzero(losses <= losses.min() + LOSS_TOLERANCE) + 1
    low, high = int(near[0]), int(near[-1])
    measured = _same(f"{int(losses.argmin()) + 1} [{low}, {high}]")
    if low <= about * (1 + EPOCH_TOLERANCE) and high >= about * (1 - EPOCH_TOLERANCE):
        return Finding(measured, CONFIRMED)
    return Finding(measured, UNTOLD if high == len(losses) and high < about else REFUTED)


def find(claim: Mapping[str, Any], record: Mapping[str, Any], *, short: bool = False) -> Finding:
    """Return what a record says of a claim of `ledger.yaml`; "cannot be told" without what it needs.

    Args:
        claim: Its kind, and what that kind compares.
        record: Of a training.
        short: Whether that had fewer epochs than the report: its schedule is fitted to them, so that the
            epoch at which something sets in is another.
    """
    kind = claim["kind"]
    if kind == "overfitting" and "history" in record:
        finding = overfitting(record["history"], claim["about"])
        return Finding(finding.measured, UNTOLD) if short else finding
    if kind == "overfitting" or "matrices" not in record:
        return Finding(Text("—", "—"), UNTOLD)
    splits = ("public", "private") if claim["split"] == "test" else (claim["split"],)
    matrix = np.sum([record["matrices"][split] for split in splits], axis=0)
    if kind in ("easiest", "hardest"):
        return recalls(matrix, claim["classes"], highest=kind == "easiest")
    if kind == "pairs_over":
        return pairs_over(matrix, claim["least"], claim["stated"])
    return pair(matrix, claim["pair"], by=claim["by"], after=claim.get("after", ()))


def _fisher(right: int, of: int, other_right: int, other_of: int) -> tuple[float, float]:
    """Return one-sided p-values: of the first share being higher, and lower."""
    cells = [[right, of - right], [other_right, other_of - other_right]]
    return tuple(float(fisher_exact(cells, alternative=way).pvalue) for way in ("greater", "less"))  # type: ignore[return-value]


def _binomial(count: int, other: int) -> tuple[float, float]:
    if not count + other:
        return 1.0, 1.0
    return tuple(  # type: ignore[return-value]
        float(binomtest(int(count), int(count + other), alternative=way).pvalue)
        for way in ("greater", "less")
    )


def _share(count: int, of: int) -> str:
    return accuracy_interval(int(count), int(of)).text.en


def _same(text: str) -> Text:
    return Text(text, text)


def _listed(names: Iterable[Text], numbers: Iterable[str]) -> Text:
    both = list(zip(names, numbers, strict=True))
    return Text(
        "、".join(f"{name.zh} {number}" for name, number in both),
        ", ".join(f"{name.en} {number}" for name, number in both),
    )
