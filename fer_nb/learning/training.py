"""Trains a network by its recipe, or finds the run that already did."""

import shutil
from pathlib import Path
from typing import Any

import keras
import numpy as np

from fer_nb.data.faces import Faces, carve_validation, fingerprint, row_hashes
from fer_nb.errors import InputError
from fer_nb.learning import checkpoint
from fer_nb.learning.finishing import predicted_faces, write_run
from fer_nb.learning.loop import DivergenceError, augmentation_settings, fit, make_objective
from fer_nb.learning.models import build
from fer_nb.learning.plan import Plan
from fer_nb.learning.precision import resolve_precision
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.runs import Run, lock, read_run, run_key
from fer_nb.learning.transforms import fit_normalization

CHECKPOINT_SECONDS = 20.0  # between checkpoints: a large network's takes a second to write


class NotTrained(Exception):  # noqa: N818  (no error: an answer)
    """A run that was only to be found is not there."""


def find_or_train(
    recipe: Recipe,
    faces: Faces,
    *,
    seed: int,
    runs: Path = Path("runs"),
    parent: Run | None = None,
    validation: Faces | None = None,
    progress: str | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
    only_find: bool = False,
) -> Run:
    """Return the run of this recipe on these faces with this seed; train it unless it is there.

    A run is found by everything that decides its weights: the network's own JSON, the recipe, the data, the
    seed, the backend and the precision. Training that was killed goes on from its last checkpoint and ends
    with the same weights as if it had not been. While one process trains a run, others wait for it.

    Args:
        recipe: How to train.
        faces: Training rows, from which validation is carved, and test rows, which are looked at once, at
            the end. Their row order does not matter, unless the recipe holds out the first rows.
        seed: Of the split, the starting weights, the order of the images and every random layer.
        runs: Folder of all runs.
        parent: A finished run to go on from, with its optimizer; its epochs count.
        validation: Labelled faces to validate on instead of carving some from the Training rows, which are
            then all learned from: so that arms with other training images share their validation.
        progress: "bar", "lines" or "none"; by default as `fer_nb.learning.progress.default_style` finds.
        checkpoint_seconds: Least time between two checkpoints.
        only_find: Train nothing.

    Raises:
        InputError: A setting or the data does not fit, or training diverges.
        NotTrained: The run is not there, and was only to be found.
    """
    plan = make_plan(recipe, faces, seed=seed, parent=parent, validation=validation)
    folder = runs / plan.name
    if only_find and not folder.exists():
        raise NotTrained(plan.name)
    with lock(runs, plan.name):
        if not folder.exists():
            _train(plan, faces, runs, progress=progress, checkpoint_seconds=checkpoint_seconds)
        shutil.rmtree(_partial(plan, runs), ignore_errors=True)
    return read_run(folder).in_order_of(predicted_faces(plan, faces), plan.validation_rows)


def continue_run(run: Run, faces: Faces, *, epochs: int, runs: Path = Path("runs"), **options: Any) -> Run:
    """Go on with a finished run until `epochs` epochs in all, as a run of its own.

    Args:
        run: The finished run.
        faces: The faces to go on with, usually the same.
        epochs: The last epoch, above the run's own number of epochs.
        runs: Folder of all runs.
        **options: `validation`, `progress`, `checkpoint_seconds` and `only_find` of `find_or_train`.

    Raises:
        InputError: The run already has as many epochs, or it was validated on faces that were handed over
            and are not handed over here: those carved from `faces` may be among what it learned from.
    """
    if run.facts.get("validation_handed_over") and options.get("validation") is None:
        raise InputError(
            f"{run.folder}: expected the validation faces that this run was given, found none; "
            "`self-train` with more epochs goes on with it"
        )
    if epochs <= run.facts["epochs"]:
        raise InputError(
            f"{run.folder}: expected more than the {run.facts['epochs']} epochs that it has, found {epochs}"
        )
    recipe = run.recipe.replace(epochs=epochs)
    return find_or_train(recipe, faces, seed=run.facts["seed"], runs=runs, parent=run, **options)


