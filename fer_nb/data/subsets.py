"""Fewer training images, drawn so that every class keeps its share."""

import numpy as np

from fer_nb.data.faces import Faces
from fer_nb.errors import InputError


def take_training(faces: Faces, count: int, *, seed: int) -> Faces:
    """Keep `count` Training rows, each class with its share, and every other row.

    Args:
        faces: All rows.
        count: How many Training rows to keep; 0 keeps all.
        seed: Of the draw.

    Raises:
        InputError: There are fewer Training rows than that.
    """
    training = np.flatnonzero(faces.usage == 0)
    if not 0 <= count <= len(training):
        raise InputError.expected(f"{faces.source}: training images", f"0 (all) to {len(training)}", count)
    if count in (0, len(training)):
        return faces
    generator = np.random.default_rng(seed)
    labels = faces.labels[training]
    # A row's rank within its class, as a share of the class: the lowest ranks of all classes are kept.
    ranks = np.empty(len(training))
    for label in np.unique(labels):
        members = generator.permutation(np.flatnonzero(labels == label))
        ranks[members] = (np.arange(len(members)) + generator.random()) / len(members)
    kept = training[np.argsort(ranks, kind="stable")[:count]]
    others = np.flatnonzero(faces.usage != 0)
    return faces.take(np.sort(np.concatenate([kept, others])))
