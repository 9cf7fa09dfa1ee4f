"""Hides labels where no training can find them, and counts afterwards which pseudo-labels are right."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fer_nb.data.faces import (
    UNKNOWN,
    USAGES,
    Faces,
    carve_validation,
    concatenate,
    row_hashes,
    split_validation,
)
from fer_nb.language import EMOTIONS
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.semi.protocols import Protocol

UNLABELLED = USAGES.index("unlabelled")
TESTS = ("PublicTest", "PrivateTest")


@dataclass(frozen=True)
class PseudoLabelCounts:
    """Pseudo-labels against the labels that were hidden, class by class in the order of EMOTIONS.

    Attributes:
        pool: Images of each true class that could have got a pseudo-label.
        kept: Images that got each class as pseudo-label.
        right: How many of these are of that class.
    """

    pool: tuple[int, ...]
    kept: tuple[int, ...]
    right: tuple[int, ...]


Counter = Callable[[Faces], PseudoLabelCounts]
"""Counts what is right among pseudo-labelled faces; it never tells of which image a label is."""


def hide_labels(
    faces: Faces, share: float, seed: int, *, transductive: bool = False
) -> tuple[Faces, Counter]:
    """Hide the labels of a share of the Training rows, each class with its share.

    What is returned for training holds no hidden label in any form: hidden rows have the usage "unlabelled",
    the label -1 and a running number for their id, and stand in the order of their pixels' hashes, for some
    files are sorted by class. Identical images are hidden together, so that no hidden image has a labelled
    twin. Rows that never had a label are left out, being a test set's, unless `transductive`.

    Args:
        faces: Labelled Training rows, and tests.
        share: Part of the Training rows whose labels are hidden, above 0 and below 1.
        seed: Of the choice.
        transductive: Let all test images, without their labels, be among the unlabelled ones, too, as
            report C did. What is then measured on the tests is measured on images that were trained on.

    Returns:
        The faces for training, and the counter of their right pseudo-labels, which is not for training.

    Raises:
        InputError: `share` is out of range, or there are too few images.
    """
    training = faces.of("Training")
    labelled, hidden = split_validation(training, share=share, seed=seed)
    tests = faces.of(*TESTS)
    pool = training.take(hidden)
    if transductive:
        pool = concatenate([pool, tests, faces.of("unlabelled")], source=faces.source)
    pool = pool.take(np.argsort(row_hashes(pool, with_labels=False), kind="stable"))
    count = len(pool)
    unknown, usage = np.full(count, UNKNOWN, np.int8), np.full(count, UNLABELLED, np.uint8)
    unlabelled = Faces(pool.images, unknown, usage, np.arange(count), faces.source)
    return concatenate([training.take(labelled), unlabelled, tests], source=faces.source), _counter(pool)


def labelled_split(
    faces: Faces, protocol: Protocol, recipe: Recipe, *, seed: int
) -> tuple[Faces, Faces, Counter]:
    """Split the Training rows into labelled, unlabelled and validation ones, as the protocol says.

    Validation is carved first, so it is the same whatever share of labels is hidden.

    Args:
        faces: All faces, every Training row labelled.
        protocol: Gives the shares, and whether the tests are among the unlabelled.
        recipe: Gives the validation rows where the protocol leaves them to it.
        seed: Of the split.

    Returns:
        Faces for training, faces for validation, and the counter of right pseudo-labels.
    """
    training = faces.of("Training")
    held_out = recipe.validation if protocol.validation is None else protocol.validation
    rest, validation = carve_validation(training, held_out, seed=seed)
    others = faces.of("PublicTest", "PrivateTest", "unlabelled")
    kept = concatenate([training.take(rest), others], source=faces.source)
    hidden, count = hide_labels(kept, protocol.hidden, seed, transductive=protocol.transductive)
    return hidden, training.take(validation), count


def _counter(pool: Faces) -> Counter:
    """Return the counter of a pool whose row numbers are the ids of the unlabelled faces."""
    truth = pool.labels

    def count(pseudo: Faces) -> PseudoLabelCounts:
        """Count kept and right pseudo-labels; images whose label nobody ever knew count nowhere."""
        known = pseudo.take(truth[pseudo.ids] != UNKNOWN)
        right = known.labels == truth[known.ids]
        counts = (truth[truth != UNKNOWN], known.labels, known.labels[right])
        return PseudoLabelCounts(
            *(tuple(np.bincount(labels, minlength=len(EMOTIONS)).tolist()) for labels in counts)
        )

    return count
