"""Does a map depend on what the network has learned? Weights made random layer by layer, from the top.

Adebayo et al., "Sanity checks for saliency maps", arXiv 1810.03292: a map that does not change explains
nothing. It is passed or failed; it ranks nobody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.ascent.layers import class_logits
from fer_nb.analysis.saliency.localization import rank_correlation

Method = Callable[[keras.Model, NDArray[np.uint8], NDArray[np.integer]], NDArray[np.float32]]

PASSING = 0.5
"""Rank correlation with the map of random weights below which a method passes; our choice."""

_ONES = ("gamma", "moving_variance")


@dataclass(frozen=True)
class Randomization:
    """How like the original a method's maps are as layers lose their weights.

    Attributes:
        layers: The layer that each step makes random, from the last to the first.
        correlation: Mean rank correlation of the maps' magnitudes after each step.
    """

    layers: tuple[str, ...]
    correlation: tuple[float, ...]

    @property
    def passed(self) -> bool:
        """Whether the map of a network without any of its weights is another one."""
        return abs(self.correlation[-1]) < PASSING


def untrained(model: keras.Model, *, seed: int) -> keras.Model:
    """Return the same network to its logits, with random weights."""
    copy = _copy(class_logits(model))
    for number, stage in enumerate(_stages(copy)):
        _make_random(stage, seed=[seed, number])
    return copy


def randomization_check(
    model: keras.Model, images: ArrayLike, classes: ArrayLike, methods: Mapping[str, Method], *, seed: int
) -> dict[str, Randomization]:
    """Return for each method how its maps change as more and more layers lose their weights.

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: uint8 (N, 48, 48).
        classes: (N,).
        methods: Name -> method(model, images, classes).
        seed: Of the random weights.
    """
    copy, faces, labels = _copy(class_logits(model)), np.asarray(images), np.asarray(classes)
    before = {name: np.abs(method(copy, faces, labels)) for name, method in methods.items()}
    found: dict[str, list[float]] = {name: [] for name in methods}
    stages = _stages(copy)
    for number, stage in enumerate(stages):
        _make_random(stage, seed=[seed, number])
        for name, method in methods.items():
            maps = np.abs(method(copy, faces, labels))
            found[name].append(float(rank_correlation(before[name], maps).mean()))
    layers = tuple(stage[0].name for stage in stages)
    return {name: Randomization(layers, tuple(values)) for name, values in found.items()}


def _copy(model: keras.Model) -> keras.Model:
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    return copy


def _stages(model: keras.Model) -> list[list[keras.layers.Layer]]:
    """Return the layers with weights, last first; a normalization goes with the kernel before it."""
    stages: list[list[keras.layers.Layer]] = []
    for layer in model.layers:
        if any(len(weight.shape) > 1 for weight in layer.weights) or (layer.weights and not stages):
            stages.append([layer])
        elif layer.weights:
            stages[-1].append(layer)
    return stages[::-1]


def _make_random(layers: list[keras.layers.Layer], *, seed: list[int]) -> None:
    """Set kernels to He's normal distribution, and the rest to where a training starts."""
    generator = np.random.default_rng(seed)
    for layer in layers:
        for weight in layer.weights:
            shape = weight.shape
            if len(shape) > 1:
                deviation = np.sqrt(2 / np.prod(shape[:-1]))
                weight.assign(deviation * generator.standard_normal(shape))
            else:
                weight.assign(np.full(shape, float(weight.name in _ONES)))
