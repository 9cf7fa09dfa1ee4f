"""SmoothGrad: the gradient averaged over noisy copies of the image."""

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.saliency.gradient import signed_gradient

NOISE = 0.1  # standard deviation, as a share of the range of the image's grey levels


def smoothgrad(
    model: keras.Model, images: ArrayLike, classes: ArrayLike, *, samples: int = 32, seed: int
) -> NDArray[np.float32]:
    """Return the absolute mean gradient over noisy copies (Smilkov et al., arXiv 1706.03825), (N, 48, 48).

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: uint8 (N, 48, 48).
        classes: (N,).
        samples: Noisy copies of each image.
        seed: Of the noise.
    """
    faces = np.asarray(images, np.float32)
    deviation = NOISE * np.ptp(faces, axis=(1, 2), keepdims=True)
    generator = np.random.default_rng(seed)
    total = np.zeros_like(faces)
    for _ in range(samples):
        noisy = faces + deviation * generator.standard_normal(faces.shape, np.float32)
        total += signed_gradient(model, noisy, classes)
    return np.abs(total / samples)
