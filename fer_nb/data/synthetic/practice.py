"""Practice faces: drawn faces as a data set like any other."""

from collections.abc import Mapping

import numpy as np

from fer_nb.data.faces import Faces, numbered
from fer_nb.data.synthetic.drawing import draw_faces
from fer_nb.data.synthetic.specification import Specifications, specify

SOURCE = "practice faces"


def practice_faces(
    counts: Mapping[str, int],
    *,
    seed: int,
    difficulty: str = "medium",
    class_shares: str = "fer2013",
    wrong_labels: float = 0.03,
) -> Faces:
    """Draw a data set of practice faces; the same arguments give the same bytes.

    What is learned on them says nothing about FER2013: they are there so that everything runs without it.

    Args:
        counts: Number of faces of each usage, such as {"Training": 4000, "PublicTest": 500}.
        seed: Seed of everything, 0 or more.
        difficulty: "easy", "medium" or "hard".
        class_shares: "fer2013" (as in its Training split: disgust is rare) or "even".
        wrong_labels: Share of the faces of each usage that get another label than the emotion drawn, 0 to 1.

    Returns:
        The faces, usage by usage in the order of USAGES, with the source "practice faces". The record behind
        row i is row i of `specify` with the same arguments.

    Raises:
        InputError: If a name is unknown, a count or the seed is negative, all counts are 0 or a share is
            outside 0 to 1.
    """
    specifications = specify(
        counts, seed=seed, difficulty=difficulty, class_shares=class_shares, wrong_labels=wrong_labels
    )
    return as_faces(specifications)


def as_faces(specifications: Specifications, *, neutral: str | None = None) -> Faces:
    """Return specifications, drawn (with one region at rest if `neutral` names it), as Faces."""
    return Faces(
        images=draw_faces(specifications, neutral=neutral),
        labels=specifications.labels.astype(np.int8),
        usage=specifications.usage,
        ids=numbered(specifications.usage),
        source=SOURCE,
    )
