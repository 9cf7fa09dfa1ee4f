"""What a training curve says: when a network starts to overfit, and how fast it learns; epochs from 1."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.errors import InputError


@dataclass(frozen=True)
class Overfitting:
    """Where the validation loss was least, and what it rose by from there."""

    epoch: int
    """Epoch of the least validation loss, from 1; the first of several equal ones."""
    minimum: float
    final: float
    gap: float
    """Last loss less the least, 0 or more: what the epochs after the minimum cost."""
    epochs_after: int
    """Epochs trained beyond the minimum; 0 where the loss was still falling."""


def overfitting_epoch(validation_loss: ArrayLike) -> Overfitting:
    """Return the epoch of the least validation loss and the rise from there to the last epoch.

    Args:
        validation_loss: One value an epoch, (E,).

    Raises:
        InputError: The curve is empty, or a value is not finite (the epoch is named).
    """
    losses = _checked_curve(validation_loss, what="validation loss")
    best = int(losses.argmin())
    return Overfitting(
        best + 1,
        minimum=float(losses[best]),
        final=float(losses[-1]),
        gap=float(losses[-1] - losses[best]),
        epochs_after=len(losses) - best - 1,
    )


def epochs_to_reach(loss_curve: ArrayLike, level: float) -> int | None:
    """Return the first epoch (from 1) whose loss is at most `level`, or None where none is.

    Args:
        loss_curve: One value an epoch, (E,).
        level: The loss to reach.
    """
    reached = np.flatnonzero(_checked_curve(loss_curve, what="loss curve") <= level)
    return int(reached[0]) + 1 if reached.size else None


def _checked_curve(values: ArrayLike, *, what: str) -> NDArray[np.float64]:
    curve = np.asarray(values, np.float64)
    if curve.ndim != 1 or curve.size == 0:
        raise InputError.expected(what, "one value an epoch, (E,) with E at least 1", f"shape {curve.shape}")
    broken = np.flatnonzero(~np.isfinite(curve))
    if broken.size:
        raise InputError.expected(f"{what}: epoch {broken[0] + 1}", "a number", curve[broken[0]])
    return curve
