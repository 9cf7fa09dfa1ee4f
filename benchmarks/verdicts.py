"""Is a report's claim borne out? Each test returns one of three verdicts, and what was measured in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fer_nb.analysis.evaluation import accuracy_interval
from fer_nb.findings.errors.claims import Claim, claim_of
from fer_nb.language import Text

CONFIRMED, REFUTED, UNTOLD = "confirmed", "not confirmed", "cannot be told"
WORDS = {
    CONFIRMED: Text("相符", CONFIRMED),
    REFUTED: Text("不符", REFUTED),
    UNTOLD: Text("無法判定", UNTOLD),
}
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
        claim: Its kind, and what that kind compares; those of classes and pairs are a `Claim`'s.
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
    if kind == "pairs_over":
        return pairs_over(matrix, claim["least"], claim["stated"])
    named, place = tuple(map(tuple, claim["named"])), claim.get("place", 1)
    found = claim_of(matrix, Claim("", "", Text(**claim["claim"]), kind, named, place))
    return Finding(found["measured"], found["verdict"])


def _same(text: str) -> Text:
    return Text(text, text)
