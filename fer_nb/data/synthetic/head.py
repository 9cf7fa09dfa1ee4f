"""What surrounds the features: background, clothes, neck, hair, ears, and the lit skin of the head."""

from collections.abc import Mapping

import numpy as np

from fer_nb.data.synthetic.canvas import Field, Sitting, bump, paint, shade


def draw_background(sitting: Sitting) -> Field:
    """Return pictures of the background alone: a slope of grey and soft spots, grey levels from 0 to 1."""
    scene = sitting.scene
    slope = scene["background_slope"] * (0.6 * sitting.u + 0.4 * sitting.v)
    # mirrored, because the skin reads the same grain and the two should not match
    spots = scene["background_spots"] * (sitting.broad + 0.3 * sitting.coarse)[:, :, ::-1]
    return np.clip(scene["background"] + slope + spots, 0.02, 0.98)


def draw_shoulders(picture: Field, sitting: Sitting) -> None:
    """Paint the clothes, and the neck in the shadow of the chin."""
    beneath = sitting.v - sitting.trait["face_length"]
    width = np.abs(sitting.u)
    shoulders = beneath - 0.12 + 0.35 * np.clip(1.25 - width, -1.0, 0.5)
    clothes = sitting.scene["clothes"] * (1.0 + 0.12 * sitting.broad)
    paint(picture, clothes, sitting.inside(-shoulders, softness=2))
    neck = np.maximum(width - 0.6 - 0.1 * np.clip(beneath, 0, 1), 0.45 - sitting.v)
    paint(picture, 0.5 * sitting.trait["skin"], sitting.inside(neck, softness=2))


def hair_tone(sitting: Sitting) -> Field:
    """Return the grey level of hair: strands under a soft gloss."""
    tone = sitting.trait["hair"]
    gloss = bump(((sitting.v + 0.95 + 0.3 * sitting.u**2) / 0.4) ** 2)
    lit = 0.8 + (0.5 + 0.2 * sitting.broad) * gloss - 0.15 * np.clip(sitting.v, 0.0, 1.0)
    return np.clip(tone * lit + (0.03 + 0.11 * tone) * sitting.strands + 0.05 * gloss, 0.01, 0.95)


def hair_outline(sitting: Sitting) -> Field:
    """Return the signed distance to the outer edge of the hair; a bald head has none (it is above 0)."""
    trait = sitting.trait
    volume = trait["hair_volume"]
    half_width = trait["face_width"] + 0.7 * volume
    wavy = sitting.u + 0.035 * sitting.coarse
    round_crown = np.sqrt((wavy / half_width) ** 2 + ((sitting.v + 0.15) / (1.08 + volume)) ** 2)
    crown = (round_crown - 1.0) * half_width
    # the sides hang straight down from the widest place of the crown to where the hair ends
    length = trait["hair_length"] + 0.08 * sitting.strands
    fall = np.maximum(np.maximum(np.abs(wavy) - half_width, sitting.v - length), -0.15 - sitting.v)
    short = np.maximum(crown, sitting.v - 0.1)
    return np.minimum(short, fall) + 9.0 * trait["bald"]


def _is_long(trait: Mapping[str, Field]) -> Field:
    """Return 1 where the hair covers the ears and 0 elsewhere."""
    return (trait["hair_length"] > 0.1).astype(np.float32)


def head_outline(sitting: Sitting, jaw_drop: Field) -> Field:
    """Return the signed distance to the edge of the head, the chin lowered by `jaw_drop`."""
    trait = sitting.trait
    below = np.maximum(sitting.v, 0.0)
    length = 1.24 + (sitting.v > 0) * (trait["face_length"] + jaw_drop - 1.24)
    taper = 1.0 + (0.5 - 0.32 * trait["jaw_squareness"]) * below
    across = (sitting.u * taper / trait["face_width"]) ** 2
    down = (sitting.v / length) ** 2
    return (np.sqrt(across + down) - 1.0) * trait["face_width"]


