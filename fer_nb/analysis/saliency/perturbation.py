"""Report C's map: each pixel one grey level brighter, and what that does to the loss."""

import keras
import numpy as np
import scipy.special
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.saliency.scores import logits_of


def perturbation(model: keras.Model, images: ArrayLike, classes: ArrayLike) -> NDArray[np.float32]:
    """Return the squared change of the loss when a pixel alone gets one grey level brighter, (N, 48, 48).

    Report C. It is the squared gradient of the loss by finite differences: 2,304 forward passes an image for
    what one backward pass gives.

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: uint8 (N, 48, 48).
        classes: (N,), of which the loss is taken.
    """
    faces = np.asarray(images, np.float32)
    one_brighter = np.eye(faces[0].size, dtype=np.float32).reshape(-1, *faces[0].shape)
    maps = np.empty_like(faces)
    for row, (face, label) in enumerate(zip(faces, np.asarray(classes), strict=True)):
        before = _loss(logits_of(model, face[None]), label)
        after = _loss(logits_of(model, face + one_brighter), label)
        maps[row] = np.square(after - before).reshape(face.shape)
    return maps


def _loss(answers: NDArray[np.float32], label: int) -> NDArray[np.float64]:
    """Return the cross-entropy in double precision: the changes are a thousandth of it and less."""
    rising = answers.astype(np.float64) - answers[:, [label]]
    return np.asarray(scipy.special.logsumexp(rising, axis=1), np.float64)
