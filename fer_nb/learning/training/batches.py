"""Which images a training step sees: an order that depends on seed and epoch alone."""

import math
import warnings
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from fer_nb.data.faces import Faces
from fer_nb.errors import InputError
from fer_nb.language import EMOTIONS


class Batches(keras.utils.PyDataset):
    """Batches of {"image": uint8 (batch, 48, 48), "label": int32 (batch,)} for one epoch after another.

    Since the order follows from the seed and the epoch, training that was killed finds it again.

    Args:
        faces: Labelled training faces.
        batch_size: Images a batch; the last batch of an epoch holds the rest.
        seed: Of the order.
        flipped_copies: Every image also comes mirrored, so an epoch holds twice as many (report B).
        balance_classes: Images of rarer classes come repeatedly, drawn anew each epoch, until every class
            has as many as the largest (report D).
        unlabelled: Images without a label, uint8 (M, 48, 48).
        unlabelled_ratio: How many of them a batch holds for each of its labelled images, as "unlabelled",
            uint8 (ratio * batch, 48, 48): every image once, in an order of its own, before any comes again.

    Raises:
        InputError: There is no face, a face has no label, or `balance_classes` and a class has no image
            (which is a warning otherwise).
    """

    def __init__(
        self,
        faces: Faces,
        *,
        batch_size: int,
        seed: int,
        flipped_copies: bool = False,
        balance_classes: bool = False,
        unlabelled: NDArray[np.uint8] | None = None,
        unlabelled_ratio: int = 0,
    ) -> None:
        super().__init__()
        if not len(faces):
            raise InputError(f"{faces.source}: expected images to train on, found none")
        if np.any(faces.labels < 0):
            raise InputError(f"{faces.source}: training needs labelled faces, found some without a label")
        counts = np.bincount(faces.labels, minlength=len(EMOTIONS))
        if not counts.all():
            missing = ", ".join(EMOTIONS[label].en for label in np.flatnonzero(counts == 0))
            if balance_classes:
                raise InputError(
                    f"{faces.source}: classes cannot be balanced: expected training images of all "
                    f"{len(EMOTIONS)} classes, found none that is {missing}"
                )
            warnings.warn(f"{faces.source}: no training image is {missing}", stacklevel=2)
        self.images = faces.images
        self.labels = faces.labels.astype(np.int32)
        self.batch_size = batch_size
        self.seed = seed
        self.copies = 2 if flipped_copies else 1
        self.balance_classes = balance_classes
        self.images_per_epoch = (
            int(counts.max() * len(counts) if balance_classes else len(faces)) * self.copies
        )
        self.unlabelled = unlabelled
        self.unlabelled_ratio = unlabelled_ratio
        self.start_epoch(0)

    def start_epoch(self, epoch: int) -> None:
        """Draw the order of an epoch, counted from 0."""
        generator = np.random.default_rng([self.seed, epoch])
        rows = self._balanced(generator) if self.balance_classes else np.arange(len(self.images))
        both = np.concatenate([rows + copy * len(self.images) for copy in range(self.copies)])
        self.order = generator.permutation(both)
        if self.unlabelled_ratio and self.unlabelled is not None:
            wanted, there = self.unlabelled_ratio * self.images_per_epoch, len(self.unlabelled)
            rounds = [generator.permutation(there) for _ in range(math.ceil(wanted / there))]
            self.unlabelled_order = np.concatenate(rounds)[:wanted]

    def _balanced(self, generator: np.random.Generator) -> NDArray[np.int64]:
        counts = np.bincount(self.labels, minlength=len(EMOTIONS))
        rows = [np.arange(len(self.labels))]
        for label, count in enumerate(counts):
            rows.append(generator.choice(np.flatnonzero(self.labels == label), counts.max() - count))
        return np.concatenate(rows)

    def __len__(self) -> int:
        return math.ceil(self.images_per_epoch / self.batch_size)

    def __getitem__(self, index: int) -> tuple[dict[str, Any]]:
        chosen = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        rows = chosen % len(self.images)
        images = self.images[rows]
        mirrored = chosen >= len(self.images)
        images[mirrored] = images[mirrored, :, ::-1]
        batch = {"image": images, "label": self.labels[rows]}
        if self.unlabelled_ratio and self.unlabelled is not None:
            size = self.unlabelled_ratio * self.batch_size
            batch["unlabelled"] = self.unlabelled[self.unlabelled_order[index * size : (index + 1) * size]]
        return (batch,)
