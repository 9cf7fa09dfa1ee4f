import keras
import numpy as np
import pytest


def linear_network(weights, *, softmax=False):
    """A network whose logits are sums of grey levels times weights (48, 48, 7)."""
    image = keras.Input((48, 48, 1), name="image")
    flat = keras.layers.Flatten(name="flatten")(image)
    last = keras.layers.Dense(7, use_bias=False, activation="softmax" if softmax else None, name="logits")
    network = keras.Model(image, last(flat))
    last.kernel.assign(weights.reshape(-1, 7))
    return network


@pytest.fixture(scope="session")
def weights():
    return np.random.default_rng(0).normal(0, 1e-3, (48, 48, 7)).astype(np.float32)


@pytest.fixture(scope="session")
def linear(weights):
    return linear_network(weights)


@pytest.fixture(scope="session")
def with_softmax(weights):
    return linear_network(weights, softmax=True)


@pytest.fixture(scope="session")
def convolutional():
    keras.utils.set_random_seed(1)
    image = keras.Input((48, 48, 1), name="image")
    x = keras.layers.Rescaling(1 / 128, -1.0, name="normalization")(image)
    x = keras.layers.Conv2D(4, 5, strides=2, name="conv1")(x)
    x = keras.layers.BatchNormalization(name="norm1")(x)
    x = keras.layers.ReLU(name="relu1")(x)
    x = keras.layers.Conv2D(6, 3, strides=2, activation="relu", name="conv2")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    return keras.Model(image, keras.layers.Dense(7, name="logits")(x), name="small")


@pytest.fixture(scope="session")
def images():
    return np.random.default_rng(2).integers(0, 256, (3, 48, 48)).astype(np.uint8)


@pytest.fixture(scope="session")
def classes():
    return np.array([0, 3, 6])


@pytest.fixture(scope="session")
def make_linear():
    return linear_network
