"""How long a step of training takes on this machine, as busy as it is now."""

import time
from typing import Any

import keras
import numpy as np

from fer_nb.data.faces import SIZE, USAGES, Faces
from fer_nb.language import EMOTIONS
from fer_nb.learning.recipe import Recipe
from fer_nb.learning.training.loop import make_objective
from fer_nb.learning.training.plan import make_plan

WARM_UP = 2  # steps, of which the first makes the graph
MOST_STEPS = 20
SECONDS = 2.0  # of timed steps, after which no other begins


def probe(recipe: Recipe) -> tuple[float, float]:
    """Return the seconds by the clock until a training runs, and those that an image then takes.

    They are measured on a few steps of the recipe itself.

    The images are noise; precision, batches, augmentation and optimizer are those of the training.
    """
    began = time.perf_counter()
    count = recipe.batch_size * (WARM_UP + MOST_STEPS)
    noise = np.random.default_rng(0).integers(0, 256, (count, SIZE, SIZE), np.uint8)
    labels = np.arange(count) % len(EMOTIONS)
    usage = np.full(count, USAGES.index("Training"), np.uint8)
    faces = Faces(noise, labels.astype(np.int8), usage, np.arange(count), "noise")
    plain = recipe.replace(epochs=1, small_share=0.0, flipped_copies=False, snapshots=0)
    plan = make_plan(plain, faces, seed=0, validation=faces.take(np.arange(len(EMOTIONS))))
    objective, batches = make_objective(plan)
    batches.start_epoch(0)
    clock = _Clock()
    objective.fit(batches, epochs=1, shuffle=False, verbose=0, callbacks=[clock])
    return clock.started - began, clock.seconds / clock.steps / recipe.batch_size


class _Clock(keras.callbacks.Callback):
    """Times the steps behind the warm-up, and ends them."""

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.steps = batch + 1 - WARM_UP
        if self.steps == 0:
            self.started = time.perf_counter()
        elif self.steps > 0:
            self.seconds = time.perf_counter() - self.started
            self.model.stop_training = self.seconds >= SECONDS
