"""Runs a protocol: pseudo-labels, rounds, and supervised training of equal length on the same labels.

What is trained here gets faces without their hidden labels; what counts right pseudo-labels stays out.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras

from fer_nb.analysis.evaluation import McNemar, Predictions, mcnemar, softmax
from fer_nb.data.faces import Faces, concatenate
from fer_nb.errors import InputError
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.runs import Run
from fer_nb.learning.semi.protocols import Protocol
from fer_nb.learning.semi.pseudo_labels import above_threshold, class_balanced_selection, pseudo_labelled
from fer_nb.learning.training.train import continue_run, find_or_train


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
    protocol: Protocol, recipe: Recipe, faces: Faces, validation: Faces, **options: Any
) -> Outcome:
    """Train all arms of a protocol, or find those runs that are there.

    Args:
        protocol: What is done with the unlabelled images.
        recipe: How the network is trained.
        faces: Labelled Training rows, unlabelled rows, and tests, as `hide_labels` returns them.
        validation: The faces held out, the same for all arms.
        **options: `seed`, `labelling`, `runs` and `progress`, as for `Arms`.

    Raises:
        InputError: As for `find_or_train`; or a labelling network for FixMatch, which has no use for one.
    """
    arms = Arms(protocol, recipe, faces, validation, **options)
    student = arms.run(protocol.last_student)
    control = arms.run("control")
    teacher = {"teacher": arms.trained["teacher"]} if "teacher" in arms.trained else {}
    pseudo = arms.pseudo_labels(student) if protocol.unlabelled_ratio else arms.learned_from
    return Outcome(protocol, teacher | {"control": control, "student": student}, pseudo)


class Arms:
    """The arms of a protocol, each trained or found when it is asked for, after those that it needs.

    Args:
        protocol, recipe, faces, validation: As for `run_protocol`.
        seed: Of the starting weights and everything random in training.
        labelling: A finished network that gives the first pseudo-labels, instead of the teacher.
        **options: `runs` (folder of all runs) and others of `find_or_train`.
    """

    def __init__(
        self,
        protocol: Protocol,
        recipe: Recipe,
        faces: Faces,
        validation: Faces,
        *,
        seed: int,
        labelling: keras.Model | None = None,
        **options: Any,
    ) -> None:
        if protocol.unlabelled_ratio and labelling is not None:
            raise InputError("fixmatch labels images as it trains: expected no labelling model")
        self.protocol, self.faces, self.seed, self.labelling = protocol, faces, seed, labelling
        self.base = protocol.supervised(recipe)
        self.options = options | {"validation": validation}
        self.trained: dict[str, Run] = {}
        self.learned_from = faces.of()

    def run(self, arm: str) -> Run:
        """Return the run of an arm, named as `Protocol.planned` names it."""
        if arm not in self.trained:
            self.trained[arm] = self._train(arm)
        return self.trained[arm]

    def pseudo_labels(self, labeller: Run | None, share: float | None = None) -> Faces:
        """Return the unlabelled faces that the protocol keeps, as a run or the labelling network labels them.

        Args:
            labeller: The run, or None for the labelling network.
            share: Of each class, instead of the threshold.
        """
        pool, protocol = self.faces.of("unlabelled"), self.protocol
        if labeller is None:
            probabilities = softmax(predict_logits(self.labelling, pool.images))
        else:
            probabilities = softmax(labeller.logits("unlabelled"))
        if share is None:
            kept = above_threshold(probabilities, protocol.threshold, inclusive=protocol.inclusive)
        else:
            kept = class_balanced_selection(probabilities, share)
        return pseudo_labelled(pool, probabilities, kept)

    def _train(self, arm: str) -> Run:
        protocol, ratio = self.protocol, self.protocol.unlabelled_ratio
        if arm == "teacher" or (arm == "control" and ratio):
            return self._fresh(self.base, self.faces)
        if arm == "control" and protocol.more_epochs:
            return self._go_on(self.faces)
        if arm == "control":
            epochs = _equal_epochs(self.run(protocol.last_student), self.base, self.faces)
            return self._fresh(self.base.replace(epochs=epochs), self.faces)
        if ratio:
            fixmatch = self.base.replace(unlabelled_ratio=ratio, confidence=protocol.threshold)
            return self._fresh(fixmatch, self.faces)
        rounds = int(arm.split()[1])
        labeller = None  # the labelling network
        if rounds > 1 or self.labelling is None:
            labeller = self.run(f"student {rounds - 1}" if rounds > 1 else "teacher")
        self.learned_from = self.pseudo_labels(labeller, *protocol.shares[rounds - 1 : rounds])
        both = concatenate([self.faces, self.learned_from], source=self.faces.source)
        return self._go_on(both) if protocol.more_epochs else self._fresh(self.base, both)

    def _fresh(self, recipe: Recipe, faces: Faces) -> Run:
        return find_or_train(recipe, faces, seed=self.seed, **self.options)

    def _go_on(self, faces: Faces) -> Run:
        epochs = self.protocol.epochs + self.protocol.more_epochs
        return continue_run(self.run("teacher"), faces, epochs=epochs, **self.options)


def final_predictions(run: Run, faces: Faces, validation: Faces) -> tuple[str, Predictions]:
    """Return ("test", predictions of all labelled test images), or where there are none of "validation"."""
    predictions = run.predictions(faces)
    if "test" in predictions:
        return "test", predictions["test"]
    return "validation", Predictions(run.logits("validation"), validation.labels)


def against_control(outcome: Outcome, faces: Faces, validation: Faces) -> McNemar:
    """Return McNemar's test of the student (first) and its control on the images of `final_predictions`."""
    student, control = (
        final_predictions(outcome.runs[arm], faces, validation)[1] for arm in ("student", "control")
    )
    return mcnemar(student.correct(), control.correct())


def _equal_epochs(student: Run, base: Recipe, faces: Faces) -> int:
    """Return the epochs on the labelled images that take as many steps as the student, to the nearest."""
    share = len(faces.of("Training")) / student.facts["training_images"]
    labelled = math.ceil(student.facts["images_per_epoch"] * share / base.batch_size)
    return max(1, round(student.steps / labelled))
