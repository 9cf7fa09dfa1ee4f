"""The second backend's half of `test_backends.py`: `KERAS_BACKEND=jax python backends.py FOLDER`.

Reads images.npy and NAME.keras, which the first backend saved, and writes their logits to jax.npz; trains,
resumes and goes on with the tiny network, and saves it.
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
import tiny

from fer_nb.learning.loading import load_network
from fer_nb.learning.models import architecture
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.training import continue_run, find_or_train, loop

architecture(tiny.tiny_cnn)


def resumed(recipe, runs):
    """Train with an interruption in the third epoch."""
    step, taken = loop.Progress.step, []

    def counted(self, epoch, logs):
        taken.append(epoch)
        if len(taken) == 15:
            raise KeyboardInterrupt

    loop.Progress.step = counted
    try:
        find_or_train(recipe, tiny.faces(), seed=3, runs=runs, progress="none", checkpoint_seconds=0)
    except KeyboardInterrupt:
        loop.Progress.step = step
        return find_or_train(recipe, tiny.faces(), seed=3, runs=runs, progress="none")
    raise AssertionError("the training was not interrupted")


def main(folder):
    images = np.load(folder / "images.npy")
    names = sorted(path.stem for path in folder.glob("*.keras"))
    answers = {name: predict_logits(load_network(folder / f"{name}.keras"), images) for name in names}
    np.savez(folder / "jax.npz", **answers)

    recipe = tiny.recipe(**tiny.FULL | {"epochs": 3})
    run = find_or_train(recipe, tiny.faces(), seed=3, runs=folder / "jax", progress="none")
    again = resumed(recipe, folder / "resumed")
    with np.load(run.folder / "checkpoint.npz") as first, np.load(again.folder / "checkpoint.npz") as second:
        equal = all(np.array_equal(first[n], second[n]) for n in first.files if n != "standing")
    longer = continue_run(run, tiny.faces(), epochs=4, runs=folder / "jax", progress="none")
    print(
        json.dumps(
            {
                "backend": keras.backend.backend(),
                "run": str(run.folder),
                "resumed_equal": equal,
                "epochs_gone_on_to": longer.facts["epochs"],
                "backend_in_versions": "jax" in run.facts["versions"],
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
