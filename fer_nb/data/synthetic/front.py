"""What lies in front of a face: a hand, a strand of hair, a watermark."""

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.synthetic.canvas import SIZE, Canvas, Field, Grain, column, paint


def hand_cover(canvas: Canvas, scene: NDArray[np.void]) -> tuple[Field, Field]:
    """Return how much of each pixel a hand covers, and its shading across the fingers (both (B, 48, 48)).

    Four fingers beside one another come from below, on one side, and reach to the cheek or the mouth.
    """
    held = column(scene["hand"])
    side = np.where(scene["place_a"] < 0.5, -1.0, 1.0).astype(np.float32)[:, None, None]
    lean = 0.5 * (column(scene["place_b"]) - 0.3) * side
    middle = side * (0.25 + 0.6 * column(scene["place_b"]))
    tip = 0.75 - 0.5 * column(scene["place_c"])
    across = canvas.u - middle + lean * (canvas.v - tip)
    finger = across / 0.19 + 2.0
    bow = np.abs(finger - np.floor(finger) - 0.5) * 2.0
    reach = tip + 0.1 * np.abs(np.floor(finger) - 1.5) ** 2 + 0.08 * bow * bow
    distance = np.maximum(np.abs(across) - 0.38, reach - canvas.v)
    return held * canvas.inside(distance, softness=1.4), 1.0 - 0.42 * bow**4


def strand_cover(canvas: Canvas, scene: NDArray[np.void], grain: Grain) -> Field:
    """Return how much of each pixel a strand of hair covers that falls across one side of the face."""
    side = np.where(scene["place_b"] < 0.5, -1.0, 1.0).astype(np.float32)[:, None, None]
    start = 0.25 + 0.35 * column(scene["place_a"])
    line = start + 0.35 * (canvas.v + 0.9) * column(scene["place_c"])
    half = 0.2 - 0.05 * canvas.v
    cover = canvas.inside(np.maximum(np.abs(canvas.u * side - line) - half, canvas.v - 0.9), softness=3.0)
    return column(scene["strand"]) * cover * np.clip(0.8 + 0.25 * grain.coarse, 0.0, 1.0)


def draw_front(
    picture: Field,
    canvas: Canvas,
    identity: NDArray[np.void],
    scene: NDArray[np.void],
    grain: Grain,
    hair: Field,
) -> None:
    """Paint the strand of hair and the hand, where there are any."""
    if scene["strand"].any():
        paint(picture, hair, strand_cover(canvas, scene, grain))
    if scene["hand"].any():
        cover, shading = hand_cover(canvas, scene)
        paint(picture, 0.95 * column(identity["skin"]) * shading, cover)


def draw_watermark(picture: Field, scene: NDArray[np.void], grain: Grain) -> None:
    """Paint a line of pale strokes, as stock pictures carry, across the pictures that have one."""
    for index in np.flatnonzero(scene["watermark"]):
        top = int(6 + 32 * scene["place_a"][index])
        left = int(2 + 14 * scene["place_b"][index])
        letters = grain.fine[index, :5, : SIZE - left - 2] > 0.1
        letters = letters & (np.arange(letters.shape[1]) % 4 != 3)  # a gap after each letter of three pixels
        band = picture[index, top : top + 5, left : left + letters.shape[1]]
        band += 0.45 * letters * (1.0 - band)
