"""What a network answered to each split, from a run's folder or from a file of logits alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
import scipy.special
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import (
    Proportion,
    confusion_matrix,
    predicted_classes,
    softmax,
    split_accuracy,
)
from fer_nb.data.faces import Faces, concatenate, fingerprints, leaked
from fer_nb.errors import InputError, unknown_name
from fer_nb.language import EMOTIONS

if TYPE_CHECKING:
    from fer_nb.learning.runs import Run

SPLITS = ("validation", "public", "private", "test")
"""What can be judged; "test" is all labelled test images."""

_PARTS = {"public": ("PublicTest",), "private": ("PrivateTest",), "test": ("PublicTest", "PrivateTest")}


@dataclass(frozen=True, eq=False)
class Answers:
    """The logits of N labelled images.

    Attributes:
        logits: (N, 7).
        labels: True classes, (N,).
        images: uint8 (N, 48, 48), None where a file of logits came without them.
        leaked: bool (N,), which images equal one that was trained on; None where nobody can know.
    """

    logits: NDArray[np.floating]
    labels: NDArray[np.integer]
    images: NDArray[np.uint8] | None = None
    leaked: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """The softmax of the logits, (N, 7)."""
        return softmax(self.logits)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The class with the largest logit, (N,)."""
        return predicted_classes(self.logits)

    @property
    def matrix(self) -> NDArray[np.int64]:
        """Counts, (7, 7), rows true and columns predicted."""
        return confusion_matrix(self.predicted, self.labels)

    def scores(self) -> dict[str, Proportion]:
        """Return the accuracy on "all" images and on the "clean" ones, without those that leaked."""
        return split_accuracy(self.predicted, self.labels, self.leaked)


def joined(parts: Sequence[Answers]) -> Answers:
    """Return the answers of several splits as one; what one of them lacks, the whole lacks."""
    columns: dict[str, Any] = {}
    for name in ("logits", "labels", "images", "leaked"):
        values = [getattr(part, name) for part in parts]
        columns[name] = None if any(value is None for value in values) else np.concatenate(values)
    return Answers(**columns)


def of_run(run: "Run", faces: Faces) -> dict[str, Answers]:
    """Return the answers of a run to every split that has labels, by the names in SPLITS.

    Args:
        run: As `find_or_train` or `open_run` returns it for these faces.
        faces: The faces that it was trained with.
    """
    training, held_out = faces.of("Training"), run.validation_rows()
    validation, trained = training.take(held_out), training.take(_others(held_out, len(training)))
    answers = {"validation": _answers(run.logits("validation"), validation, trained)}
    for split, usages in _PARTS.items():
        parts = {usage: faces.of(usage) for usage in usages if faces.counts()[usage]}
        if parts:
            answers[split] = joined(
                [_answers(run.logits(usage), part, training) for usage, part in parts.items()]
            )
    return answers


def of_training(run: "Run", faces: Faces, *, count: int, seed: int) -> Answers:
    """Return the answers of a run to the images that it was trained on.

    Args:
        run: As for `of_run`.
        faces: The faces that it was trained with.
        count: How many to ask about at most, drawn at random; 0 for all.
        seed: Of the draw.
    """
    from fer_nb.learning.prediction import predict_logits

    training = faces.of("Training")
    rows = _others(run.validation_rows(), len(training))
    if 0 < count < len(rows):
        rows = np.sort(np.random.default_rng(seed).choice(rows, count, replace=False))
    asked = training.take(rows)
    return Answers(predict_logits(run.network(), asked.images), asked.labels, asked.images)


def of_file(path: Path, faces: Faces, *, split: str) -> dict[str, Answers]:
    """Return the answers in a file of logits, a blend's for example, as those of one split.

    Args:
        path: An .npz with `logits` (N, 7) and, where they are not those of the split, `labels` (N,); or an
            .npy of the logits. Probabilities are taken by their logarithms. Validation logits may stand
            beside them, as `validation_logits` and `validation_labels`.
        faces: Where the labels equal those of the split here, its images are taken to be the ones.
        split: One of SPLITS.

    Raises:
        InputError: The file cannot be read, or its arrays do not fit each other.
    """
    if split not in SPLITS:
        raise unknown_name("split", split, SPLITS)
    arrays = _arrays(path)
    logits = arrays["logits"]
    part = faces.of()
    if split in _PARTS:
        part = concatenate([faces.of(usage) for usage in _PARTS[split]], source=faces.source)
    if "labels" not in arrays and len(part) != len(logits):
        raise InputError(
            f"{path}: expected labels beside the {len(logits)} logits, or as many images in {split!r} of "
            f"{faces.source}, found {len(part)}"
        )
    labels = arrays.get("labels", part.labels)
    if np.array_equal(part.labels, labels):
        answers = {split: _answers(logits, part, faces.of("Training"))}
    else:
        answers = {split: Answers(logits, labels)}
    if "validation_logits" in arrays and split != "validation":
        answers["validation"] = Answers(arrays["validation_logits"], arrays["validation_labels"])
    return answers


