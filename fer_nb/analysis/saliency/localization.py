"""How well maps meet regions that are known to matter, and how well two maps agree."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.stats
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Localization:
    """Four measures of how well maps meet the true regions, each (N,), 0 to 1 (CLEVR-XAI, arXiv 2003.07258).

    Attributes:
        mass: Share of the positive relevance that lies inside.
        rank: Of as many top pixels as the regions have, the share that lies inside.
        pointing: 1 where the largest value lies inside, else 0 (the pointing game).
        overlap: Intersection over union of the kept top pixels and the regions.
    """

    mass: NDArray[np.float64]
    rank: NDArray[np.float64]
    pointing: NDArray[np.float64]
    overlap: NDArray[np.float64]


def localization(maps: ArrayLike, regions: ArrayLike, *, kept: float = 0.2) -> Localization:
    """Hold maps against the true regions.

    Args:
        maps: (N, 48, 48).
        regions: bool (N, 48, 48), none of them empty.
        kept: Share of the pixels that count as shown for the overlap, 0 to 1.
    """
    flat, inside = _flat(maps), _flat(regions)
    size, shown = inside.sum(axis=1), round(kept * flat.shape[1])
    met = (_among_top(flat, np.full(len(flat), shown)) * inside).sum(axis=1)
    return Localization(
        mass=region_shares(maps, np.asarray(regions)[:, None])[:, 0],
        rank=(_among_top(flat, size) * inside).sum(axis=1) / size,
        pointing=(_among_top(flat, np.ones(len(flat))) * inside).sum(axis=1),
        overlap=met / (shown + size - met),
    )


def chance(regions: ArrayLike, *, kept: float = 0.2) -> Localization:
    """Return what maps without any sense reach: the regions' area, and the overlap that goes with it."""
    area = _flat(regions).mean(axis=1)
    return Localization(area, area, area, area * kept / (area + kept - area * kept))


def region_shares(maps: ArrayLike, regions: ArrayLike) -> NDArray[np.float64]:
    """Return the share of each map's positive relevance in each region, (N, R); of a map without any, the area.

    Args:
        maps: (N, 48, 48).
        regions: bool (N, R, 48, 48), or (R, 48, 48) for all.
    """
    dense = density(maps)
    inside = np.broadcast_to(regions, (len(dense), *np.shape(regions)[-3:]))
    return np.einsum("nij,nrij->nr", dense, inside) / dense[0].size


def density(maps: ArrayLike) -> NDArray[np.float64]:
    """Return the positive relevance of each pixel over the map's mean, (N, 48, 48); 1 all over a map without any.

    The mean of it over a region is the region's share of the relevance over its share of the area.
    """
    positive = np.maximum(np.asarray(maps, np.float64), 0)
    mean = positive.mean(axis=(1, 2), keepdims=True)
    return np.divide(positive, mean, out=np.ones_like(positive), where=mean > 0)


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


def _among_top(flat: NDArray[np.float64], counts: NDArray[Any]) -> NDArray[np.float64]:
    """Return how much of each pixel is among the `counts` (N,) largest of its map: equal ones share the rest."""
    first, last = (scipy.stats.rankdata(-flat, method=way, axis=1) for way in ("min", "max"))
    return np.clip((counts[:, None] - first + 1) / (last - first + 1), 0, 1)


def _flat(maps: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(maps, np.float64).reshape(len(np.asarray(maps)), -1)