def draw_head(picture: Field, sitting: Sitting, outline: Field) -> None:
    """Paint ears and head, lit as an ellipsoid, with the unevenness of skin."""
    trait, scene = sitting.trait, sitting.scene
    half_width, skin = trait["face_width"], trait["skin"]
    ear_across, ear_down = (np.abs(sitting.u) - half_width) / 0.13, (sitting.v - 0.02) / 0.24
    ear = (np.sqrt(ear_across**2 + ear_down**2) - 1.0) * 0.13
    paint(picture, 0.72 * skin, sitting.inside(ear, softness=1.5) * (1.0 - _is_long(trait)))
    normal_x, normal_y = sitting.x / 1.2, sitting.y / 1.7
    normal_z = np.sqrt(np.maximum(1.0 - normal_x**2 - normal_y**2, 0.05))
    light_x, light_y = scene["light_x"], scene["light_y"]
    lit = np.maximum(normal_x * light_x + normal_y * light_y + normal_z, 0.0)
    lit /= np.sqrt(1.0 + light_x**2 + light_y**2)
    lit *= lit
    tone = skin * (scene["ambient"] + (1.12 - scene["ambient"]) * lit)
    unevenness = sitting.coarse + 0.5 * sitting.fine + 0.8 * sitting.broad
    tone *= 1.0 + 0.03 * trait["skin_texture"] * unevenness
    cover = sitting.inside(outline)
    paint(picture, tone, cover)
    # the edge turns away from the camera
    shade(picture, 0.28 * bump((outline / 0.2) ** 2) * cover)


def draw_hair(picture: Field, sitting: Sitting, tone: Field, outline: Field) -> None:
    """Paint the hair that lies over the head, around an opening for the face, and its shadow on the skin."""
    trait = sitting.trait
    half_width = trait["face_width"] * (0.99 - 0.1 * _is_long(trait))
    ragged = 0.02 * sitting.strands
    rise = np.minimum(sitting.v - 0.1, 0.0) / (0.1 - trait["hairline"])
    opening = (np.sqrt((sitting.u / half_width) ** 2 + rise**2) - 1.0) * half_width
    swept = trait["hairline"] + 0.24 + ragged + trait["hair_curve"] * (sitting.u - trait["parting"]) ** 2
    fringe = swept - sitting.v + 9.0 * (trait["fringe"] - 1.0)  # who has none has it far away
    free = np.maximum(opening + ragged, fringe)
    cover = sitting.inside(np.maximum(outline, -free), softness=1.8)
    paint(picture, tone, cover)
    shade(picture, 0.25 * bump((np.minimum(free, 0.0) / 0.16) ** 2) * (1.0 - cover) * (outline < 0))


def draw_beard(picture: Field, sitting: Sitting, outline: Field, mouth_height: Field) -> None:
    """Paint beard and moustache over the skin, before the lips."""
    trait = sitting.trait
    growth = 1.0 + 0.2 * sitting.fine - 0.3 * trait["hair"]
    upper_edge = mouth_height - 0.02 - 0.4 * np.clip((sitting.across - 0.35) / 0.55, 0.0, 1.0) ** 2
    beard = np.maximum(upper_edge + 0.04 * sitting.coarse - sitting.y, outline)
    shade(picture, 0.72 * trait["beard"] * growth * sitting.inside(beard, softness=5))
    drooping = mouth_height - 0.12 + 0.3 * sitting.across**2
    moustache = np.maximum(np.abs(sitting.y - drooping) - 0.055, sitting.across - 0.36)
    shade(picture, 0.75 * trait["moustache"] * growth * sitting.inside(moustache, softness=2.5))


def draw_hard_shadow(picture: Field, sitting: Sitting, outline: Field) -> None:
    """Darken the side of the face that the light does not reach, where the picture has a hard light."""
    away = np.where(sitting.scene["light_x"] < 0, np.float32(1), np.float32(-1))
    cover = np.clip(0.35 + away * sitting.x / 0.7, 0.0, 1.0) * sitting.inside(outline)
    shade(picture, 0.5 * cover * sitting.scene["hard_shadow"])
