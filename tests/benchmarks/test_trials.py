import numpy as np

from benchmarks.trials import changes, trials_tables
from fer_nb.learning.recipes import RECIPES


def trial(right, *, seed=1, **settings):
    recipe = RECIPES["compact_cnn"].settings() | settings
    bits = np.asarray(right, bool)
    score = {"accuracy": float(bits.mean()), "n": len(bits)}
    return {
        "run": "run",
        "recipe": recipe,
        "seed": seed,
        "epochs": recipe["epochs"],
        "seconds": 600,
        "validation": dict.fromkeys(("none", "flip", "ten-crop"), score),
        "right": np.packbits(bits).tobytes().hex(),
    }


def test_a_trial_is_named_by_what_it_changes():
    recipe = RECIPES["compact_cnn"].settings()
    assert changes(recipe) == frozenset()
    assert changes(recipe | {"mixup": 0.2, "validation": 0.3}) == {("mixup", "0.2")}


def test_two_trials_that_differ_in_one_setting_are_compared_on_the_same_images():
    better, worse = [1] * 90 + [0] * 10, [1] * 50 + [0] * 50
    tables = trials_tables([trial(worse), trial(better, mixup=0.2), trial(worse, mixup=0.2, epochs=40)])
    rows = tables.split("\n\n")[1].splitlines()[2:]
    assert [row.split(" | ")[:2] for row in rows] == [
        ["| `mixup`: 0.0 → 0.2", "2 − 1"],
        ["| `epochs`: 16 → 40", "3 − 2"],
    ]
    assert "+40.0" in rows[0]
    assert "−40.0" in rows[1]


def test_trials_without_a_shared_seed_are_not_compared():
    tables = trials_tables([trial([1, 0]), trial([1, 1], mixup=0.2, seed=2)])
    assert len(tables.split("\n\n")[1].splitlines()) == 2
