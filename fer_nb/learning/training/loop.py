"""The training loop: Keras's own `fit`, with what a checkpoint needs done at the end of each epoch."""

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import scipy.special

from fer_nb.data.faces import Faces
from fer_nb.errors import InputError
from fer_nb.learning.precision import network_weights, use_xla
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.progress import Progress
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.training.averaging import averaged
from fer_nb.learning.training.batches import Batches
from fer_nb.learning.training.checkpoint import TrainingState, save_checkpoint, save_snapshot
from fer_nb.learning.training.fixmatch import FixMatch
from fer_nb.learning.training.objective import Objective
from fer_nb.learning.training.optimization import optimizer
from fer_nb.learning.training.plan import Plan, augmentation_settings
from fer_nb.learning.transforms import Augmentation


class DivergenceError(InputError):
    """A training whose numbers are no longer finite; it would end so again."""


def make_objective(plan: Plan) -> tuple[Objective, Batches]:
    """Return the compiled model that is trained, with all its variables made, and its batches."""
    recipe = plan.recipe.replace(averaging=plan.momentum)
    settings = augmentation_settings(recipe)
    batches = Batches(
        plan.training,
        batch_size=recipe.batch_size,
        seed=plan.seed,
        flipped_copies=recipe.flipped_copies,
        balance_classes=settings.balance_classes,
        unlabelled=plan.unlabelled.images,
        unlabelled_ratio=recipe.unlabelled_ratio,
    )
    augmentation = Augmentation(settings, seed=plan.seed)
    kind = FixMatch if recipe.unlabelled_ratio else Objective
    objective = kind(plan.network, augmentation=augmentation, recipe=recipe, seed=plan.seed)
    # A run that this one goes on from may have had other images, and so other steps in an epoch.
    steps = recipe.epochs * len(batches)
    if plan.parent is not None:
        steps += plan.parent.steps - plan.parent.facts["epochs"] * len(batches)
    chosen = optimizer(recipe, steps_per_epoch=len(batches), total_steps=steps)
    objective.compile(optimizer=chosen, jit_compile=use_xla())
    objective({"image": plan.training.images[:1], "label": plan.training.labels[:1].astype("int32")})
    objective.optimizer.build(objective.trainable_variables)
    return objective, batches


def fit(
    plan: Plan,
    objective: Objective,
    batches: Batches,
    state: TrainingState,
    *,
    folder: Path,
    progress: str | None,
    checkpoint_seconds: float,
) -> None:
    """Train from where `state` is to the recipe's last epoch; `state` then describes the end.

    Raises:
        DivergenceError: The loss is no longer finite.
        InputError: A checkpoint cannot be written.
    """
    if state.epochs >= plan.recipe.epochs or _has_stopped(state, plan.recipe):
        return
    name, last, done = plan.recipe.name, plan.recipe.epochs, state.epochs
    images, steps = batches.images_per_epoch, len(batches)
    shown = Progress(name, epochs=last, done=done, steps=steps, images=images, style=progress)
    epochs = _Epochs(plan, batches, state, shown, folder, checkpoint_seconds)
    try:
        objective.fit(batches, epochs=last, initial_epoch=done, shuffle=False, verbose=0, callbacks=[epochs])
    finally:
        shown.close()


@dataclass(eq=False)
class _Epochs(keras.callbacks.Callback):
    """What happens between epochs: order, rate, validation, selection, history, checkpoint.

    `sample` are training images that the network answers as it answers those of validation, without
    augmentation and dropout: what was learned by heart shows in the difference.
    """

    plan: Plan
    batches: Batches
    state: TrainingState
    progress: Progress
    folder: Path
    checkpoint_seconds: float

    def __post_init__(self) -> None:
        super().__init__()
        self.recipe = self.plan.recipe
        self.saved_at = time.monotonic()
        # As many as validation has; their order is that of a hash, so the first are a fair sample.
        training, validation = self.plan.training, self.plan.validation
        self.sample = training.take(np.arange(min(len(training), len(validation))))

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Draw the order of the images and, for a plateau, set the rate."""
        self.batches.start_epoch(epoch)
        self.model.see_small(epoch < self.recipe.small_epochs)
        if self.recipe.schedule == "plateau":
            self.model.optimizer.learning_rate = self.state.plateau.rate(epoch, self.recipe)
        self.rate = float(self.model.optimizer.learning_rate)
        self.epoch = epoch
        self.started_at = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Move the progress bar."""
        self.progress.step(self.epoch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Validate, write the epoch down, keep its weights if they are to be kept, and save."""
        seconds = time.monotonic() - self.started_at
        if not math.isfinite(logs["loss"]):
            raise self._diverged(epoch, f"a finite loss, found {logs['loss']}")
        with averaged(self.plan.network, self.model.optimizer, self.model.statistics):
            try:
                loss, accuracy = loss_and_accuracy(self.plan.network, self.plan.validation)
                training_loss, training_accuracy = loss_and_accuracy(self.plan.network, self.sample)
            except InputError as error:
                raise self._diverged(epoch, f"answers that are numbers ({error})") from None
            row = {
                "epoch": epoch + 1,
                "loss": logs["loss"],
                "accuracy": logs["accuracy"],
                "training_loss": training_loss,
                "training_accuracy": training_accuracy,
                "validation_loss": loss,
                "validation_accuracy": accuracy,
                "learning_rate": self.rate,
                "seconds": seconds,
            }
            self.state.history.append(row)
            self._keep(epoch + 1)
        self.state.plateau = self.state.plateau.after(loss, self.recipe)
        self.progress.epoch(row)
        last = epoch + 1 == self.recipe.epochs or _has_stopped(self.state, self.recipe)
        if last or time.monotonic() - self.saved_at >= self.checkpoint_seconds:
            save_checkpoint(self.folder, self.model, self.state)
            self.saved_at = time.monotonic()
        self.model.stop_training = last

    def _keep(self, epoch: int) -> None:
        if self.recipe.selection == "last" or self.state.highest() == epoch:
            self.state.kept_epoch = epoch
            self.state.kept_weights = network_weights(self.plan.network)
        kept = self.recipe.snapshots
        if kept and (self.recipe.early_stopping or epoch > self.recipe.epochs - kept):
            save_snapshot(self.folder, epoch, self.plan.network, keep=kept)

    def _diverged(self, epoch: int, what: str) -> DivergenceError:
        return DivergenceError(
            f"recipe {self.recipe.name!r}: training diverged in epoch {epoch + 1}: expected {what}; "
            f"a learning_rate below {self.recipe.learning_rate:g} may help"
        )


def loss_and_accuracy(network: keras.Model, faces: Faces) -> tuple[float, float]:
    """Return the mean cross-entropy (nats) and the accuracy of a network on labelled faces."""
    logits = predict_logits(network, faces.images).astype(np.float64)
    loss = -scipy.special.log_softmax(logits, axis=1)[np.arange(len(faces)), faces.labels].mean()
    return float(loss), float((logits.argmax(axis=1) == faces.labels).mean())


def _has_stopped(state: TrainingState, recipe: Recipe) -> bool:
    """Return whether early stopping has ended the training; who goes on from a run gets its patience anew."""
    waited = state.epochs - max(state.highest(), state.parent_epochs)
    return bool(recipe.early_stopping) and waited >= recipe.early_stopping
