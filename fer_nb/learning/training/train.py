"""Trains a network by its recipe and writes its run, or finds the run that already did."""

import os
import platform
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd

from fer_nb.analysis.evaluation import metrics
from fer_nb.data.faces import Faces, fingerprints, row_hashes
from fer_nb.errors import InputError
from fer_nb.language import Text
from fer_nb.learning.models import multiply_adds
from fer_nb.learning.precision import cpu_name, gpu_name, gpus
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.run_folders import lock, writing
from fer_nb.learning.runs import (
    HISTORY,
    LOGITS,
    MODEL,
    Run,
    digest,
    read_run,
    split_predictions,
    write_facts,
)
from fer_nb.learning.training import checkpoint
from fer_nb.learning.training.checkpoint import FILE_NAME, TrainingState
from fer_nb.learning.training.loop import DivergenceError, fit, make_objective
from fer_nb.learning.training.plan import Plan, build_network, make_plan

CHECKPOINT_SECONDS = 20.0  # between checkpoints: a large network's takes a second to write


class Stopped(KeyboardInterrupt):
    """Training was stopped by hand; its message says how to go on, and a notebook shows that alone."""

    def _render_traceback_(self) -> list[str]:  # IPython's name for what a cell shows of an error
        return [str(self)]


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
        progress: "bar", "lines" or "none"; by default as `progress.default_style` finds.
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
        found = "none; `self-train` with more epochs goes on with it"
        raise InputError.expected(run.folder, "the validation faces that this run was given", found)
    if epochs <= run.facts["epochs"]:
        wanted = f"more than the {run.facts['epochs']} epochs that it has"
        raise InputError.expected(run.folder, wanted, epochs)
    recipe = run.recipe.replace(epochs=epochs)
    return find_or_train(recipe, faces, seed=run.facts["seed"], runs=runs, parent=run, **options)


def _train(plan: Plan, faces: Faces, runs: Path, **options: Any) -> None:
    """Train what is left to train, and write the run; `options` are those of `fit`."""
    partial = _partial(plan, runs)
    objective, batches = make_objective(plan)
    state = checkpoint.load_checkpoint(partial, objective)
    if not state.epochs and plan.parent is not None:
        state = checkpoint.load_checkpoint(plan.parent.folder, objective)
        state.parent_epochs = state.epochs
        if not 0 < state.epochs < plan.recipe.epochs:
            wanted = f"a run that {plan.recipe.epochs} epochs of this recipe go on from"
            found = state.epochs or "another network or optimizer"
            raise InputError.expected(plan.parent.folder, wanted, found)
    try:
        fit(plan, objective, batches, state, folder=partial, **options)
    except DivergenceError:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    except KeyboardInterrupt as stop:
        done = max(checkpoint.load_checkpoint(partial, objective).epochs, state.parent_epochs)
        of = plan.recipe.epochs
        raise Stopped(
            f"訓練已停止（第 {done} / {of} 個 epoch）；再執行一次就會接著訓練。 "
            f"Stopped after {done} of {of} epochs: run it again and it goes on."
        ) from stop
    steps = int(objective.optimizer.iterations)
    write_run(plan, state, faces, runs, steps=steps, images_per_epoch=batches.images_per_epoch)


def _partial(plan: Plan, runs: Path) -> Path:
    """Return the folder in which the checkpoint lies while the training is not finished."""
    return runs / f"{plan.name}.partial"


def write_run(
    plan: Plan, state: TrainingState, faces: Faces, runs: Path, *, steps: int, images_per_epoch: int
) -> None:
    """Write `runs/<name>`, whole or not at all."""
    partial = _partial(plan, runs)
    # In float32, whatever it was trained in: a network trained in bfloat16 would answer in bfloat16.
    network = build_network(plan.recipe, plan.training.images, seed=plan.seed)
    predicted = predicted_faces(plan, faces)
    with writing(runs, plan.name) as folder:
        earlier = plan.parent.snapshots() if plan.parent else []
        for snapshot in (*earlier, *partial.glob("snapshot-*.keras")):
            if int(snapshot.stem.split("-")[1]) > state.epochs - plan.recipe.snapshots:
                shutil.copyfile(snapshot, folder / snapshot.name)
        network.set_weights(state.kept_weights)
        network.save(folder / MODEL)
        logits = {split: predict_logits(network, part.images) for split, part in predicted.items()}
        hashes = {f"{split}_hashes": row_hashes(part) for split, part in predicted.items()}
        predictions = split_predictions(
            logits, faces, validation=plan.validation, training=plan.training,
            unlabelled=plan.recipe.unlabelled_ratio > 0,
        )  # fmt: skip
        labels = {f"{split}_labels": part.labels for split, part in predicted.items()}
        arrays = {"validation_rows": plan.validation_rows} | logits | hashes | labels
        np.savez(folder / LOGITS, **arrays)  # type: ignore[arg-type]
        pd.DataFrame(state.history).to_csv(folder / HISTORY, index=False, lineterminator="\n")
        shutil.copyfile(partial / FILE_NAME, folder / FILE_NAME)
        data = {"fingerprints": fingerprints(faces), "counts": faces.counts()}
        facts = {
            "recipe": plan.recipe.settings(),
            "source": plan.recipe.source.by_language(),
            "cost": plan.recipe.cost.by_language(),
            "stated": dict(plan.recipe.stated),
            "seed": plan.seed,
            "parent": plan.parent.name if plan.parent else None,
            "epochs": state.epochs,
            "steps": steps,
            "kept_epoch": state.kept_epoch,
            "seconds": sum(row["seconds"] for row in state.history),
            "parameters": network.count_params(),
            "multiply_adds": multiply_adds(network),
            "data": data | {"practice": faces.practice},
            "validation_handed_over": not len(plan.validation_rows),
            "training_images": len(plan.training),
            "images_per_epoch": images_per_epoch,
            "versions": versions(),
            "device": device().by_language(),
            "metrics": metrics(predictions),
            "files": {file.name: digest(file) for file in sorted(folder.iterdir())},
        }
        write_facts(folder, facts)


def predicted_faces(plan: Plan, faces: Faces) -> dict[str, Faces]:
    """Return the splits whose logits a run keeps: "validation", and the test splits that have rows."""
    tests = {usage: faces.of(usage) for usage in ("PublicTest", "PrivateTest", "unlabelled")}
    return {"validation": plan.validation} | {usage: part for usage, part in tests.items() if len(part)}


def versions() -> dict[str, str]:
    """Return the versions of what computes."""
    names = ("fer-nb", "keras", keras.backend.backend(), "numpy")
    return {"python": platform.python_version()} | {name: version(name) for name in names}


def device() -> Text:
    """Return what the network was trained on, in words."""
    backend = keras.backend.backend()
    if gpus():
        return Text(f"{gpu_name()}，{backend}", f"{gpu_name()}, {backend}")
    cores, machine = os.cpu_count(), cpu_name()
    return Text(f"{cores} 個 CPU 核心（{machine}），{backend}", f"{cores} CPU cores ({machine}), {backend}")
