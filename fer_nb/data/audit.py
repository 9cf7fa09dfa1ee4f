"""What is wrong with a data set: duplicates, leaks between splits, conflicting labels, blanks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from fer_nb.data.faces import USAGES, Faces, identical_groups
from fer_nb.language import EMOTIONS

NEARLY_FLAT = 5.0
"""Standard deviation in grey levels below which an image shows nothing; FER2013's faces begin at about 9."""

NEAR = 4
"""Bits of 64 by which hashes of near-duplicates differ at most: such pairs in FER2013 are one photograph."""

_HASH_SIDE = 8
_BLOCK = 64


def audit(faces: Faces) -> dict[str, Any]:
    """Count what is wrong with `faces`; takes seconds for the whole of FER2013.

    Returns:
        Ready for JSON: "images", the rows;
        "duplicate_groups", groups of two or more pixel-identical images, and "duplicate_images" in them;
        "groups_across_splits", those whose images lie in two or more splits;
        "groups_with_conflicting_labels", those that carry two or more different known labels;
        "leaked_images", by test split those that are pixel-identical to a Training image;
        "near_duplicate_groups", that hold different images of nearly the same look (`near_groups`), with
        "near_duplicate_images" (identical copies too), "near_duplicate_groups_across_splits" and
        "near_duplicate_groups_with_conflicting_labels";
        "flat_images" of one grey level (standard deviation 0), "nearly_flat_images" below NEARLY_FLAT;
        "class_counts" by split with labels, 7 numbers in the order of EMOTIONS, "class_shares" of them.
    """
    identical = identical_groups(faces.images)
    near = near_groups(faces.images, identical)
    spread = deviations(faces.images)
    in_training = np.isin(identical, identical[faces.usage == USAGES.index("Training")])
    known = faces.labels >= 0
    counts = {
        usage: np.bincount(faces.labels[rows], minlength=len(EMOTIONS)).tolist()
        for code, usage in enumerate(USAGES)
        if (rows := known & (faces.usage == code)).any()
    }
    return {
        "images": len(faces),
        **_counted(faces, identical, np.bincount(identical) > 1, prefix=""),
        "leaked_images": {
            usage: int(in_training[faces.usage == code].sum())
            for code, usage in enumerate(USAGES)
            if usage != "Training" and faces.counts()[usage]
        },
        # A near-duplicate group is one that says more than the identical ones: it joins two or more of them.
        **_counted(faces, near, _distinct(near, identical) > 1, prefix="near_duplicate_"),
        "flat_images": int((spread == 0).sum()),
        "nearly_flat_images": int(((spread > 0) & (spread < NEARLY_FLAT)).sum()),
        "class_counts": counts,
        "class_shares": {usage: [count / sum(row) for count in row] for usage, row in counts.items()},
    }


def _counted(
    faces: Faces, groups: NDArray[np.int64], counted: NDArray[np.bool_], *, prefix: str
) -> dict[str, int]:
    """Return how many groups count, their images, and those across splits or with conflicting labels."""
    across = counted & (_distinct(groups, faces.usage) > 1)
    conflicting = counted & (_distinct(groups, faces.labels, faces.labels >= 0) > 1)
    return {
        f"{prefix or 'duplicate_'}groups": int(counted.sum()),
        f"{prefix or 'duplicate_'}images": int(counted[groups].sum()),
        f"{prefix}groups_across_splits": int(across.sum()),
        f"{prefix}groups_with_conflicting_labels": int(conflicting.sum()),
    }


def perceptual_hashes(images: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return 64-bit perceptual hashes, uint64 (N,): images that look alike differ in few bits.

    A bit tells whether one of the 8x8 lowest frequencies of the cosine transform lies above their median
    (pHash: Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010).

    Args:
        images: uint8 (N, 48, 48).
    """
    starts = range(0, max(len(images), 1), _BLOCK)
    blocks = [images[start : start + _BLOCK].astype(np.float32) for start in starts]
    lowest = [dctn(block, axes=(1, 2), norm="ortho")[:, :_HASH_SIDE, :_HASH_SIDE] for block in blocks]
    frequencies = np.concatenate(lowest).reshape(-1, _HASH_SIDE**2)
    above = frequencies > np.median(frequencies[:, 1:], axis=1, keepdims=True)
    return np.packbits(above, axis=1).view(np.uint64).ravel()


def near_groups(images: NDArray[np.uint8], identical: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return int64 (N,) group numbers from 0: images whose hashes differ in up to NEAR bits share one.

    Identical images share one too, and chains are followed. Images with a standard deviation below
    NEARLY_FLAT are alike to identical ones only, as a hash of nothing says nothing.

    Args:
        images: uint8 (N, 48, 48).
        identical: int64 (N,), their `identical_groups`.
    """
    _, first = np.unique(identical, return_index=True)
    shown = np.flatnonzero(deviations(images[first]) >= NEARLY_FLAT)
    left, right = _close_pairs(perceptual_hashes(images[first[shown]]))
    links = (np.ones(len(left), bool), (shown[left], shown[right]))
    _, components = connected_components(coo_array(links, shape=(len(first), len(first))), directed=False)
    return components[identical].astype(np.int64)


def deviations(images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the standard deviation of each image in grey levels, float64 (N,): exactly 0 if it is flat."""
    return np.array([image.std() for image in images], np.float64)


def _close_pairs(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the positions (left, right), left < right, of all pairs that differ in up to NEAR bits."""
    pairs = [np.empty((2, 0), np.int64)]
    for start in range(0, len(hashes), _BLOCK):
        distances = np.bitwise_count(hashes[start : start + _BLOCK, None] ^ hashes[None, start:])
        pairs.append(np.stack(np.nonzero(np.triu(distances <= NEAR, k=1))) + start)
    left, right = np.concatenate(pairs, axis=1)
    return left, right


def _distinct(
    groups: NDArray[np.int64], values: NDArray[Any], among: NDArray[np.bool_] | slice = slice(None)
) -> NDArray[np.int64]:
    """Return how many different `values` (N,) each group has, by group number, looking `among` some rows."""
    pairs = np.unique(np.stack([groups[among], values[among].astype(np.int64)]), axis=1)
    return np.bincount(pairs[0], minlength=int(groups.max(initial=-1)) + 1)
