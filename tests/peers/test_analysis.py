"""Maps, curves and ascents beside JAX in float64, which computes the same network written out by hand.

Each is compared on random weights and a random face; differences are shares of the largest value. The network
is smooth: behind a ReLU, float32 and float64 may stand on two sides of zero.
"""

from functools import cache

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
import scipy.stats
import sklearn.metrics
from peers import agree, on_random_cases

from fer_nb.analysis import ascent, saliency
from fer_nb.analysis.ascent.regularized import images_of

pytestmark = pytest.mark.slow
PEER = "JAX, float64"
SINGLE = 2e-4  # of the largest value: what float32 leaves of sums of some thousand numbers
SIDE = 48


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@cache
def network():
    image = keras.Input((SIDE, SIDE, 1))
    x = keras.layers.Rescaling(1 / 128, -1.0)(image)
    x = keras.layers.Conv2D(3, 5, strides=3, activation="silu")(x)
    x = keras.layers.BatchNormalization(name="maps")(x)
    x = keras.layers.Conv2D(4, 3, strides=2, activation="silu", name="second")(x)
    return keras.Model(image, keras.layers.Dense(7)(keras.layers.Flatten()(x)))


def some_case(generator):
    """The network with random weights, those weights in float64, a face and a class."""
    weights = [generator.normal(0, 0.3, part.shape).astype(np.float32) for part in network().get_weights()]
    weights[5] = np.square(weights[5]) + np.float32(0.5)  # the variance of the batch normalization
    network().set_weights(weights)
    face = generator.integers(0, 256, (1, SIDE, SIDE)).astype(np.uint8)
    face[face < 200 * generator.random()] //= 2
    return network(), [jnp.asarray(part, jnp.float64) for part in weights], face, generator.integers(0, 7, 1)


