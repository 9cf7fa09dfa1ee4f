"""Normalization of grey levels as plain Keras layers, fitted to the training images.

The layers are Keras's own, their constants stand in their configuration and they hold no weights: a saved
model carries its normalization exactly, and opens without this package.
"""

import keras
import numpy as np

from fer_nb.errors import InputError, known_name

NORMALIZATIONS = ("none", "unit", "mean_then_unit", "standardized", "per_image")

# Added to an image's variance (grey levels squared): a flat image becomes zeros, and the noise of an almost
# flat one is not blown up to full contrast. Ordinary faces have a variance of some thousands.
_PER_IMAGE_EPSILON = 1.0


def fit_normalization(mode: str, images: np.ndarray) -> keras.layers.Layer | None:
    """Return the layer "normalization", which maps raw grey levels (batch, 48, 48, 1) to a network's input.

    Args:
        mode: One of `NORMALIZATIONS`:
            "none": raw grey levels 0 to 255, no layer;
            "unit": divided by 255, so 0 to 1;
            "mean_then_unit": the mean of all grey levels subtracted, then divided by 255 (report A);
            "standardized": divided by 255, then less the mean and divided by the standard deviation of the
            images so scaled (report E), which is (grey - mean) / deviation in grey levels;
            "per_image": each image less its own mean, divided by its own deviation; a flat image gives zeros.
        images: The training images alone, uint8 (N, 48, 48). Only "mean_then_unit" and "standardized" read
            them.

    Returns:
        Float32 layer without weights, or None for "none".

    Raises:
        InputError: Unknown mode, no image, or images that are all one grey level ("standardized").
    """
    if known_name("normalization", mode, NORMALIZATIONS) == "none":
        return None
    if mode == "unit":
        return _rescaling(scale=1 / 255, offset=0.0)
    if mode == "per_image":
        return keras.layers.LayerNormalization(
            [1, 2, 3], _PER_IMAGE_EPSILON, center=False, scale=False, dtype="float32", name="normalization"
        )
    mean, deviation = _mean_and_deviation(images)
    if mode == "mean_then_unit":
        return _rescaling(scale=1 / 255, offset=-mean / 255)
    if deviation == 0:
        found = f"only grey level {mean:g}"
        raise InputError.expected("normalization 'standardized'", "images with some contrast", found)
    return _rescaling(scale=1 / deviation, offset=-mean / deviation)


def _rescaling(*, scale: float, offset: float) -> keras.layers.Layer:
    return keras.layers.Rescaling(scale, offset, dtype="float32", name="normalization")


def _mean_and_deviation(images: np.ndarray) -> tuple[float, float]:
    """Exact mean and population standard deviation in grey levels, from the counts of the 256 levels."""
    if images.dtype != np.uint8 or images.size == 0:
        found = f"{images.dtype} {images.shape}"
        raise InputError.expected("normalization", "training images, uint8 (N, 48, 48)", found)
    counts = np.bincount(images.ravel(), minlength=256).astype(np.float64)
    levels = np.arange(256, dtype=np.float64)
    mean = counts @ levels / images.size
    variance = counts @ (levels - mean) ** 2 / images.size
    return float(mean), float(np.sqrt(variance))
