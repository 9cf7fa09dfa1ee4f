"""Practice faces: drawn faces as a data set like any other."""

from collections.abc import Mapping

import numpy as np

from fer_nb.data.faces import PRACTICE, Faces, numbered
from fer_nb.data.synthetic.drawing import draw_faces
from fer_nb.data.synthetic.specification import Specifications, specify


def practice_faces(counts: Mapping[str, int], *, seed: int) -> Faces:
    """Draw a data set of practice faces; the same arguments give the same bytes.

    What is learned on them says nothing about FER2013: they are there so that everything runs without it.

    Args:
        counts: Number of faces of each usage, such as {"Training": 4000, "PublicTest": 500}.
        seed: Seed of everything, 0 or more.

    Returns:
        The faces, usage by usage in the order of USAGES, with the source "practice faces". The record behind
        row i is row i of `specify` with the same arguments.

    Raises:
        InputError: If a usage is unknown, a count or the seed is negative, or all counts are 0.
    """
    return as_faces(specify(counts, seed=seed))


def as_faces(specifications: Specifications) -> Faces:
    """Return specifications, drawn, as Faces."""
    return Faces(
        images=draw_faces(specifications),
        labels=specifications.labels.astype(np.int8),
        usage=specifications.usage,
        ids=numbered(specifications.usage),
        source=PRACTICE,
    )
