"""Eyes, brows and glasses."""

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.synthetic.canvas import Canvas, Field, Grain, bump, column, paint, shade
from fer_nb.data.synthetic.landmarks import Brows, Eyes


def brow_distance(canvas: Canvas, brows: Brows, asymmetry: Field) -> Field:
    """Return the signed distance to the brows, which thin out towards their outer ends."""
    along = (canvas.across - brows.centre) / brows.half_length
    line = brows.height + along * (brows.slope + brows.bend * along) + 0.03 * asymmetry * canvas.side
    thickness = brows.thickness * (0.8 - 0.3 * along)
    return np.maximum(np.abs(canvas.y - line) - thickness, (np.abs(along) - 1.0) * brows.half_length)


def draw_brows(
    picture: Field, canvas: Canvas, brows: Brows, identity: NDArray[np.void], grain: Grain
) -> None:
    """Paint the brows, hair by hair as far as 48 pixels allow."""
    distance = brow_distance(canvas, brows, column(identity["asymmetry"]))
    tone = column(identity["brow_tone"]) * (0.45 + 0.55 * column(identity["skin"]) / 0.62)
    paint(picture, tone, canvas.inside(distance, softness=1.6) * np.clip(0.82 + 0.1 * grain.fine, 0.0, 1.0))


def lids(canvas: Canvas, eyes: Eyes) -> tuple[Field, Field, Field]:
    """Return the eyes' own across-coordinate (-1 inner to 1 outer corner) and the lids' distances.

    The distances are how far below the upper lid and how far above the lower lid a pixel lies.
    """
    along = (canvas.across - eyes.centre) / eyes.half_width
    profile = 1.0 - along * along
    axis = canvas.y - eyes.height + eyes.tilt * along * eyes.half_width * 2.0
    return along, axis + eyes.above * profile, eyes.below * profile - axis


def draw_eyes(
    picture: Field, canvas: Canvas, eyes: Eyes, identity: NDArray[np.void], scene: NDArray[np.void]
) -> None:
    """Paint sockets, whites, irises, pupils, glints, lashes, creases and lower lids."""
    along, under_upper, over_lower = lids(canvas, eyes)
    makeup = column(identity["eye_makeup"])
    socket = (along / 1.5) ** 2 + ((canvas.y - eyes.height + 0.04) / 0.22) ** 2
    shade(picture, (0.16 + 0.1 * makeup) * bump(socket))
    within = canvas.inside(-np.minimum(under_upper, over_lower))
    white = 0.42 + 0.5 * column(identity["skin"])
    paint(picture, white * (1.0 - 0.25 * along * along), within)
    across = (along - 0.25 * column(scene["gaze_x"]) * canvas.side) * eyes.half_width
    down = canvas.y - eyes.height + 0.012 - 0.03 * column(scene["gaze_y"])
    from_centre = np.sqrt(across * across + down * down)
    paint(picture, column(identity["iris"]), within * canvas.inside(from_centre - 0.092))
    paint(picture, 0.03, within * canvas.inside(from_centre - 0.042))
    glint = ((across * canvas.side + 0.03) / 0.05) ** 2 + ((down + 0.035) / 0.05) ** 2
    paint(picture, 0.95, 0.75 * within * bump(glint))
    near = np.clip((1.12 - np.abs(along)) / 0.15, 0.0, 1.0)
    lash = bump((under_upper / (0.042 + 0.02 * makeup)) ** 2)
    paint(picture, 0.06, (0.62 + 0.38 * makeup) * near * lash)
    crease = bump(((under_upper + 0.075) / 0.04) ** 2)
    shade(picture, 0.2 * near * crease)
    shade(picture, (0.22 + 0.25 * makeup) * near * bump((over_lower / 0.035) ** 2))


def draw_glasses(picture: Field, canvas: Canvas, identity: NDArray[np.void], scene: NDArray[np.void]) -> None:
    """Paint frames, bridge and temples, and the sheen of the lenses."""
    worn = column(identity["glasses"])
    if not worn.any():
        return
    centre, height = column(identity["eye_spacing"]), column(identity["eye_height"]) + 0.03
    across, down = (canvas.across - centre) / 0.34, (canvas.y - height) / 0.24
    rim = ((across**4 + down**4) ** 0.25 - 1.0) * 0.27
    frame = 0.08 + 0.4 * column(scene["place_a"])
    paint(picture, 0.8, 0.12 * worn * canvas.inside(rim) * (column(scene["place_b"]) > 0.5))
    paint(picture, frame, 0.9 * worn * bump((rim / 0.055) ** 2))
    bridge = np.maximum(np.abs(canvas.y - height + 0.06) - 0.015, canvas.across - centre + 0.33)
    temple = np.maximum(np.abs(canvas.y - height + 0.08) - 0.018, centre + 0.33 - canvas.across)
    paint(picture, frame, 0.85 * worn * canvas.inside(bridge))
    paint(picture, frame, 0.6 * worn * canvas.inside(np.maximum(temple, np.abs(canvas.u) - 1.0)))
