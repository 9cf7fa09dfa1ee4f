"""Parts of a face redrawn at rest: what that does to the logit, beside what a map says of the part.

After FunnyBirds, arXiv 2308.06248: the change of the answer is the truth about a part's importance.
"""

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.saliency.localization import rank_correlation, region_shares
from fer_nb.analysis.saliency.scores import class_logits_of


def removal_effects(
    model: keras.Model, images: ArrayLike, redrawn: ArrayLike, classes: ArrayLike
) -> NDArray[np.float64]:
    """Return by how much the logit falls when a part is at rest, (N, R).

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: uint8 (N, 48, 48).
        redrawn: The same faces with one part at rest, uint8 (N, R, 48, 48).
        classes: (N,).
    """
    parts = np.asarray(redrawn)
    count = parts.shape[1]
    before = class_logits_of(model, images, classes).astype(np.float64)
    after = class_logits_of(model, parts.reshape(-1, *parts.shape[2:]), np.repeat(classes, count))
    return before[:, None] - after.reshape(-1, count)


def removal_agreement(maps: ArrayLike, regions: ArrayLike, effects: ArrayLike) -> float:
    """Return the mean rank correlation, over faces, of a part's relevance with the effect of its removal.

    Args:
        maps: (N, 48, 48).
        regions: bool (N, R, 48, 48).
        effects: As `removal_effects` returns them, (N, R).
    """
    return float(rank_correlation(region_shares(maps, regions), effects).mean())
