"""What surrounds the features: background, clothes, neck, hair, ears, and the lit skin of the head."""

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.synthetic.canvas import Canvas, Field, Grain, bump, column, paint, shade


def draw_background(canvas: Canvas, scene: NDArray[np.void], grain: Grain) -> Field:
    """Return pictures of the background alone: a slope of grey and soft spots, grey levels from 0 to 1."""
    slope = column(scene["background_slope"]) * (0.6 * canvas.u + 0.4 * canvas.v)
    # the coarse grain mirrored: the skin reads it too, and the two should not match
    spots = column(scene["background_blobs"]) * grain.coarse[:, :, ::-1]
    return np.clip(column(scene["background"]) + slope + spots, 0.02, 0.98)


def draw_shoulders(
    picture: Field, canvas: Canvas, identity: NDArray[np.void], scene: NDArray[np.void], grain: Grain
) -> None:
    """Paint the neck, in the shadow of the chin, and the clothes."""
    length = column(identity["face_length"])
    beneath = canvas.v - length
    shoulders = beneath - 0.12 + 0.35 * np.clip(1.25 - np.abs(canvas.u), -1.0, 0.5)
    paint(picture, column(scene["clothes"]) + 0.05 * grain.coarse, canvas.inside(-shoulders, softness=2))
    neck = np.maximum(np.abs(canvas.u) - 0.58 - 0.1 * np.clip(beneath, 0, 1), 0.45 - canvas.v)
    paint(picture, 0.55 * column(identity["skin"]), canvas.inside(neck, softness=2))


def hair_tone(canvas: Canvas, identity: NDArray[np.void], grain: Grain) -> Field:
    """Return the grey level of hair: strands are the grain, drawn out downwards, under a soft gloss."""
    strands = (grain.fine + np.roll(grain.fine, 1, axis=1) + np.roll(grain.fine, 2, axis=1)) * 0.3
    tone = column(identity["hair"])
    gloss = bump(((canvas.v + 1.0) / 0.35) ** 2) * (0.3 + 0.3 * tone)
    return np.clip(tone * (0.92 + 0.35 * gloss) + (0.03 + 0.09 * tone) * strands, 0.01, 0.95)


def hair_outline(canvas: Canvas, identity: NDArray[np.void]) -> Field:
    """Return the signed distance to the outer edge of the hair; bald heads have none (distance above 0)."""
    volume = column(identity["hair_volume"])
    half_width = column(identity["face_width"]) + 0.75 * volume
    crown = (
        np.sqrt((canvas.u / half_width) ** 2 + ((canvas.v + 0.2) / (1.0 + volume)) ** 2) - 1.0
    ) * half_width
    fall = np.maximum(
        np.maximum(np.abs(canvas.u) - half_width, canvas.v - column(identity["hair_length"])), -0.2 - canvas.v
    )
    return np.minimum(np.where(canvas.v < 0, crown, np.maximum(crown, canvas.v)), fall) + 9.0 * column(
        identity["bald"]
    )


def head_outline(canvas: Canvas, identity: NDArray[np.void], jaw_drop: Field) -> Field:
    """Return the signed distance to the edge of the head, chin lowered by `jaw_drop`."""
    half_width = column(identity["face_width"])
    length = np.where(canvas.v < 0, np.float32(1.24), column(identity["face_length"]) + jaw_drop)
    taper = 1.0 + (0.22 - 0.2 * column(identity["jaw_squareness"])) * np.clip(canvas.v, 0.0, None)
    across = (canvas.u * taper / half_width) ** 2
    down = (canvas.v / length) ** 2
    return (np.sqrt(across + down) - 1.0) * half_width


