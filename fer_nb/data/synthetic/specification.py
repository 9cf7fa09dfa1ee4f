"""The record behind practice faces: everything that is needed to draw them, and to draw them again."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.faces import USAGES
from fer_nb.data.synthetic.action_units import TABLES, UNITS, sample_units
from fer_nb.language import EMOTIONS

IDENTITY, IDENTITY_SHARES, SCENE, SCENE_SHARES = (
    TABLES[name] for name in ("identity", "identity_shares", "scene", "scene_shares")
)
"""Of people and of pictures: quantities (mean, deviation, lowest, highest), and shares that have a thing."""

DIFFICULTIES: dict[str, dict[str, Any]] = TABLES["difficulties"]
"""How hard practice faces are to tell apart, by name; "medium" is the one the quick profile uses."""

CAMERA = ("noise", "blur", "loss")
PLACES = ("place_a", "place_b", "place_c")
"""Where exactly a thing lies that is in front of the face: three free numbers, read by what draws it."""

CLASS_COUNTS = (3995, 436, 4097, 7215, 4830, 3171, 4965)  # of the Training split of FER2013

Specifications = Any
"""N practice faces, undrawn, as a numpy.recarray (N,):
    emotions: int8, the emotion that is drawn, an index into EMOTIONS;
    labels: int8, the label given: the emotion, another where wrong on purpose, -1 if unlabelled;
    usage: uint8, an index into USAGES;
    units: 18 of float32, intensity of each action unit of UNITS, 0 to 1;
    identity: float32 by name, the traits of the person;
    scene: float32 by name, pose, light, background, what is in front, camera;
    noise_seeds: uint64, seed of everything in a picture that is grain: skin, hair, camera noise.
"""

_RECORD = np.dtype(
    [
        ("emotions", np.int8), ("labels", np.int8), ("usage", np.uint8), ("units", np.float32, len(UNITS)),
        ("identity", [(name, np.float32) for name in (*IDENTITY, *IDENTITY_SHARES)]),
        ("scene", [(name, np.float32) for name in (*SCENE, *SCENE_SHARES, *CAMERA, *PLACES)]),
        ("noise_seeds", np.uint64),
    ]
)  # fmt: skip


def specify(
    counts: Mapping[str, int], *, seed: int, difficulty: str = "medium", wrong_labels: float = 0.03
) -> Specifications:
    """Draw the specifications of practice faces; the same arguments give the same specifications.

    Args:
        counts: Number of faces of each usage, such as {"Training": 4000, "PublicTest": 500}, some above 0.
        seed: Seed of everything, 0 or more. Every usage has its own stream.
        difficulty: A name in DIFFICULTIES.
        wrong_labels: Share of the faces of each usage that get another label than the emotion drawn, 0 to 1.

    Returns:
        The faces, usage by usage in the order of USAGES, classes mixed.
    """
    parts = []
    for code, usage in enumerate(USAGES):
        if counts.get(usage, 0):
            generator = np.random.default_rng([seed, code])
            faces = np.recarray(counts[usage], _RECORD)
            faces.usage = code
            faces.emotions = spread_classes(counts[usage], CLASS_COUNTS, generator)
            faces.labels = mislabel(faces.emotions, wrong_labels, generator)
            if usage == "unlabelled":
                faces.labels = -1
            _draw_traits(faces, DIFFICULTIES[difficulty], generator)
            parts.append(faces)
    return np.concatenate(parts).view(np.recarray)


def spread_classes(count: int, shares: tuple[int, ...], generator: np.random.Generator) -> NDArray[np.int8]:
    """Return `count` class indices, mixed, each class in its share (largest remainders round up)."""
    exact = count * np.asarray(shares) / np.sum(shares)
    each = np.floor(exact).astype(int)
    each[np.argsort(each - exact, kind="stable")[: count - each.sum()]] += 1
    return generator.permutation(np.repeat(np.arange(len(shares), dtype=np.int8), each))


def mislabel(emotions: NDArray[np.int8], share: float, generator: np.random.Generator) -> NDArray[np.int8]:
    """Return a copy of `emotions` (N,) in which round(share * N) entries are another class, any alike."""
    wrong = generator.choice(len(emotions), size=round(share * len(emotions)), replace=False)
    labels = emotions.copy()
    labels[wrong] = (labels[wrong] + generator.integers(1, len(EMOTIONS), len(wrong))) % len(EMOTIONS)
    return labels


def _draw_traits(faces: Specifications, level: Mapping[str, Any], generator: np.random.Generator) -> None:
    """Draw what the faces of given emotions show, who they are and how they are photographed."""
    count = len(faces)
    faces.units = sample_units(faces.emotions, level, generator)
    for records, quantities, shares, spread in (
        (faces.identity, IDENTITY, IDENTITY_SHARES, 1.0),
        (faces.scene, SCENE, SCENE_SHARES, level["spread"]),
    ):
        for name, (mean, deviation, low, high) in quantities.items():
            records[name] = np.clip(generator.normal(mean, deviation * spread, count), low, high)
        for name, share in shares.items():
            depth = generator.uniform(0.35, 1.0, count) if name in ("beard", "moustache") else 1.0
            factor = level["hidden"] if name in ("hand", "strand") else 1.0
            records[name] = (generator.random(count) < share * factor) * depth
    for name in CAMERA:
        low, high = level[name]
        faces.scene[name] = generator.uniform(low, high, count)
    for name in PLACES:
        faces.scene[name] = generator.random(count)
    faces.noise_seeds = generator.integers(0, 2**64, count, dtype=np.uint64)
