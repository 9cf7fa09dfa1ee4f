"""How well maps meet regions that are known to matter, and how well two maps agree."""

import numpy as np
import scipy.stats
from numpy.typing import ArrayLike, NDArray


def region_shares(maps: ArrayLike, regions: ArrayLike) -> NDArray[np.float64]:
    """Return the share of each map's positive relevance in each region, (N, R); of one without any, the area.

    Args:
        maps: (N, 48, 48).
        regions: bool (N, R, 48, 48), or (R, 48, 48) for all.
    """
    positive = np.maximum(np.asarray(maps, np.float64), 0)
    positive[~positive.any(axis=(1, 2))] = 1
    inside = np.broadcast_to(regions, (len(positive), *np.shape(regions)[-3:]))
    return np.einsum("nij,nrij->nr", positive, inside) / positive.sum(axis=(1, 2))[:, None]


def relevance_mass_accuracy(maps: ArrayLike, regions: ArrayLike) -> NDArray[np.float64]:
    """Return the share of the positive relevance in the true regions, (N,) (CLEVR-XAI, arXiv 2003.07258).

    Args:
        maps: (N, 48, 48); a flat one reaches chance, the regions' area.
        regions: bool (N, 48, 48).
    """
    return region_shares(maps, np.asarray(regions)[:, None])[:, 0]


def pointing_game(maps: ArrayLike, regions: ArrayLike) -> NDArray[np.float64]:
    """Return 1 where a map's maximum lies in the true regions, else 0, (N,); of equal maxima, their share.

    Args:
        maps: (N, 48, 48).
        regions: bool (N, 48, 48).
    """
    flat = _flat(maps)
    largest = flat == flat.max(axis=1, keepdims=True)
    return (largest * _flat(regions)).sum(axis=1) / largest.sum(axis=1)


def rank_correlation(maps: ArrayLike, others: ArrayLike) -> NDArray[np.float64]:
    """Return Spearman's rank correlation of each pair of maps, (N,); 0 where one of them is flat.

    Args:
        maps: (N, ...).
        others: (N, ...).
    """
    ranks = [scipy.stats.rankdata(_flat(part), axis=1) for part in (maps, others)]
    one, other = (part - part.mean(axis=1, keepdims=True) for part in ranks)
    norm = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    return np.divide((one * other).sum(axis=1), norm, out=np.zeros(len(one)), where=norm > 0)


def top_share(maps: ArrayLike, share: float) -> NDArray[np.bool_]:
    """Return where each map has its largest values, bool (N, 48, 48), `share` of the pixels (0 to 1)."""
    return descending_ranks(maps) < round(share * np.asarray(maps)[0].size)


def descending_ranks(maps: ArrayLike) -> NDArray[np.int64]:
    """Return the place of each pixel among those of its map, 0 for the largest, shaped like `maps`."""
    places = np.asarray(scipy.stats.rankdata(-_flat(maps), method="ordinal", axis=1), np.int64)
    return places.reshape(np.shape(maps)) - 1


def _flat(maps: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(maps, np.float64).reshape(len(np.asarray(maps)), -1)
