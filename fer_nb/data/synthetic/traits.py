"""Who a face is and how it was photographed: the random quantities behind a practice face."""

from pathlib import Path

import numpy as np
import yaml

TABLES = yaml.safe_load(Path(__file__).with_name("faces.yaml").read_text(encoding="utf-8"))
IDENTITY, IDENTITY_SHARES, SCENE, SCENE_SHARES = (
    TABLES[name] for name in ("identity", "identity_shares", "scene", "scene_shares")
)
"""Of people and of pictures: quantities (mean, deviation, lowest, highest), and shares that have a thing."""


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
