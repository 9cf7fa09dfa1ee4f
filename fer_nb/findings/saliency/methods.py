"""The methods that the notebook compares, by their names, and how faithful their maps are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis import saliency
from fer_nb.findings.saliency import TEXTS
from fer_nb.language import Text

if TYPE_CHECKING:
    import keras

    Method = Callable[[keras.Model, NDArray[np.uint8], NDArray[np.integer]], NDArray[np.float32]]

Maps = Mapping[Text, NDArray[np.float32]]

INTEGRATED = TEXTS["integrated gradients"]
EDGES = TEXTS["edge detector"]
RANDOM = TEXTS["random order"]

PASSING = 0.5
"""Rank correlation with the map of random weights below which a method passes; our choice."""


def methods_for(
    network: "keras.Model", *, baseline: ArrayLike, samples: int, masks: int, layer: str, seed: int
) -> "dict[Text, Method]":
    """Return name -> method(model, images, classes), without the slow perturbation.

    Args:
        network: Tells whether there is a layer of maps for LayerCAM; without one it is left out.
        baseline: The mean face, (48, 48).
        samples: Noisy copies of SmoothGrad and steps of integrated gradients.
        masks: Of RISE.
        layer: For LayerCAM; "" takes the last one with maps of 12x12.
        seed: Of noise and masks.
    """
    found: dict[Text, Method] = {
        TEXTS["gradient"]: saliency.gradient,
        TEXTS["smoothgrad"]: partial(saliency.smoothgrad, samples=samples, seed=seed),
        INTEGRATED: partial(saliency.integrated_gradients, baseline=baseline, steps=samples),
        TEXTS["occlusion"]: saliency.occlusion,
        TEXTS["rise"]: partial(saliency.rise, masks=masks, seed=seed),
    }
    if layer or saliency.default_layer(network):
        found[TEXTS["layercam"]] = partial(saliency.layercam, layer=layer or None)
    return found


@dataclass(frozen=True)
class Faithfulness:
    """How faithful a method's maps are, each a mean over faces; None where it cannot be measured.

    Attributes:
        randomization: Rank correlation of the maps' magnitudes with those of untrained networks, -1 to 1.
        insertion_deletion: Area under the insertion curve less that under the deletion curve, -1 to 1.
        mass: Share of the positive relevance inside the true regions, 0 to 1.
        untrained_mass: The same of untrained networks.
        pointing: How often the maximum lies inside them, 0 to 1.
    """

    randomization: float | None
    insertion_deletion: float
    mass: float | None
    untrained_mass: float | None
    pointing: float | None


def faithfulness(
    network: "keras.Model",
    images: NDArray[np.uint8],
    classes: NDArray[np.integer],
    maps: Maps,
    *,
    untrained: Sequence[Maps],
    inside: NDArray[np.bool_] | None,
    seed: int,
) -> dict[Text, Faithfulness]:
    """Return method -> how faithful its maps are, and the same of an edge detector and a random order.

    Args:
        network: (batch, 48, 48, 1) in.
        images: uint8 (N, 48, 48).
        classes: (N,).
        maps: Method -> maps (N, 48, 48).
        untrained: Method -> maps, of each untrained network.
        inside: True regions, (N, 48, 48), a face without any left out; None where nobody knows them.
        seed: Of the random order.
    """
    order = np.random.default_rng(seed).random(images.shape, np.float32)
    fills = (saliency.mean_fill(images), saliency.blur_fill(images))
    ends = [(fill, images) for fill in fills] + [(images, fill) for fill in fills]  # insertion, deletion
    known = np.zeros(len(images), bool) if inside is None else inside.any(axis=(1, 2))

    def one(name: Text, level: NDArray[np.float32]) -> Faithfulness:
        curves = (saliency.deletion_curves(network, start, classes, level, fill=end) for start, end in ends)
        areas = [saliency.area_under_curve(each).mean() for each in curves]
        before = [other[name] for other in untrained if name in other]
        alike = [saliency.rank_correlation(np.abs(level), np.abs(other)).mean() for other in before]
        masses: list[float] = []
        if inside is not None and known.any():
            masses = [
                float(saliency.relevance_mass_accuracy(each[known], inside[known]).mean())
                for each in (level, *before)
            ]
            pointing = float(saliency.pointing_game(level[known], inside[known]).mean())
        return Faithfulness(
            randomization=float(np.mean(alike)) if alike else None,
            insertion_deletion=float(np.mean(areas[:2]) - np.mean(areas[2:])),
            mass=masses[0] if masses else None,
            untrained_mass=float(np.mean(masses[1:])) if masses[1:] else None,
            pointing=pointing if masses else None,
        )

    baselines = {EDGES: saliency.edges(images), RANDOM: order}
    return {name: one(name, level) for name, level in {**maps, **baselines}.items()}


def most_faithful(measured: Mapping[Text, Faithfulness]) -> Text | None:
    """Return the method that orders pixels best, of those that random weights change, if any."""
    passing = {
        name: one.insertion_deletion
        for name, one in measured.items()
        if one.randomization is not None and abs(one.randomization) < PASSING
    }
    return max(passing, key=lambda name: passing[name]) if passing else None
