import numpy as np
import pytest

from benchmarks.verdicts import (
    CONFIRMED,
    REFUTED,
    UNTOLD,
    Finding,
    accuracy,
    find,
    overfitting,
    pairs_over,
)
from fer_nb.language import Text


def matrix(*cells, right=90):
    """Return counts of 7 classes: so many right of each, and these cells (true, predicted, count)."""
    counts = np.diag([right] * 7)
    for true, predicted, count in cells:
        counts[true, predicted] = count
    return counts


@pytest.mark.parametrize(
    ("measured", "stated", "short", "verdict"),
    [
        (0.690, 0.690, False, CONFIRMED),
        (0.600, 0.710, False, REFUTED),
        (0.710, 0.600, False, REFUTED),
        (0.600, 0.710, True, UNTOLD),  # trained shorter: being lower tells nothing
        (0.710, 0.600, True, REFUTED),  # but being higher does
        (0.670, 0.690, False, UNTOLD),  # the interval of the difference holds 0 and passes 3 points
    ],
)
def test_a_stated_accuracy_is_held_against_the_interval_of_the_difference(measured, stated, short, verdict):
    assert accuracy({"accuracy": measured, "n": 3589}, stated, short=short).verdict == verdict


def test_an_accuracy_on_few_images_tells_nothing():
    assert accuracy({"accuracy": 0.7, "n": 20}, 0.7).verdict == UNTOLD


def test_a_number_of_pairs_is_held_against_what_other_images_would_have_given():
    counts = matrix((0, 1, 900), (0, 2, 900), (0, 3, 401), (0, 4, 100))
    assert pairs_over(counts, 400, 3).verdict == CONFIRMED
    assert pairs_over(counts, 400, 2).verdict == CONFIRMED  # 401 may well have been 399
    assert pairs_over(counts, 400, 4).verdict == REFUTED
    assert pairs_over(counts, 400, 3).measured.en == "3 [2, 3]"


def test_the_epoch_at_which_a_shorter_training_overfits_tells_nothing_of_the_longer_one():
    claim = {"kind": "overfitting", "about": 3}
    losses = [2.0, 1.5, 1.0, 1.5, 2.0, 2.5]
    record = {"history": {"epoch": [1, 2, 3, 4, 5, 6], "validation_loss": losses}}
    assert find(claim, record).verdict == CONFIRMED
    short = find(claim, record, short=True)
    assert (short.verdict, short.measured) == (UNTOLD, find(claim, record).measured)


def test_overfitting_begins_where_validation_loss_is_least():
    losses = {"validation_loss": [2.0, 1.5, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.4]}
    assert overfitting(losses, 3).verdict == CONFIRMED
    assert overfitting(losses, 8).verdict == REFUTED
    falling = {"validation_loss": [2.0, 1.5, 1.2, 1.0]}
    assert overfitting(falling, 250).verdict == UNTOLD  # four epochs cannot tell


def test_a_record_without_what_a_claim_needs_cannot_tell():
    claim = {"kind": "count", "split": "test", "named": [[6, 4]], "claim": {"zh": "說", "en": "said"}}
    assert find(claim, {}).verdict == UNTOLD
    assert find({"kind": "overfitting", "about": 3}, {}).verdict == UNTOLD
    half = matrix((6, 4, 200)).tolist()
    record = {"matrices": {"public": half, "private": half}}
    assert find(claim, record) == Finding(Text("中立 → 難過 400 張", "neutral → sad 400 images"), CONFIRMED)
    record["matrices"]["public"] = matrix((2, 4, 300)).tolist()
    assert find(claim, record).verdict == REFUTED
    assert find(claim | {"place": 2}, record).verdict == CONFIRMED
