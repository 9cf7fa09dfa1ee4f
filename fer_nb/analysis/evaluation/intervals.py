"""How far a measured share may be off: Wilson and bootstrap intervals."""

from dataclasses import asdict, astuple, dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binomtest

from fer_nb.errors import InputError
from fer_nb.language import Text

NO_DATA = Text("無資料", "no data")
"""What stands where there is nothing to measure."""

LEVEL = 0.95  # confidence of every interval
RESAMPLES = 2000  # data sets that the bootstrap draws


@dataclass(frozen=True)
class _Interval:
    """A number from 0 to 1 with its interval; the three are None where there is nothing to measure."""

    @property
    def text(self) -> Text:
        """Percent with the interval behind it, for example "65.0% (63.4–66.6)", or "no data"."""
        value, low, high = astuple(self)[:3]
        if value is None:
            return NO_DATA
        written = f"{100 * value:.1f}% ({100 * low:.1f}–{100 * high:.1f})"
        return Text(written, written)

    def as_record(self) -> dict[str, float | int | None]:
        """Return the fields by their names, as `results.json` keeps them."""
        return asdict(self)


@dataclass(frozen=True)
class Proportion(_Interval):
    """A share of `n` images with its interval."""

    accuracy: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Estimate(_Interval):
    """A score with its interval."""

    value: float | None
    low: float | None
    high: float | None


def accuracy_interval(correct: int | ArrayLike, total: int | None = None) -> Proportion:
    """Return the share of correct ones with its 95% Wilson score interval.

    Args:
        correct: How many are right, 0 to `total`; or one truth value an image, bool (N,).
        total: Of how many; left out beside an array. 0 gives a proportion that says "no data".

    Raises:
        InputError: The counts contradict each other.

    Source: Wilson (1927), as `scipy.stats.binomtest` has it.
    """
    right, n = int(np.sum(correct)), np.size(correct) if total is None else int(total)
    if not 0 <= right <= n:
        raise InputError.expected("accuracy", f"0 to {n} correct of {n} images", right)
    if n == 0:
        return Proportion(None, None, None, 0)
    interval = binomtest(right, n).proportion_ci(confidence_level=LEVEL, method="wilson")
    return Proportion(right / n, float(interval.low), float(interval.high), n)


def split_accuracy(
    predicted: ArrayLike, labels: ArrayLike, leaked: ArrayLike | None = None
) -> dict[str, Proportion]:
    """Return the accuracy on all images, and without those that training has seen.

    Args:
        predicted: Predicted classes, (N,).
        labels: True classes, (N,).
        leaked: True where an image is pixel-identical to a training image, bool (N,). Without it nobody has
            looked, so the clean accuracy is unknown: "no data", not the accuracy on all.

    Returns:
        {"all": Proportion, "clean": Proportion}.
    """
    correct = np.asarray(predicted) == np.asarray(labels)
    if leaked is None:
        return {"all": accuracy_interval(correct), "clean": accuracy_interval(0, 0)}
    clean = correct[~np.asarray(leaked, bool)]
    return {"all": accuracy_interval(correct), "clean": accuracy_interval(clean)}


def macro_f1_interval(counts: NDArray[np.integer], *, seed: int | np.random.Generator) -> Estimate:
    """Return macro-F1, the mean F1 of the classes that have images, with a 95% percentile bootstrap interval.

    Drawing N images with replacement and counting them again is one multinomial draw over the 49 cells of the
    matrix, so the images themselves are not needed and 2,000 resamples take milliseconds.

    Args:
        counts: A confusion matrix, (7, 7), rows true and columns predicted.
        seed: Seed or generator of the resampling.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), the percentile interval.
    """
    total = int(counts.sum())
    if total == 0:
        return Estimate(None, None, None)
    present = counts.sum(axis=1) > 0
    drawn = np.random.default_rng(seed).multinomial(total, counts.ravel() / total, size=RESAMPLES)
    scores = _macro_f1(drawn.reshape(-1, *counts.shape), present)
    low, high = np.quantile(scores, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    value = float(_macro_f1(counts[None], present)[0])
    # Where classes have few images, next to no draw holds them all, and all its scores may be lower.
    return Estimate(value, min(float(low), value), max(float(high), value))


def _macro_f1(matrices: NDArray[np.integer], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the macro-F1 of each of (R, 7, 7) matrices over the classes `present`, (7,)."""
    correct = np.diagonal(matrices, axis1=1, axis2=2)[:, present]
    either = (matrices.sum(axis=1) + matrices.sum(axis=2))[:, present]
    return (2 * correct / np.maximum(either, 1)).mean(axis=1)
