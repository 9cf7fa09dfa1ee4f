"""The methods that the notebook compares, by their names, and what they reach on a set of images."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis import saliency
from fer_nb.language import Text

if TYPE_CHECKING:
    import keras

    from fer_nb.analysis.saliency.randomization import Method

GRADIENT = Text("梯度", "gradient")
SMOOTHGRAD = Text("SmoothGrad", "SmoothGrad")
INTEGRATED = Text("積分梯度（平均臉）", "integrated gradients (mean face)")
INTEGRATED_BLACK = Text("積分梯度（黑）", "integrated gradients (black)")
PERTURBATION = Text("擾動（報告 C）", "perturbation (report C)")
EDGES = Text("邊緣偵測", "edge detector")
CHANCE = Text("隨機", "chance")

CURVES = {
    ("deletion", "mean"): Text("刪除，平均灰階", "deletion, mean"),
    ("deletion", "blur"): Text("刪除，模糊", "deletion, blur"),
    ("insertion", "mean"): Text("插入，平均灰階", "insertion, mean"),
    ("insertion", "blur"): Text("插入，模糊", "insertion, blur"),
}
"""(curve, fill) -> its name."""

Curves = dict[tuple[str, str], NDArray[np.float64]]


def methods_for(
    network: "keras.Model", *, baseline: ArrayLike, samples: int, masks: int, layer: str, seed: int
) -> dict[Text, "Method"]:
    """Return name -> method(model, images, classes), without the slow perturbation.

    Args:
        network: Tells whether there is a layer of maps for LayerCAM; without one it is left out.
        baseline: The mean face, (48, 48).
        samples: Noisy copies of SmoothGrad and steps of integrated gradients.
        masks: Of RISE.
        layer: For LayerCAM; "" takes the last one with maps of 12x12.
        seed: Of noise and masks.
    """
    steps: dict[str, Any] = {"steps": samples}
    found: dict[Text, Method] = {
        GRADIENT: saliency.gradient,
        Text("梯度×輸入", "gradient × input"): saliency.gradient_times_input,
        SMOOTHGRAD: partial(saliency.smoothgrad, samples=samples, seed=seed),
        INTEGRATED: partial(saliency.integrated_gradients, baseline=baseline, **steps),
        INTEGRATED_BLACK: partial(saliency.integrated_gradients, **steps),
        Text("遮擋", "occlusion"): saliency.occlusion,
        Text("RISE", "RISE"): partial(saliency.rise, masks=masks, seed=seed),
    }
    if layer or saliency.default_layer(network):
        found[Text("LayerCAM", "LayerCAM")] = partial(saliency.layercam, layer=layer or None)
    return found


def maps_of(
    network: "keras.Model",
    images: NDArray[np.uint8],
    classes: NDArray[np.integer],
    methods: Mapping[Text, "Method"],
) -> dict[Text, NDArray[np.float32]]:
    """Return name -> maps (N, 48, 48), and the edge detector's among them."""
    maps = {name: method(network, images, classes) for name, method in methods.items()}
    return maps | {EDGES: saliency.edges(images)}


def curves_of(
    network: "keras.Model",
    images: NDArray[np.uint8],
    classes: NDArray[np.integer],
    maps: Mapping[Text, NDArray[np.float32]],
    *,
    seed: int,
) -> dict[Text, Curves]:
    """Return name -> the mean curves of CURVES, and those of a random order of the pixels.

    Args:
        network: (batch, 48, 48, 1) in.
        images: uint8 (N, 48, 48).
        classes: (N,).
        maps: Name -> maps (N, 48, 48).
        seed: Of the random order.
    """
    order = np.random.default_rng(seed).random(images.shape, np.float32)
    orders: dict[Text, NDArray[np.float32]] = {**maps, CHANCE: order}
    fills = {"mean": saliency.mean_fill(images), "blur": saliency.blur_fill(images)}
    return {
        name: {
            (curve, fill): saliency.replacement_curves(
                network, images, classes, ordered, fill=fills[fill], insertion=curve == "insertion"
            ).mean(axis=0)
            for curve, fill in CURVES
        }
        for name, ordered in orders.items()
    }


def areas_of(curves: Mapping[Text, Curves]) -> dict[Text, dict[tuple[str, str], float]]:
    """Return name -> the area under each of its curves, 0 to 1."""
    return {
        name: {which: float(saliency.area_under(curve)) for which, curve in parts.items()}
        for name, parts in curves.items()
    }


def localizations(
    maps: Mapping[Text, NDArray[np.float32]], inside: NDArray[np.bool_], *, kept: float
) -> dict[Text, saliency.Localization]:
    """Return name -> how its maps meet the true regions (N, 48, 48), and what chance would reach."""
    found = {name: saliency.localization(level, inside, kept=kept) for name, level in maps.items()}
    return found | {CHANCE: saliency.chance(inside, kept=kept)}


def agreements(
    maps: Mapping[Text, NDArray[np.float32]], regions: NDArray[np.bool_], effects: NDArray[np.float64]
) -> dict[Text, float]:
    """Return name -> rank correlation of its maps with the removal of parts, and that of the parts' areas."""
    flat = np.ones((len(regions), *regions.shape[-2:]))
    return {
        name: saliency.removal_agreement(level, regions, effects)
        for name, level in {**maps, CHANCE: flat}.items()
    }
