"""Where the regions of a drawn face lie: the truth that a saliency map can be held against."""

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.synthetic.canvas import SIZE, Canvas, Field, column, make_canvas
from fer_nb.data.synthetic.eyes import brow_distance, lids
from fer_nb.data.synthetic.head import head_outline
from fer_nb.data.synthetic.landmarks import REGIONS, acting_units, place_brows, place_eyes, place_mouth
from fer_nb.data.synthetic.mouth import lip_edges
from fer_nb.data.synthetic.skin import fold_line
from fer_nb.data.synthetic.specification import Specifications

BATCH = 64
_MARGIN = 0.06  # about a pixel, so that the shading at a part's edge belongs to it


def region_masks(specifications: Specifications) -> NDArray[np.bool_]:
    """Return where each region of each face lies, whether or not something covers it.

    Regions do not overlap: where two meet, the feature (brows, eyes, nose, mouth) goes before the skin.

    Args:
        specifications: N faces.

    Returns:
        Masks bool (N, 7, 48, 48), in the order of REGIONS.
    """
    masks = np.empty((len(specifications), len(REGIONS), SIZE, SIZE), np.bool_)
    for start in range(0, len(specifications), BATCH):
        batch = slice(start, start + BATCH)
        masks[batch] = _batch_masks(specifications.take(batch))
    return masks


def _batch_masks(faces: Specifications) -> NDArray[np.bool_]:
    person = faces.identity
    canvas = make_canvas(faces.scene)
    acting = acting_units(faces.units)
    mouth = place_mouth(person, acting["mouth"])
    asymmetry = column(person["asymmetry"])
    eyes = place_eyes(person, acting["eyes"])
    brows = place_brows(person, acting["brows"])
    on_head = head_outline(canvas, person, mouth.jaw_drop) < 0

    along, under_upper, over_lower = lids(canvas, eyes)
    top, _, _, bottom = lip_edges(canvas, mouth, asymmetry)
    across, position = fold_line(canvas, person, acting["nasolabial_folds"])
    found = {
        "brows": brow_distance(canvas, brows, asymmetry) < _MARGIN,
        "eyes": (np.minimum(under_upper, over_lower) > -_MARGIN) & (np.abs(along) < 1.2),
        "mouth": (canvas.y > top - _MARGIN)
        & (canvas.y < bottom + _MARGIN)
        & (canvas.across < mouth.half_width + _MARGIN),
        "nose": _nose(canvas, person, faces.scene),
        "nasolabial_folds": (np.abs(across) < 1.5 * _MARGIN) & (position > -0.1) & (position < 1.05),
        "cheeks": _cheeks(canvas, person),
        "forehead": _forehead(canvas, person, place_brows(person, acting["forehead"]).height),
    }
    taken = ~on_head
    masks = np.empty((len(faces), len(REGIONS), SIZE, SIZE), np.bool_)
    for name, region in found.items():  # from the feature in front to the skin behind
        masks[:, REGIONS.index(name)] = region & ~taken
        taken = taken | region
    return masks


def _nose(canvas: Canvas, person: NDArray[np.void], scene: NDArray[np.void]) -> NDArray[np.bool_]:
    tip = column(person["nose_length"])
    lean = 0.16 * column(np.sin(scene["turn"])) * np.clip((canvas.y + 0.35) / 0.6, 0.0, 1.0)
    down = np.clip((canvas.y + 0.3) / (tip + 0.3), 0.0, 1.0)
    half = 0.09 + (column(person["nose_width"]) - 0.02) * down * down
    return (np.abs(canvas.x - lean) < half) & (canvas.y > -0.3) & (canvas.y < tip + 0.1)


def _cheeks(canvas: Canvas, person: NDArray[np.void]) -> NDArray[np.bool_]:
    across: Field = (canvas.across - column(person["eye_spacing"]) - 0.08) / 0.32
    down = (canvas.y - column(person["eye_height"]) - 0.36) / 0.28
    return across * across + down * down < 1.0


def _forehead(canvas: Canvas, person: NDArray[np.void], brow: Field) -> NDArray[np.bool_]:
    above = (canvas.y < brow) & (canvas.y > column(person["hairline"])) & (canvas.across < 0.72)
    between = (
        (canvas.across < 0.16) & (canvas.y < column(person["brow_height"]) + 0.12) & (canvas.y > brow - 0.1)
    )
    return above | between
