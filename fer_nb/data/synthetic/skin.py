"""The skin's own marks of an expression: nose, cheeks, nasolabial folds, lines of the forehead."""

import numpy as np

from fer_nb.data.synthetic.canvas import Field, Sitting, bump, paint, shade
from fer_nb.data.synthetic.landmarks import Acting, place_mouth


def draw_nose(whole: Field, sitting: Sitting, acting: Acting) -> None:
    """Model the nose by light and shadow; unit 9 lifts its wings and wrinkles its root."""
    sitting, picture = sitting.window(whole, across=0.46, top=-0.44, bottom=0.56)
    trait, scene = sitting.trait, sitting.scene
    wrinkle, relief = acting[9], trait["nose_relief"]
    tip = trait["nose_length"] - 0.06 * wrinkle
    half_width = trait["nose_width"] * (1.0 + 0.2 * wrinkle + 0.08 * acting[10])
    # the nose stands out of the face, so a turn carries it further than the skin behind it
    x = sitting.x - 0.16 * np.sin(scene["turn"]) * np.clip((sitting.y + 0.35) / 0.6, 0.0, 1.0)
    y = sitting.y - 0.12 * np.sin(scene["nod"])
    along = np.clip((y + 0.3) / (tip + 0.3), 0.0, 1.0)
    reach = (y < tip + 0.04) * np.clip((y + 0.4) / 0.15, 0.0, 1.0)
    flank = 0.055 + 0.5 * half_width * along * along
    light = np.where(scene["light_x"] < 0, np.float32(-1), np.float32(1))
    dark = bump(((x * light + flank + 0.03) / 0.1) ** 2) * (np.abs(scene["light_x"]) * 0.8 + 0.25)
    bright = bump((x / (0.05 + 0.04 * along)) ** 2)
    shade(picture, reach * relief * (0.28 * dark - 0.12 * bright))
    from_tip = y - tip
    wing = np.abs(x)
    shade(picture, -0.16 * relief * bump((x / 0.09) ** 2 + ((from_tip + 0.05) / 0.09) ** 2))
    shade(picture, 0.3 * bump(((wing - half_width) / 0.055) ** 2 + ((from_tip + 0.02) / 0.1) ** 2))
    shade(picture, 0.3 * relief * bump((x / (1.15 * half_width)) ** 2 + ((from_tip - 0.07) / 0.08) ** 2))
    nostril = bump(((wing - 0.52 * half_width) / 0.085) ** 2 + ((from_tip - 0.035) / 0.055) ** 2)
    paint(picture, 0.08, 0.75 * np.minimum(nostril * 1.6, 1.0))
    if wrinkle.any():
        root = bump((x / 0.22) ** 2 + ((y + 0.17) / 0.17) ** 2)
        shade(picture, root * wrinkle * (0.22 + 0.26 * np.sin(y * 48.0)))
        ridge = (wing - 0.16 - 0.25 * (y + 0.2)) / 0.055
        shade(picture, 0.32 * wrinkle * bump(ridge**2 + ((y + 0.05) / 0.2) ** 2))


def draw_cheeks(whole: Field, sitting: Sitting, acting: Acting) -> None:
    """Model cheeks, the furrow under the eye and crow's feet; unit 6 lifts and rounds them."""
    sitting, picture = sitting.window(whole, across=0.96, top=-0.46, bottom=0.82)
    lift, age = acting[6], sitting.trait["age"]
    eye = sitting.trait["eye_height"]
    aside = sitting.across - sitting.trait["eye_spacing"]
    down = sitting.y - eye
    ball = ((aside - 0.1) / 0.28) ** 2 + ((sitting.y - 0.26 + 0.1 * lift) / 0.2) ** 2
    shade(picture, -(0.06 + 0.17 * lift) * bump(ball))
    under = down - 0.21 + 0.05 * lift + aside * aside
    shade(picture, (0.1 * age + 0.3 * lift) * bump((under / 0.055) ** 2 + (aside / 0.27) ** 2))
    hollow = ((sitting.across - 0.68) / 0.16) ** 2 + ((sitting.y - 0.5) / 0.3) ** 2
    shade(picture, 0.08 * age * bump(hollow))
    outward = aside - 0.27
    fan = bump(((outward - 0.09) / 0.14) ** 2 + ((down - 0.02) / 0.15) ** 2)
    rays = np.sin((down - 0.02) / (np.maximum(outward, 0.0) + 0.12) * 13.0)
    shade(picture, (0.05 * age + 0.34 * lift * (0.4 + 0.6 * age)) * fan * rays)


