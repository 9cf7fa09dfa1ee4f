"""The same network with random weights: a map that does not change explains nothing that was learned.

Adebayo et al., "Sanity checks for saliency maps", arXiv 1810.03292: the model parameter randomization test.
"""

import keras
import numpy as np

from fer_nb.analysis.ascent.layers import class_logits

_ONES = ("gamma", "moving_variance")


def untrained(model: keras.Model, *, seed: int) -> keras.Model:
    """Return the same network to its logits, with the weights of a training's start, kernels by He's normal.

    Slopes of a PReLU start at 0, as biases do.

    Args:
        model: Stays as it is; so does what it knows of its input's mean and variance.
        seed: Of the random weights.
    """
    network = class_logits(model)
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    generator = np.random.default_rng(seed)
    for layer in copy.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()  # or Keras goes on with the mean and variance before set_weights
            continue
        for weight in layer.weights:
            shape = weight.shape
            if len(shape) > 1 and weight.name != "alpha":
                weight.assign(np.sqrt(2 / np.prod(shape[:-1])) * generator.standard_normal(shape))
            else:
                weight.assign(np.full(shape, float(weight.name in _ONES)))
    return copy
