"""Faces: images with their labels and splits, what identifies them, and how validation is carved out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fer_nb.errors import InputError, known_name
from fer_nb.language import EMOTIONS

USAGES = ("Training", "PublicTest", "PrivateTest", "unlabelled")
"""The splits; `Faces.usage` is an index into this tuple."""

SPLITS = {
    "test": ("PublicTest", "PrivateTest"),
    "unlabelled": ("unlabelled",),
    "training": ("Training",),
    "public": ("PublicTest",),
    "private": ("PrivateTest",),
}
"""Splits as commands, notebooks and `results.json` name them -> their usages; "validation" is carved from
"training" by each run."""

PRACTICE = "practice faces"
"""The `source` of drawn faces: no accuracy on them says anything about FER2013."""

SIZE = 48
UNKNOWN = -1

MOST = 500_000
"""Images that are read at most: 1.2 GB, fourteen times FER2013; and so a small file cannot unpack to more."""

COLUMNS = {"images": np.uint8, "labels": np.int8, "usage": np.uint8, "ids": np.int64}


@dataclass(frozen=True, eq=False)
class Faces:
    """A set of 48x48 grey face images, row by row with label, split and id.

    Attributes:
        images: uint8 (N, 48, 48), grey levels 0 (black) to 255 (white).
        labels: int8 (N,), an index into `fer_nb.language.EMOTIONS`, -1 where unknown.
        usage: uint8 (N,), an index into USAGES.
        ids: int64 (N,), the `id` column of a homework test.csv, else the row number within the usage, from 0.
        source: What the faces were read from, for messages and the report.

    Raises:
        InputError: If a shape, dtype or range is another one.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int8]
    usage: NDArray[np.uint8]
    ids: NDArray[np.int64]
    source: str

    def __post_init__(self) -> None:
        count = self.images.shape[0] if self.images.ndim else 0
        for name, dtype in COLUMNS.items():
            column = getattr(self, name)
            shape = (count, SIZE, SIZE) if name == "images" else (count,)
            if column.shape != shape or column.dtype != dtype:
                wanted = f"{name} of shape {shape} and type {np.dtype(dtype)}"
                found = f"shape {column.shape} and type {column.dtype}"
                raise InputError.expected(self.source, wanted, found)
        for name, low, high in (("labels", UNKNOWN, len(EMOTIONS) - 1), ("usage", 0, len(USAGES) - 1)):
            column = getattr(self, name)
            for row in np.flatnonzero((column < low) | (column > high)):
                where = f"{self.source}: row {row} of {name}"
                raise InputError.expected(where, f"{low} to {high}", column[row])

    def __len__(self) -> int:
        return len(self.images)

    @property
    def practice(self) -> bool:
        """Whether these are practice faces, on which no stated accuracy was measured."""
        return self.source == PRACTICE

    def take(self, indices: NDArray[Any]) -> "Faces":
        """Return the rows at `indices` (integers, in their order, or a mask of bool (N,))."""
        columns = {name: getattr(self, name)[indices] for name in COLUMNS}
        return Faces(**columns, source=self.source)

    def of(self, *usages: str) -> "Faces":
        """Return the rows of the named splits, in the order in which they stand.

        Raises:
            InputError: If a name is not in USAGES.
        """
        wanted = [USAGES.index(known_name("usage", usage, USAGES)) for usage in usages]
        return self.take(np.isin(self.usage, wanted))

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each of the four USAGES, zeros too."""
        counts = np.bincount(self.usage, minlength=len(USAGES))
        return {usage: int(count) for usage, count in zip(USAGES, counts, strict=True)}


def numbered(usage: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return ids for rows that carry none: the row number within its usage, int64 (N,) from 0."""
    so_far = np.cumsum(usage[:, None] == np.arange(len(USAGES)), axis=0, dtype=np.int64)
    return so_far[np.arange(len(usage)), usage] - 1


def concatenate(parts: Sequence[Faces], *, source: str) -> Faces:
    """Return the rows of all parts in order, labelled ones numbered anew within their usage."""
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS}
    named = columns["usage"] == USAGES.index("unlabelled")
    ids = np.where(named, columns["ids"], numbered(columns["usage"]))
    return Faces(**columns | {"ids": ids}, source=source)


def of_split(faces: Faces, split: str) -> Faces:
    """Return the faces of one of SPLITS; of "test", the public ones first.

    Raises:
        InputError: There is no split of that name.
    """
    usages = SPLITS[known_name("split", split, SPLITS)]
    return concatenate([faces.of(usage) for usage in usages], source=faces.source)


