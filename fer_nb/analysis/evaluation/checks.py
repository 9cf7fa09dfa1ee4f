"""What every evaluation asks of its input first; each complaint is one line that names the row."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.errors import InputError
from fer_nb.language import EMOTIONS

CLASSES = len(EMOTIONS)


def checked_classes(values: ArrayLike, *, what: str) -> NDArray[np.int64]:
    """Return class numbers 0 to 6 as int64 (N,); none at all is allowed.

    Args:
        values: Class numbers, (N,).
        what: What they are ("labels", "predicted"), for the message.

    Raises:
        InputError: The shape is not (N,), the numbers are not whole, or a row is unlabelled (-1) or outside
            0 to 6.
    """
    array = np.asarray(values)
    if array.ndim != 1:
        raise InputError(f"{what}: expected class numbers of shape (N,), found shape {array.shape}")
    if array.size == 0:
        return np.zeros(0, np.int64)
    if not np.issubdtype(array.dtype, np.integer):
        raise InputError(
            f"{what}: expected whole class numbers 0 to {CLASSES - 1}, found dtype {array.dtype}"
        )
    unlabelled = np.flatnonzero(array == -1)
    if unlabelled.size:
        raise InputError(
            f"{what}: row {unlabelled[0]} has no label (-1), as have {unlabelled.size} of {array.size} rows; "
            "expected labelled rows only"
        )
    outside = np.flatnonzero((array < 0) | (array >= CLASSES))
    if outside.size:
        raise InputError(
            f"{what}: row {outside[0]}: expected a class 0 to {CLASSES - 1}, found {array[outside[0]]}"
        )
    return array.astype(np.int64)


def checked_scores(values: ArrayLike, *, what: str) -> NDArray[np.float64]:
    """Return logits or probabilities as float64 (N, 7), all finite.

    Raises:
        InputError: The shape is not (N, 7), or a row holds NaN or infinity.
    """
    array = np.asarray(values)
    if array.ndim != 2 or array.shape[1] != CLASSES:
        raise InputError(f"{what}: expected shape (N, {CLASSES}), found {array.shape}")
    scores = array.astype(np.float64)
    broken = np.flatnonzero(~np.isfinite(scores).all(axis=1))
    if broken.size:
        raise InputError(
            f"{what}: row {broken[0]} is not finite (NaN or infinity), as are {broken.size} of {len(scores)} "
            "rows; expected numbers"
        )
    return scores


def checked_probabilities(values: ArrayLike) -> NDArray[np.float64]:
    """Return probabilities as float64 (N, 7), each row within 0 to 1 and of sum 1 (to 0.001).

    Raises:
        InputError: As `checked_scores`, or a row is no distribution (logits where probabilities belong).
    """
    scores = checked_scores(values, what="probabilities")
    wrong = np.flatnonzero((scores < 0).any(axis=1) | (np.abs(scores.sum(axis=1) - 1) > 1e-3))
    if wrong.size:
        raise InputError(
            f"probabilities: row {wrong[0]}: expected values from 0 to 1 with sum 1, found sum "
            f"{scores[wrong[0]].sum():.4g} and minimum {scores[wrong[0]].min():.4g} (are these logits?)"
        )
    return scores


def checked_correct(values: ArrayLike, *, what: str) -> NDArray[np.bool_]:
    """Return one truth value an image as bool (N,).

    Raises:
        InputError: The array is not boolean of shape (N,).
    """
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype != np.bool_):
        raise InputError(
            f"{what}: expected one true or false an image, bool (N,), found {array.dtype} {array.shape}"
        )
    return array.astype(np.bool_)


def checked_matrix(values: ArrayLike) -> NDArray[np.int64]:
    """Return a confusion matrix as int64 (7, 7) of counts, rows true and columns predicted.

    Raises:
        InputError: The shape is not (7, 7), or an entry is no count.
    """
    array = np.asarray(values)
    if array.shape != (CLASSES, CLASSES):
        raise InputError(f"confusion matrix: expected shape ({CLASSES}, {CLASSES}), found {array.shape}")
    if not np.issubdtype(array.dtype, np.integer) or (array < 0).any():
        raise InputError(
            f"confusion matrix: expected counts from 0 up, found {array.dtype} with minimum {array.min()}"
        )
    return array.astype(np.int64)


def same_length(**arrays: NDArray) -> None:
    """Refuse arrays of different lengths; the keywords name them in the message."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise InputError(f"expected one entry for each image in {' and '.join(lengths)}, found {found}")