def open_run(folder: Path, faces: Faces) -> "Run":
    """Return a finished run, its logits in the order of these faces.

    Raises:
        InputError: There is no run, or it was trained on other faces.
    """
    from fer_nb.learning.finishing import judged_faces
    from fer_nb.learning.runs import read_run
    from fer_nb.learning.training import make_plan

    run = read_run(folder)
    counts = {usage: count for usage, count in faces.counts().items() if count}
    if run.facts["data"]["fingerprints"] != fingerprints(faces):
        raise InputError(
            f"{folder}: expected a run on {faces.source} ({counts}), found one on other faces "
            f"({run.facts['data']['counts']})"
        )
    plan = make_plan(run.recipe, faces, seed=run.facts["seed"])
    found = run.in_order_of(judged_faces(plan, faces), plan.validation_rows)
    right = of_run(found, faces)["validation"].scores()["all"].accuracy
    if right != run.facts["metrics"]["validation"]["all"]["accuracy"]:
        raise InputError(
            f"{folder}: expected the validation rows that this run held out, found others: its recipe holds "
            "out the first rows, and they stand in another order here"
        )
    return found


def out_of_sample(answers: Mapping[str, Answers], split: str) -> Answers:
    """Return the answers to what was not trained on: validation, then test or else `split`.

    Where the images of one are known, those without images are left out.
    """
    names = dict.fromkeys(["validation", "test" if "test" in answers else split])
    parts = [answers[name] for name in names if name in answers]
    return joined([part for part in parts if part.images is not None] or parts)


def choose_split(answers: Mapping[str, Answers], wanted: str) -> str:
    """Return the split to judge: the one wanted, else the nearest to it that has labelled images.

    Raises:
        InputError: There is no split of that name.
    """
    if wanted not in SPLITS:
        raise unknown_name("split", wanted, SPLITS)
    return next(split for split in (wanted, "test", *answers) if split in answers)


def _answers(logits: NDArray[np.floating], part: Faces, seen: Faces) -> Answers:
    return Answers(logits, part.labels, part.images, leaked(part, seen))


def _others(rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return the numbers 0 to `count` - 1 that are not among `rows`, ascending."""
    return np.setdiff1d(np.arange(count), rows)


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of the file by name, logits checked."""
    try:
        stored = np.load(path, allow_pickle=False)
        if isinstance(stored, np.ndarray):
            found = {"logits": stored}
        else:
            with stored:
                found = dict(stored)
    except FileNotFoundError:
        raise InputError(f"{path}: expected an .npz or .npy of logits, found nothing there") from None
    except (OSError, ValueError, BadZipFile) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: expected an .npz or .npy of logits, found {reason}") from None
    if "logits" not in found:
        raise InputError(f"{path}: expected an array named logits, found {', '.join(found) or 'none'}")
    for prefix in ("", "validation_"):
        logits, labels = found.get(f"{prefix}logits"), found.get(f"{prefix}labels")
        if logits is None:
            continue
        if prefix and labels is None:
            raise InputError(f"{path}: expected validation_labels beside validation_logits, found none")
        found[f"{prefix}logits"] = _checked(logits, labels, where=f"{path}: {prefix}")
    return found


def _checked(logits: NDArray[Any], labels: NDArray[Any] | None, *, where: str) -> NDArray[np.floating]:
    """Return logits, of probabilities their logarithms, once the evaluation would take them."""
    if logits.size == 0 or logits.shape[1:] != (len(EMOTIONS),):
        raise InputError(
            f"{where}logits: expected shape (N, {len(EMOTIONS)}) with N 1 or more, found {logits.shape}"
        )
    try:
        guesses = predicted_classes(logits)
        if labels is not None:
            confusion_matrix(guesses, labels)
    except InputError as error:
        raise InputError(f"{where}{error}") from None
    if (logits >= 0).all() and np.allclose(logits.sum(axis=1), 1, atol=1e-3):
        return scipy.special.log_softmax(np.log(np.maximum(logits, 1e-12)), axis=1)
    return logits
