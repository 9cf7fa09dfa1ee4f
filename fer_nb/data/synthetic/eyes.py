"""Eyes, brows and glasses."""

import numpy as np

from fer_nb.data.synthetic.canvas import Field, Sitting, bump, paint, shade
from fer_nb.data.synthetic.landmarks import Part


def brow_distance(sitting: Sitting, brows: Part) -> Field:
    """Return the signed distance to the brows, which thin out towards their outer ends."""
    along = (sitting.across - brows.centre) / brows.half_length
    line = brows.height + along * (brows.slope + brows.bend * along)
    line += 0.03 * sitting.trait["asymmetry"] * sitting.side
    thickness = brows.thickness * (0.8 - 0.3 * along)
    return np.maximum(np.abs(sitting.y - line) - thickness, (np.abs(along) - 1.0) * brows.half_length)


def draw_brows(whole: Field, sitting: Sitting, brows: Part) -> None:
    """Paint the brows, hair by hair as far as 48 pixels allow."""
    sitting, picture = sitting.window(whole, across=0.88, top=-0.85, bottom=-0.1)
    distance = brow_distance(sitting, brows)
    tone = sitting.trait["brow_tone"] * (0.45 + 0.9 * sitting.trait["skin"])
    density = np.clip(0.85 + 0.1 * sitting.fine, 0.0, 1.0)
    paint(picture, tone, sitting.inside(distance, softness=1.6) * density)


def lids(sitting: Sitting, eyes: Part) -> tuple[Field, Field, Field]:
    """Return the eyes' own across-coordinate (-1 inner to 1 outer corner) and the lids' distances.

    The distances are how far below the upper lid and how far above the lower lid a pixel lies.
    """
    along = (sitting.across - eyes.centre) / eyes.half_width
    profile = 1.0 - along * along
    axis = sitting.y - eyes.height + 2.0 * eyes.tilt * eyes.half_width * along
    return along, axis + eyes.above * profile, eyes.below * profile - axis


def draw_eyes(whole: Field, sitting: Sitting, eyes: Part) -> None:
    """Paint sockets, whites, irises, pupils, glints, lashes, creases and lower lids."""
    sitting, picture = sitting.window(whole, across=0.82, top=-0.5, bottom=0.12)
    trait, scene = sitting.trait, sitting.scene
    along, under_upper, over_lower = lids(sitting, eyes)
    makeup = trait["eye_makeup"]
    down = sitting.y - eyes.height
    shade(picture, (0.17 + 0.1 * makeup) * bump((along / 1.5) ** 2 + ((down + 0.04) / 0.22) ** 2))
    within = sitting.inside(-np.minimum(under_upper, over_lower))
    white = 0.47 + 0.48 * trait["skin"]
    paint(picture, white * (1.0 - 0.25 * along * along), within)
    across = (along - 0.25 * scene["gaze_x"] * sitting.side) * eyes.half_width
    down = down + 0.012 - 0.03 * scene["gaze_y"]
    from_centre = np.sqrt(across * across + down * down)
    paint(picture, trait["iris"], within * sitting.inside(from_centre - 0.094))
    paint(picture, 0.03, within * sitting.inside(from_centre - 0.042))
    glint = ((across * sitting.side + 0.03) / 0.05) ** 2 + ((down + 0.035) / 0.05) ** 2
    paint(picture, 0.95, 0.75 * within * bump(glint))
    near = np.clip((1.12 - np.abs(along)) / 0.15, 0.0, 1.0)
    paint(picture, 0.06, (0.62 + 0.38 * makeup) * near * bump((under_upper / (0.042 + 0.02 * makeup)) ** 2))
    shade(picture, 0.2 * near * bump(((under_upper + 0.075) / 0.04) ** 2))
    shade(picture, (0.22 + 0.25 * makeup) * near * bump((over_lower / 0.035) ** 2))


def draw_glasses(picture: Field, sitting: Sitting) -> None:
    """Paint frames, bridge and temples, and the sheen of the lenses."""
    trait, scene, worn = sitting.trait, sitting.scene, sitting.trait["glasses"]
    aside = sitting.across - trait["eye_spacing"]
    down = sitting.y - trait["eye_height"] - 0.03
    # between an ellipse and a rectangle: |x|^4 + |y|^4 = 1
    across_squared, down_squared = (aside / 0.34) ** 2, (down / 0.24) ** 2
    rim = (np.sqrt(np.sqrt(across_squared**2 + down_squared**2)) - 1.0) * 0.27
    frame = 0.08 + 0.4 * scene["place_a"]
    paint(picture, 0.8, 0.12 * sitting.inside(rim) * (scene["place_b"] > 0.5) * worn)
    paint(picture, frame, 0.9 * bump((rim / 0.055) ** 2) * worn)
    bridge = np.maximum(np.abs(down + 0.06) - 0.015, aside + 0.33)
    paint(picture, frame, 0.85 * sitting.inside(bridge) * worn)
    temple = np.maximum(np.maximum(np.abs(down + 0.08) - 0.018, 0.33 - aside), np.abs(sitting.u) - 1.0)
    paint(picture, frame, 0.6 * sitting.inside(temple) * worn)
