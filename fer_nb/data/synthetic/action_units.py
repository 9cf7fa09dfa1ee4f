"""Which facial action units an emotion shows, how often and how strongly.

The table is that of Du, Tao and Martinez, "Compound facial expressions of emotion", PNAS 111 (2014):
units that most people show, and further ones with the share of people who show them. A unit is a group of
muscles that move together (Ekman and Friesen's Facial Action Coding System).
"""

import numpy as np

from fer_nb.language import EMOTIONS, Text

UNITS = {
    1: Text("眉毛內側上揚", "inner brow raised"),
    2: Text("眉毛外側上揚", "outer brow raised"),
    4: Text("皺眉", "brows lowered and drawn together"),
    5: Text("上眼瞼上提", "upper lid raised"),
    6: Text("臉頰上提", "cheeks raised"),
    7: Text("眼瞼緊縮", "lids tightened"),
    9: Text("皺鼻", "nose wrinkled"),
    10: Text("上唇上提", "upper lip raised"),
    11: Text("法令紋加深", "nasolabial folds deepened"),
    12: Text("嘴角上揚", "lip corners pulled up"),
    15: Text("嘴角下垂", "lip corners pulled down"),
    16: Text("下唇下拉", "lower lip pulled down"),
    17: Text("下巴上推", "chin raised"),
    20: Text("嘴唇橫向拉伸", "lips stretched"),
    23: Text("嘴唇收緊", "lips tightened"),
    24: Text("嘴唇緊壓", "lips pressed together"),
    25: Text("嘴唇分開", "lips parted"),
    26: Text("下顎張開", "jaw dropped"),
}
"""The 18 action units that can be drawn, by their number in the Facial Action Coding System."""

COLUMN = {number: column for column, number in enumerate(UNITS)}
"""Column of a unit in an array of intensities (N, 18)."""

# Our choice for the units that the paper gives as shown by most people, without a rate each.
MOST_PEOPLE = 0.9
EMOTION_UNITS: dict[str, dict[int, float]] = {
    "angry": {4: MOST_PEOPLE, 7: MOST_PEOPLE, 24: MOST_PEOPLE, 10: 0.26, 17: 0.52, 23: 0.29},
    "disgust": {9: MOST_PEOPLE, 10: MOST_PEOPLE, 17: MOST_PEOPLE, 4: 0.31, 24: 0.26},
    "fear": {1: MOST_PEOPLE, 4: MOST_PEOPLE, 20: MOST_PEOPLE, 25: MOST_PEOPLE, 2: 0.57, 5: 0.63, 26: 0.33},
    "happy": {12: MOST_PEOPLE, 25: MOST_PEOPLE, 6: 0.51},
    "sad": {4: MOST_PEOPLE, 15: MOST_PEOPLE, 1: 0.60, 6: 0.50, 11: 0.26, 17: 0.67},
    "surprise": {1: MOST_PEOPLE, 2: MOST_PEOPLE, 25: MOST_PEOPLE, 26: MOST_PEOPLE, 5: 0.66},
    "neutral": {},
}
"""Emotion -> unit -> share of people who show it (0 to 1)."""


def rate_table() -> np.ndarray:
    """Return EMOTION_UNITS as an array (7, 18) of rates: rows as in EMOTIONS, columns as in UNITS."""
    rates = np.zeros((len(EMOTIONS), len(UNITS)), dtype=np.float32)
    for row, emotion in enumerate(EMOTIONS):
        for number, rate in EMOTION_UNITS[emotion.en].items():
            rates[row, COLUMN[number]] = rate
    return rates


def sample_units(
    emotions: np.ndarray,
    *,
    strength: tuple[float, float],
    stray: float,
    generator: np.random.Generator,
) -> np.ndarray:
    """Draw the intensities of the action units of faces that show given emotions.

    A face has one overall strength of expression; each unit that its emotion calls for appears with its
    rate, near that strength. Apart from it any unit may stir a little, as it does in a resting face.

    Args:
        emotions: Classes (N,), 0 to 6.
        strength: Lowest and highest overall strength of an expression, 0 to 1.
        stray: Probability that a unit stirs (up to a third of its range) without the emotion's doing.
        generator: Source of randomness.

    Returns:
        Intensities float32 (N, 18), 0 (at rest) to 1.
    """
    shape = (len(emotions), len(UNITS))
    present = generator.random(shape) < rate_table()[emotions]
    overall = generator.uniform(*strength, size=(len(emotions), 1))
    intended = present * overall * generator.uniform(0.7, 1.15, shape)
    stirring = (generator.random(shape) < stray) * generator.uniform(0.0, 0.35, shape)
    return np.clip(np.maximum(intended, stirring), 0.0, 1.0).astype(np.float32)
