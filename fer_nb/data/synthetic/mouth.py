"""The mouth: lips, the opening between them, teeth, tongue and the dents around it."""

import numpy as np

from fer_nb.data.synthetic.canvas import Field, Sitting, bump, paint, shade
from fer_nb.data.synthetic.landmarks import Acting, Part


def lip_edges(sitting: Sitting, mouth: Part) -> tuple[Field, Field, Field, Field]:
    """Return the heights y of the lips' four edges, from the top of the upper lip to the bottom of the lower.

    Outside the corners all four run together.
    """
    along = sitting.x / mouth.half_width
    square = np.minimum(along * along, 1.0)
    flat = 1.0 - square
    arched = np.sqrt(flat)
    opening = mouth.gap * (flat + mouth.round * (arched - flat))
    line = mouth.height + mouth.bend * square + 0.035 * sitting.trait["asymmetry"] * along
    upper_inner = line - 0.25 * opening - mouth.upper_rise * flat
    lower_inner = line + 0.75 * opening - mouth.upper_rise * flat * (1.0 - np.minimum(mouth.gap * 12.0, 1.0))
    bow = 1.0 - 0.3 * bump((sitting.x / 0.09) ** 2)
    upper_outer = upper_inner - mouth.upper_lip * (0.35 * flat + 0.65 * arched) * bow
    lower_outer = lower_inner + mouth.lower_lip * arched
    return upper_outer, upper_inner, lower_inner, lower_outer


def draw_mouth(whole: Field, sitting: Sitting, mouth: Part, acting: Acting) -> None:
    """Paint the mouth as its geometry says, and the dents of units 12, 15, 17 and 20 beside and below it."""
    sitting, picture = sitting.window(whole, across=0.75, top=0.25, bottom=1.45)
    upper_outer, upper_inner, lower_inner, lower_outer = lip_edges(sitting, mouth)
    x, y, skin = sitting.x, sitting.y, sitting.trait["skin"]
    beyond, down = sitting.across - mouth.half_width, y - mouth.height - mouth.bend

    chin = bump((x / 0.34) ** 2 + ((y - mouth.height - 0.33 - mouth.jaw_drop) / 0.13) ** 2)
    pebbles = 0.1 + 0.16 * np.sin(x * 38.0) * np.sin(y * 45.0)
    shade(picture, chin * (acting[17] * pebbles - 0.1))
    beneath = ((y - lower_outer - 0.045) / 0.075) ** 2 + (x / (0.8 * mouth.half_width)) ** 2
    shade(picture, 0.26 * bump(beneath))
    shade(picture, 0.12 * bump((x / 0.05) ** 2 + ((y - upper_outer + 0.08) / 0.09) ** 2))
    dent = 0.12 + 0.3 * acting[12] + 0.3 * acting[20] + 0.34 * acting[15]
    shade(picture, dent * bump(((beyond - 0.03) / 0.07) ** 2 + ((down - 0.02) / 0.08) ** 2))
    shade(picture, 0.3 * acting[15] * bump(((beyond - 0.02) / 0.06) ** 2 + ((down - 0.13) / 0.13) ** 2))

    lips = sitting.inside(np.maximum(np.maximum(upper_outer - y, y - lower_outer), beyond))
    tone = skin * sitting.trait["lip_tone"]
    upper = y < (upper_inner + lower_inner) / 2
    paint(picture, 0.98 * tone - upper * (0.16 * tone), lips)
    gloss = ((y - (lower_inner + lower_outer) / 2) / 0.035) ** 2 + (x / 0.16) ** 2
    shade(picture, -0.13 * bump(gloss) * lips)

    inside = np.maximum(np.maximum(upper_inner - y, y - lower_inner), beyond)
    cover = sitting.inside(inside)
    paint(picture, 0.05 + 0.1 * skin, 0.9 * cover)
    tongue = ((y - lower_inner + 0.02) / 0.12) ** 2 + (x / (0.6 * mouth.half_width)) ** 2
    paint(picture, 0.45 * skin + 0.05, bump(tongue) * cover * np.minimum(mouth.gap * 5.0, 1.0))
    shown = np.maximum(0.14 - 0.3 * mouth.gap * mouth.round, 0.03)
    teeth = np.maximum(inside + 0.012, y - upper_inner - shown)
    white = sitting.trait["teeth"] * (1.0 - 0.35 * (x / mouth.half_width) ** 2)
    paint(picture, white, sitting.inside(teeth) * np.clip(mouth.gap * 14.0 - 0.35, 0.0, 0.95))
    bottom = np.maximum(inside + 0.012, lower_inner - 0.05 - y)
    bared = np.clip(1.6 * acting[20] * acting[25] + acting[16], 0.0, 1.0)
    paint(picture, 0.85 * white, sitting.inside(bottom) * bared * np.clip(mouth.gap * 14.0 - 0.5, 0.0, 0.8))
