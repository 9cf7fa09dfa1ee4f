"""What training curves say: whether a network overfits, and how fast it learns; epochs from 1."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

LARGE_GAP = 0.05  # of an accuracy: a smaller difference is of no account, however many images tell it
DEVIATIONS = 1.96  # standard errors beyond which a difference is more than the luck of the images


@dataclass(frozen=True)
class Overfitting:
    """How far the training images run ahead of those of validation, in accuracy, 0 to 1."""

    training: float
    """Accuracy on training images, mean of the last quarter of the epochs."""
    validation: float
    """The same on validation images."""
    first_gap: float
    """Training less validation, mean of the first quarter of the epochs."""
    limit: float
    """The gap up to which the two may be equal: LARGE_GAP, or the luck of the images where that is more."""
    lasting: bool
    """Whether the gap is above `limit` in the last epoch, too."""

    @property
    def gap(self) -> float:
        """Training less validation."""
        return self.training - self.validation

    @property
    def found(self) -> bool:
        """Whether the network overfits: the gap is large, and it grew in training."""
        return self.lasting and self.gap > self.limit and self.gap - self.first_gap > self.limit / 2


def overfitting(training: ArrayLike, validation: ArrayLike, *, images: int) -> Overfitting:
    """Return how far a network's accuracy on what it learns from runs ahead of that on what it does not.

    Both curves are of the network as it answers, without augmentation and dropout. Means over a quarter of
    the epochs count, because a single epoch jumps.

    Args:
        training: Accuracy on training images, one value an epoch, (E,), 0 to 1.
        validation: Accuracy on validation images, as many.
        images: How many images each of the two was measured on.
    """
    learned, held_out = np.asarray(training, np.float64), np.asarray(validation, np.float64)
    quarter = max(len(learned) // 4, 1)
    ends = [float(curve[-quarter:].mean()) for curve in (learned, held_out)]
    error = np.sqrt(sum(share * (1 - share) for share in ends) / images)
    limit = max(LARGE_GAP, float(DEVIATIONS * error))
    gaps = learned - held_out
    first_gap, lasting = float(gaps[:quarter].mean()), bool(gaps[-1] > limit)
    return Overfitting(ends[0], ends[1], first_gap, limit, lasting)


def epochs_to_reach(loss_curve: ArrayLike, level: float) -> int | None:
    """Return the first epoch (from 1) whose loss is at most `level`, or None where none is.

    Args:
        loss_curve: One value an epoch, (E,).
        level: The loss to reach.
    """
    reached = np.flatnonzero(np.asarray(loss_curve) <= level)
    return int(reached[0]) + 1 if reached.size else None
