import numpy as np
import pytest

from fer_nb.analysis.evaluation import Overfitting, epochs_to_reach, overfitting_epoch
from fer_nb.errors import InputError


def test_overfitting_starts_after_the_least_validation_loss():
    assert overfitting_epoch([2.0, 1.5, 1.0, 1.25, 1.75]) == Overfitting(3, 1.0, 1.75, 0.75, 2)


def test_a_loss_that_still_falls_has_no_gap():
    assert overfitting_epoch([2.0, 1.0]) == Overfitting(2, 1.0, 1.0, 0.0, 0)
    assert overfitting_epoch([2.0]).epoch == 1


def test_the_first_of_equal_minima_counts():
    assert overfitting_epoch([1.0, 1.0]).epoch == 1


def test_the_level_is_reached_in_the_first_epoch_at_or_below_it():
    assert epochs_to_reach([2.0, 1.5, 1.0, 1.2], 1.5) == 2
    assert epochs_to_reach([2.0, 1.5], 3) == 1


def test_a_level_never_reached_is_none():
    assert epochs_to_reach([2.0, 1.5], 1.0) is None


@pytest.mark.parametrize("function", [overfitting_epoch, lambda curve: epochs_to_reach(curve, 1.0)])
@pytest.mark.parametrize(
    ("curve", "complaint"),
    [
        ([], r"with E at least 1, found shape \(0,\)"),
        ([1.0, np.nan], "epoch 2: expected a number, found nan"),
        ([[1.0]], r"found shape \(1, 1\)"),
    ],
)
def test_what_is_no_curve_is_refused(function, curve, complaint):
    with pytest.raises(InputError, match=complaint):
        function(curve)
