"""Somebody else's network, fitted to this project: grey levels 0 to 255 in, logits in FER2013's order out."""

from collections.abc import Sequence
from typing import NamedTuple

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import mcnemar
from fer_nb.errors import InputError
from fer_nb.language import EMOTIONS
from fer_nb.learning.loading import INPUT_SHAPE, scales_itself
from fer_nb.learning.prediction.logits import predict_logits

ROWS = 200  # training images that choose between readings
CLEAR = 0.05  # p-value of McNemar's test below which one reading is better than another
CLASSES = tuple(emotion.en for emotion in EMOTIONS)
ORDERS = {"FER2013's": CLASSES, "alphabetical": tuple(sorted(CLASSES))}
"""Orders of classes that are tried: that of the data set, and that which folders of images give."""
SCALES = ("0-255", "0-1", "-1-1", "standardized")


class Reading(NamedTuple):
    """How a network wants its images, and what its seven numbers stand for."""

    scale: str  # one of SCALES
    classes: tuple[str, ...]  # English names, in the order of the network's outputs


def fitted(network: keras.Model, reading: Reading, *, mean: float, deviation: float) -> keras.Model:
    """Return the network from grey levels 0-255, (batch, 48, 48, 1), to logits in FER2013's order.

    What is added are layers of Keras: bilinear resizing, scaling, the grey channel three times, and behind
    the logits a matrix that puts classes in order.

    Args:
        network: From images (batch, height, width, 1 or 3) to seven logits.
        reading: How it wants them.
        mean: Of the grey levels of the training images, for "standardized".
        deviation: Their standard deviation.
    """
    height, width, channels = network.input_shape[1:]
    x = images = keras.Input(INPUT_SHAPE, name="grey_levels")
    if (height or INPUT_SHAPE[0], width or INPUT_SHAPE[1]) != INPUT_SHAPE[:2]:
        # Left alone, it says that training is on, and every batch normalization behind it believes that.
        x = layers.Resizing(height or INPUT_SHAPE[0], width or INPUT_SHAPE[1], name="to_its_size")(
            x, training=False
        )
    factor, offset = {
        "0-255": (1.0, 0.0),
        "0-1": (1 / 255, 0.0),
        "-1-1": (2 / 255, -1.0),
        "standardized": (1 / deviation, -mean / deviation),
    }[reading.scale]
    x = layers.Rescaling(factor, offset, name="to_its_scale")(x)
    if channels == 3:
        x = layers.Concatenate(name="to_its_channels")([x, x, x])
    # A network called as a layer would hide its convolutions from saliency maps and gradient ascent.
    outputs = keras.Function(network.inputs[0], network.outputs[0]).call(x)
    if reading.classes != CLASSES:
        order = layers.Dense(len(CLASSES), use_bias=False, name="order_of_classes", dtype="float32")
        outputs = order(outputs)
        places = [CLASSES.index(name) for name in reading.classes]
        order.set_weights([np.eye(len(CLASSES), dtype=np.float32)[places]])
    return keras.Model(images, outputs, name=network.name)


def read(
    network: keras.Model,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    *,
    scale: str | None = None,
    classes: Sequence[str] | None = None,
    mean: float,
    deviation: float,
) -> tuple[Reading, dict[Reading, float]]:
    """Return the reading under which the network is right most often on some training images.

    Args:
        network: As `fitted` takes it.
        images: (N, 48, 48), grey levels 0 to 255.
        labels: (N,), indices into EMOTIONS.
        scale: One of SCALES, where it is known.
        classes: The order of its classes, where it is known.
        mean: Of the grey levels of all training images.
        deviation: Their standard deviation.

    Returns:
        The reading, and each one tried -> its accuracy from 0 to 1.

    Raises:
        InputError: No reading is clearly better than all others, by McNemar's test; the message asks.
    """
    scales = (scale,) if scale else ("0-255",) if scales_itself(network) else SCALES
    orders = (tuple(classes),) if classes else tuple(ORDERS.values())
    right = {}
    for one in scales:
        plain = fitted(network, Reading(one, CLASSES), mean=mean, deviation=deviation)
        answers = predict_logits(plain, images).argmax(axis=1)
        for order in orders:
            places = np.array([CLASSES.index(name) for name in order])
            right[Reading(one, order)] = places[answers] == labels
    best = max(right, key=lambda reading: right[reading].sum())
    accuracies = {reading: float(found.mean()) for reading, found in right.items()}
    for other, found in right.items():
        chance = mcnemar(right[best], found).p_value
        if other != best and (chance is None or chance >= CLEAR):
            both = (f"{_named(one)} right for {accuracies[one]:.0%}" for one in (best, other))
            raise InputError(
                "expected a scale and an order of classes that are clearly best, found "
                f"{' and '.join(both)} of {len(labels)} training images: give --input-scale and --classes"
            )
    return best, accuracies


def _named(reading: Reading) -> str:
    order = next((name for name, classes in ORDERS.items() if classes == reading.classes), "the given")
    return f"{reading.scale} with {order} order"
