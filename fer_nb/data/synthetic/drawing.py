"""Specifications drawn, in batches: images, and the masks of the regions that they show."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.faces import PRACTICE, SIZE, Faces, numbered
from fer_nb.data.synthetic import head, skin
from fer_nb.data.synthetic.camera import photograph
from fer_nb.data.synthetic.canvas import paint, sit
from fer_nb.data.synthetic.eyes import draw_brows, draw_eyes, draw_glasses
from fer_nb.data.synthetic.front import draw_front, draw_watermark
from fer_nb.data.synthetic.landmarks import REGIONS, acting_units, place_brows, place_eyes, place_mouth
from fer_nb.data.synthetic.mouth import draw_mouth
from fer_nb.data.synthetic.specification import Specifications, specify
from fer_nb.errors import unknown_name

BATCH = 16  # pictures at a time: their fields of 0.15 MB each stay in a core's cache


def draw_faces(specifications: Specifications, *, neutral: str | None = None) -> NDArray[np.uint8]:
    """Draw faces; equal specifications give equal bytes, in whatever order or number they come.

    Args:
        specifications: N faces.
        neutral: A region of REGIONS to draw at rest: person, pose, light and noise stay the same, and so do
            the other regions, but no action unit moves this one.

    Returns:
        Images uint8 (N, 48, 48).

    Raises:
        InputError: If `neutral` is no region.
    """
    if neutral is not None and neutral not in REGIONS:
        raise unknown_name("region of the face", neutral, REGIONS)
    images = np.empty((len(specifications), SIZE, SIZE), np.uint8)
    # faces at one height share narrow windows for their parts
    scene = specifications.scene
    by_height = np.argsort(scene["shift_y"] + scene["scale"] * 2.0 * scene["nod"], kind="stable")
    for start in range(0, len(specifications), BATCH):
        batch = by_height[start : start + BATCH]
        images[batch] = _draw_batch(specifications[batch], neutral)
    return images


def _draw_batch(faces: Specifications, neutral: str | None) -> NDArray[np.uint8]:
    sitting = sit(faces.identity, faces.scene, faces.noise_seeds)
    acting = acting_units(faces.units, neutral=neutral)
    mouth = place_mouth(sitting.trait, acting["mouth"])
    hair, hair_edge = head.hair_tone(sitting), head.hair_outline(sitting)
    head_edge = head.head_outline(sitting, mouth.jaw_drop)

    picture = head.draw_background(sitting)
    paint(picture, 0.8 * hair, sitting.inside(hair_edge, softness=2.0))
    head.draw_shoulders(picture, sitting)
    head.draw_head(picture, sitting, head_edge)
    skin.draw_forehead(picture, sitting, acting["forehead"])
    skin.draw_cheeks(picture, sitting, acting["cheeks"])
    skin.draw_folds(picture, sitting, acting["nasolabial_folds"])
    head.draw_beard(picture, sitting, head_edge, mouth.height)
    draw_mouth(picture, sitting, mouth, acting["mouth"])
    skin.draw_nose(picture, sitting, acting["nose"])
    draw_eyes(picture, sitting, place_eyes(sitting.trait, acting["eyes"]))
    draw_brows(picture, sitting, place_brows(sitting.trait, acting["brows"]))
    draw_glasses(picture, sitting)
    head.draw_hair(picture, sitting, hair, hair_edge)
    head.draw_hard_shadow(picture, sitting, head_edge)
    draw_front(picture, sitting, hair)
    draw_watermark(picture, sitting)
    return photograph(picture, sitting)


def practice_faces(counts: Mapping[str, int], *, seed: int) -> Faces:
    """Draw a data set of practice faces; the same arguments give the same bytes.

    What is learned on them says nothing about FER2013: they are there so that everything runs without it.

    Args:
        counts: Number of faces of each usage, such as {"Training": 4000, "PublicTest": 500}.
        seed: Seed of everything, 0 or more.

    Returns:
        The faces, usage by usage in the order of USAGES, with the source "practice faces". The record behind
        row i is row i of `specify` with the same arguments.
    """
    return as_faces(specify(counts, seed=seed))


def as_faces(specifications: Specifications) -> Faces:
    """Return specifications, drawn, as Faces."""
    labels, usage = specifications.labels.astype(np.int8), specifications.usage.astype(np.uint8)
    return Faces(draw_faces(specifications), labels, usage, numbered(usage), source=PRACTICE)
