"""How good an ensemble of networks is, and each of its members, against labels."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import scipy.special
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import Predictions, with_test
from fer_nb.analysis.evaluation.checks import checked_pair
from fer_nb.data.faces import Faces, leaked, of_split
from fer_nb.errors import InputError
from fer_nb.learning.prediction.blending import DECIMALS, chosen, combined, fit_weights, member_scores
from fer_nb.learning.prediction.ensemble import Member, open_ensemble

LOGITS_ENDING = ".npz"
SMALLEST_PROBABILITY = 1e-12  # a smaller one has this one's logarithm


def held_out(ensemble: Sequence[Member], training: Faces) -> NDArray[np.bool_]:
    """Return which Training faces every member held out for validation, bool (N,).

    None where a member is a file without its run: nobody knows then what it has learned from.
    """
    rows = np.full(len(training), bool(ensemble))
    for run in {member.path.parent: member.run for member in ensemble}.values():
        rows &= run.validated_on(training) if run and rows.any() else False
    return rows


def with_fitted_weights(ensemble: Sequence[Member], faces: Faces, **options: Any) -> list[Member]:
    """Return the ensemble with the weights that suit the images best which all of them held out.

    Args:
        ensemble: The networks; the weights that they have do not matter.
        faces: With the Training faces that they were trained on; test faces are not looked at.
        **options: `tta`, `batch_size` and `quiet` of `fer_nb.learning.prediction.blending.member_scores`.

    Raises:
        InputError: There is no image that every member held out.
    """
    training = faces.of("Training")
    part = training.take(held_out(ensemble, training))
    stack = member_scores(ensemble, part.images, **options) if len(part) else np.empty((len(ensemble), 0, 7))
    weights = fit_weights(stack, part.labels)
    return [replace(member, weight=float(weight)) for member, weight in zip(ensemble, weights, strict=True)]


def evaluate(ensemble: Sequence[Member], faces: Faces, **options: Any) -> dict[str, Predictions]:
    """Predict every labelled image that the ensemble has not learned from, as far as is known.

    Args:
        ensemble: The networks with their weights.
        faces: Labelled faces.
        **options: Those of `fer_nb.learning.prediction.blending.member_scores`.

    Returns:
        "validation" (see `held_out`), "public", "private" and "test" (the two together), those that have
        images; "training" where there are none but these.

    Raises:
        InputError: No image has a label.
    """
    training = faces.of("Training")
    validation = held_out(ensemble, training)
    parts = {"validation": training.take(validation)}
    parts |= {split: of_split(faces, split) for split in ("public", "private")}
    parts = {split: part for split, part in parts.items() if len(part)}
    if not parts and len(training):
        parts["training"] = training
    if not parts:
        raise InputError(f"{faces.source}: expected labelled images to measure by, found {faces.counts()}")
    weights = [member.weight for member in ensemble]
    combine = options.get("combine", "probabilities")
    predictions = {}
    for split, part in parts.items():
        stack = member_scores(ensemble, part.images, **options)
        # Rounded first: classes that tie in the scores still tie in their logarithms.
        scores = combined(stack, weights, combine=combine).round(DECIMALS)
        logits = scores if combine == "logits" else log_probabilities(scores)
        seen = training.take(~validation) if split == "validation" else training
        known = len(training) and split != "training"
        predictions[split] = Predictions(
            logits, part.labels, part.images, leaked(part, seen) if known else None, chosen(stack)
        )
    return with_test(predictions)


def answers_of(path: Path, faces: Faces, *, runs: Path) -> tuple[list[Member], Mapping[str, Predictions]]:
    """Return the networks at a path with what they answer, or no network with the logits in an .npz.

    Args:
        path: What `open_ensemble` takes, or a file that `read_predictions` takes.
        faces: Labelled faces.
        runs: Folder of all runs.

    Raises:
        InputError: Neither of them.
    """
    if path.suffix == LOGITS_ENDING:
        return [], read_predictions(path, faces)
    ensemble = open_ensemble([path], runs=runs)
    return ensemble, evaluate(ensemble, faces)


def read_predictions(path: Path, faces: Faces) -> dict[str, Predictions]:
    """Return the predictions in a file of logits, as `python -m fer_nb blend --out FILE.npz` writes it.

    Args:
        path: An .npz with `logits` (N, 7) and `labels` (N,) of the test images, and those of the validation
            images as `validation_logits` and `validation_labels`, if known. Probabilities are taken by their
            logarithms.
        faces: Where the labels equal those of the test split here, its images are taken to be the ones.

    Returns:
        "test", and "validation" where it is known.

    Raises:
        InputError: The file cannot be read, or its arrays do not fit each other.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = dict(stored)
    except FileNotFoundError:
        raise InputError(f"{path}: expected an .npz of logits, found nothing there") from None
    except (OSError, ValueError, TypeError, BadZipFile) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: expected an .npz of logits, found {reason}") from None
    predictions = {"test": _read(arrays, "", path)}
    if "validation_logits" in arrays:
        predictions["validation"] = _read(arrays, "validation_", path)
    test = of_split(faces, "test")
    if np.array_equal(test.labels, predictions["test"].labels):
        seen = leaked(test, faces.of("Training"))
        predictions["test"] = replace(predictions["test"], images=test.images, leaked=seen)
    return predictions


def log_probabilities(probabilities: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return logits whose softmax is the probabilities, (N, 7)."""
    return np.log(np.maximum(probabilities, SMALLEST_PROBABILITY))


def _read(arrays: dict[str, NDArray[Any]], prefix: str, path: Path) -> Predictions:
    """Return the predictions of one split, once the evaluation would take them."""
    for name in (f"{prefix}logits", f"{prefix}labels"):
        if name not in arrays:
            raise InputError(f"{path}: expected an array named {name}, found {', '.join(arrays) or 'none'}")
    logits, labels = arrays[f"{prefix}logits"], arrays[f"{prefix}labels"]
    if logits.dtype.kind not in "fiu":
        raise InputError.expected(f"{path}: {prefix}logits", "numbers", logits.dtype)
    if logits.size == 0 or logits.shape[1:] != (7,):
        raise InputError.expected(f"{path}: {prefix}logits", "shape (N, 7) with N 1 or more", logits.shape)
    try:
        checked_pair(logits, labels, what="logits")
    except InputError as error:
        raise InputError(f"{path}: {prefix}{error}") from None
    if (logits >= 0).all() and np.allclose(logits.sum(axis=1), 1, atol=1e-3):
        logits = scipy.special.log_softmax(log_probabilities(logits), axis=1)
    return Predictions(logits, labels)
