import gc
import json
import os
import subprocess
import sys
import weakref
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from fer_nb.analysis.autodiff import ModelScore, value_and_grad, values


def checks():
    """Name -> what must hold on either backend; raises where it does not."""
    return {
        "by hand": by_hand,
        "finite differences": finite_differences,
        "one trace": one_trace,
        "changed weights": changed_weights,
        "batches": batches,
        "rows with arguments": rows_with_arguments,
    }


def small_network():
    keras.utils.set_random_seed(3)
    x = keras.Input((6, 6, 1))
    y = keras.layers.Conv2D(3, 3, activation="softplus", name="conv")(x)
    return keras.Model(x, keras.layers.Dense(7)(keras.layers.Flatten()(y)))


def weighted(x):
    return ops.sum(ops.square(x) * 3.0, axis=1)


def by_hand():
    value, gradient = value_and_grad(weighted, [[1.0, 2.0], [0.0, -1.0]])
    np.testing.assert_allclose(value, [15.0, 3.0])
    np.testing.assert_allclose(gradient, [[6.0, 12.0], [0.0, -6.0]])
    np.testing.assert_allclose(values(weighted, [[1.0, 2.0]]), [15.0])


def finite_differences():
    score = ModelScore(small_network(), lambda answer: answer[:, 2])
    x = np.random.default_rng(0).normal(size=(2, 6, 6, 1))
    _, gradient = value_and_grad(score, x)
    for place in [(0, 0), (2, 3), (5, 5)]:
        step = np.zeros_like(x)
        step[:, place[0], place[1]] = 1e-2
        difference = (values(score, x + step) - values(score, x - step)) / 2e-2
        np.testing.assert_allclose(gradient[:, place[0], place[1], 0], difference, rtol=0.01, atol=1e-4)


def one_trace():
    traces = []

    def counted(x):
        traces.append(x.shape)
        return ops.sum(x, axis=1)

    counts = (5, 9, 12, 21) if keras.backend.backend() == "jax" else (5, 1, 9, 0, 2)
    for count in counts:  # on JAX a batch is filled up
        value_and_grad(counted, np.ones((count, 2)), batch_size=5)
    assert len(traces) == 1, traces


def changed_weights():
    network = small_network()
    score = ModelScore(network, lambda answer: answer[:, 0])
    x = np.ones((1, 6, 6, 1))
    before = value_and_grad(score, x)
    network.set_weights([2 * np.array(weight) for weight in network.get_weights()])
    after = value_and_grad(score, x)
    assert abs(after[0] - before[0]) > 1e-3
    np.testing.assert_allclose(after[0], np.asarray(network(x))[:, 0], rtol=1e-5)
    assert np.abs(after[1] - before[1]).max() > 1e-3


def batches():
    score = ModelScore(small_network(), lambda answer: answer[:, 1])
    x = np.random.default_rng(1).normal(size=(7, 6, 6, 1))
    whole, parts = value_and_grad(score, x), value_and_grad(score, x, batch_size=3)
    np.testing.assert_allclose(parts[0], whole[0], rtol=1e-5)
    np.testing.assert_allclose(parts[1], whole[1], rtol=1e-4, atol=1e-6)
    assert parts[1].dtype == np.float32 and parts[1].shape == x.shape


def rows_with_arguments():
    def chosen(x, column):
        return ops.sum(x * ops.one_hot(column, 3), axis=1)

    value, gradient = value_and_grad(chosen, [[1, 2, 3], [4, 5, 6]], np.array([2, 0], np.int8))
    np.testing.assert_allclose(value, [3, 4])
    np.testing.assert_allclose(gradient, [[0, 0, 1], [1, 0, 0]])
    assert values(lambda x: ops.tile(x, (1, 2)), np.ones((3, 4))).shape == (3, 8)


@pytest.mark.parametrize("name", checks())
def test_values_and_gradients_hold_on_tensorflow(name):
    checks()[name]()


def test_values_and_gradients_hold_on_jax():
    script = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); import test_autodiff as t\n"
        "for check in t.checks().values(): check()\n"
        "print(json.dumps([t.keras.backend.backend(), len(t.checks())]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, Path(__file__).parent],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["jax", len(checks())]


def test_what_was_compiled_dies_with_its_score():
    score = ModelScore(small_network(), lambda answer: answer[:, 0])
    value_and_grad(score, np.ones((1, 6, 6, 1)))
    gone = weakref.ref(score)
    del score
    gc.collect()
    assert gone() is None
