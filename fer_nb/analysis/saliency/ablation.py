"""Region ablation: a region of each face replaced, and what that takes from the logit.

After FunnyBirds, arXiv 2308.06248: the change of the answer is what a map's region is held against.
"""

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.saliency.scores import class_logits_of


def region_ablation(
    model: keras.Model, images: ArrayLike, ablated: ArrayLike, classes: ArrayLike
) -> NDArray[np.float64]:
    """Return by how much the logit falls without a region, (N, R), in logits.

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: uint8 (N, 48, 48).
        ablated: The same faces with one region replaced, uint8 (N, R, 48, 48).
        classes: (N,).
    """
    faces = np.asarray(ablated)
    count = faces.shape[1]
    before = class_logits_of(model, images, classes).astype(np.float64)
    after = class_logits_of(model, faces.reshape(-1, *faces.shape[2:]), np.repeat(classes, count))
    return before[:, None] - after.reshape(-1, count)
