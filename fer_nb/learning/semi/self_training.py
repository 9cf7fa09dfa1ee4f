"""Runs a protocol: pseudo-labels, rounds, and supervised training of equal length on the same labels.

What is trained here gets faces whose hidden labels are not in them; the judge of pseudo-labels stays outside.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import McNemar, mcnemar, softmax
from fer_nb.data.faces import Faces, concatenate
from fer_nb.errors import InputError
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.runs import Run
from fer_nb.learning.semi.protocols import Protocol
from fer_nb.learning.semi.pseudo_labels import confident, pseudo_labelled, surest_of_each_class
from fer_nb.learning.training import continue_run, find_or_train


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one protocol gave with one seed.

    Attributes:
        protocol: With its settings as they were.
        runs: Arm -> run: "teacher", which made the first pseudo-labels (not where a file did, nor in
            FixMatch), "control", supervised training of the student's length, and "student".
        pseudo: The faces with the pseudo-labels that the student learned from last; for FixMatch those that
            it would give in the end.
    """

    protocol: Protocol
    runs: Mapping[str, Run]
    pseudo: Faces

    def steps(self, arm: str) -> int:
        """Return the optimization steps of an arm, from the starting weights on."""
        return self.runs[arm].steps


def run_protocol(
    protocol: Protocol,
    recipe: Recipe,
    faces: Faces,
    validation: Faces,
    *,
    seed: int,
    runs: Path = Path("runs"),
    labelling: keras.Model | None = None,
    progress: str | None = None,
) -> Outcome:
    """Train all arms of a protocol, or find those runs that are there.

    Args:
        protocol: What is done with the unlabelled images.
        recipe: How the network is trained.
        faces: Labelled Training rows, unlabelled rows, and tests, as `hide_labels` returns them.
        validation: The faces held out, the same for all arms.
        seed: Of the starting weights and everything random in training.
        runs: Folder of all runs.
        labelling: A finished network that gives the first pseudo-labels, instead of the teacher.
        progress: As for `find_or_train`.

    Raises:
        InputError: As for `find_or_train`; or a labelling network for FixMatch, which has no use for one.
    """
    shared: dict[str, Any] = {"runs": runs, "validation": validation, "progress": progress}
    base, pool = protocol.supervised(recipe), faces.of("unlabelled")
    arms: dict[str, Run] = {}

    def train(recipe: Recipe, faces: Faces) -> Run:
        return find_or_train(recipe, faces, seed=seed, **shared)

    def go_on(faces: Faces) -> Run:
        return continue_run(arms["teacher"], faces, epochs=protocol.epochs + protocol.more_epochs, **shared)

    if protocol.unlabelled_ratio:
        if labelling is not None:
            raise InputError("fixmatch labels images as it trains: expected no labelling model")
        arms["control"] = train(base, faces)
        ratio = protocol.unlabelled_ratio
        fixmatch = base.replace(unlabelled_ratio=ratio, confidence=protocol.threshold)
        arms["student"] = train(fixmatch, faces)
        pseudo = _pseudo_labels(protocol, pool, arms["student"].logits("unlabelled"))
        return Outcome(protocol, arms, pseudo)
    if labelling is None or protocol.more_epochs:
        arms["teacher"] = train(base, faces)
    if labelling is None:
        logits = arms["teacher"].logits("unlabelled")
    else:
        logits = predict_logits(labelling, pool.images)
    for share in protocol.shares or (None,):
        pseudo = _pseudo_labels(protocol, pool, logits, share=share)
        both = concatenate([faces, pseudo], source=faces.source)
        student = go_on(both) if protocol.more_epochs else train(base, both)
        logits = student.logits("unlabelled")
    if protocol.more_epochs:
        arms["control"] = go_on(faces)
    else:
        arms["control"] = train(base.replace(epochs=_equal_epochs(student, base, faces)), faces)
    return Outcome(protocol, arms | {"student": student}, pseudo)


def correct_answers(run: Run, faces: Faces, validation: Faces) -> tuple[str, NDArray[np.bool_]]:
    """Return ("test", where the run is right on all labelled test images), or else on the validation ones."""
    if faces.counts()["PublicTest"] + faces.counts()["PrivateTest"]:
        return "test", run.correct_tests(faces)
    return "validation", run.logits("validation").argmax(axis=1) == validation.labels


def against_control(outcome: Outcome, faces: Faces, validation: Faces) -> McNemar:
    """Return McNemar's test of the student (first) and its control on the images of `correct_answers`."""
    student, control = (
        correct_answers(outcome.runs[arm], faces, validation)[1] for arm in ("student", "control")
    )
    return mcnemar(student, control)


def _pseudo_labels(
    protocol: Protocol, pool: Faces, logits: NDArray[np.floating], *, share: float | None = None
) -> Faces:
    """Return what the protocol keeps of the unlabelled faces; `share` is the round's, of each class."""
    probabilities = softmax(logits)
    if share is None:
        kept = confident(probabilities, protocol.threshold, inclusive=protocol.inclusive)
    else:
        kept = surest_of_each_class(probabilities, share)
    return pseudo_labelled(pool, probabilities, kept)


def _equal_epochs(student: Run, base: Recipe, faces: Faces) -> int:
    """Return the epochs on the labelled images that take as many steps as the student, to the nearest."""
    share = len(faces.of("Training")) / student.facts["training_images"]
    labelled = math.ceil(student.facts["images_per_epoch"] * share / base.batch_size)
    return max(1, round(student.steps / labelled))