def draw_head(
    picture: Field,
    canvas: Canvas,
    identity: NDArray[np.void],
    scene: NDArray[np.void],
    grain: Grain,
    outline: Field,
) -> None:
    """Paint ears and head, lit as an ellipsoid, with the unevenness of skin."""
    half_width = column(identity["face_width"])
    skin = column(identity["skin"])
    ear = (
        np.sqrt(((np.abs(canvas.u) - half_width) / 0.13) ** 2 + ((canvas.v - 0.02) / 0.24) ** 2) - 1.0
    ) * 0.13
    covered = column((identity["hair_length"] > 0.1).astype(np.float32))
    paint(picture, 0.72 * skin, canvas.inside(ear, softness=1.5) * (1.0 - covered))
    normal_x, normal_y = canvas.x / 1.25, canvas.y / 1.7
    normal_z = np.sqrt(np.clip(1.0 - normal_x**2 - normal_y**2, 0.05, None))
    light_x, light_y = column(scene["light_x"]), column(scene["light_y"])
    strength = np.sqrt(1.0 + light_x**2 + light_y**2)
    lit = np.clip(normal_x * light_x + normal_y * light_y + normal_z, 0.0, None) / strength
    ambient = column(scene["ambient"])
    tone = skin * (ambient + (1.12 - ambient) * lit)
    tone *= 1.0 + 0.035 * column(identity["skin_texture"]) * (grain.coarse + 0.5 * grain.fine)
    paint(picture, tone, canvas.inside(outline))
    # the edge turns away from the camera
    shade(picture, 0.3 * bump((outline / 0.16) ** 2) * canvas.inside(outline))


def draw_hair(
    picture: Field, canvas: Canvas, identity: NDArray[np.void], tone: Field, outline: Field
) -> None:
    """Paint the hair that lies over the head: hairline or fringe, and the strands beside the face."""
    parted = canvas.u - column(identity["parting"])
    fringe = column(identity["fringe"])
    line = column(identity["hairline"]) + fringe * 0.28
    line = line + column(identity["hair_curve"]) * (1.0 - fringe) * parted**2
    beside = column(identity["face_width"]) * (1.0 - 0.1 * (identity["hair_length"] > 0.1)[:, None, None])
    front = np.minimum(canvas.v - line, beside - np.abs(canvas.u))
    cover = canvas.inside(np.maximum(outline, front), softness=1.8)
    paint(picture, tone, cover)
    # a shadow on the skin just below the hairline
    shade(
        picture, 0.22 * bump(((canvas.v - line) / 0.14) ** 2) * (1.0 - cover) * canvas.inside(outline + 0.1)
    )


def draw_beard(
    picture: Field,
    canvas: Canvas,
    identity: NDArray[np.void],
    grain: Grain,
    outline: Field,
    mouth_height: Field,
) -> None:
    """Paint beard and moustache over the skin, before the lips."""
    tone = 0.5 * column(identity["hair"]) + 0.5 * column(identity["brow_tone"]) + 0.03 * grain.fine
    jaw = mouth_height - 0.28 + 0.35 * (1.0 - np.clip(canvas.across / 0.85, 0.0, 1.0))
    beard = np.maximum(np.maximum(jaw - canvas.y, outline), 0.12 - canvas.across * 0.2 - canvas.v + 0.2)
    paint(picture, tone, 0.75 * column(identity["beard"]) * canvas.inside(beard, softness=3))
    drooping = mouth_height - 0.13 + 0.3 * canvas.across**2
    moustache = np.maximum(np.abs(canvas.y - drooping) - 0.06, canvas.across - 0.36)
    paint(picture, tone, 0.85 * column(identity["moustache"]) * canvas.inside(moustache, softness=1.8))


def draw_hard_shadow(picture: Field, canvas: Canvas, scene: NDArray[np.void], outline: Field) -> None:
    """Darken the side of the face that the light does not reach, where the picture has a hard light."""
    away = -np.where(scene["light_x"] < 0, -1.0, 1.0).astype(np.float32)[:, None, None]
    cover = np.clip(0.3 + away * canvas.x / 0.35, 0.0, 1.0) * canvas.inside(outline)
    shade(picture, 0.5 * column(scene["hard_shadow"]) * cover)
