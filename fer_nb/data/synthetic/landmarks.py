"""Where the parts of a face lie and how they are bent: action units turned into geometry.

Each region of the face reads its own intensities, so that one region can be at rest while the others act.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.synthetic.action_units import COLUMN

if TYPE_CHECKING:
    from fer_nb.data.synthetic.canvas import Field

REGIONS = ("brows", "eyes", "nose", "mouth", "cheeks", "forehead", "nasolabial_folds")
"""The regions of a face that have a mask and can be drawn neutral."""

Acting = Mapping[int, "Field"]
Part = SimpleNamespace
"""The geometry of a part of B faces, each quantity (B, 1, 1) in face coordinates."""


def acting_units(units: NDArray[np.float32], *, neutral: str | None = None) -> dict[str, Acting]:
    """Return region -> unit -> intensity (B, 1, 1); in the region `neutral` every unit is at rest."""
    active = {number: units[:, place, None, None] for number, place in COLUMN.items()}
    resting = {number: np.zeros_like(intensity) for number, intensity in active.items()}
    return {region: resting if region == neutral else active for region in REGIONS}


def place_brows(trait: Mapping[str, Field], acting: Acting) -> Part:
    """Return the brows of B people under the intensities of units 1, 2 and 4.

    Over t, from -1 (inner end) to 1 (outer end), they lie at y = height + slope t + bend t^2.
    """
    inner, outer, frown = acting[1], acting[2], acting[4]
    arch = trait["brow_arch"]
    # (1 - t)^2 / 4 is 1 at the inner end and 0 at the outer one; (1 + t)^2 / 4 the reverse
    inward = -0.21 * inner + 0.14 * frown
    outward = -0.23 * outer + 0.02 * frown
    return Part(
        centre=trait["eye_spacing"] * 1.02 - 0.055 * frown,
        half_length=trait["brow_length"] * (1.0 - 0.06 * frown),
        height=trait["brow_height"] - arch + 0.03 * frown + (inward + outward) / 4,
        slope=trait["brow_slope"] + 0.5 * arch + (outward - inward) / 2,
        bend=arch + (inward + outward) / 4,
        thickness=trait["brow_thickness"] * (1.0 + 0.15 * frown),
    )


def place_eyes(trait: Mapping[str, Field], acting: Acting) -> Part:
    """Return the eyes of B people under the intensities of units 5, 6 and 7: lids are parabolas."""
    wide, cheek, narrow = acting[5], acting[6], acting[7]
    opening = trait["eye_opening"]
    return Part(
        centre=trait["eye_spacing"],
        height=trait["eye_height"],
        half_width=trait["eye_width"],
        above=opening * (1.0 + 1.15 * wide - 0.55 * narrow - 0.15 * cheek),
        below=opening * (0.75 + 0.3 * wide - 0.55 * narrow - 0.45 * cheek),
        tilt=trait["eye_tilt"],
    )


def place_mouth(trait: Mapping[str, Field], acting: Acting) -> Part:
    """Return the mouth and jaw of B people under units 10, 12, 15, 16, 17, 20, 23, 24, 25 and 26.

    Over s = x / half_width the lips meet at y = height + bend s^2, opened by `gap`.
    """
    smile, sink, chin, press = acting[12], acting[15], acting[17], acting[24]
    stretch, tighten, parted, jaw, sneer = acting[20], acting[23], acting[25], acting[26], acting[10]
    thin = (1.0 - 0.65 * press) * (1.0 - 0.35 * tighten) * (1.0 - 0.35 * stretch) * (1.0 - 0.3 * smile)
    dropped = np.minimum(jaw, parted)  # a jaw that drops behind closed lips opens little
    gap = 0.09 * parted + 0.12 * np.minimum(smile, parted) + 0.32 * dropped + 0.05 * jaw
    gap = gap + 0.05 * np.minimum(stretch, parted) + 0.05 * acting[16]
    return Part(
        height=trait["mouth_height"] - 0.05 * chin - 0.015 * smile - 0.02 * sneer,
        half_width=trait["mouth_width"]
        * (1.0 + 0.48 * smile + 0.42 * stretch - 0.25 * tighten - 0.2 * dropped - 0.08 * chin),
        bend=trait["mouth_bend"] - 0.22 * smile + 0.19 * sink + 0.05 * chin + 0.03 * stretch + 0.02 * press,
        upper_rise=0.075 * sneer,
        gap=gap * (1.0 - 0.8 * press) * (1.0 - 0.4 * chin),
        round=np.minimum(dropped * 1.5, 1.0) * (1.0 - 0.6 * smile),
        upper_lip=trait["upper_lip"] * thin * (1.0 - 0.25 * sneer),
        lower_lip=trait["lower_lip"] * thin * (1.0 + 0.35 * chin),
        jaw_drop=0.08 * jaw + 0.16 * dropped,
    )
