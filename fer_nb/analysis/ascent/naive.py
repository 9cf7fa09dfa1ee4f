"""Gradient ascent on the pixels, from white noise: as in the homework."""

import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.ascent.objectives import Activation
from fer_nb.analysis.autodiff import BATCH_SIZE, value_and_grad


def white_noise(count: int, *, deviation: float = 20.0, seed: int) -> NDArray[np.float32]:
    """Return images of independent normal pixels around mid-grey, float32 (count, 48, 48).

    Args:
        count: How many.
        deviation: In grey levels.
        seed: Of the noise.
    """
    noise = np.random.default_rng(seed).normal(127.5, deviation, (count, 48, 48))
    return noise.astype(np.float32)


def naive_ascent(
    objective: Activation,
    channels: NDArray[np.integer],
    starts: NDArray[np.float32],
    *,
    steps: int = 64,
    rate: float = 1.0,
    batch_size: int = BATCH_SIZE,
) -> NDArray[np.float32]:
    """Climb from each start along the gradient, which is scaled to the same length in every step.

    Args:
        objective: What to raise.
        channels: The channel of each image, (N,).
        starts: Grey levels to start from, (N, 48, 48).
        steps: How many.
        rate: Root mean square of one step over the pixels, in grey levels.
        batch_size: Images at a time; bounds the memory.

    Returns:
        Grey levels, float32 (N, 48, 48), not held within 0 to 255.
    """
    images = np.array(starts, np.float32)[..., None]
    for _ in range(steps):
        _, gradient = value_and_grad(objective, images, channels, batch_size=batch_size)
        length = np.sqrt(np.mean(gradient**2, axis=(1, 2, 3), keepdims=True))
        images += rate * gradient / np.maximum(length, 1e-12)
    return images[..., 0]
