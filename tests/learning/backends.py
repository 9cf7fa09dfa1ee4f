"""The second backend's half of `test_backends.py`: `KERAS_BACKEND=jax python backends.py FOLDER`.

Reads images.npy and NAME.keras, which the first backend saved, and makes every check below. What each found,
or how it failed, is printed as JSON in one line; arrays are written to the folder.
"""

import json
import sys
import traceback
from pathlib import Path

import numpy as np

STARTED = "what was started made a network"
"""Stands in standard error behind what the start has written there."""


def starts(folder):
    """Make a network as a command does, before anything else has taken Keras."""
    from fer_nb.commands.backend import start_networks

    start_networks(use_gpu=False)
    from fer_nb.learning.recipes import get_recipe
    from fer_nb.learning.training.plan import check_recipe

    check_recipe(get_recipe("practice_dnn"))


def answers(folder):
    """Answer the images by every network of the folder."""
    import keras

    from fer_nb.learning.loading import load_network
    from fer_nb.learning.prediction import predict_logits

    images = np.load(folder / "images.npy")
    names = sorted(path.stem for path in folder.glob("*.keras"))
    found = {name: predict_logits(load_network(folder / f"{name}.keras"), images) for name in names}
    np.savez(folder / "jax.npz", **found)
    return keras.backend.backend()


def exact_answers(folder):
    """Return digests of answer files."""
    from exact_answers import digests

    return list(digests(folder, [7]))


def gradients(folder):
    """Return how each check of gradients failed, "" where it holds."""
    from gradient_checks import CHECKS

    found = {}
    for name, check in CHECKS.items():
        try:
            check()
        except Exception:
            found[name] = traceback.format_exc()
        else:
            found[name] = ""
    return found


def saliency(folder):
    """Compute maps of the looked-into network."""
    from fer_nb.analysis import saliency
    from fer_nb.learning.loading import load_network

    network, images, classes = (
        load_network(folder / "looked_into.keras"),
        np.load(folder / "images.npy"),
        [0, 3, 6],
    )
    np.savez(
        folder / "maps.npz",
        gradient=saliency.gradient(network, images[:3], classes),
        smooth=saliency.smoothgrad(network, images[:3], classes, samples=3, seed=1),
        layercam=saliency.layercam(network, images[:3], classes),
    )


def ascents(folder):
    """Climb the last layer's outputs of the looked-into network."""
    from fer_nb.analysis import ascent
    from fer_nb.learning.loading import load_network

    objective, channels = (
        ascent.channel_objective(load_network(folder / "looked_into.keras"), -1),
        np.arange(6),
    )
    naive = ascent.naive_ascent(objective, channels, ascent.white_noise(6, seed=0), steps=5)
    fourier = ascent.fourier_ascent(objective, channels, steps=30, total_variation=0, seed=0)
    np.savez(folder / "climbed.npz", naive=naive, fourier=fourier)


def training(folder):
    """Train the tiny network, once with an interruption, and go on with it."""
    import tiny

    from fer_nb.learning.models import architecture
    from fer_nb.learning.training import continue_run, find_or_train

    architecture(tiny.tiny_cnn)
    recipe = tiny.recipe(**tiny.FULL | {"epochs": 3})
    run = find_or_train(recipe, tiny.faces(), seed=3, runs=folder / "jax", progress="none")
    again = resumed(recipe, tiny.faces(), folder / "resumed")
    with np.load(run.folder / "checkpoint.npz") as first, np.load(again.folder / "checkpoint.npz") as second:
        equal = all(np.array_equal(first[n], second[n]) for n in first.files if n != "standing")
    longer = continue_run(run, tiny.faces(), epochs=4, runs=folder / "jax", progress="none")
    return {
        "run": str(run.folder),
        "resumed_equal": equal,
        "epochs_gone_on_to": longer.facts["epochs"],
        "backend_in_versions": "jax" in run.facts["versions"],
    }


def resumed(recipe, faces, runs):
    """Train with an interruption in the third epoch."""
    from fer_nb.learning.training import find_or_train, loop

    step, taken = loop.Progress.step, []

    def counted(self, epoch, logs):
        taken.append(epoch)
        if len(taken) == 15:
            raise KeyboardInterrupt

    loop.Progress.step = counted
    try:
        find_or_train(recipe, faces, seed=3, runs=runs, progress="none", checkpoint_seconds=0)
    except KeyboardInterrupt:
        loop.Progress.step = step
        return find_or_train(recipe, faces, seed=3, runs=runs, progress="none")
    raise AssertionError("the training was not interrupted")


def without_care():
    """Let JAX compile faster what then runs slower."""
    import jax

    jax.config.update("jax_disable_most_optimizations", True)


WITH_CARE = (starts, exact_answers, gradients)
"""What is compiled as it always is; most of the rest is compiling, which is done with little care."""
CHECKS = (*WITH_CARE, answers, saliency, ascents, training)


def main(folder):
    said = {}
    for check in CHECKS:
        if check not in WITH_CARE:
            without_care()
        try:
            said[check.__name__] = {"found": check(folder)}
        except Exception:
            said[check.__name__] = {"failed": traceback.format_exc()}
        if check is starts:
            print(STARTED, file=sys.stderr, flush=True)
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
