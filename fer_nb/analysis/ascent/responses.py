"""What the filters of a layer answer to a data set: their best images, and how alike they answer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.ascent.objectives import Activation
from fer_nb.analysis.ascent.receptive_field import ReceptiveField
from fer_nb.analysis.autodiff import BATCH_SIZE, ModelScore, values

PATCHES = 9  # at most, of a filter


@dataclass(frozen=True, eq=False)
class Responses:
    """The answers of C filters to N images, before the activation.

    Attributes:
        objective: Of each image as a whole, float32 (N, C).
        peak: The largest of an image's map, float32 (N, C).
        place: Row and column of the peak in the map, int64 (N, C, 2).
        correlation: Of the filters' outputs over all images and places, float64 (C, C); 0 where a filter
            always puts out the same.
    """

    objective: NDArray[np.float32]
    peak: NDArray[np.float32]
    place: NDArray[np.int64]
    correlation: NDArray[np.float64]


def filter_outputs(objective: Activation, images: NDArray[Any]) -> NDArray[np.float32]:
    """Return the maps that an objective's layer puts out, (N, rows, columns, C), before the activation.

    Args:
        objective: As `channel_objective` returns it; a dense layer has maps of one row and column.
        images: Grey levels 0 to 255, (N, 48, 48).
    """
    maps = values(ModelScore(objective.model), np.asarray(images)[..., None])
    return maps.reshape(len(maps), *(maps.shape[1:-1] or (1, 1)), maps.shape[-1])


def responses(objective: Activation, images: NDArray[np.uint8], *, batch_size: int = BATCH_SIZE) -> Responses:
    """Return what the filters answer to a data set.

    Args:
        objective: As `channel_objective` or `class_objective` returns it.
        images: uint8 (N, 48, 48), N 1 or more.
        batch_size: Images at a time; bounds the memory.
    """
    score = ModelScore(objective.model)
    channels = objective.channels
    wholes, peaks, places = [], [], []
    sums, products, count = np.zeros(channels), np.zeros((channels, channels)), 0
    for start in range(0, len(images), batch_size):
        maps = values(score, images[start : start + batch_size, ..., None], batch_size=batch_size)
        shape = maps.shape[1:-1] or (1, 1)
        outputs = maps.reshape(len(maps), -1, channels)
        best = outputs.argmax(axis=1)
        wholes.append(np.asarray(objective.of_maps(maps)))
        peaks.append(np.take_along_axis(outputs, best[:, None], axis=1)[:, 0])
        places.append(np.stack(np.unravel_index(best, shape), axis=-1))
        flat = outputs.reshape(-1, channels).astype(np.float64)
        sums, products, count = sums + flat.sum(axis=0), products + flat.T @ flat, count + len(flat)
    covariance = products / count - np.outer(sums, sums) / count**2
    return Responses(
        np.concatenate(wholes), np.concatenate(peaks), np.concatenate(places), _correlation(covariance)
    )


def top_patches(
    images: NDArray[np.uint8], found: Responses, channel: int, field: ReceptiveField
) -> list[NDArray[np.uint8]]:
    """Return what a filter saw where it answered most, the strongest first, at most one patch an image.

    Args:
        images: Those of `found`, (N, 48, 48).
        found: As `responses` returns it.
        channel: The filter.
        field: Of the layer; a patch has its size, mid-grey beyond the image's edge.
    """
    best = np.argsort(-found.peak[:, channel], kind="stable")[:PATCHES]
    return [field.crop(images[row], tuple(found.place[row, channel])) for row in best]


def _correlation(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    variance = np.diag(covariance).copy()
    alive = variance > 1e-9 * max(variance.max(), 1e-30)
    deviation = np.sqrt(np.where(alive, variance, 1))
    return np.where(np.outer(alive, alive), covariance / np.outer(deviation, deviation), np.eye(len(alive)))
