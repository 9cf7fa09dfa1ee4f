import numpy as np
import pytest

from fer_nb.analysis.evaluation import softmax, suspect_labels
from fer_nb.errors import InputError


def shares(*pairs):
    """Rows with probabilities p0 and p1 of classes 0 and 1; what is left goes to class 6."""
    rows = np.zeros((len(pairs), 7))
    rows[:, :2] = pairs
    rows[:, 6] = 1 - rows.sum(axis=1)
    return rows


def test_a_label_that_predictions_contradict_is_listed_worked_by_hand():
    """Thresholds: class 0 (0.8 + 0.7 + 0.1) / 3 = 0.533; class 1 (0.9 + 0.5) / 2 = 0.7."""
    probabilities = shares((0.8, 0.2), (0.7, 0.3), (0.1, 0.9), (0.1, 0.9), (0.5, 0.5))
    found = suspect_labels(probabilities, [0, 0, 0, 1, 1])
    assert found.rows.tolist() == [2]
    assert found.suggested.tolist() == [1]
    assert found.confident_joint[:2, :2].tolist() == [[2, 1], [0, 1]]
    assert found.confident_joint.sum() == 4, "the last image reaches neither threshold"
    assert found.status == "ok"


def test_an_unsure_contradiction_is_no_suspect():
    probabilities = shares((0.9, 0.1), (0.9, 0.1), (0.45, 0.55), (0.1, 0.9), (0.1, 0.9))
    assert suspect_labels(probabilities, [0, 0, 0, 1, 1]).rows.size == 0


def test_the_most_contradicted_label_comes_first():
    probabilities = shares(*[(0.9, 0.1)] * 6, (0.15, 0.85), (0.02, 0.98), *[(0.2, 0.8)] * 6)
    found = suspect_labels(probabilities, [0] * 8 + [1] * 6)
    assert found.rows.tolist() == [7, 6]


def test_of_several_confident_classes_the_most_probable_counts():
    probabilities = shares((0.6, 0.4), (0.2, 0.4), (0.4, 0.6), (0.2, 0.2))
    found = suspect_labels(probabilities, [0, 0, 1, 1])
    assert found.confident_joint[0, 0] == 1
    assert found.confident_joint[0, 1] == 1


def test_planted_wrong_labels_are_mostly_found_and_right_ones_mostly_left():
    rng = np.random.default_rng(0)
    true = rng.integers(0, 7, 2000)
    logits = rng.normal(size=(2000, 7))
    logits[np.arange(2000), true] += 5
    wrong = rng.random(2000) < 0.08
    labels = np.where(wrong, (true + 1) % 7, true)
    found = suspect_labels(softmax(logits), labels)
    assert wrong[found.rows].mean() > 0.9
    assert wrong[found.rows].sum() / wrong.sum() > 0.8


def test_a_class_absent_from_the_labels_is_never_suggested():
    probabilities = np.full((4, 7), 0.02)
    probabilities[:2, 0] = probabilities[2, 1] = probabilities[3, 5] = 0.88
    found = suspect_labels(probabilities, [0, 0, 1, 1])
    assert 5 not in found.suggested


def test_a_constant_predictor_is_marked_and_contradicts_nothing():
    constant = np.tile([0.3, 0.1, 0.1, 0.2, 0.1, 0.1, 0.1], (5, 1))
    found = suspect_labels(constant, [0, 3, 3, 1, 2])
    assert found.status == "constant predictor"
    assert found.rows.size == found.suggested.size == 0


def test_one_image_and_no_image_are_answered():
    one = suspect_labels(shares((0.2, 0.8)), [0])
    assert (one.status, one.rows.tolist()) == ("ok", [])
    none = suspect_labels(np.zeros((0, 7)), [])
    assert (none.status, none.rows.size) == ("no data", 0)


def test_nan_and_unlabelled_rows_are_refused():
    broken = shares((0.5, 0.5), (0.5, 0.5))
    with pytest.raises(InputError, match="labels: row 1: expected a class 0 to 6, found -1"):
        suspect_labels(broken, [0, -1])
    broken[0, 0] = np.nan
    with pytest.raises(InputError, match="probabilities: row 0: expected finite numbers"):
        suspect_labels(broken, [0, 1])


def test_a_mean_of_equal_probabilities_is_reached_in_spite_of_rounding():
    assert np.mean([0.1, 0.1, 0.1]) > 0.1
    found = suspect_labels(shares(*[(0.1, 0.2)] * 3), [0, 0, 0])
    assert found.confident_joint[0, 0] == 3


def test_a_label_that_is_itself_the_most_probable_class_or_tied_with_it_is_no_suspect():
    shares = np.full((6, 7), 0.02)
    shares[range(6), [0, 0, 0, 1, 1, 1]] = 0.88
    shares[2] = [0.45, 0.45, *[0.02] * 5]  # labelled 1; a tie
    shares[5] = [0.40, 0.50, *[0.02] * 5]  # labelled 1, which is the most probable
    found = suspect_labels(shares, [0, 1, 1, 1, 1, 1])
    assert found.rows.tolist() == [1]
    assert found.suggested.tolist() == [0]