def fold_line(sitting: Sitting, acting: Acting) -> tuple[Field, Field]:
    """Return the nasolabial folds: signed distance across them (outside positive) and position along them.

    The position runs from 0 at the wing of the nose to 1 beside the corner of the mouth.
    """
    trait = sitting.trait
    mouth = place_mouth(trait, acting)
    start_x = trait["nose_width"] + 0.05
    start_y = trait["nose_length"] - 0.08 - 0.05 * acting[9] - 0.03 * acting[10]
    end_x = mouth.half_width + 0.11
    end_y = mouth.height + mouth.bend + 0.04
    along = (sitting.y - start_y) / (end_y - start_y)
    middle = np.clip(along, -0.2, 1.2)
    bulge = 0.12 * (acting[12] + 0.5 * acting[10]) * middle * (1.0 - middle)
    return sitting.across - start_x - (end_x - start_x) * middle - bulge, along


def draw_folds(whole: Field, sitting: Sitting, acting: Acting) -> None:
    """Draw the nasolabial folds: deep with units 11 and 12, less so with 9, 10, 15 and 20, and with age."""
    sitting, picture = sitting.window(whole, across=0.85, top=-0.15, bottom=0.95)
    across, along = fold_line(sitting, acting)
    pull = 0.7 * acting[12] + 0.85 * acting[11] + 0.55 * acting[9] + 0.5 * acting[10]
    pull = pull + 0.2 * acting[15] + 0.25 * acting[20]
    depth = np.clip(0.04 + 0.15 * sitting.trait["age"] + 0.32 * pull, 0.0, 0.42)
    reach = bump(((along - 0.45) / 0.75) ** 2)
    shade(picture, depth * reach * (bump((across / 0.08) ** 2) - 0.4 * bump(((across - 0.1) / 0.1) ** 2)))


def draw_forehead(whole: Field, sitting: Sitting, acting: Acting) -> None:
    """Draw lines across the forehead (units 1 and 2) and the furrows between the brows (unit 4)."""
    sitting, picture = sitting.window(whole, across=0.82, top=-0.9, bottom=-0.2)
    age = sitting.trait["age"]
    raised_inner, raised_outer, frown = acting[1], acting[2], acting[4]
    middle = bump((sitting.x / 0.42) ** 2 + ((sitting.y + 0.68) / 0.2) ** 2)
    wide = bump((sitting.x / 0.8) ** 2 + ((sitting.y + 0.66) / 0.22) ** 2)
    lines = np.sin((sitting.y + 0.06 * sitting.x**2) * 46.0 + 9.0 * age)
    both = np.minimum(raised_inner + raised_outer, 1.0) * raised_outer
    amount = np.maximum(raised_inner * middle, both * wide)
    shade(picture, (0.34 * amount * (0.35 + 0.65 * age) + 0.07 * age * wide) * lines)
    down = sitting.y - sitting.trait["brow_height"]
    furrow = bump(((sitting.across - 0.075) / 0.05) ** 2 + ((down - 0.03) / 0.15) ** 2)
    between = bump((sitting.x / 0.17) ** 2 + ((down - 0.04) / 0.14) ** 2)
    shade(picture, (0.06 * age + 0.4 * frown) * furrow + 0.15 * frown * between)
