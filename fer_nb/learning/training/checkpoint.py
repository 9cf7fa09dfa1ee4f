"""The state of a training, written so that a killed training goes on to the same weights."""

import json
import os
import warnings
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from fer_nb.files import written_whole
from fer_nb.learning.precision import in_precision, value_of
from fer_nb.learning.training.optimization import Plateau

FILE_NAME = "checkpoint.npz"


@dataclass
class TrainingState:
    """Everything beside the Keras variables that the next epoch depends on.

    Attributes:
        history: A row for each finished epoch: epoch (from 1), loss, accuracy (of training, as it
            goes on), training_loss, training_accuracy (of a sample, answered as validation is),
            validation_loss, validation_accuracy, learning_rate (of the epoch's first step), seconds (without
            validation).
        parent_epochs: How many of them a run has done from which this one goes on.
        plateau: The plateau schedule's state.
        kept_epoch: The epoch (from 1) that the recipe's selection keeps so far, 0 for none.
        kept_weights: The network's weights of that epoch, averaged where the recipe averages.
    """

    history: list[dict[str, float]] = field(default_factory=list)
    parent_epochs: int = 0
    plateau: Plateau = field(default_factory=Plateau)
    kept_epoch: int = 0
    kept_weights: list[NDArray[Any]] = field(default_factory=list)

    @property
    def epochs(self) -> int:
        """Number of finished epochs."""
        return len(self.history)

    def highest(self) -> int:
        """Return the epoch (from 1) of the highest validation accuracy, the first of several; 0 for none."""
        best = max(self.history, key=lambda row: row["validation_accuracy"], default=None)
        return int(best["epoch"]) if best else 0


def training_variables(objective: keras.Model) -> list[keras.Variable]:
    """Return every variable that training changes: weights, optimizer, and the random state of all layers.

    Keras 3.15 restores the random state of dropout layers neither from `.keras` nor from weights files;
    it is among `variables`, so it is kept here.
    """
    return [*objective.variables, *objective.optimizer.variables]


def save_checkpoint(folder: Path, objective: keras.Model, state: TrainingState) -> None:
    """Write a checkpoint into `folder`; the one before stays whole until the new one is.

    Raises:
        InputError: It cannot be written; the one before stays.
    """
    arrays = {f"variable/{i}": value_of(v) for i, v in enumerate(training_variables(objective))}
    arrays |= {f"kept/{i}": weights for i, weights in enumerate(state.kept_weights)}
    plain = asdict(replace(state, kept_weights=[]))
    with written_whole(folder / FILE_NAME) as temporary, temporary.open("wb") as handle:
        np.savez(handle, standing=np.array(json.dumps(plain)), **arrays)  # type: ignore[arg-type]
        handle.flush()
        os.fsync(handle.fileno())


def load_checkpoint(folder: Path, objective: keras.Model) -> TrainingState:
    """Put the checkpoint's values into the model and return where it stands.

    Without a checkpoint, or with one that does not fit the model (it was written by another version of the
    library, or is damaged), nothing is changed and training starts at the beginning; the second case warns.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return TrainingState()
    try:
        # NumPy leaves a file open that it fails to read, so the file is opened here.
        with path.open("rb") as handle, np.load(handle, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        plain = json.loads(str(arrays.pop("standing")))
        plain["plateau"] = Plateau(**plain["plateau"])
        state = TrainingState(**plain | {"kept_weights": _numbered(arrays, "kept")})
    except Exception as error:  # NumPy raises whatever the content provokes
        warnings.warn(f"{path}: damaged checkpoint ({error}); training starts again", stacklevel=2)
        return TrainingState()
    variables = training_variables(objective)
    values = _numbered(arrays, "variable")
    if [v.shape for v in values] != [tuple(v.shape) for v in variables]:
        warnings.warn(f"{path}: checkpoint of another version; training starts again", stacklevel=2)
        return TrainingState()
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
    return state


def save_snapshot(folder: Path, epoch: int, network: keras.Model, *, keep: int) -> None:
    """Write the network of one epoch (from 1) into `folder`, in float32, and keep the last `keep` of them."""
    with written_whole(folder / f"snapshot-{epoch:04d}.keras") as temporary:
        in_precision(network, "float32").save(temporary)
    (folder / f"snapshot-{epoch - keep:04d}.keras").unlink(missing_ok=True)


def _numbered(arrays: dict[str, NDArray[Any]], prefix: str) -> list[NDArray[Any]]:
    count = sum(name.startswith(f"{prefix}/") for name in arrays)
    return [arrays[f"{prefix}/{i}"] for i in range(count)]
