"""RISE: random masks, and which pixels were left in view when the logit was high."""

import keras
import numpy as np
import scipy.ndimage
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.saliency.scores import class_logits_of

GRID = 7  # cells of a mask along a side, before it is enlarged and shifted
SHOWN = 0.5  # probability of a cell to stay in view


def rise(
    model: keras.Model, images: ArrayLike, classes: ArrayLike, *, masks: int = 1000, seed: int
) -> NDArray[np.float32]:
    """Return by how much the logit is higher where a pixel is in view, (N, 48, 48), in logits, with sign.

    Petsiuk et al., arXiv 1806.07421, with two changes: what is hidden takes the image's mean grey level
    instead of black, and of logits and masks their means over the masks are taken off, since a logit, unlike
    a probability, has no zero. A pixel's value is the slope of the logit by how much of it is in view.

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: uint8 (N, 48, 48).
        classes: (N,).
        masks: How many; the same ones for every image.
        seed: Of the masks.
    """
    faces = np.asarray(images, np.float32)
    views = random_masks(masks, size=faces.shape[1], seed=seed)
    spread = np.maximum(masks * views.var(axis=0), 1e-9)  # a single mask says nothing
    maps = np.empty_like(faces)
    for row, (face, label) in enumerate(zip(faces, np.asarray(classes), strict=True)):
        copies = face.mean() + views * (face - face.mean())
        scores = class_logits_of(model, copies, np.full(masks, label))
        maps[row] = np.tensordot(scores - scores.mean(), views - views.mean(axis=0), 1) / spread
    return maps


def random_masks(count: int, *, size: int, seed: int) -> NDArray[np.float32]:
    """Return smooth masks (count, size, size), 0 hidden to 1 in view: grids of 7x7, enlarged and shifted."""
    generator = np.random.default_rng(seed)
    cell = -(-size // GRID)
    cells = (generator.random((count, GRID, GRID)) < SHOWN).astype(np.float32)
    larger = cell * (GRID + 1) / GRID  # room for the shift
    enlarged = scipy.ndimage.zoom(cells, (1, larger, larger), order=1)
    shifts = generator.integers(0, cell, (count, 2))
    places = zip(enlarged, shifts, strict=True)
    return np.stack([mask[row : row + size, column : column + size] for mask, (row, column) in places])
