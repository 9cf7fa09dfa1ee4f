"""How good an ascent's image is: little high frequency, and no mere copy of the noise it started from."""

import numpy as np
from numpy.typing import NDArray

HIGH_FREQUENCY = 0.25  # cycles a pixel


def high_frequency_energy(images: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the share of each image's spectral power above 0.25 cycles a pixel, its mean left out.

    White noise has 1 - pi / 16 = 0.80 of it there.

    Args:
        images: Grey levels, (N, rows, columns).

    Returns:
        Shares from 0 to 1, (N,); 0 for an image of one grey level.
    """
    values = np.asarray(images, np.float64)
    power = np.abs(np.fft.fft2(values - values.mean(axis=(1, 2), keepdims=True))) ** 2
    frequency = np.hypot(np.fft.fftfreq(values.shape[1])[:, None], np.fft.fftfreq(values.shape[2]))
    high = power[:, frequency > HIGH_FREQUENCY].sum(axis=1)
    total = power.sum(axis=(1, 2))
    return high / np.where(total > 0, total, 1)


def start_correlation(
    images: NDArray[np.floating], starts: NDArray[np.floating], *, step: int = 1, edge: int = 0
) -> NDArray[np.float64]:
    """Return how far each image still is the noise that it started from: Pearson's correlation, (N,).

    Args:
        images: What the ascent made, (N, 48, 48).
        starts: What it started from, (N, 48, 48).
        step: The stride of the layer. With a stride of 2 the ascent may add four constants in turn, one for
            each place of a pixel under the filter; so the mean of each of the step x step places is taken
            off first. With 1 this is the plain correlation.
        edge: Pixels left out at each edge, where the filter meets the padding.
    """
    inner = slice(edge, images.shape[1] - edge)
    parts = np.stack([images, starts]).astype(np.float64)[:, :, inner, inner]
    for row in range(step):
        for column in range(step):
            part = parts[:, :, row::step, column::step]
            part -= part.mean(axis=(2, 3), keepdims=True)
    products = np.einsum("anij,bnij->abn", parts, parts)
    return products[0, 1] / np.sqrt(np.maximum(products[0, 0] * products[1, 1], 1e-300))
