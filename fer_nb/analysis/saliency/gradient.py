"""The gradient of the logit by the grey levels."""

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.autodiff import value_and_grad
from fer_nb.analysis.saliency.scores import as_input, class_logit


def signed_gradient(model: keras.Model, images: ArrayLike, classes: ArrayLike) -> NDArray[np.float32]:
    """Return the change of the logit a grey level, with its sign, (N, 48, 48).

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: Grey levels, (N, 48, 48); floats too.
        classes: (N,).
    """
    return value_and_grad(class_logit(model), as_input(images), classes)[1][..., 0]


def gradient(model: keras.Model, images: ArrayLike, classes: ArrayLike) -> NDArray[np.float32]:
    """Return the absolute gradient of the logit (Simonyan et al., arXiv 1312.6034), (N, 48, 48).

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: uint8 (N, 48, 48).
        classes: (N,).
    """
    return np.abs(signed_gradient(model, images, classes))
