"""The end of a training: the network in float32, its logits, and what it reached, as a run folder."""

import hashlib
import os
import platform
import shutil
from importlib.metadata import version
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from fer_nb.analysis.evaluation import metrics
from fer_nb.data.faces import Faces, fingerprints, row_hashes
from fer_nb.language import Text
from fer_nb.learning import runs as run_folders
from fer_nb.learning.models import multiply_adds
from fer_nb.learning.precision import cpu_name, gpu_name, gpus
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.training.checkpoint import FILE_NAME, TrainingState, load_snapshots
from fer_nb.learning.training.plan import Plan, build_network


def write_run(
    plan: Plan,
    state: TrainingState,
    faces: Faces,
    *,
    images_per_epoch: int,
    steps: int,
    runs: Path,
    partial: Path,
) -> None:
    """Write `runs/<name>`, whole or not at all."""
    # In float32, whatever it was trained in: a network trained in bfloat16 would answer in bfloat16.
    network = build_network(plan.recipe, plan.training.images, seed=plan.seed)
    predicted = predicted_faces(plan, faces)
    with run_folders.writing(runs, plan.name) as folder:
        first_snapshot = state.epochs - plan.recipe.snapshots + 1
        for snapshot in plan.parent.snapshots() if plan.parent else ():
            if int(snapshot.stem.split("-")[1]) >= first_snapshot:
                shutil.copyfile(snapshot, folder / snapshot.name)
        for epoch, weights in load_snapshots(partial):
            if epoch >= first_snapshot:
                network.set_weights(weights)
                network.save(folder / f"snapshot-{epoch:04d}.keras")
        network.set_weights(state.kept_weights)
        network.save(folder / run_folders.MODEL)
        logits = {split: predict_logits(network, part.images) for split, part in predicted.items()}
        hashes = {f"{split}_hashes": row_hashes(part) for split, part in predicted.items()}
        predictions = run_folders.split_predictions(
            logits, faces, validation=plan.validation, training=plan.training
        )
        arrays = {"validation_rows": plan.validation_rows} | logits | hashes
        np.savez(folder / run_folders.LOGITS, **arrays)  # type: ignore[arg-type]
        pd.DataFrame(state.history).to_csv(folder / run_folders.HISTORY, index=False, lineterminator="\n")
        shutil.copyfile(partial / FILE_NAME, folder / FILE_NAME)
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
            "data": {"fingerprints": fingerprints(faces), "counts": faces.counts()},
            "validation_handed_over": not len(plan.validation_rows),
            "training_images": len(plan.training),
            "images_per_epoch": images_per_epoch,
            "versions": versions(),
            "device": device().by_language(),
            "metrics": metrics(predictions),
            "files": {file.name: _digest(file) for file in sorted(folder.iterdir())},
        }
        run_folders.write_facts(folder, facts)


def _digest(file: Path) -> str:
    """Return the SHA-256 (hex) of a file, by which the run knows it again."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


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