def row_hashes(faces: Faces, *, with_labels: bool = True) -> NDArray[np.void]:
    """Return the SHA-256 of each row, void of 32 bytes (N,).

    Args:
        faces: N rows.
        with_labels: Hash the label (one byte, 255 where unknown) before the 2,304 pixels; else these alone.
    """
    rows = faces.images.reshape(len(faces), SIZE * SIZE)
    if with_labels:
        rows = np.concatenate([faces.labels.view(np.uint8)[:, None], rows], axis=1)
    digests = b"".join(hashlib.sha256(row).digest() for row in np.ascontiguousarray(rows))
    return np.frombuffer(digests, "V32")


def fingerprint(faces: Faces) -> str:
    """Return one SHA-256 (hex) over labels and pixels of all rows, independent of their order.

    It is taken over the sorted hashes of the rows; splits, ids and source do not enter.
    """
    return hashlib.sha256(np.sort(row_hashes(faces)).tobytes()).hexdigest()


def fingerprints(faces: Faces) -> dict[str, str]:
    """Return the fingerprint of each split that has rows, by its name in USAGES."""
    return {usage: fingerprint(faces.of(usage)) for usage, count in faces.counts().items() if count}


def summary(faces: Faces) -> dict[str, Any]:
    """Return what `results.json` says of a data set: source, counts and fingerprints.

    "fingerprint" is taken over all rows, "fingerprints" over each split.
    """
    return {
        "source": faces.source,
        "fingerprint": fingerprint(faces),
        "fingerprints": fingerprints(faces),
        "counts": faces.counts(),
    }


def identical_groups(images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return int64 (N,) group numbers from 0: pixel-identical images share one.

    Args:
        images: uint8 (N, 48, 48). Groups are numbered in the order of their pixels, whatever the row order.
    """
    rows = np.ascontiguousarray(images.reshape(len(images), SIZE * SIZE))
    _, groups = np.unique(rows.view(f"V{rows.shape[1]}").ravel(), return_inverse=True)
    return groups.astype(np.int64)


def split_validation(faces: Faces, *, share: float, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Carve a validation split: stratified by class, identical images on one side.

    A random 10% of FER2013's Training rows has a twin in the other 90% for 7.6% of its images; here for none.
    The same rows in another order give the same split. A group of identical images with conflicting labels
    counts for its lowest label; a class of which all images are identical stays in training.

    Args:
        faces: The rows to divide, usually `faces.of("Training")`.
        share: The part of each class that goes to validation, above 0 and below 1.
        seed: Of the random choice.

    Returns:
        (training_indices, validation_indices), int64, each ascending.

    Raises:
        InputError: If `share` is out of range, or there are too few different images to divide.
    """
    if not 0 < share < 1:
        raise InputError(f"validation share: expected above 0 and below 1, found {share}")
    generator = np.random.default_rng(seed)
    groups = identical_groups(faces.images)
    sizes = np.bincount(groups)
    group_labels = np.full(len(sizes), len(EMOTIONS), np.int8)
    np.minimum.at(group_labels, groups, faces.labels)
    chosen = np.zeros(len(sizes), bool)
    for label in np.unique(group_labels):
        members = generator.permutation(np.flatnonzero(group_labels == label))[:-1]
        wanted = share * sizes[group_labels == label].sum()
        middles = np.cumsum(sizes[members]) - sizes[members] / 2
        chosen[members[middles <= wanted]] = True
        chosen[members[:1]] = True
    in_validation = chosen[groups]
    training, validation = np.flatnonzero(~in_validation), np.flatnonzero(in_validation)
    if not (training.size and validation.size):
        where = f"{faces.source}: cannot carve {share:.0%} for validation"
        raise InputError.expected(where, "two or more different images in some class", f"{len(faces)} rows")
    return training, validation


def carve_validation(
    faces: Faces, held_out: float | int, *, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Carve as a recipe says: a share by `split_validation`, a whole number as so many first rows.

    So report C does with 2,400. Identical images may end on both sides: this is for redoing the report, not
    for judging a network.

    Returns:
        (training_indices, validation_indices), int64, each ascending.

    Raises:
        InputError: As `split_validation`; or not 0 < held_out < len(faces).
    """
    if not isinstance(held_out, int):
        return split_validation(faces, share=held_out, seed=seed)
    if not 0 < held_out < len(faces):
        wanted = f"1 to {len(faces) - 1} of {len(faces)}"
        raise InputError.expected(f"{faces.source}: validation rows", wanted, held_out)
    rows = np.arange(len(faces))
    return rows[held_out:], rows[:held_out]


def leaked(test: Faces, training: Faces) -> NDArray[np.bool_]:
    """Return bool (N,): which test images are pixel-identical to a training image."""
    groups = identical_groups(np.concatenate([test.images, training.images]))
    return np.isin(groups[: len(test)], groups[len(test) :])
