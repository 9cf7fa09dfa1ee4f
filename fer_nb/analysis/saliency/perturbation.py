"""Report C's map: each pixel one grey level brighter, and what that does to the loss."""

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.autodiff import value_and_grad, values
from fer_nb.analysis.saliency.scores import as_input, class_loss, logits

_PASSES = 256  # forward passes alone take less memory than gradients


def perturbation(
    model: keras.Model, images: ArrayLike, classes: ArrayLike, *, batch_size: int = _PASSES
) -> NDArray[np.float32]:
    """Return the squared change of the loss when a pixel alone gets one grey level brighter, (N, 48, 48).

    Report C. It is the squared gradient of the loss by finite differences: 2,304 forward passes an image for
    what `loss_gradient` gets from one backward pass.

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: uint8 (N, 48, 48).
        classes: (N,), of which the loss is taken.
        batch_size: Changed copies at a time.
    """
    faces = np.asarray(images, np.float32)
    pixels = faces[0].size
    maps = np.empty((len(faces), pixels), np.float32)
    for face, label, found in zip(faces, np.asarray(classes), maps, strict=True):
        before = _loss(values(logits(model), as_input(face[None])), label)
        for start in range(0, pixels, batch_size):
            changed = np.arange(start, min(start + batch_size, pixels))
            copies = np.repeat(face.reshape(1, -1), len(changed), axis=0)
            copies[np.arange(len(changed)), changed] += 1
            answers = values(logits(model), as_input(copies.reshape(-1, *face.shape)), batch_size=batch_size)
            found[changed] = np.square(_loss(answers, label) - before)
    return maps.reshape(faces.shape)


def loss_gradient(
    model: keras.Model, images: ArrayLike, classes: ArrayLike, *, batch_size: int = 64
) -> NDArray[np.float32]:
    """Return the gradient of the loss, with its sign, (N, 48, 48), in nats a grey level.

    Args:
        model: As for `perturbation`.
        images: As for `perturbation`.
        classes: As for `perturbation`.
        batch_size: Images at a time.
    """
    return value_and_grad(class_loss(model), as_input(images), classes, batch_size=batch_size)[1][..., 0]


def _loss(answers: NDArray[np.float32], label: int) -> NDArray[np.float64]:
    """Return the cross-entropy in double precision: the changes are a thousandth of it and less."""
    rising = answers.astype(np.float64) - answers[:, [label]]
    return np.log(np.exp(rising).sum(axis=1))
