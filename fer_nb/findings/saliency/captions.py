"""What stands beside the figures of 05, and what those who cannot see them should know."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import softmax
from fer_nb.data.faces import Faces
from fer_nb.findings.saliency import TEXTS
from fer_nb.findings.saliency.regions import REGION_NAMES, RegionShares
from fer_nb.findings.sentences import listed, percent
from fer_nb.language import EMOTIONS, Text


def titles(shown: Faces, logits: NDArray[np.floating]) -> list[str]:
    """Return what stands above each image: predicted class, probability, the true class where another."""
    written = []
    for label, share in zip(shown.labels, softmax(logits), strict=True):
        guess = int(share.argmax())
        wrong = f"\n真實{EMOTIONS[label].zh}\ntrue {EMOTIONS[label].en}" if label not in (guess, -1) else ""
        written.append(f"{EMOTIONS[guess].zh}\n{EMOTIONS[guess].en} {100 * share.max():.0f}%{wrong}")
    return written


def views_alt(found: RegionShares) -> Text:
    """Say for each class which part has most of the relevance."""
    what = TEXTS["views alt part with the"]
    return listed(what, _largest(found.means(found.shares), percent))


def matrix_caption(method: Text, found: RegionShares, *, redrawn: bool) -> Text:
    """Describe the matrices of class and part, and how much of the saliency lies in none."""
    how = TEXTS["redrawn at rest" if redrawn else "blurred"]
    outside = 1 - found.shares.sum(axis=1).mean()
    return TEXTS["matrix caption"].format(method=method, how=how, outside=outside)


def matrix_alt(found: RegionShares) -> Text:
    """Say for each class which part's ablation takes most off the logit."""
    what = TEXTS["matrix alt part whose ablation"]
    return listed(what, _largest(found.means(found.drops), "{:.1f}".format))


def methods_caption(network: Text, count: int, *, true: NDArray[np.bool_] | None) -> Text:
    """Describe the table of methods, measured on `count` faces; `true` as `Regions.true` gives it."""
    more: Text | str = ""
    if true is not None:
        more = TEXTS["methods caption of true regions"].format(moved=int(true.any(axis=(1, 2)).sum()))
    return TEXTS["methods caption"].format(network=network, count=count, more=more)


def _largest(means: Mapping[int, NDArray[np.float64]], written: Callable[[float], str]) -> dict[str, str]:
    """Return class -> the region with the largest value, and the value."""
    return {
        str(EMOTIONS[label]): f"{REGION_NAMES[row.argmax()]} {written(float(row.max()))}"
        for label, row in means.items()
    }
