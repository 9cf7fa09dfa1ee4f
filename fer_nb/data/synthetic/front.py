"""What lies in front of a face: a hand, a strand of hair, a watermark."""

import numpy as np

from fer_nb.data.faces import SIZE
from fer_nb.data.synthetic.canvas import Field, Sitting, paint


def hand_cover(sitting: Sitting) -> tuple[Field, Field]:
    """Return how much of each pixel the hand covers, and its shading across the fingers.

    Four fingers beside one another come from below, on one side, and reach to the cheek or the mouth.
    """
    scene = sitting.scene
    side = np.where(scene["place_a"] < 0.5, np.float32(-1), np.float32(1))
    lean = 0.5 * (scene["place_b"] - 0.3) * side
    tip = 0.75 - 0.5 * scene["place_c"]
    across = sitting.u - side * (0.25 + 0.6 * scene["place_b"]) + lean * (sitting.v - tip)
    finger = across / 0.19 + 2.0
    bow = np.abs(finger - np.floor(finger) - 0.5) * 2.0
    reach = tip + 0.1 * np.abs(np.floor(finger) - 1.5) ** 2 + 0.08 * bow * bow
    distance = np.maximum(np.abs(across) - 0.38, reach - sitting.v)
    return sitting.inside(distance, softness=1.4), 1.0 - 0.42 * (bow * bow) ** 2


def strand_cover(sitting: Sitting) -> Field:
    """Return how much of each pixel the strand of hair covers that falls across one side of the face."""
    scene = sitting.scene
    side = np.where(scene["place_b"] < 0.5, np.float32(-1), np.float32(1))
    line = 0.25 + 0.35 * scene["place_a"] + 0.35 * (sitting.v + 0.9) * scene["place_c"]
    half = 0.2 - 0.05 * sitting.v + 0.05 * sitting.strands
    distance = np.maximum(np.abs(sitting.u * side - line) - half, sitting.v - 0.9)
    density = np.clip(0.8 + 0.25 * sitting.strands, 0.0, 1.0)
    return sitting.inside(distance, softness=3.0) * density


def draw_front(picture: Field, sitting: Sitting, hair: Field) -> None:
    """Paint the strand of hair and the hand, where there are any."""
    paint(picture, hair, strand_cover(sitting) * sitting.scene["strand"])
    cover, shading = hand_cover(sitting)
    paint(picture, 0.95 * sitting.trait["skin"] * shading, cover * sitting.scene["hand"])


def draw_watermark(picture: Field, sitting: Sitting) -> None:
    """Paint a line of pale strokes, as stock pictures carry, across the pictures that have one."""
    scene = {name: sitting.scene[name][:, 0, 0] for name in ("watermark", "place_a", "place_b")}
    for index in np.flatnonzero(scene["watermark"]):
        top = int(6 + 32 * scene["place_a"][index])
        left = int(2 + 14 * scene["place_b"][index])
        letters = sitting.fine[index, :5, : SIZE - left - 2] > 0.1
        letters = letters & (np.arange(letters.shape[1]) % 4 != 3)  # a gap after each letter of three pixels
        band = picture[index, top : top + 5, left : left + letters.shape[1]]
        band += 0.45 * letters * (1.0 - band)
