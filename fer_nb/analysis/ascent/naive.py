"""Gradient ascent on the pixels, from white noise: as in the homework."""

import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.ascent.objectives import Activation
from fer_nb.analysis.autodiff import value_and_grad

DEVIATION = 20.0  # of the noise, in grey levels


def white_noise(count: int, *, seed: int) -> NDArray[np.float32]:
    """Return images of independent normal pixels around mid-grey, float32 (count, 48, 48).

    Args:
        count: How many.
        seed: Of the noise.
    """
    noise = np.random.default_rng(seed).normal(127.5, DEVIATION, (count, 48, 48))
    return noise.astype(np.float32)


def naive_ascent(
    objective: Activation, channels: NDArray[np.integer], starts: NDArray[np.float32], *, steps: int = 64
) -> NDArray[np.float32]:
    """Climb from each start along the gradient, in steps of one grey level (root mean square of the pixels).

    After each step grey levels are held within 0 to 255, as on a screen.

    Args:
        objective: What to raise.
        channels: The channel of each image, (N,).
        starts: Grey levels to start from, (N, 48, 48).
        steps: How many.

    Returns:
        Grey levels within 0 to 255, float32 (N, 48, 48).
    """
    images = np.array(starts, np.float32)[..., None]
    for _ in range(steps):
        _, gradient = value_and_grad(objective, images, channels)
        length = np.sqrt(np.mean(gradient**2, axis=(1, 2, 3), keepdims=True))
        images = np.clip(images + gradient / np.maximum(length, 1e-12), 0, 255)
    return images[..., 0]
