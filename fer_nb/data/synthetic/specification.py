"""The record behind practice faces: everything that is needed to draw them, and to draw them again."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.faces import USAGES
from fer_nb.data.synthetic.action_units import sample_units
from fer_nb.data.synthetic.traits import (
    IDENTITY,
    IDENTITY_SHARES,
    SCENE,
    SCENE_SHARES,
    TABLES,
    as_records,
    cut_normal,
)
from fer_nb.errors import InputError, unknown_name
from fer_nb.language import EMOTIONS

DIFFICULTIES: dict[str, dict[str, Any]] = TABLES["difficulties"]
"""How hard practice faces are to tell apart, by name; "medium" is the one the quick profile uses."""

CLASS_COUNTS = (3995, 436, 4097, 7215, 4830, 3171, 4965)  # of the Training split of FER2013


@dataclass(frozen=True, eq=False)
class Specifications:
    """N practice faces, undrawn.

    Attributes:
        emotions: int8 (N,), the emotion that is drawn, an index into EMOTIONS.
        labels: int8 (N,), the label given: the emotion, another where wrong on purpose, -1 if unlabelled.
        usage: uint8 (N,), an index into USAGES.
        units: float32 (N, 18), intensity of each action unit of UNITS, 0 to 1.
        identity: Structured float32 (N,), the traits of the person.
        scene: Structured float32 (N,), pose, light, background, what is in front, camera.
        noise_seeds: uint64 (N,), seed of everything in a picture that is grain: skin, hair, camera noise.
    """

    emotions: NDArray[np.int8]
    labels: NDArray[np.int8]
    usage: NDArray[np.uint8]
    units: NDArray[np.float32]
    identity: NDArray[np.void]
    scene: NDArray[np.void]
    noise_seeds: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.emotions)

    def take(self, indices: NDArray[np.integer] | NDArray[np.bool_] | slice) -> "Specifications":
        """Return the rows at `indices`, in that order."""
        return Specifications(*(getattr(self, field.name)[indices] for field in fields(self)))


def specify(
    counts: Mapping[str, int],
    *,
    seed: int,
    difficulty: str = "medium",
    wrong_labels: float = 0.03,
) -> Specifications:
    """Draw the specifications of practice faces; the same arguments give the same specifications.

    Args:
        counts: Number of faces of each usage, such as {"Training": 4000, "PublicTest": 500}.
        seed: Seed of everything, 0 or more. Every usage has its own stream.
        difficulty: A name in DIFFICULTIES.
        wrong_labels: Share of the faces of each usage that get another label than the emotion drawn, 0 to 1.

    Returns:
        The faces, usage by usage in the order of USAGES, classes mixed.

    Raises:
        InputError: If a name is unknown, a count or the seed is negative, all counts are 0 or a share is
            outside 0 to 1.
    """
    _check(counts, seed, difficulty, wrong_labels)
    parts = []
    for code, usage in enumerate(USAGES):
        if counts.get(usage, 0):
            generator = np.random.default_rng([seed, code])
            emotions = spread_classes(counts[usage], CLASS_COUNTS, generator)
            labels = mislabel(emotions, wrong_labels, generator)
            if usage == "unlabelled":
                labels = np.full_like(labels, -1)
            parts.append(_specify_faces(emotions, labels, code, DIFFICULTIES[difficulty], generator))
    return Specifications(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Specifications))
    )


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


def _check(counts: Mapping[str, int], seed: int, difficulty: str, wrong_labels: float) -> None:
    for usage in counts:
        if usage not in USAGES:
            raise unknown_name("usage", usage, USAGES)
    numbers = {f"count of {usage}": count for usage, count in counts.items()} | {"seed of": seed}
    for where, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)) or number < 0:
            raise InputError.expected(f"{where} practice faces", "an integer, 0 or more", repr(number))
    if not sum(counts.values()):
        raise InputError("counts of practice faces: expected at least one face, found none")
    if difficulty not in DIFFICULTIES:
        raise unknown_name("difficulty", difficulty, DIFFICULTIES)
    if not 0 <= wrong_labels <= 1:
        raise InputError(f"share of wrong labels: expected 0 to 1, found {wrong_labels!r}")


def _specify_faces(
    emotions: NDArray[np.int8],
    labels: NDArray[np.int8],
    usage: int,
    level: Mapping[str, Any],
    generator: np.random.Generator,
) -> Specifications:
    count = len(emotions)
    units = sample_units(emotions, strength=level["strength"], stray=level["stray"], generator=generator)
    identity = cut_normal(IDENTITY, count, generator)
    for name, share in IDENTITY_SHARES.items():
        depth = generator.uniform(0.35, 1.0, count) if name in ("beard", "moustache") else 1.0
        identity[name] = (generator.random(count) < share) * depth
    spread = {
        name: (mean, deviation * level["spread"], low, high)
        for name, (mean, deviation, low, high) in SCENE.items()
    }
    scene = cut_normal(spread, count, generator)
    for name, share in SCENE_SHARES.items():
        factor = level["hidden"] if name in ("hand", "strand") else 1.0
        scene[name] = (generator.random(count) < share * factor).astype(float)
    for name, (low, high) in ((name, level[name]) for name in ("noise", "blur", "loss")):
        scene[name] = generator.uniform(low, high, count)
    # where exactly a thing lies that is in front of the face: three free numbers, read by what draws it
    for name in ("place_a", "place_b", "place_c"):
        scene[name] = generator.random(count)
    return Specifications(
        emotions=emotions,
        labels=labels,
        usage=np.full(count, usage, np.uint8),
        units=units,
        identity=as_records(identity),
        scene=as_records(scene),
        noise_seeds=generator.integers(0, 2**64, count, dtype=np.uint64),
    )
