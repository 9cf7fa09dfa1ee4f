"""Why images of one class are taken for another: what both classes share, and what sets the misread apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import Predictions, holm, most_confused
from fer_nb.analysis.saliency import face_template
from fer_nb.data.faces import SPLITS, USAGES, Faces
from fer_nb.findings.saliency.regions import REGION_NAMES
from fer_nb.language import EMOTIONS, Text

FEWEST = 5  # images of a kind, below which nothing is said of it
USUAL = 0.5  # share of people; an action unit that fewer show does not belong to an expression here
CHECKED = 8  # faces drawn again, to be sure that they are those of the record


@dataclass(frozen=True)
class Part:
    """How a part of the face differs between misread images of a class and those answered rightly.

    Attributes:
        name: Of the action unit or of the region.
        shared: Whether both classes usually show it; None where that is not known.
        right: Mean over the rightly answered images of the class.
        misread: Mean over its images that were taken for the other class.
        other: Mean over the rightly answered images of that other class.
        p_value: Of the Mann-Whitney test of `misread` against `right`, after Holm over all parts; NaN where
            there are too few images.
    """

    name: Text
    shared: bool | None
    right: float
    misread: float
    other: float
    p_value: float


@dataclass(frozen=True)
class Reason:
    """What was looked at to explain why images of class `true` are taken for class `predicted`.

    Attributes:
        true: The class.
        predicted: What its images were taken for.
        misread: How many.
        drawn: Whether the parts are action units, as drawn, with intensities from 0 to 1; else they are
            regions, and the numbers are distances to the mean face of class `predicted`, in standard
            deviations of the grey levels.
        parts: What was compared.
    """

    true: int
    predicted: int
    misread: int
    drawn: bool
    parts: tuple[Part, ...]

    @property
    def shared(self) -> tuple[Part, ...]:
        """What both classes usually show."""
        return tuple(part for part in self.parts if part.shared)

    @property
    def tested(self) -> bool:
        """Whether there were images enough of each kind to compare them."""
        return not all(np.isnan(part.p_value) for part in self.parts)

    @property
    def differing(self) -> tuple[Part, ...]:
        """In what the misread images lean towards the other class, beyond chance, the surest first."""
        leaning = [part for part in self.parts if part.p_value < 0.05 and self._leans(part)]
        return tuple(sorted(leaning, key=lambda part: part.p_value))

    def _leans(self, part: Part) -> bool:
        if not self.drawn:
            return part.misread < part.right
        return (part.misread - part.right) * (part.other - part.right) > 0


def reason_of(answers: Predictions, units: NDArray[np.floating] | None) -> Reason | None:
    """Look for what explains the more frequent direction of the pair confused most.

    Args:
        answers: To images.
        units: Intensities of the action units of UNITS, (N, 18), where they are known; else the images are
            compared region by region.

    Returns:
        None where there is no error, or neither units nor images.
    """
    worst = most_confused(answers.matrix)
    if worst is None or (units is None and answers.images is None):
        return None
    true, predicted = worst[0].true, worst[0].predicted
    guesses = answers.predicted
    right = (answers.labels == true) & (guesses == true)
    misread = (answers.labels == true) & (guesses == predicted)
    other = (answers.labels == predicted) & (guesses == predicted)
    if units is not None:
        names, shared, values = _units_of(units, true, predicted)
    else:
        names, shared = REGION_NAMES, [None] * len(REGION_NAMES)
        values = _distances(answers.images, other)  # type: ignore[arg-type]
    groups = (right, misread, other)
    p_values = np.full(len(names), np.nan)
    if names and min(rows.sum() for rows in groups) >= FEWEST:
        p_values = holm(scipy.stats.mannwhitneyu(values[misread], values[right], axis=0).pvalue)
    means = [values[rows].mean(axis=0) if rows.any() else p_values for rows in groups]
    parts = tuple(
        Part(name, both, float(a), float(b), float(c), float(p))
        for name, both, a, b, c, p in zip(names, shared, *means, p_values, strict=True)
    )
    return Reason(true, predicted, int(misread.sum()), units is not None, parts)


def known_units(faces: Faces, answers: Predictions, *, split: str, seed: int) -> NDArray[np.float32] | None:
    """Return the intensities with which the practice faces of a split were drawn, (N, 18); None for others.

    Args:
        faces: All faces.
        answers: To the images of the split.
        split: Its name; the order of others than "test", "public" and "private" is not known.
        seed: With which practice faces were drawn.
    """
    from fer_nb.data.synthetic import draw_faces, specify

    if not faces.practice or split not in ("test", "public", "private") or answers.images is None:
        return None
    counts = {usage: faces.counts()[usage] for usage in SPLITS["test"]}
    drawn = specify(counts, seed=seed)
    wanted = [USAGES.index(usage) for usage in SPLITS[split]]
    drawn = drawn.take(np.flatnonzero(np.isin(drawn.usage, wanted)))
    first = drawn.take(np.arange(min(CHECKED, len(drawn))))
    if len(drawn) != len(answers) or not np.array_equal(draw_faces(first), answers.images[: len(first)]):
        return None
    return drawn.units


def usual_units(emotion: str) -> set[int]:
    """Return the numbers of the action units that belong to an expression, by its English name."""
    from fer_nb.data.synthetic import EMOTION_UNITS

    return {number for number, rate in EMOTION_UNITS[emotion].items() if rate >= USUAL}


def _units_of(
    units: NDArray[np.floating], true: int, predicted: int
) -> tuple[Sequence[Text], Sequence[bool | None], NDArray[np.floating]]:
    """Return the units that either class usually shows: names, whether both do, intensities (N, U)."""
    from fer_nb.data.synthetic import UNITS

    one, other = (usual_units(EMOTIONS[label].en) for label in (true, predicted))
    usual = [number for number in UNITS if number in one | other]
    columns = [list(UNITS).index(number) for number in usual]
    return [UNITS[number] for number in usual], [number in one & other for number in usual], units[:, columns]


def _distances(images: NDArray[np.uint8], other: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how far each region of each image lies from the mean of some images, (N, 7).

    Each image has mean 0 and deviation 1, so that its light and contrast play no part.
    """
    grey = images.reshape(len(images), -1).astype(np.float64)
    grey = (grey - grey.mean(axis=1, keepdims=True)) / np.maximum(grey.std(axis=1, keepdims=True), 1e-9)
    squares = (grey - (grey[other].mean(axis=0) if other.any() else 0.0)) ** 2
    masks = face_template().reshape(len(REGION_NAMES), -1).astype(np.float64)
    return np.asarray(np.sqrt(squares @ masks.T / masks.sum(axis=1)))
