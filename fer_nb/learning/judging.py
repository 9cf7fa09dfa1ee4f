"""How good a network or a blend is, against labels, and each member beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import Proportion, split_accuracy
from fer_nb.data.faces import Faces, leaked
from fer_nb.errors import InputError
from fer_nb.learning.blending import chosen, combined, fit_weights, member_scores
from fer_nb.learning.members import Member


@dataclass(frozen=True, eq=False)
class Judged:
    """What a blend of M members answered to N labelled images.

    Attributes:
        labels: True classes, (N,).
        leaked: bool (N,), which images equal a Training image; None where there are none to compare with.
        members: Classes given by each member, (M, N).
        scores: Of the blend, (N, 7).
    """

    labels: NDArray[np.integer]
    leaked: NDArray[np.bool_] | None
    members: NDArray[np.int64]
    scores: NDArray[np.float64]

    @property
    def blend(self) -> NDArray[np.int64]:
        """Classes given by the blend, (N,)."""
        return chosen(self.scores)

    def accuracy(self, member: int | None = None) -> dict[str, Proportion]:
        """Return {"all", "clean"} of one member, by default of the blend."""
        predicted = self.blend if member is None else self.members[member]
        return split_accuracy(predicted, self.labels, self.leaked)


def held_out(members: Sequence[Member], training: Faces) -> NDArray[np.bool_]:
    """Return which Training faces every member held out for validation, bool (N,).

    None where a member is a file without its run: nobody knows then what it has learned from.
    """
    rows = np.full(len(training), bool(members))
    for run in {member.path.parent: member.run for member in members}.values():
        rows &= run.validated_on(training) if run and rows.any() else False
    return rows


def fitted(members: Sequence[Member], faces: Faces, **options: Any) -> list[Member]:
    """Return the members with the weights that suit the images best which all of them held out.

    Args:
        members: The networks; the weights that they have do not matter.
        faces: With the Training faces that they were trained on; test faces are not looked at.
        **options: `tta`, `batch_size` and `advance` of `fer_nb.learning.blending.member_scores`.

    Raises:
        InputError: There is no image that every member held out.
    """
    training = faces.of("Training")
    part = training.take(held_out(members, training))
    stack = member_scores(members, part.images, **options) if len(part) else np.empty((len(members), 0, 7))
    weights = fit_weights(stack, part.labels)
    return [replace(member, weight=float(weight)) for member, weight in zip(members, weights, strict=True)]


def judge(members: Sequence[Member], faces: Faces, **options: Any) -> dict[str, Judged]:
    """Answer every labelled image that the members have not learned from, as far as is known.

    Args:
        members: The networks with their weights.
        faces: Labelled faces.
        **options: Those of `fer_nb.learning.blending.member_scores`.

    Returns:
        "validation" (see `held_out`), "public", "private" and "test" (the two together), those that have
        images; "training" where there are none but these.

    Raises:
        InputError: No image has a label.
    """
    training = faces.of("Training")
    kept_back = held_out(members, training)
    parts = labelled_parts(members, faces)
    judged = {}
    for split, part in parts.items():
        stack = member_scores(members, part.images, **options)
        scores = combined(
            stack,
            [member.weight for member in members],
            combine=options.get("combine", "probabilities"),
        )
        seen = training.take(~kept_back) if split == "validation" else training
        known = len(training) and split != "training"
        judged[split] = Judged(part.labels, leaked(part, seen) if known else None, chosen(stack), scores)
    if {"public", "private"} <= set(judged):
        judged["test"] = _together(judged["public"], judged["private"])
    elif tests := [judged[split] for split in ("public", "private") if split in judged]:
        judged["test"] = tests[0]
    return judged


def labelled_parts(members: Sequence[Member], faces: Faces) -> dict[str, Faces]:
    """Return the faces that `judge` asks about, by split, without "test".

    Raises:
        InputError: No image has a label.
    """
    training = faces.of("Training")
    parts = {
        "validation": training.take(held_out(members, training)),
        "public": faces.of("PublicTest"),
        "private": faces.of("PrivateTest"),
    }
    parts = {split: part for split, part in parts.items() if len(part)}
    if not parts and len(training):
        parts["training"] = training
    if not parts:
        raise InputError(f"{faces.source}: expected labelled images to judge by, found {faces.counts()}")
    return parts


def _together(first: Judged, second: Judged) -> Judged:
    seen = None
    if first.leaked is not None and second.leaked is not None:
        seen = np.concatenate([first.leaked, second.leaked])
    return Judged(
        np.concatenate([first.labels, second.labels]),
        seen,
        np.concatenate([first.members, second.members], axis=1),
        np.concatenate([first.scores, second.scores]),
    )
