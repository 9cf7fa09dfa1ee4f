from types import SimpleNamespace

import pytest

from fer_nb.learning.semi.protocols import get_protocol


def _run(accuracy, *, images, steps, seed, recipe):
    metrics = {split: {"all": {"accuracy": accuracy}} for split in ("validation", "test")}
    return SimpleNamespace(
        facts={
            "recipe": {"name": recipe},
            "metrics": metrics,
            "training_images": images,
            "steps": steps,
            "seed": seed,
        }
    )


@pytest.fixture
def make_outcome():
    """Makes an outcome of a protocol from arm -> (accuracy, images, steps)."""

    def make(protocol="report_b", seed=1, recipe="shallow_cnn", **arms):
        runs = {
            arm: _run(accuracy, images=images, steps=steps, seed=seed, recipe=recipe)
            for arm, (accuracy, images, steps) in arms.items()
        }
        return SimpleNamespace(
            protocol=get_protocol(protocol), runs=runs, steps=lambda arm: runs[arm].facts["steps"]
        )

    return make
