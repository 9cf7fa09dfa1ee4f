"""What a network, or several of them together, predicts for labelled images."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import scipy.special
from numpy.typing import NDArray

from fer_nb.analysis.evaluation.confusion import confusion_matrix
from fer_nb.analysis.evaluation.intervals import Proportion, split_accuracy


@dataclass(frozen=True, eq=False)
class Predictions:
    """The logits of N labelled images.

    Attributes:
        logits: (N, 7).
        labels: True classes, (N,).
        images: uint8 (N, 48, 48); None where they are not known.
        leaked: bool (N,), which images equal one that was trained on; None where nobody can know.
        member_classes: Of an ensemble of M, the class that each member gives, (M, N); else None.
    """

    logits: NDArray[np.floating]
    labels: NDArray[np.integer]
    images: NDArray[np.uint8] | None = None
    leaked: NDArray[np.bool_] | None = None
    member_classes: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """The softmax of the logits, (N, 7)."""
        return scipy.special.softmax(self.logits, axis=1)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The class with the largest logit, (N,)."""
        return self.logits.argmax(axis=1)

    @property
    def matrix(self) -> NDArray[np.int64]:
        """Counts, (7, 7), rows true and columns predicted."""
        return confusion_matrix(self.predicted, self.labels)

    def correct(self, member: int | None = None) -> NDArray[np.bool_]:
        """Return which images are classified correctly, (N,), by one member or by the whole."""
        return self._classes(member) == self.labels

    def accuracy(self, member: int | None = None) -> dict[str, Proportion]:
        """Return the accuracy, of one member or of the whole, on "all" images and on the "clean" ones.

        The clean ones are those that did not leak.
        """
        return split_accuracy(self._classes(member), self.labels, self.leaked)

    def _classes(self, member: int | None) -> NDArray[np.int64]:
        if member is None:
            return self.predicted
        assert self.member_classes is not None, "one network has no members"
        return self.member_classes[member]


def joined_predictions(parts: Sequence[Predictions]) -> Predictions:
    """Return the predictions of several splits as one; what one of them lacks, the whole lacks."""
    columns: dict[str, Any] = {}
    for field in fields(Predictions):
        values = [getattr(part, field.name) for part in parts]
        known = all(value is not None for value in values)
        columns[field.name] = (
            np.concatenate(values, axis=-1 if field.name == "member_classes" else 0) if known else None
        )
    return Predictions(**columns)


def with_test(predictions: Mapping[str, Predictions]) -> dict[str, Predictions]:
    """Return the predictions with "test" added: "public" and "private" together, or the one that there is."""
    parts = [predictions[split] for split in ("public", "private") if split in predictions]
    return dict(predictions) | ({"test": joined_predictions(parts)} if parts else {})


def metrics(predictions: Mapping[str, Predictions], member: int | None = None) -> dict[str, dict[str, Any]]:
    """Return {split: {"all" and "clean": accuracy with interval}}, as `results.json` keeps it."""
    return {
        split: {name: score.as_record() for name, score in part.accuracy(member).items()}
        for split, part in predictions.items()
    }