def make_plan(
    recipe: Recipe,
    faces: Faces,
    *,
    seed: int,
    parent: Run | None = None,
    validation: Faces | None = None,
) -> Plan:
    """Return the training fully decided, and the name under which its run is kept.

    Raises:
        InputError: There are no labelled training or validation faces, or a setting does not fit.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(f"seed: expected a whole number of at least 0, found {seed!r}")
    augmentation_settings(recipe)  # refuses an unknown preset before any work
    recipe = recipe.replace(precision=resolve_precision(recipe.precision))
    training_faces = faces.of("Training")
    if not len(training_faces):
        raise InputError(f"{faces.source}: expected Training rows to train on, found {faces.counts()}")
    training_rows, validation_rows = np.arange(len(training_faces)), np.empty(0, np.int64)
    if validation is None:
        training_rows, validation_rows = carve_validation(training_faces, recipe.validation, seed=seed)
        validation = training_faces.take(validation_rows)
    elif not len(validation) or (validation.labels < 0).any():
        raise InputError(f"{validation.source}: expected labelled faces to validate on")
    training = _in_fixed_order(training_faces.take(training_rows))
    unlabelled = faces.of(*["unlabelled"] * (recipe.unlabelled_ratio > 0))
    if recipe.unlabelled_ratio and not len(unlabelled):
        raise InputError(f"{faces.source}: expected images without a label, found {faces.counts()}")
    network = build(
        recipe.architecture,
        normalization=fit_normalization(recipe.normalization, training.images),
        crop=recipe.crop,
        seed=seed,
        dtype=recipe.precision,
        **recipe.options,
    )
    key = run_key(
        network=network.to_json(),
        recipe=recipe.settings(),
        training=fingerprint(training),
        validation=fingerprint(validation),
        tests=[fingerprint(faces.of(usage)) for usage in ("PublicTest", "PrivateTest", "unlabelled")],
        seed=seed,
        backend=keras.backend.backend(),
        parent=parent.name if parent else None,
    )
    return Plan(
        name=f"{recipe.name}-{key}",
        recipe=recipe,
        network=network,
        training=training,
        validation=validation,
        validation_rows=validation_rows,
        unlabelled=_in_fixed_order(unlabelled),
        seed=seed,
        parent=parent,
    )


def _in_fixed_order(faces: Faces) -> Faces:
    """Return the faces in an order that does not depend on the file's."""
    return faces.take(np.argsort(row_hashes(faces), kind="stable"))


def _train(plan: Plan, faces: Faces, runs: Path, *, progress: str | None, checkpoint_seconds: float) -> None:
    """Train what is left to train, and write the run."""
    partial = _partial(plan, runs)
    objective, batches = make_objective(plan)
    standing = checkpoint.load_checkpoint(partial, objective)
    if not standing.epochs and plan.parent is not None:
        standing = checkpoint.load_checkpoint(plan.parent.folder, objective)
        standing.parent_epochs = standing.epochs
        if not 0 < standing.epochs < plan.recipe.epochs:
            raise InputError(
                f"{plan.parent.folder}: expected a run that {plan.recipe.epochs} epochs of this recipe go on "
                f"from, found {standing.epochs or 'another network or optimizer'}"
            )
    try:
        fit(
            plan,
            objective,
            batches,
            standing,
            folder=partial,
            progress=progress,
            checkpoint_seconds=checkpoint_seconds,
        )
    except DivergenceError:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    write_run(
        plan,
        standing,
        faces,
        images_per_epoch=batches.images_per_epoch,
        steps=int(objective.optimizer.iterations),
        runs=runs,
        partial=partial,
    )


def _partial(plan: Plan, runs: Path) -> Path:
    """Return the folder in which the checkpoint lies while the training is not finished."""
    return runs / f"{plan.name}.partial"
