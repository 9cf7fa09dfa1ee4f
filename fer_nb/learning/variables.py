"""The values of Keras variables as NumPy arrays, on either backend."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray


def value_of(variable: keras.Variable) -> NDArray[Any]:
    """Return a copy of a variable's value; Keras's own `numpy()` warns with NumPy 2 on TensorFlow."""
    return np.copy(np.asarray(keras.ops.convert_to_tensor(variable)))


def network_weights(network: keras.Model) -> list[NDArray[Any]]:
    """Return copies of the network's weights."""
    return [value_of(weight) for weight in network.weights]
