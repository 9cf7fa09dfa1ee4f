"""What is asked of logits and labels from a file or a student's cell; a complaint is a line with the row."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.errors import InputError
from fer_nb.language import EMOTIONS

CLASSES = len(EMOTIONS)


def checked_labels(values: ArrayLike) -> NDArray[np.int64]:
    """Return class numbers 0 to 6 as int64 (N,); none at all is allowed.

    Args:
        values: Class numbers, (N,).

    Raises:
        InputError: The shape is not (N,), the numbers are not whole, or a row is unlabelled (-1) or outside
            0 to 6.
    """
    array = np.asarray(values)
    if array.ndim != 1:
        raise InputError.expected("labels", "class numbers of shape (N,)", f"shape {array.shape}")
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise InputError.expected("labels", f"whole class numbers 0 to {CLASSES - 1}", f"dtype {array.dtype}")
    wrong = np.flatnonzero((array < 0) | (array >= CLASSES))
    if wrong.size:
        unlabelled = f", as in {(array == -1).sum()} of {array.size} rows: no label" if -1 in array else ""
        found = f"{array[wrong[0]]}{unlabelled}"
        raise InputError.expected(f"labels: row {wrong[0]}", f"a class 0 to {CLASSES - 1}", found)
    return array.astype(np.int64)


def checked_scores(values: ArrayLike, *, what: str) -> NDArray[np.float64]:
    """Return logits or probabilities as float64 (N, 7), all finite.

    Args:
        values: (N, 7).
        what: "logits" or "probabilities": each row of the second is within 0 to 1 and of sum 1 (to 0.001).

    Raises:
        InputError: The shape is not (N, 7), a row holds NaN or infinity, or it is no distribution (logits
            where probabilities belong).
    """
    array = np.asarray(values)
    if array.ndim != 2 or array.shape[1] != CLASSES:
        raise InputError.expected(what, f"shape (N, {CLASSES})", array.shape)
    scores = array.astype(np.float64)
    broken = np.flatnonzero(~np.isfinite(scores).all(axis=1))
    if broken.size:
        found = f"NaN or infinity, as in {broken.size} of {len(scores)} rows"
        raise InputError.expected(f"{what}: row {broken[0]}", "finite numbers", found)
    wrong = np.flatnonzero((scores < 0).any(axis=1) | (np.abs(scores.sum(axis=1) - 1) > 1e-3))
    if what == "probabilities" and wrong.size:
        row = scores[wrong[0]]
        found = f"sum {row.sum():.4g} and minimum {row.min():.4g} (are these logits?)"
        raise InputError.expected(f"{what}: row {wrong[0]}", "values from 0 to 1 with sum 1", found)
    return scores


def checked_pair(
    values: ArrayLike, labels: ArrayLike, *, what: str
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return what `checked_scores` does of `values`, with the true classes (N,), one for each."""
    scores, truth = checked_scores(values, what=what), checked_labels(labels)
    same_length(**{what: scores, "labels": truth})
    return scores, truth


def same_length(**arrays: NDArray) -> None:
    """Refuse arrays of different lengths; the keywords name them in the message."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise InputError(f"expected one entry for each image in {' and '.join(lengths)}, found {found}")
