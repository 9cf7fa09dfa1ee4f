"""The skin's own marks of an expression: nose, cheeks, nasolabial folds, lines of the forehead."""

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.synthetic.canvas import Canvas, Field, bump, column, paint, shade
from fer_nb.data.synthetic.landmarks import Acting, place_mouth


def draw_nose(
    picture: Field, canvas: Canvas, identity: NDArray[np.void], scene: NDArray[np.void], acting: Acting
) -> None:
    """Model the nose by light and shadow; unit 9 lifts its wings and wrinkles its root."""
    wrinkle = acting[9]
    relief = column(identity["nose_relief"])
    tip = column(identity["nose_length"]) - 0.05 * wrinkle
    half_width = column(identity["nose_width"]) * (1.0 + 0.18 * wrinkle + 0.08 * acting[10])
    # the nose stands out of the face, so a turn carries it further than the skin behind it
    x = canvas.x - 0.16 * column(np.sin(scene["turn"])) * np.clip((canvas.y + 0.35) / 0.6, 0.0, 1.0)
    y = canvas.y - 0.12 * column(np.sin(scene["nod"]))
    along = np.clip((y + 0.3) / (tip + 0.3), 0.0, 1.0)
    reach = (y < tip + 0.04) * np.clip((y + 0.4) / 0.15, 0.0, 1.0)
    flank = 0.055 + 0.5 * half_width * along * along
    light = np.where(scene["light_x"] < 0, -1.0, 1.0).astype(np.float32)[:, None, None]
    side = np.abs(column(scene["light_x"])) * 0.8 + 0.25
    dark = bump(((x * light + flank + 0.03) / 0.09) ** 2)
    bright = bump((x / (0.05 + 0.04 * along)) ** 2)
    shade(picture, reach * relief * (0.26 * side * dark - 0.12 * bright))
    shade(picture, -0.16 * relief * bump((x / 0.09) ** 2 + ((y - tip + 0.05) / 0.09) ** 2))
    wing = np.abs(x)
    shade(picture, 0.28 * bump(((wing - half_width) / 0.05) ** 2 + ((y - tip + 0.02) / 0.1) ** 2))
    beneath = bump((x / (1.15 * half_width)) ** 2 + ((y - tip - 0.07) / 0.075) ** 2)
    shade(picture, 0.3 * relief * beneath)
    hole = bump(((wing - 0.52 * half_width) / 0.075) ** 2 + ((y - tip - 0.035) / 0.05) ** 2)
    paint(picture, 0.08, 0.75 * np.minimum(hole * 1.6, 1.0))
    root = bump((x / 0.2) ** 2 + ((y + 0.17) / 0.16) ** 2)
    shade(picture, root * wrinkle * (0.22 + 0.24 * np.sin(y * 48.0)))
    shade(
        picture,
        0.26 * wrinkle * bump(((wing - 0.16 - 0.25 * (y + 0.2)) / 0.05) ** 2 + ((y + 0.05) / 0.2) ** 2),
    )


def draw_cheeks(picture: Field, canvas: Canvas, identity: NDArray[np.void], acting: Acting) -> None:
    """Model cheeks, the furrow under the eye and crow's feet; unit 6 lifts and rounds them."""
    lift = acting[6]
    age = column(identity["age"])
    centre, eye = column(identity["eye_spacing"]), column(identity["eye_height"])
    ball = ((canvas.across - centre - 0.1) / 0.26) ** 2 + ((canvas.y - 0.26 + 0.1 * lift) / 0.2) ** 2
    shade(picture, -(0.06 + 0.15 * lift) * bump(ball))
    under = canvas.y - (eye + 0.21 - 0.05 * lift - 1.0 * (canvas.across - centre) ** 2)
    shade(
        picture,
        (0.1 * age + 0.26 * lift) * bump((under / 0.05) ** 2 + ((canvas.across - centre) / 0.27) ** 2),
    )
    hollow = ((canvas.across - 0.68) / 0.16) ** 2 + ((canvas.y - 0.5) / 0.3) ** 2
    shade(picture, 0.07 * age * bump(hollow))
    outward, down = canvas.across - centre - 0.27, canvas.y - eye - 0.02
    fan = bump(((outward - 0.09) / 0.14) ** 2 + (down / 0.15) ** 2)
    rays = np.sin(down / (np.clip(outward, 0.0, None) + 0.12) * 13.0)
    shade(picture, (0.05 * age + 0.32 * lift * (0.4 + 0.6 * age)) * fan * rays)


def fold_line(canvas: Canvas, identity: NDArray[np.void], acting: Acting) -> tuple[Field, Field]:
    """Return the nasolabial folds: signed distance across them (outside positive) and position along them.

    The position runs from 0 at the wing of the nose to 1 beside the corner of the mouth.
    """
    mouth = place_mouth(identity, acting)
    start_x = column(identity["nose_width"]) + 0.05
    start_y = column(identity["nose_length"]) - 0.08 - 0.05 * acting[9] - 0.03 * acting[10]
    end_x = mouth.half_width + 0.11
    end_y = mouth.height + mouth.bend + 0.04
    along = (canvas.y - start_y) / (end_y - start_y)
    middle = np.clip(along, -0.2, 1.2)
    bulge = 0.3 * (acting[12] + 0.5 * acting[10]) * 0.4 * middle * (1.0 - middle)
    return canvas.across - start_x - (end_x - start_x) * middle - bulge, along


def draw_folds(picture: Field, canvas: Canvas, identity: NDArray[np.void], acting: Acting) -> None:
    """Draw the nasolabial folds: deep with units 11 and 12, less so with 9, 10, 15 and 20, and with age."""
    across, along = fold_line(canvas, identity, acting)
    pull = 0.7 * acting[12] + 0.85 * acting[11] + 0.55 * acting[9] + 0.5 * acting[10]
    pull = pull + 0.2 * acting[15] + 0.25 * acting[20]
    depth = np.clip(0.05 + 0.22 * column(identity["age"]) + 0.42 * pull, 0.0, 0.6)
    reach = bump(((along - 0.45) / 0.75) ** 2)
    shade(picture, depth * reach * (bump((across / 0.06) ** 2) - 0.4 * bump(((across - 0.09) / 0.09) ** 2)))


def draw_forehead(picture: Field, canvas: Canvas, identity: NDArray[np.void], acting: Acting) -> None:
    """Draw lines across the forehead (units 1 and 2) and the furrows between the brows (unit 4)."""
    age = column(identity["age"])
    raised_inner, raised_outer, frown = acting[1], acting[2], acting[4]
    middle = bump((canvas.x / 0.42) ** 2 + ((canvas.y + 0.68) / 0.2) ** 2)
    wide = bump((canvas.x / 0.8) ** 2 + ((canvas.y + 0.66) / 0.22) ** 2)
    lines = np.sin((canvas.y + 0.06 * canvas.x**2) * 46.0 + 9.0 * age)
    amount = np.maximum(
        raised_inner * middle, np.minimum(raised_inner + raised_outer, 1.0) * raised_outer * wide
    )
    shade(picture, (0.3 * amount * (0.35 + 0.65 * age) + 0.07 * age * wide) * lines)
    brow = column(identity["brow_height"])
    furrow = bump(((canvas.across - 0.075) / 0.045) ** 2 + ((canvas.y - brow - 0.03) / 0.15) ** 2)
    between = bump((canvas.x / 0.16) ** 2 + ((canvas.y - brow - 0.04) / 0.14) ** 2)
    shade(picture, (0.07 * age + 0.36 * frown) * furrow + 0.14 * frown * between)
