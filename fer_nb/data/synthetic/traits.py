"""Who a face is and how it was photographed: the random quantities behind a practice face."""

import numpy as np

IDENTITY = {
    # name: mean, standard deviation, lowest, highest; lengths in half face widths
    "face_width": (0.94, 0.055, 0.82, 1.08),
    "face_length": (1.17, 0.07, 1.0, 1.34),
    "jaw_squareness": (0.45, 0.28, 0.0, 1.0),
    "skin": (0.68, 0.14, 0.3, 0.9),  # grey level, 0 black to 1 white
    "skin_texture": (0.5, 0.3, 0.05, 1.2),
    "hair": (0.22, 0.2, 0.03, 0.8),
    "hairline": (-0.86, 0.1, -1.1, -0.62),
    "hair_curve": (0.3, 0.3, -0.2, 0.9),
    "hair_length": (0.3, 0.9, -1.0, 1.6),  # below the eyes; negative is short
    "hair_volume": (0.22, 0.09, 0.04, 0.42),
    "parting": (0.0, 0.35, -0.8, 0.8),
    "age": (0.35, 0.28, 0.0, 1.0),  # depth of lines
    "eye_spacing": (0.43, 0.03, 0.36, 0.5),
    "eye_height": (-0.2, 0.04, -0.29, -0.11),
    "eye_width": (0.215, 0.02, 0.16, 0.25),
    "eye_opening": (0.075, 0.015, 0.04, 0.11),
    "eye_tilt": (0.0, 0.06, -0.14, 0.14),
    "iris": (0.16, 0.09, 0.03, 0.42),
    "eye_makeup": (0.35, 0.3, 0.0, 1.0),
    "brow_height": (-0.44, 0.025, -0.53, -0.35),
    "brow_length": (0.27, 0.025, 0.21, 0.33),
    "brow_thickness": (0.05, 0.015, 0.022, 0.085),
    "brow_slope": (-0.01, 0.022, -0.07, 0.05),
    "brow_arch": (0.045, 0.02, 0.0, 0.09),
    "brow_tone": (0.2, 0.1, 0.04, 0.5),
    "nose_length": (0.27, 0.035, 0.18, 0.36),
    "nose_width": (0.17, 0.022, 0.12, 0.23),
    "nose_relief": (0.6, 0.22, 0.2, 1.1),
    "mouth_height": (0.6, 0.035, 0.51, 0.69),
    "mouth_width": (0.345, 0.03, 0.26, 0.41),
    "mouth_bend": (0.0, 0.016, -0.04, 0.04),  # resting height of the corners, positive is down
    "upper_lip": (0.055, 0.014, 0.025, 0.095),
    "lower_lip": (0.078, 0.016, 0.04, 0.12),
    "lip_tone": (0.74, 0.09, 0.5, 0.92),  # relative to the skin
    "teeth": (0.86, 0.06, 0.68, 0.97),
    "asymmetry": (0.0, 0.35, -1.0, 1.0),
}
"""Continuous traits: normal distributions cut at the ends."""

IDENTITY_SHARES = {"bald": 0.08, "fringe": 0.18, "glasses": 0.13, "beard": 0.12, "moustache": 0.14}
"""Share of people who have a trait; beard and moustache as stubble to full, drawn from 0.35 to 1."""

SCENE = {
    "turn": (0.0, 0.2, -0.55, 0.55),  # radians, to the side
    "nod": (0.0, 0.1, -0.28, 0.28),  # radians, up and down
    "tilt": (0.0, 0.11, -0.4, 0.4),  # radians, in the image plane
    "scale": (21.2, 1.2, 17.5, 24.5),  # pixels a half face width
    "shift_x": (0.0, 1.4, -4.0, 4.0),  # pixels
    "shift_y": (-1.2, 1.4, -5.0, 3.0),
    "gaze_x": (0.0, 0.3, -1.0, 1.0),
    "gaze_y": (0.0, 0.2, -0.6, 0.6),
    "light_x": (0.0, 0.5, -1.1, 1.1),
    "light_y": (-0.35, 0.3, -1.0, 0.5),
    "ambient": (0.42, 0.12, 0.2, 0.75),
    "exposure": (1.02, 0.13, 0.65, 1.3),
    "contrast": (1.12, 0.18, 0.6, 1.55),
    "background": (0.5, 0.3, 0.02, 0.98),
    "background_slope": (0.0, 0.2, -0.5, 0.5),
    "background_spots": (0.06, 0.09, 0.0, 0.4),
    "clothes": (0.4, 0.25, 0.03, 0.95),
}
"""Continuous properties of the picture: normal distributions cut at the ends."""

SCENE_SHARES = {"hand": 0.08, "strand": 0.08, "watermark": 0.06, "hard_shadow": 0.1}
"""Share of pictures with a hand in front, a strand of hair across, a watermark, a hard shadow."""


def cut_normal(
    table: dict[str, tuple[float, float, float, float]], count: int, generator: np.random.Generator
) -> dict[str, np.ndarray]:
    """Draw `count` values of each entry (mean, standard deviation, lowest, highest) of a table."""
    return {
        name: np.clip(generator.normal(mean, deviation, count), low, high)
        for name, (mean, deviation, low, high) in table.items()
    }


def as_records(columns: dict[str, np.ndarray]) -> np.ndarray:
    """Return columns (N,) as one structured float32 array (N,), so that a face is a row."""
    count = len(next(iter(columns.values())))
    records = np.empty(count, dtype=[(name, np.float32) for name in columns])
    for name, values in columns.items():
        records[name] = values
    return records
