from fractions import Fraction

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, cohen_kappa_score, precision_recall_fscore_support

from fer_nb.analysis.evaluation import (
    accuracy_interval,
    class_scores,
    confusion_matrix,
    overall_scores,
    recall_size_correlation,
)
from fer_nb.errors import InputError

SUPPORT = [3995, 436, 4097, 7215, 4830, 3171, 4965]
PREDICTED = [4075, 191, 2262, 8085, 3009, 3659, 7428]
CORRECT = [2569, 177, 1498, 6686, 2051, 2685, 4066]


def test_class_scores_of_report_d_are_the_quotients_of_its_counts(report_d):
    scores = class_scores(report_d)
    assert [score.support for score in scores] == SUPPORT
    assert [score.predicted for score in scores] == PREDICTED
    for score, correct, support, predicted in zip(scores, CORRECT, SUPPORT, PREDICTED, strict=True):
        assert score.recall == accuracy_interval(correct, support)
        assert score.precision == accuracy_interval(correct, predicted)
        assert score.f1.value == pytest.approx(2 * correct / (support + predicted))
        assert score.f1.low < score.f1.value < score.f1.high


def test_class_scores_agree_with_scikit_learn(report_d):
    rows, columns = (index.ravel() for index in np.indices((7, 7)))
    precision, recall, f1, support = precision_recall_fscore_support(
        rows, columns, sample_weight=report_d.ravel()
    )
    scores = class_scores(report_d)
    np.testing.assert_allclose([score.precision.accuracy for score in scores], precision)
    np.testing.assert_allclose([score.recall.accuracy for score in scores], recall)
    np.testing.assert_allclose([score.f1.value for score in scores], f1)
    np.testing.assert_array_equal([score.support for score in scores], support)


def test_f1_interval_covers_the_true_f1_in_about_95_of_100_draws():
    cells = np.zeros((7, 7))
    cells[0, 0], cells[0, 1], cells[1, 0], cells[1, 1] = 0.30, 0.15, 0.10, 0.45
    true_f1 = 2 * 0.30 / (0.45 + 0.40)
    draws = np.random.default_rng(5).multinomial(400, cells.ravel(), size=300).reshape(-1, 7, 7)
    intervals = [class_scores(draw)[0].f1 for draw in draws]
    assert 0.92 <= np.mean([interval.low <= true_f1 <= interval.high for interval in intervals]) <= 0.98


def test_overall_scores_of_report_d_worked_by_hand(report_d):
    scores = overall_scores(report_d, seed=0)
    recalls = [Fraction(correct, support) for correct, support in zip(CORRECT, SUPPORT, strict=True)]
    assert scores.balanced_accuracy == pytest.approx(float(sum(recalls) / 7))
    assert scores.kappa == pytest.approx(419506219 / 677226912)


def test_overall_scores_agree_with_scikit_learn():
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 7, 200)
    predicted = np.where(rng.random(200) < 0.6, labels, rng.integers(0, 7, 200))
    scores = overall_scores(confusion_matrix(predicted, labels), seed=0)
    assert scores.balanced_accuracy == pytest.approx(balanced_accuracy_score(labels, predicted))
    assert scores.kappa == pytest.approx(cohen_kappa_score(labels, predicted))


def test_a_class_absent_from_the_test_set_is_no_data_and_counts_in_no_mean():
    matrix = confusion_matrix(predicted=[0, 0, 1, 1], labels=[0, 0, 0, 2])
    scores = class_scores(matrix)
    assert scores[1].recall.text.en == "no data"
    assert scores[1].precision == accuracy_interval(0, 2)
    assert scores[3].recall.n == scores[3].precision.n == 0
    assert scores[3].f1.value is None
    overall = overall_scores(matrix, seed=0)
    assert overall.balanced_accuracy == pytest.approx((2 / 3 + 0) / 2)
    assert overall.macro_f1.value == pytest.approx((2 * 2 / (3 + 2) + 0) / 2)


def test_a_constant_predictor_is_at_chance():
    overall = overall_scores(confusion_matrix([3] * 10, [3] * 4 + [0] * 6), seed=0)
    assert overall.kappa == pytest.approx(0, abs=1e-12)
    assert overall.balanced_accuracy == pytest.approx(0.5)


def test_one_image_has_scores_but_no_kappa():
    overall = overall_scores(confusion_matrix([4], [4]), seed=0)
    assert overall.kappa is None
    assert overall.macro_f1.value == 1


def test_the_interval_of_macro_f1_holds_it_where_each_class_has_one_image():
    macro_f1 = overall_scores(np.diag([1] * 7), seed=0).macro_f1
    assert macro_f1.low < macro_f1.value == macro_f1.high == 1


def test_no_images_are_no_data_throughout():
    overall = overall_scores(confusion_matrix([], []), seed=0)
    assert overall.balanced_accuracy is overall.kappa is None
    assert overall.macro_f1.value is None


def test_recall_that_rises_with_class_size_has_tau_one_and_its_exact_p_value():
    matrix = np.array([[10 * (row == column) for column in range(7)] for row in range(7)])
    matrix[:, 0] += np.array([0, 6, 5, 4, 3, 2, 1])
    matrix[0, 1] = 7
    result = recall_size_correlation(matrix, [1, 2, 3, 4, 5, 6, 7])
    assert result.tau == pytest.approx(1)
    assert result.p_value == pytest.approx(2 / 5040)
    assert result.classes == 7


def test_report_d_recall_and_class_size_agree_in_14_of_21_pairs(report_d):
    result = recall_size_correlation(report_d, SUPPORT)
    recalls = np.array(CORRECT) / np.array(SUPPORT)
    pairs = [(i, j) for i in range(7) for j in range(i)]
    agreeing = sum((recalls[i] - recalls[j]) * (SUPPORT[i] - SUPPORT[j]) > 0 for i, j in pairs)
    assert agreeing == 14
    assert result.tau == pytest.approx((14 - 7) / 21)


def test_equal_recalls_or_one_class_have_no_correlation():
    assert recall_size_correlation(np.diag([5] * 7), range(7)).tau is None
    assert recall_size_correlation(confusion_matrix([0], [0]), range(7)).p_value is None
    with pytest.raises(InputError, match=r"class sizes: expected shape \(7,\), found \(3,\)"):
        recall_size_correlation(np.diag([5] * 7), [1, 2, 3])


def test_the_p_value_is_exact_where_sizes_tie():
    """One class alone has a lower recall and fewer images: it is the same one in a seventh of all orders."""
    matrix = np.diag([5] * 7)
    matrix[0, 1] = 5
    assert recall_size_correlation(matrix, [1, 2, 2, 2, 2, 2, 2]).p_value == pytest.approx(1 / 7, abs=1e-12)
