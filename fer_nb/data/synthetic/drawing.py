"""Specifications drawn, in batches: images, and the masks of the regions that they show."""

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.synthetic import eyes as eye_strokes
from fer_nb.data.synthetic import head, skin
from fer_nb.data.synthetic.camera import photograph
from fer_nb.data.synthetic.canvas import SIZE, make_canvas, make_grain
from fer_nb.data.synthetic.front import draw_front, draw_watermark
from fer_nb.data.synthetic.landmarks import REGIONS, acting_units, place_brows, place_eyes, place_mouth
from fer_nb.data.synthetic.mouth import draw_mouth
from fer_nb.data.synthetic.specification import Specifications
from fer_nb.errors import unknown_name

BATCH = 64  # pictures at a time: their fields of 0.6 MB each stay in a core's cache


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
    for start in range(0, len(specifications), BATCH):
        batch = slice(start, start + BATCH)
        images[batch] = _draw_batch(specifications.take(batch), neutral)
    return images


def _draw_batch(faces: Specifications, neutral: str | None) -> NDArray[np.uint8]:
    person, scene = faces.identity, faces.scene
    canvas, grain = make_canvas(scene), make_grain(faces.noise_seeds)
    acting = acting_units(faces.units, neutral=neutral)
    mouth = place_mouth(person, acting["mouth"])
    hair, hair_edge = head.hair_tone(canvas, person, grain), head.hair_outline(canvas, person)
    head_edge = head.head_outline(canvas, person, mouth.jaw_drop)

    picture = head.draw_background(canvas, scene, grain)
    head.paint(picture, 0.8 * hair, canvas.inside(hair_edge, softness=2.0))
    head.draw_shoulders(picture, canvas, person, scene, grain)
    head.draw_head(picture, canvas, person, scene, grain, head_edge)
    skin.draw_forehead(picture, canvas, person, acting["forehead"])
    skin.draw_cheeks(picture, canvas, person, acting["cheeks"])
    skin.draw_folds(picture, canvas, person, acting["nasolabial_folds"])
    head.draw_beard(picture, canvas, person, grain, head_edge, mouth.height)
    draw_mouth(picture, canvas, mouth, person, acting["mouth"])
    skin.draw_nose(picture, canvas, person, scene, acting["nose"])
    eye_strokes.draw_eyes(picture, canvas, place_eyes(person, acting["eyes"]), person, scene)
    eye_strokes.draw_brows(picture, canvas, place_brows(person, acting["brows"]), person, grain)
    eye_strokes.draw_glasses(picture, canvas, person, scene)
    head.draw_hair(picture, canvas, person, hair, hair_edge)
    head.draw_hard_shadow(picture, canvas, scene, head_edge)
    draw_front(picture, canvas, person, scene, grain, hair)
    draw_watermark(picture, scene, grain)
    return photograph(picture, scene, grain)
