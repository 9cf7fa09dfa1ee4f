"""Ways of training the same network: each trains one epoch at a time and tells its seconds."""

import dataclasses
import time
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np

from fer_nb.data.faces import Faces, numbered
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.training.checkpoint import TrainingState, save_checkpoint
from fer_nb.learning.training.loop import fit, make_objective
from fer_nb.learning.training.optimization import optimizer
from fer_nb.learning.training.plan import make_plan
from fer_nb.learning.training.train import CHECKPOINT_SECONDS

HELD_OUT = 14


class Trainer(Protocol):
    """Trains one epoch of the same number of images again and again."""

    images: int

    def epoch(self) -> float:
        """Train one epoch; return its seconds, without validation."""


def random_faces(count: int) -> Faces:
    """Return `count` training faces of noise, and a few to hold out; speed does not depend on content."""
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (HELD_OUT + count, 48, 48), dtype=np.uint8)
    labels = (np.arange(len(images)) % 7).astype(np.int8)
    usage = np.zeros(len(images), np.uint8)
    return Faces(images, labels, usage, numbered(usage), "noise")


class RealLoop:
    """What `find_or_train` runs: augmentation, metrics, progress, and its share of the checkpoints."""

    def __init__(self, recipe: Recipe, faces: Faces, *, folder: Path) -> None:
        endless = recipe.replace(validation=HELD_OUT, epochs=10_000)
        self.plan = make_plan(endless, faces, seed=0)
        self.objective, self.batches = make_objective(self.plan)
        self.state = TrainingState()
        self.folder = folder
        self.images = self.batches.images_per_epoch
        self.precision = self.plan.recipe.precision

    def epoch(self) -> float:
        """Train one epoch; a checkpoint is written every so many seconds, so it costs its share of each."""
        recipe = self.plan.recipe.replace(epochs=self.state.epochs + 1)
        fit(
            dataclasses.replace(self.plan, recipe=recipe),
            self.objective,
            self.batches,
            self.state,
            folder=self.folder,
            progress="none",
            checkpoint_seconds=float("inf"),
        )
        started = time.perf_counter()
        save_checkpoint(self.folder, self.objective, self.state)
        checkpoint = time.perf_counter() - started
        return self.state.history[-1]["seconds"] * (1 + checkpoint / CHECKPOINT_SECONDS)


class BareFit:
    """Keras's `fit` of the same network with the same optimizer on arrays that are ready, and no more."""

    def __init__(self, recipe: Recipe, faces: Faces, *, precision: str, xla: bool | str) -> None:
        plan = make_plan(recipe.replace(validation=HELD_OUT, precision=precision), faces, seed=0)
        self.network = plan.network
        self.batch_size = recipe.batch_size
        self.x = plan.training.images[..., None].astype("float32")
        self.y = plan.training.labels.astype("int32")
        self.images = len(self.x)
        self.network.compile(
            optimizer=optimizer(recipe, steps_per_epoch=-(-self.images // self.batch_size)),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
            jit_compile=xla,
        )

    def epoch(self) -> float:
        """Train one epoch."""
        clock = _Clock()
        # Without shuffling, for which determinism would want a global seed.
        self.network.fit(
            self.x, self.y, batch_size=self.batch_size, shuffle=False, verbose=0, callbacks=[clock]
        )
        return clock.seconds


class _Clock(keras.callbacks.Callback):
    """Times an epoch between the same two points as the real loop does."""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Start."""
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Stop."""
        self.seconds = time.perf_counter() - self.started
