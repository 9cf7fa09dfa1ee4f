"""Which images to look at: by name, by the network's confidence, or drawn at random."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import softmax
from fer_nb.data.faces import SPLITS, Faces, concatenate, of_split
from fer_nb.errors import InputError
from fer_nb.language import EMOTIONS


def pool_split(faces: Faces) -> str:
    """Return the split to choose images from: test, or what comes nearest to it and holds any."""
    return next(split for split in SPLITS if len(of_split(faces, split)))


def named_images(names: Sequence[str], faces: Faces) -> Faces:
    """Return images by their names.

    Args:
        names: `split:number`, such as "test:1" or "training:12928".
        faces: Where to look.

    Raises:
        InputError: A name is of another form, or there is no such split or row.
    """
    parts = []
    for name in names:
        split, colon, number = str(name).partition(":")
        if not colon or split not in SPLITS or not number.isdecimal():
            raise InputError(
                f"image {name!r}: expected split:number, the split one of {', '.join(SPLITS)}, "
                "the number a row from 0, such as test:1"
            )
        part = of_split(faces, split)
        if int(number) >= len(part):
            raise InputError(f"image {name!r}: expected a row below {len(part)}, the images of {split}")
        parts.append(part.take(np.array([int(number)])))
    return concatenate(parts, source=faces.source)


def confident_names(logits: NDArray[np.floating], labels: NDArray[np.integer], *, split: str) -> list[str]:
    """Return the name of the rightly answered image of each class of which the network is surest.

    No map had a say in it. Where the network gets none right, or none has a label, its answers stand for the
    labels.

    Args:
        logits: (N, 7), of all images of the split.
        labels: True classes, (N,), -1 where unknown.
        split: Its name.
    """
    shares, guesses = softmax(logits), _right_answers(logits, labels)
    found = np.unique(guesses[guesses >= 0])
    return [f"{split}:{np.where(guesses == label, shares[:, label], -1).argmax()}" for label in found]


def _right_answers(logits: NDArray[np.floating], labels: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the answers that are right, -1 for the others; all of them where none is."""
    guesses = np.asarray(logits).argmax(axis=1)
    right = guesses == labels
    return np.where(right, guesses, -1) if right.any() else guesses


def checked_rows(
    logits: NDArray[np.floating], labels: NDArray[np.integer], *, count: int, seed: int
) -> NDArray[np.int64]:
    """Return rows of rightly answered faces, as many of each class, drawn at random, ascending.

    Where the network gets none right, or none has a label, its answers stand for the labels.

    Args:
        logits: (N, 7).
        labels: True classes, (N,), -1 where unknown.
        count: Rows of each class at most.
        seed: Of the draw.
    """
    guesses = _right_answers(logits, labels)
    order = np.random.default_rng(seed).permutation(np.flatnonzero(guesses >= 0))
    return np.sort(np.concatenate([order[guesses[order] == label][:count] for label in range(len(EMOTIONS))]))
