"""Test-time augmentation: the views of an image whose answers are averaged."""

from collections.abc import Iterator

import keras
import numpy as np
from numpy.typing import NDArray

VIEWS = {"none": 1, "flip": 2, "ten-crop": 10}
"""Name of a test-time augmentation, and the views it takes of each image."""

USUAL_SHIFT = 2  # pixels; a crop of 44, as the public projects above 73% take it


def views(images: NDArray[np.uint8], tta: str, *, shift: int) -> Iterator[NDArray[np.uint8]]:
    """Yield every image in one view after another, each uint8 (N, 48, 48).

    Args:
        images: uint8 (N, 48, 48).
        tta: A name in VIEWS: "none" is the image itself, "flip" adds its mirror image, "ten-crop" takes the
            centre and the four corners, each mirrored as well (Krizhevsky et al. 2012).
        shift: Pixels from the centre to a corner's crop. A network of a fixed input takes no smaller image,
            so the image is moved by as much; what enters at the border is the border pixel, and a network
            that crops its centre by `shift` never sees it.
    """
    corners = [(0, 0)]
    if tta == "ten-crop":
        corners += [(down, right) for down in (-shift, shift) for right in (-shift, shift)]
    padded = np.pad(images, ((0, 0), (shift, shift), (shift, shift)), mode="edge")
    height, width = images.shape[1:]
    for down, right in corners:
        view = padded[:, shift + down : shift + down + height, shift + right : shift + right + width]
        yield view
        if tta != "none":
            yield view[:, :, ::-1]


def crop_shift(network: keras.Model) -> int:
    """Return the pixels from a network's centre crop to a corner's; USUAL_SHIFT where it crops none."""
    for layer in network.layers:
        if isinstance(layer, keras.layers.Cropping2D):
            return min(margin for side in layer.cropping for margin in side) or USUAL_SHIFT
    return USUAL_SHIFT
