"""RISE: random masks, and which pixels were left in view when the logit was high."""

import keras
import numpy as np
import scipy.ndimage
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.autodiff import values
from fer_nb.analysis.saliency.scores import as_input, class_logit


def rise(
    model: keras.Model,
    images: ArrayLike,
    classes: ArrayLike,
    *,
    masks: int = 1000,
    grid: int = 7,
    shown: float = 0.5,
    seed: int,
    batch_size: int = 256,
) -> NDArray[np.float32]:
    """Return by how much the logit is higher where a pixel is in view, (N, 48, 48), with sign.

    Petsiuk et al., arXiv 1806.07421, with two changes: what is hidden takes the image's mean grey level
    instead of black, and the logits are taken less their mean over the masks, since a logit, unlike a
    probability, has no zero.

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: uint8 (N, 48, 48).
        classes: (N,).
        masks: How many; the same ones for every image.
        grid: Cells of a mask along a side, before it is enlarged and shifted.
        shown: Probability of a cell to stay in view.
        seed: Of the masks.
        batch_size: Masked copies at a time.
    """
    faces = np.asarray(images, np.float32)
    views = random_masks(masks, size=faces.shape[1], grid=grid, shown=shown, seed=seed)
    maps = np.empty_like(faces)
    for row, (face, label) in enumerate(zip(faces, np.asarray(classes), strict=True)):
        scores = np.empty(masks, np.float32)
        for start in range(0, masks, batch_size):
            part = views[start : start + batch_size]
            copies = face.mean() + part * (face - face.mean())
            labels = np.full(len(part), label)
            scores[start : start + len(part)] = values(
                class_logit(model), as_input(copies), labels, batch_size=batch_size
            )
        maps[row] = np.tensordot(scores - scores.mean(), views, 1) / (masks * shown * (1 - shown))
    return maps


def random_masks(count: int, *, size: int, grid: int, shown: float, seed: int) -> NDArray[np.float32]:
    """Return smooth masks (count, size, size), 0 hidden to 1 in view: small grids, enlarged and shifted."""
    generator = np.random.default_rng(seed)
    cell = -(-size // grid)
    cells = (generator.random((count, grid + 1, grid + 1)) < shown).astype(np.float32)
    enlarged = scipy.ndimage.zoom(cells, (1, cell, cell), order=1)
    shifts = generator.integers(0, cell, (count, 2))
    return np.stack(
        [
            mask[row : row + size, column : column + size]
            for mask, (row, column) in zip(enlarged, shifts, strict=True)
        ]
    )
