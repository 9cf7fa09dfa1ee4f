"""The regions of each face, the face without each of them, and which region a class's maps stand out in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from fer_nb.analysis.saliency import blur_fill, face_template
from fer_nb.data.faces import Faces, of_split
from fer_nb.findings.saliency import TEXTS
from fer_nb.language import EMOTIONS

REGION_NAMES = tuple(TEXTS["regions"].split())
"""Names of the regions, in the order of the masks."""

VISIBLE = 10  # grey levels; a region whose redrawing changes no pixel by as much was hardly moved
FEWEST = 5  # faces of a class, below which nothing is said of it


@dataclass(frozen=True, eq=False)
class Regions:
    """Where the regions of N faces lie.

    Attributes:
        masks: bool (N, 7, 48, 48).
        ablated: The faces without one region's expression, uint8 (N, 7, 48, 48): redrawn at rest, or blurred.
        moved: Which regions the expression moves, bool (N, 7); None where nobody knows.
    """

    masks: NDArray[np.bool_]
    ablated: NDArray[np.uint8]
    moved: NDArray[np.bool_] | None

    @property
    def true(self) -> NDArray[np.bool_] | None:
        """Where the moved regions lie, (N, 48, 48), if that is known."""
        if self.moved is None:
            return None
        return np.asarray((self.masks & self.moved[:, :, None, None]).any(axis=1))


def regions_of(faces: Faces, rows: NDArray[np.integer], *, split: str, seed: int) -> Regions:
    """Return the regions of faces of a split: as drawn on practice faces, else those of a fixed template.

    Args:
        faces: All faces.
        rows: Of the split, (N,).
        split: Its name; only faces of "test" can be redrawn.
        seed: With which practice faces were drawn.
    """
    from fer_nb.data.synthetic import REGIONS, draw_faces, region_masks, specify

    images = of_split(faces, split).images[rows]
    if faces.practice and split == "test":
        counts = {usage: faces.counts()[usage] for usage in ("PublicTest", "PrivateTest")}
        drawn = specify(counts, seed=seed).take(np.asarray(rows))
        if np.array_equal(draw_faces(drawn), images):
            redrawn = np.stack([draw_faces(drawn, neutral=region) for region in REGIONS], axis=1)
            changes = np.abs(redrawn.astype(np.int16) - images[:, None]).max(axis=(2, 3))
            return Regions(region_masks(drawn), redrawn, changes >= VISIBLE)
    masks = np.repeat(face_template()[None], len(images), axis=0)
    blurred = np.where(masks, blur_fill(images)[:, None], images[:, None])
    return Regions(masks, np.asarray(blurred, np.uint8), None)


@dataclass(frozen=True, eq=False)
class RegionShares:
    """How much of N faces' relevance lies in each region, and what each region adds to the logit.

    Attributes:
        classes: Predicted, (N,).
        shares: Of the positive relevance, (N, 7), 0 to 1.
        untrained: The same of untrained networks.
        drops: By how much the logit falls without the region, (N, 7), in logits.
    """

    classes: NDArray[np.integer]
    shares: NDArray[np.float64]
    untrained: NDArray[np.float64]
    drops: NDArray[np.float64]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Faces of each class, (7,)."""
        return np.bincount(self.classes, minlength=len(EMOTIONS))

    def of(self, values: NDArray[np.float64], labels: Sequence[int]) -> NDArray[np.float64]:
        """Return the rows of one of the three arrays whose faces are predicted to be of some classes."""
        return values[np.isin(self.classes, labels)]

    def means(self, values: NDArray[np.float64]) -> dict[int, NDArray[np.float64]]:
        """Return each class that has faces -> the mean over them of one of the three arrays, (7,)."""
        return {int(label): self.of(values, [label]).mean(axis=0) for label in np.unique(self.classes)}


def drop_text(drop: float) -> str:
    """Write by how much a logit falls."""
    return f"{drop:.1f}".replace("-0.0", "0.0").replace("-", "−")


@dataclass(frozen=True)
class Excess:
    """A region in which the maps of some classes stand out from those of untrained networks.

    Attributes:
        region: Index into REGION_NAMES.
        labels: The classes, those with the largest excess first.
        n: Faces of these classes.
        share: Mean share of the relevance in the region, 0 to 1.
        excess: By how much it exceeds the untrained networks', with its 95% interval `low` to `high`.
    """

    region: int
    labels: tuple[int, ...]
    n: int
    share: float
    excess: float
    low: float
    high: float


def excess_of(found: RegionShares, labels: Sequence[int], region: int, *, level: float = 0.95) -> Excess:
    """Return the excess of a region over faces of some classes, two or more, with its t interval."""
    differences = found.of(found.shares - found.untrained, labels)[:, region]
    mean, n = float(differences.mean()), len(differences)
    reach = float(scipy.stats.t.ppf((1 + level) / 2, n - 1) * differences.std(ddof=1) / np.sqrt(n))
    share = float(found.of(found.shares, labels)[:, region].mean())
    return Excess(region, tuple(labels), n, share, mean, mean - reach, mean + reach)


def standing_out(found: RegionShares) -> list[Excess]:
    """Return the region of each class's largest excess, classes of one region together, the largest first.

    A class with fewer than FEWEST faces is left out, and so is one whose largest excess could be chance: its
    interval, made wider for seven regions looked at (Bonferroni), reaches zero.
    """
    best: dict[int, list[Excess]] = {}
    for label in np.flatnonzero(found.counts >= FEWEST):
        level = 1 - 0.05 / len(REGION_NAMES)
        each = [excess_of(found, [int(label)], region, level=level) for region in range(len(REGION_NAMES))]
        largest = max(each, key=lambda one: one.excess)
        if largest.low > 0:
            best.setdefault(largest.region, []).append(largest)
    groups = [
        excess_of(
            found, [one.labels[0] for one in sorted(group, key=lambda one: one.excess, reverse=True)], region
        )
        for region, group in best.items()
    ]
    return sorted(groups, key=lambda one: one.excess, reverse=True)
