"""Where the regions of a drawn face lie: the truth that a saliency map can be held against."""

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.faces import SIZE
from fer_nb.data.synthetic.canvas import sit
from fer_nb.data.synthetic.eyes import brow_distance, lids
from fer_nb.data.synthetic.head import head_outline
from fer_nb.data.synthetic.landmarks import REGIONS, acting_units, place_brows, place_eyes, place_mouth
from fer_nb.data.synthetic.mouth import lip_edges
from fer_nb.data.synthetic.skin import fold_line
from fer_nb.data.synthetic.specification import Specifications

BATCH = 64
_LINES_END = -0.9  # the lines of a forehead reach up to here
_MARGIN = 0.06  # about a pixel, so that the shading at a part's edge belongs to it


def region_masks(specifications: Specifications) -> NDArray[np.bool_]:
    """Return where each region of each face lies, whether or not something covers it.

    Regions do not overlap: where two meet, the feature (brows, eyes, nose, mouth) goes before the skin.

    Args:
        specifications: N faces.

    Returns:
        Masks bool (N, 7, 48, 48), in the order of REGIONS.
    """
    starts = range(0, len(specifications), BATCH)
    return np.concatenate([_batch_masks(specifications[start : start + BATCH]) for start in starts])


def _batch_masks(faces: Specifications) -> NDArray[np.bool_]:
    sitting = sit(faces.identity, faces.scene, faces.noise_seeds)
    trait, y, across = sitting.trait, sitting.y, sitting.across
    acting = acting_units(faces.units)
    mouth = place_mouth(trait, acting["mouth"])
    top, _, _, bottom = lip_edges(sitting, mouth)
    along, under_upper, over_lower = lids(sitting, place_eyes(trait, acting["eyes"]))
    brows = place_brows(trait, acting["brows"])
    beside, position = fold_line(sitting, acting["nasolabial_folds"])

    tip = trait["nose_length"]
    lean = 0.16 * np.sin(sitting.scene["turn"]) * np.clip((y + 0.35) / 0.6, 0.0, 1.0)
    down = np.clip((y + 0.3) / (tip + 0.3), 0.0, 1.0)
    half = 0.09 + (trait["nose_width"] - 0.02) * down * down

    cheek_x = (across - trait["eye_spacing"] - 0.08) / 0.32
    cheek_y = (y - trait["eye_height"] - 0.36) / 0.28

    above_brows = (y < brows.height) & (y > np.minimum(trait["hairline"], _LINES_END)) & (across < 0.72)
    between_brows = (across < 0.16) & (y < trait["brow_height"] + 0.12) & (y > brows.height - 0.1)

    found = {
        "brows": brow_distance(sitting, brows) < _MARGIN,
        "eyes": (np.minimum(under_upper, over_lower) > -_MARGIN) & (np.abs(along) < 1.2),
        "mouth": (y > top - _MARGIN) & (y < bottom + _MARGIN) & (across < mouth.half_width + _MARGIN),
        "nose": (np.abs(sitting.x - lean) < half) & (y > -0.3) & (y < tip + 0.1),
        "nasolabial_folds": (np.abs(beside) < 1.5 * _MARGIN) & (position > -0.1) & (position < 1.05),
        "cheeks": cheek_x * cheek_x + cheek_y * cheek_y < 1.0,
        "forehead": above_brows | between_brows,
    }
    taken = head_outline(sitting, mouth.jaw_drop) >= 0
    masks = np.empty((len(faces), len(REGIONS), SIZE, SIZE), np.bool_)
    for name, region in found.items():  # from the feature in front to the skin behind
        masks[:, REGIONS.index(name)] = region & ~taken
        taken = taken | region
    return masks
