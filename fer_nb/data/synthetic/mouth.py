"""The mouth: lips, the opening between them, teeth, tongue and the dents around it."""

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.synthetic.canvas import Canvas, Field, bump, column, paint, shade
from fer_nb.data.synthetic.landmarks import Acting, Mouth


def lip_edges(canvas: Canvas, mouth: Mouth, asymmetry: Field) -> tuple[Field, Field, Field, Field]:
    """Return the heights y of the lips' four edges, from the top of the upper lip to the bottom of the lower.

    Outside the corners all four run together.
    """
    along = canvas.x / mouth.half_width
    square = np.minimum(along * along, 1.0)
    flat = 1.0 - square
    arched = np.sqrt(flat)
    opening = mouth.gap * (flat + mouth.round * (arched - flat))
    line = mouth.height + mouth.bend * square + 0.035 * asymmetry * along
    line = line - mouth.upper_rise * flat
    upper_inner = line - 0.25 * opening
    lower_inner = line + 0.75 * opening + 0.5 * mouth.upper_rise * flat * np.minimum(opening * 20.0, 1.0)
    bow = 1.0 - 0.3 * bump((canvas.x / 0.09) ** 2)
    upper_outer = upper_inner - mouth.upper_lip * (0.35 * flat + 0.65 * arched) * bow
    lower_outer = lower_inner + mouth.lower_lip * arched
    return upper_outer, upper_inner, lower_inner, lower_outer


def draw_mouth(
    picture: Field, canvas: Canvas, mouth: Mouth, identity: NDArray[np.void], acting: Acting
) -> None:
    """Paint the mouth as the geometry says, with the chin's dent of unit 17 and the corners' of 12, 15 and 20."""
    skin = column(identity["skin"])
    edges = lip_edges(canvas, mouth, column(identity["asymmetry"]))
    upper_outer, upper_inner, lower_inner, lower_outer = edges
    beyond = canvas.across - mouth.half_width
    chin = ((canvas.x / 0.34) ** 2) + ((canvas.y - mouth.height - 0.33 - mouth.jaw_drop) / 0.13) ** 2
    shade(picture, -0.1 * bump(chin))
    shade(picture, acting[17] * bump(chin) * (0.1 + 0.14 * np.sin(canvas.x * 38.0) * np.sin(canvas.y * 45.0)))
    shadow = ((canvas.y - lower_outer - 0.045) / 0.075) ** 2 + (canvas.x / (0.8 * mouth.half_width)) ** 2
    shade(picture, 0.24 * bump(shadow))
    groove = (canvas.x / 0.05) ** 2 + ((canvas.y - upper_outer + 0.08) / 0.09) ** 2
    shade(picture, 0.12 * bump(groove))

    lips = np.maximum(np.maximum(upper_outer - canvas.y, canvas.y - lower_outer), beyond)
    tone = skin * column(identity["lip_tone"])
    tone = tone * np.where(canvas.y < (upper_inner + lower_inner) / 2, np.float32(0.86), np.float32(1.06))
    paint(picture, tone, canvas.inside(lips))
    gloss = ((canvas.y - (lower_inner + lower_outer) / 2) / 0.035) ** 2 + (canvas.x / 0.16) ** 2
    shade(picture, -0.16 * bump(gloss) * canvas.inside(lips))

    inside = np.maximum(np.maximum(upper_inner - canvas.y, canvas.y - lower_inner), beyond)
    cover = canvas.inside(inside)
    paint(picture, 0.07 + 0.1 * skin, 0.88 * cover)
    tongue = ((canvas.y - lower_inner + 0.02) / 0.12) ** 2 + (canvas.x / (0.6 * mouth.half_width)) ** 2
    paint(picture, 0.45 * skin + 0.05, bump(tongue) * cover * np.minimum(mouth.gap * 6.0, 1.0))
    shown = np.clip(0.12 - 0.25 * mouth.gap * mouth.round, 0.03, None)
    teeth = np.maximum(inside + 0.012, canvas.y - upper_inner - shown)
    white = column(identity["teeth"]) * (1.0 - 0.35 * (canvas.x / mouth.half_width) ** 2)
    paint(picture, white, canvas.inside(teeth) * np.clip(mouth.gap * 14.0 - 0.35, 0.0, 0.95))
    bottom = np.maximum(inside + 0.012, lower_inner - 0.05 - canvas.y)
    baring = np.clip(1.6 * acting[20] * acting[25] + acting[16], 0.0, 1.0)
    paint(picture, 0.85 * white, canvas.inside(bottom) * baring * np.clip(mouth.gap * 14.0 - 0.5, 0.0, 0.8))

    corner = mouth.height + mouth.bend
    dent = ((canvas.across - mouth.half_width - 0.03) / 0.07) ** 2 + ((canvas.y - corner - 0.02) / 0.08) ** 2
    pulled = 0.3 * acting[12] + 0.3 * acting[20] + 0.34 * acting[15]
    shade(picture, (0.12 + pulled) * bump(dent))
    sag = ((canvas.across - mouth.half_width - 0.02) / 0.06) ** 2 + ((canvas.y - corner - 0.13) / 0.13) ** 2
    shade(picture, 0.28 * acting[15] * bump(sag))
