"""Tables for the notebook on saliency, ready for `show_table`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from fer_nb.findings.saliency.methods import CURVES
from fer_nb.findings.saliency.truth import REGION_NAMES
from fer_nb.language import EMOTIONS, GLOSSARY, Text

if TYPE_CHECKING:
    from fer_nb.analysis.saliency import Localization, Randomization

METHOD = Text("方法", "method")
MASS = Text("質量", "mass")


def randomization_table(checks: Mapping[Text, "Randomization"]) -> pd.DataFrame:
    """Return a row a method: rank correlation with the original after one layer, half of them and all."""
    rows = []
    for name, check in checks.items():
        steps = [0, len(check.layers) // 2, len(check.layers) - 1]
        verdict = Text("通過", "passed") if check.passed else Text("未通過", "failed")
        rows.append((name, *(f"{check.correlation[step]:.2f}" for step in steps), verdict))
    columns = [
        METHOD,
        Text("最後一層隨機", "last layer random"),
        Text("後半隨機", "upper half random"),
        Text("全部隨機", "all random"),
        Text("檢查", "check"),
    ]
    return pd.DataFrame(rows, columns=columns)


def areas_table(areas: Mapping[Text, Mapping[tuple[str, str], float]]) -> pd.DataFrame:
    """Return a row a method: the area under each of its curves."""
    rows = [(name, *(f"{parts[which]:.3f}" for which in CURVES)) for name, parts in areas.items()]
    return pd.DataFrame(rows, columns=[METHOD, *CURVES.values()])


def localization_table(
    found: Mapping[Text, "Localization"],
    without_training: Mapping[Text, "Localization"],
    agreement: Mapping[Text, float],
) -> pd.DataFrame:
    """Return a row a method: how its maps meet the true regions, beside the untrained network's.

    Args:
        found: Method, edge detector and chance -> measures.
        without_training: Method -> measures of its maps of the untrained network.
        agreement: Method -> rank correlation with the removal of parts.
    """
    rows = []
    for name, reached in found.items():
        mass = reached.mass.mean()
        before = without_training[name].mass.mean() if name in without_training else None
        rows.append(
            (
                name,
                f"{mass:.2f}",
                None if before is None else f"{before:.2f}",
                None if before is None else f"{mass / before:.2f}",
                *(f"{getattr(reached, part).mean():.2f}" for part in ("rank", "pointing", "overlap")),
                f"{agreement[name]:.2f}" if name in agreement else None,
            )
        )
    columns = [
        METHOD,
        MASS,
        Text("未訓練", "untrained"),
        Text("倍數", "ratio"),
        Text("排序", "rank"),
        Text("指中", "pointing"),
        Text("IoU", "IoU"),
        Text("移除部位", "part removal"),
    ]
    return pd.DataFrame(rows, columns=columns)


def regions_table(
    shares: NDArray[np.float64], areas: NDArray[np.float64], classes: ArrayLike
) -> pd.DataFrame:
    """Return a row a predicted class: the mean share of relevance in each region; then all, and the areas.

    Args:
        shares: (N, 7), as `fer_nb.analysis.saliency.region_shares` returns them.
        areas: Share of the image that each region covers, (7,).
        classes: Predicted classes, (N,).
    """
    labels = np.asarray(classes)
    present = np.unique(labels)
    rows: list[tuple[object, ...]] = [
        (EMOTIONS[label], int((labels == label).sum()), *_percents(shares[labels == label].mean(axis=0)))
        for label in present
    ]
    rows.append((Text("全部", "all"), len(labels), *_percents(shares.mean(axis=0))))
    rows.append((Text("面積", "area"), None, *_percents(areas)))
    return pd.DataFrame(rows, columns=[GLOSSARY["class"], GLOSSARY["images"], *REGION_NAMES.values()])


def _percents(values: Sequence[float] | NDArray[np.float64]) -> list[str]:
    return [f"{100 * value:.0f}%" for value in values]
