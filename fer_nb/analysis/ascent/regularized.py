"""Gradient ascent on the frequencies of an image that is moved a little in every step."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.ascent.layers import SIDE
from fer_nb.analysis.ascent.objectives import Activation
from fer_nb.analysis.autodiff import value_and_grad

START = 0.01  # deviation of the first coefficients: near grey
# Where no unit of a poor network is active near grey, all gradients are 0 and the image stays flat: it starts
# once more, farther off. All start near first, for that leaves less at high frequencies (0.10 against 0.11).
FAR_START = 0.1
FLAT = 1.0  # deviation in grey levels of an image that never moved
TINY = 1e-6  # the least spread: of a filter that answers everything alike
RATE, DECAY_FIRST, DECAY_SECOND, EPSILON = 0.02, 0.9, 0.999, 1e-8  # Adam's
JITTER = 3.0  # largest shift each way, in pixels
ZOOM = 0.05  # largest change of scale, as a share
ROTATION = 5.0  # largest turn each way, in degrees


def fourier_ascent(
    objective: Activation,
    channels: NDArray[np.integer],
    *,
    spread: ArrayLike = 1.0,
    steps: int = 256,
    total_variation: float = 6e-3,
    seed: int,
) -> NDArray[np.float32]:
    """Climb from near grey on the coefficients of the Fourier basis, scaled by 1 / frequency, with Adam.

    In each step every image is shifted, zoomed and turned at random before the network sees it; beyond its
    edge it is mirrored. What comes out holds still under such moves and shows little high frequency. An image
    that is still flat in the end starts once more, farther from grey.

    Source: Olah, Mordvintsev, Schubert, "Feature Visualization", Distill 2017. Its learning rate of 0.05 and
    no total variation leave 0.11 of the power of a 48x48 image at high frequencies (median over the last
    convolution of `practice_cnn`); the defaults leave 0.06, and still reach 2.7 times what any face does.

    Args:
        objective: What to raise.
        channels: The channel of each image, (N,).
        spread: Of each image's activation over a data set, its standard deviation, (N,); the total variation
            is weighed against it. By default 1, as that of a batch-normalized layer about is.
        steps: How many.
        total_variation: Weight of the summed absolute differences of neighbouring pixels (of 0 to 1), which
            are taken off the objective; 0 for none.
        seed: Of the start and of the moves.

    Returns:
        Grey levels within 0 to 255, float32 (N, 48, 48).
    """
    score = _Moved(objective, total_variation)
    spreads = np.broadcast_to(np.maximum(spread, TINY), len(channels))
    images = _climb(score, channels, spreads, steps=steps, start=START, seed=seed)
    flat = images.std(axis=(1, 2)) < FLAT
    if flat.any():
        images[flat] = _climb(score, channels[flat], spreads[flat], steps=steps, start=FAR_START, seed=seed)
    return images


def _climb(
    score: "_Moved", channels: NDArray[Any], spreads: NDArray[Any], *, steps: int, start: float, seed: int
) -> NDArray[np.float32]:
    generator, count = np.random.default_rng(seed), len(channels)
    spectrum = generator.normal(0, start, (count, SIDE, SIDE)).astype(np.float32)
    first, second = np.zeros_like(spectrum), np.zeros_like(spectrum)
    for step in range(1, steps + 1):
        moves = random_moves(generator, count)
        _, gradient = value_and_grad(score, spectrum, channels, moves, spreads)
        first += (1 - DECAY_FIRST) * (gradient - first)
        second += (1 - DECAY_SECOND) * (gradient**2 - second)
        slope = first / (1 - DECAY_FIRST**step)
        spectrum += RATE * slope / (np.sqrt(second / (1 - DECAY_SECOND**step)) + EPSILON)
    return np.array(ops.convert_to_numpy(images_of(spectrum))[..., 0])


def images_of(spectrum: Any) -> Any:
    """Return grey levels 0 to 255, (n, 48, 48, 1), of coefficients (n, 48, 48): a sigmoid of their sum."""
    mixed = ops.matmul(ops.matmul(_BASIS, spectrum * _SCALE), _BASIS)
    return 255.0 * ops.sigmoid(ops.expand_dims(mixed, -1))


def random_moves(generator: np.random.Generator, count: int) -> NDArray[np.float32]:
    """Return `count` moves about the middle of an image, (count, 8), as `keras.ops.image` takes them."""
    angle = np.deg2rad(generator.uniform(-ROTATION, ROTATION, count))
    scale = generator.uniform(1 - ZOOM, 1 + ZOOM, count)
    shift = generator.uniform(-JITTER, JITTER, (2, count))
    cosine, sine = np.cos(angle) / scale, np.sin(angle) / scale
    middle = (SIDE - 1) / 2
    right = middle - middle * (cosine - sine) + shift[0]
    down = middle - middle * (sine + cosine) + shift[1]
    zero = np.zeros(count)
    return np.stack([cosine, -sine, right, sine, cosine, down, zero, zero], axis=1).astype(np.float32)


@dataclass(frozen=True, eq=False)
class _Moved:
    """Score of coefficients: the objective of their images once moved, less their total variation."""

    objective: Activation
    total_variation: float

    @property
    def model(self) -> keras.Model:
        return self.objective.model

    def __call__(self, spectrum: Any, channels: Any, moves: Any, spread: Any) -> Any:
        images = images_of(spectrum)
        moved = ops.image.affine_transform(images, moves, interpolation="bilinear", fill_mode="reflect")
        down, right = images[:, 1:] - images[:, :-1], images[:, :, 1:] - images[:, :, :-1]
        rough = ops.sum(ops.abs(down), axis=(1, 2, 3)) + ops.sum(ops.abs(right), axis=(1, 2, 3))
        return self.objective(moved, channels) / spread - self.total_variation / 255 * rough


def _hartley() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the Fourier basis in its real form, orthonormal (48, 48), and 1 / frequency of each pair.

    The lowest frequency is taken as one cycle an image, and a quarter of 1 / frequency, as the source does.
    """
    numbers = np.arange(SIDE)
    angles = 2 * np.pi * np.outer(numbers, numbers) / SIDE
    basis = (np.cos(angles) + np.sin(angles)) / np.sqrt(SIDE)
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE)))
    scale = 1 / np.maximum(frequency, 1 / SIDE) / 4
    return basis.astype(np.float32), scale.astype(np.float32)


_BASIS, _SCALE = _hartley()
