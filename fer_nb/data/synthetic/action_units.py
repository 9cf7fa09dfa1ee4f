"""Which facial action units an emotion shows, how often and how strongly.

The table is that of Du, Tao and Martinez, "Compound facial expressions of emotion", PNAS 111 (2014):
units that most people show, and further ones with the share of people who show them. A unit is a group of
muscles that move together (Ekman and Friesen's Facial Action Coding System).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from fer_nb.language import Text

TABLES = yaml.safe_load(Path(__file__).with_name("faces.yaml").read_text(encoding="utf-8"))
"""All that practice faces are drawn from."""

UNITS = {number: Text(**name) for number, name in TABLES["units"].items()}
"""The 18 action units that can be drawn, by their number in the Facial Action Coding System."""

COLUMN = {number: column for column, number in enumerate(UNITS)}
"""Column of a unit in an array of intensities (N, 18)."""

EMOTION_UNITS: dict[str, dict[int, float]] = TABLES["emotion_units"]
"""Emotion -> unit -> share of people who show it (0 to 1)."""


def rate_table() -> np.ndarray:
    """Return EMOTION_UNITS as an array (7, 18) of rates: rows as in EMOTIONS, columns as in UNITS."""
    rates = [[shares.get(number, 0.0) for number in UNITS] for shares in EMOTION_UNITS.values()]
    return np.array(rates, np.float32)


def sample_units(
    emotions: np.ndarray, level: Mapping[str, Any], generator: np.random.Generator
) -> np.ndarray:
    """Draw the intensities of the action units of faces that show given emotions.

    A face has one overall strength of expression; each unit that its emotion calls for appears with its
    rate, near that strength. Apart from it any unit may stir a little, as it does in a resting face.

    Args:
        emotions: Classes (N,), 0 to 6.
        level: How hard the faces are to tell apart: "strength", the lowest and highest overall strength of an
            expression, 0 to 1, and "stray", the probability that a unit stirs (up to a third of its range)
            without the emotion's doing.
        generator: Source of randomness.

    Returns:
        Intensities float32 (N, 18), 0 (at rest) to 1.
    """
    shape = (len(emotions), len(UNITS))
    present = generator.random(shape) < rate_table()[emotions]
    weakest, strongest = level["strength"]
    overall = generator.uniform(weakest, strongest, (len(emotions), 1))
    intended = present * overall * generator.uniform(0.7, 1.15, shape)
    stirring = (generator.random(shape) < level["stray"]) * generator.uniform(0.0, 0.35, shape)
    return np.clip(np.maximum(intended, stirring), 0.0, 1.0).astype(np.float32)