def convolved(x, kernel, stride):
    return jax.lax.conv_general_dilated(
        x, kernel, (stride, stride), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


def maps_of(weights, faces):
    """The output of the batch normalization, of grey levels (n, 48, 48)."""
    kernel, bias, scale, offset, mean, variance, *_ = weights
    x = jax.nn.silu(convolved(faces[..., None] / 128 - 1, kernel, 3) + bias)
    return (x - mean) / jnp.sqrt(variance + 1e-3) * scale + offset


def logits_of_maps(weights, maps):
    kernel, bias, last, last_bias = weights[6:]
    return jax.nn.silu(convolved(maps, kernel, 2) + bias).reshape(len(maps), -1) @ last + last_bias


@jax.jit
def logits(weights, faces):
    return logits_of_maps(weights, maps_of(weights, faces))


@jax.jit
def slope(weights, faces, label):
    """The gradient of the logit of one class, (n, 48, 48)."""
    return jax.grad(lambda x: logits(weights, x)[:, label].sum())(faces)


def agree_by_share(name, ours, theirs, *, to=SINGLE):
    largest = np.abs(theirs).max()
    agree(name, PEER, np.asarray(ours) / largest, np.asarray(theirs) / largest, to=to)


@on_random_cases
def test_gradients(generator):
    model, weights, face, label = some_case(generator)
    theirs = slope(weights, face.astype(float), label[0])
    agree_by_share("gradient", saliency.signed_gradient(model, face, label), theirs)


@on_random_cases
def test_smoothgrad(generator):
    model, weights, face, label = some_case(generator)
    noise = np.random.default_rng(7)
    copies = [face + 0.1 * np.ptp(face) * noise.standard_normal(face.shape, np.float32) for _ in range(4)]
    theirs = np.abs(np.mean([slope(weights, jnp.asarray(copy), label[0]) for copy in copies], axis=0))
    agree_by_share("SmoothGrad", saliency.smoothgrad(model, face, label, samples=4, seed=7), theirs)


@on_random_cases
def test_integrated_gradients(generator):
    model, weights, face, label = some_case(generator)
    base = generator.uniform(0, 255, (SIDE, SIDE)).astype(np.float32)
    way = np.linspace(0, 1, 17)[:-1] + 1 / 32  # the midpoints of 16 steps
    points = base + way[:, None, None] * (face.astype(float) - base)
    theirs = (face - base) * slope(weights, points, label[0]).mean(axis=0)
    ours = saliency.integrated_gradients(model, face, label, baseline=base, steps=16, tolerance=np.inf)
    agree_by_share("integrated gradients", ours, theirs)


@on_random_cases
def test_layercam(generator):
    model, weights, face, label = some_case(generator)
    maps = maps_of(weights, face.astype(float))
    slopes = jax.grad(lambda x: logits_of_maps(weights, x)[0, label[0]])(maps)
    small = np.maximum((np.maximum(slopes, 0) * maps).sum(axis=-1), 0)
    theirs = jax.image.resize(jnp.asarray(small), (1, SIDE, SIDE), "linear", antialias=False)
    if small.any():
        agree_by_share("LayerCAM", saliency.layercam(model, face, label, layer="maps"), theirs)


@on_random_cases
def test_occlusion(generator):
    model, weights, face, label = some_case(generator)
    covered, places = [], [(row, column) for row in range(0, 33, 8) for column in range(0, 33, 8)]
    for row, column in places:
        covered.append(face[0].astype(float))
        covered[-1][row : row + 16, column : column + 16] = face.mean()
    drops = logits(weights, face.astype(float))[0, label[0]] - logits(weights, np.stack(covered))[:, label[0]]
    on = np.zeros((len(places), SIDE, SIDE), bool)
    for number, (row, column) in enumerate(places):
        on[number, row : row + 16, column : column + 16] = True
    theirs = [np.average(np.broadcast_to(np.asarray(drops)[:, None, None], on.shape), axis=0, weights=on)]
    agree_by_share("occlusion", saliency.occlusion(model, face, label, patch=16, stride=8), theirs)


@on_random_cases
def test_rise(generator):
    model, weights, face, label = some_case(generator)
    views = saliency.random_masks(30, size=SIDE, seed=7).astype(float)
    scores = logits(weights, face.mean() + views * (face - face.mean()))[:, label[0]]
    theirs = np.array([scipy.stats.linregress(view, scores).slope for view in views.reshape(30, -1).T[::97]])
    ours = saliency.rise(model, face, label, masks=30, seed=7).ravel()[::97]
    agree_by_share("RISE", ours, theirs)


@on_random_cases
def test_perturbation(generator):
    model, weights, face, label = some_case(generator)
    at = np.arange(int(generator.integers(12)), SIDE**2, 12)  # of all pixels over the cases
    brighter = face + np.eye(SIDE**2)[at].reshape(-1, SIDE, SIDE)

    def loss(faces):
        return -jax.nn.log_softmax(logits(weights, faces), axis=1)[:, label[0]]

    theirs = np.square(loss(brighter) - loss(face.astype(float)))
    if theirs.max() > 1e-6:  # where the loss is all but 0, float32 does not tell two of its values apart
        ours = saliency.perturbation(model, face, label).ravel()[at]
        agree_by_share("perturbation", ours, theirs, to=0.05)


@on_random_cases
def test_deletion_and_insertion(generator):
    model, weights, face, label = some_case(generator)
    maps, fill = generator.normal(0, 1, face.shape), generator.uniform(0, 255, face.shape).astype(np.float32)
    order = np.argsort(-maps.ravel())
    for name, start, end in (("deletion", face, fill), ("insertion", fill, face)):
        shown = [start.ravel().astype(float)]
        for part in np.split(order, 8):
            shown.append(shown[-1].copy())
            shown[-1][part] = end.ravel()[part]
        shares = jax.nn.softmax(logits(weights, np.reshape(shown, (-1, SIDE, SIDE))), axis=1)[:, label[0]]
        curves = saliency.deletion_curves(model, start, label, maps, fill=end, steps=8)
        agree(name, PEER, curves[0], shares, to=SINGLE)
        area = sklearn.metrics.auc(np.linspace(0, 1, 9), curves[0])
        agree("area under a curve", "scikit-learn auc", saliency.area_under_curve(curves)[0], area)


@cache
def objective():
    """One graph for all cases: it reads the weights that each case sets."""
    return ascent.class_objective(network())


@on_random_cases
def test_naive_ascent(generator):
    _, weights, face, label = some_case(generator)
    start = np.clip(face.astype(np.float32), 20, 235)
    image = start.astype(float)
    for _ in range(4):
        step = slope(weights, image, label[0])
        image = np.clip(image + step / np.sqrt(np.mean(step**2)), 0, 255)
    ours = ascent.naive_ascent(objective(), label, start, steps=4)
    agree_by_share("ascent of four steps", ours - start, image - start, to=1e-3)


@on_random_cases
def test_images_of_frequencies(generator):
    spectrum = generator.normal(0, generator.uniform(0.01, 1), (1, SIDE, SIDE)).astype(np.float32)
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE)))
    mixed = spectrum / np.maximum(frequency, 1 / SIDE) / 4
    for axis in (1, 2):
        waves = np.fft.fft(mixed, axis=axis, norm="ortho")
        mixed = waves.real - waves.imag
    agree("image of frequencies", "NumPy fft", images_of(spectrum)[..., 0] / 255, 1 / (1 + np.exp(-mixed)),
          to=SINGLE)  # fmt: skip


@on_random_cases
def test_rank_correlations(generator):
    one, other = generator.integers(0, int(generator.integers(2, 400)), (2, 1, SIDE, SIDE))
    theirs = scipy.stats.spearmanr(one.ravel(), other.ravel()).statistic
    agree("rank correlation", "SciPy spearmanr", saliency.rank_correlation(one, other)[0], theirs)
