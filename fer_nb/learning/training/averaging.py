"""Weight averaging: the exponential moving average of everything that a network answers with.

Keras's optimizers average the trainable weights. The statistics of batch normalization belong to the weights
of the moment and do not fit averaged ones, so they are averaged here in step.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops

from fer_nb.learning.precision import network_weights


class StatisticsAverage(keras.layers.Layer):
    """Averages of a network's non-trainable weights, kept by the rule of Keras's optimizers.

    The first update sets the averages, each later one moves them by 1 - momentum. They are variables of this
    layer, so a checkpoint of the model that holds it holds them.

    Args:
        statistics: The variables to average.
        momentum: Share of the average that stays at an update, 0 to below 1.
    """

    def __init__(self, statistics: Sequence[keras.Variable], *, momentum: float) -> None:
        super().__init__(name="statistics_average", dtype="float32")
        self.momentum = momentum
        self.averages = [
            self.add_weight(shape=statistic.shape, initializer="zeros", trainable=False)
            for statistic in statistics
        ]
        self.updates = self.add_weight(shape=(), initializer="zeros", dtype="int32", trainable=False)
        self.built = True

    def update(self, statistics: Sequence[Any]) -> None:
        """Take a step's values, in the order of the constructor's, into the averages."""
        momentum = self.momentum * ops.cast(ops.not_equal(self.updates, 0), "float32")
        for average, statistic in zip(self.averages, statistics, strict=True):
            average.assign(momentum * average + (1 - momentum) * statistic)
        self.updates.assign_add(1)


def fitting_momentum(momentum: float, *, steps: int) -> float:
    """Return a momentum with which the average of a short training forgets its random start too.

    After the last step the start weighs momentum ** steps; from two steps on that is 1% at most here. With
    0.998 for 300 steps it would be 55%, and the network would answer by chance.

    Args:
        momentum: Of the recipe, 0 to below 1.
        steps: Of the whole training, at least 1.
    """
    return min(momentum, max(0.1, 1 - 5 / steps))  # above 0, which would be no average to go on from


@contextmanager
def averaged(
    network: keras.Model, optimizer: keras.optimizers.Optimizer, statistics: StatisticsAverage | None
) -> Iterator[None]:
    """Put the averaged weights in place for a while; without `statistics` nothing is averaged."""
    if statistics is None:
        yield
        return
    own = network_weights(network)
    optimizer.finalize_variable_values(network.trainable_variables)
    for variable, average in zip(network.non_trainable_weights, statistics.averages, strict=True):
        variable.assign(average)
    network.set_weights(network_weights(network))  # JAX's prediction gives away the arrays that it is given
    try:
        yield
    finally:
        network.set_weights(own)
