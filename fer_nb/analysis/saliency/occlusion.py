"""Occlusion: a grey patch moved over the image, and what it takes from the logit."""

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.saliency.scores import class_logits_of
from fer_nb.errors import InputError


def occlusion(
    model: keras.Model, images: ArrayLike, classes: ArrayLike, *, patch: int = 8, stride: int = 4
) -> NDArray[np.float32]:
    """Return the drop of the logit under a patch, averaged over the patches on a pixel, (N, 48, 48).

    Zeiler and Fergus, arXiv 1311.2901; the patch has the image's own mean grey level.

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: uint8 (N, 48, 48).
        classes: (N,).
        patch: Side of the patch in pixels.
        stride: Pixels from one place to the next; the last place touches the border, so that every pixel is
            covered.

    Raises:
        InputError: The patch does not fit the image, or places lie so far apart that pixels are left out.
    """
    faces = np.asarray(images, np.float32)
    size = faces.shape[1]
    if not 1 <= stride <= patch <= size:
        wanted, found = f"1 <= stride <= patch <= {size} pixels", f"stride {stride}, patch {patch}"
        raise InputError.expected("occlusion", wanted, found)
    before = class_logits_of(model, faces, classes)
    grey = faces.mean(axis=(1, 2))[:, None, None]
    places = sorted({*range(0, size - patch, stride), size - patch})
    drops, times = np.zeros_like(faces), np.zeros_like(faces)
    for row in places:
        for column in places:
            window = (slice(None), slice(row, row + patch), slice(column, column + patch))
            covered = faces.copy()
            covered[window] = grey
            drops[window] += (before - class_logits_of(model, covered, classes))[:, None, None]
            times[window] += 1
    return np.asarray(drops / times, np.float32)
