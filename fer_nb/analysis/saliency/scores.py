"""What the maps are maps of: the logit of a class, or its loss. Compiled once for a model."""

from functools import lru_cache

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.ascent.layers import class_logits
from fer_nb.analysis.autodiff import ModelScore

_MODELS = 8  # that are kept with what was compiled for them


@lru_cache(maxsize=_MODELS)
def logits(model: keras.Model) -> ModelScore:
    """Return the score (n,) -> all logits (n, 7), for `fer_nb.analysis.autodiff.values`."""
    return ModelScore(class_logits(model), lambda answer: ops.cast(answer, "float32"))


@lru_cache(maxsize=_MODELS)
def class_logit(model: keras.Model) -> ModelScore:
    """Return the score (image, class) -> logit of that class."""

    def read(answer: keras.KerasTensor, classes: keras.KerasTensor) -> keras.KerasTensor:
        chosen = ops.one_hot(classes, answer.shape[-1], dtype="float32")
        return ops.sum(ops.cast(answer, "float32") * chosen, axis=-1)

    return ModelScore(class_logits(model), read)


@lru_cache(maxsize=_MODELS)
def class_loss(model: keras.Model) -> ModelScore:
    """Return the score (image, class) -> cross-entropy with that class, in nats."""

    def read(answer: keras.KerasTensor, classes: keras.KerasTensor) -> keras.KerasTensor:
        return keras.losses.sparse_categorical_crossentropy(
            classes, ops.cast(answer, "float32"), from_logits=True
        )

    return ModelScore(class_logits(model), read)


def as_input(images: ArrayLike) -> NDArray[np.float32]:
    """Return images (N, 48, 48) as a network takes them, float32 (N, 48, 48, 1)."""
    return np.asarray(images, np.float32)[..., None]
