"""What the maps are maps of: the logit of a class. Compiled once for a model."""

from functools import lru_cache

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.ascent.layers import class_logits
from fer_nb.analysis.autodiff import ModelScore, of_class, values

_MODELS = 8  # that are kept with what was compiled for them
_PASSES = 256  # images at a time: forward passes alone take less memory than gradients


@lru_cache(maxsize=_MODELS)
def class_logit(model: keras.Model) -> ModelScore:
    """Return the score (image, class) -> logit of that class."""
    return ModelScore(class_logits(model), of_class)


def logits_of(model: keras.Model, images: ArrayLike) -> NDArray[np.float32]:
    """Return all logits (N, 7) of images (N, 48, 48)."""
    return values(_logits(model), as_input(images), batch_size=_PASSES)


def class_logits_of(model: keras.Model, images: ArrayLike, classes: ArrayLike) -> NDArray[np.float32]:
    """Return the logits (N,) of images (N, 48, 48), each of its class (N,)."""
    return values(class_logit(model), as_input(images), classes, batch_size=_PASSES)


@lru_cache(maxsize=_MODELS)
def _logits(model: keras.Model) -> ModelScore:
    return ModelScore(class_logits(model), lambda answer: ops.cast(answer, "float32"))


def as_input(images: ArrayLike) -> NDArray[np.float32]:
    """Return images (N, 48, 48) as a network takes them, float32 (N, 48, 48, 1)."""
    return np.asarray(images, np.float32)[..., None]
