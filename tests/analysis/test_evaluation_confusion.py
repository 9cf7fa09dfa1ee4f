import numpy as np
import pytest

from fer_nb.analysis.evaluation import (
    ConfusedPair,
    confused_pair,
    confused_pairs,
    confusion_matrix,
    confusion_shares,
    most_confused,
)

ANGRY, DISGUST, FEAR, HAPPY, SAD, SURPRISE, NEUTRAL = range(7)


def test_rows_are_true_and_columns_predicted():
    matrix = confusion_matrix(predicted=[3, 3, 0], labels=[3, 5, 0])
    expected = np.zeros((7, 7), int)
    expected[3, 3] = expected[5, 3] = expected[0, 0] = 1
    np.testing.assert_array_equal(matrix, expected)


def test_the_total_is_the_number_of_images():
    rng = np.random.default_rng(0)
    labels, predicted = rng.integers(0, 7, 50), rng.integers(0, 7, 50)
    matrix = confusion_matrix(predicted, labels)
    assert matrix.sum() == 50
    np.testing.assert_array_equal(matrix.sum(axis=1), np.bincount(labels, minlength=7))


def test_no_images_give_a_matrix_of_zeros_with_every_share_masked():
    matrix = confusion_matrix([], [])
    assert not matrix.any()
    assert confusion_shares(matrix).mask.all()


def test_recall_of_fear_in_report_d_is_1498_of_4097(report_d):
    recall = confusion_shares(report_d)
    assert recall[FEAR, FEAR] == pytest.approx(1498 / 4097)
    assert recall[SAD, NEUTRAL] == pytest.approx(1549 / 4830)
    np.testing.assert_allclose(recall.sum(axis=1), 1)


def test_a_class_without_images_is_masked_and_not_nan():
    recall = confusion_shares(confusion_matrix([0, 1], [0, 0]))
    assert recall[0].tolist() == [0.5, 0.5, 0, 0, 0, 0, 0]
    assert recall.mask[1:].all() and not recall.mask[0].any()
    assert np.isfinite(recall.data).all()


def test_fear_in_report_d_is_taken_most_for_neutral_then_surprise(report_d):
    of_fear = [(pair.predicted, pair.count) for pair in confused_pairs(report_d) if pair.true == FEAR]
    assert of_fear[:3] == [(NEUTRAL, 669), (SURPRISE, 608), (ANGRY, 594)]


def test_pairs_of_at_least_400_in_report_d_are_seven(report_d):
    pairs = [pair for pair in confused_pairs(report_d) if pair.count >= 400]
    assert [(pair.true, pair.predicted, pair.count) for pair in pairs] == [
        (SAD, NEUTRAL, 1549),
        (ANGRY, NEUTRAL, 707),
        (FEAR, NEUTRAL, 669),
        (FEAR, SURPRISE, 608),
        (FEAR, ANGRY, 594),
        (SAD, ANGRY, 477),
        (FEAR, SAD, 468),
    ]
    assert [pair.rank for pair in pairs] == [1, 2, 3, 4, 5, 6, 7]


def test_pairs_that_never_happened_are_left_out(report_d):
    pairs = confused_pairs(report_d)
    assert len(pairs) == 42 - 2
    assert sum(pair.count for pair in pairs) == 28709 - 19732


def test_equal_counts_share_the_better_place():
    matrix = np.diag([9] * 7)
    matrix[0, 1] = matrix[2, 3] = 5
    matrix[4, 5] = 4
    assert [pair.rank for pair in confused_pairs(matrix)] == [1, 1, 3]


def test_a_claim_can_be_held_against_its_count(report_d):
    assert confused_pair(report_d, FEAR, SAD) == ConfusedPair(FEAR, SAD, 468, 7)


def test_the_most_confused_pair_of_report_d_is_sad_and_neutral_in_both_directions(report_d):
    there, back = most_confused(report_d)
    assert (there.true, there.predicted, there.count) == (SAD, NEUTRAL, 1549)
    assert (back.true, back.predicted, back.count) == (NEUTRAL, SAD, 219)


def test_the_most_confused_pair_is_by_the_sum_of_both_directions():
    matrix = np.zeros((7, 7), int)
    matrix[0, 1] = 10
    matrix[2, 3], matrix[3, 2] = 6, 7
    there, back = most_confused(matrix)
    assert (there.true, there.predicted, back.count) == (3, 2, 6)


def test_without_errors_there_is_no_most_confused_pair():
    assert most_confused(np.diag([3] * 7)) is None
    assert most_confused(np.zeros((7, 7), int)) is None


def test_int8_labels_of_a_faces_record_are_taken():
    assert confusion_matrix(np.array([6], np.int8), np.array([6], np.uint8))[6, 6] == 1
