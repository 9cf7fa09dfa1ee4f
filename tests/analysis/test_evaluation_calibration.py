import numpy as np
import pytest

from fer_nb.analysis.evaluation import (
    accuracy_interval,
    expected_calibration_error,
    fit_temperature,
    reliability_bins,
    softmax,
)
from fer_nb.errors import InputError


def sure(*confidences):
    """Rows whose class 0 has the given probability, the rest shared by the other six."""
    top = np.array(confidences)[:, None]
    return np.hstack([top, np.repeat((1 - top) / 6, 6, axis=1)])


def test_softmax_of_equal_logits_is_one_seventh_and_large_logits_do_not_overflow():
    np.testing.assert_allclose(softmax(np.zeros((1, 7))), 1 / 7)
    np.testing.assert_allclose(softmax([[1000, 0, 0, 0, 0, 0, 0]]), [[1, 0, 0, 0, 0, 0, 0]])


def test_temperature_divides_the_logits():
    logits = np.array([[np.log(4.0), 0, 0, 0, 0, 0, 0]])
    np.testing.assert_allclose(softmax(logits, temperature=2.0)[0, 0], 2 / 8)
    with pytest.raises(InputError, match="temperature: expected a number above 0, found 0"):
        softmax(logits, temperature=0)


def test_images_fall_into_the_bin_of_their_top_probability():
    accuracy, confidence = reliability_bins(sure(0.5, 0.52, 0.9, 1.0), [0, 1, 0, 0], bins=10)
    assert [share.n for share in accuracy] == [0, 0, 0, 0, 1, 1, 0, 0, 1, 1]
    assert accuracy[4] == accuracy_interval(1, 1)
    assert accuracy[5] == accuracy_interval(0, 1)
    assert accuracy[0].text.en == "no data"
    assert confidence.mask.tolist() == [share.n == 0 for share in accuracy]
    np.testing.assert_allclose(confidence.compressed(), [0.5, 0.52, 0.9, 1.0])


def test_fifteen_bins_are_the_default():
    assert [len(part) for part in reliability_bins(sure(0.9), [0])] == [15, 15]


def test_calibration_error_worked_by_hand():
    shares, labels = sure(0.9, 0.9, 0.9, 0.9, 0.6, 0.6), [0, 0, 1, 1, 0, 1]
    expected = (4 * abs(2 / 4 - 0.9) + 2 * abs(1 / 2 - 0.6)) / 6
    assert expected_calibration_error(shares, labels) == pytest.approx(expected)


def test_a_predictor_that_is_right_as_often_as_it_says_has_no_calibration_error():
    assert expected_calibration_error(sure(*[0.75] * 4), [0, 0, 0, 1]) == pytest.approx(0)


def test_over_and_under_confidence_do_not_cancel():
    assert expected_calibration_error(sure(0.9, 0.3), [1, 0]) == pytest.approx((0.9 + 0.7) / 2)


def test_no_images_have_no_calibration_error():
    assert expected_calibration_error(np.zeros((0, 7)), []) is None
    assert not any(share.n for share in reliability_bins(np.zeros((0, 7)), [])[0])


def test_temperature_of_a_two_to_one_case_is_solved_exactly():
    """Logit 4 against six zeros, right in 2 of 4: the best top probability is 1/2, so exp(4 / T) = 6."""
    logits = np.tile([4.0, 0, 0, 0, 0, 0, 0], (4, 1))
    fit = fit_temperature(logits, [0, 0, 1, 2])
    assert fit.determined
    assert fit.temperature == pytest.approx(4 / np.log(6), rel=1e-4)


def test_temperature_recovers_the_factor_that_logits_were_multiplied_by():
    rng = np.random.default_rng(0)
    honest = rng.normal(size=(4000, 7)) * 1.5
    labels = np.array([rng.choice(7, p=row) for row in softmax(honest)])
    fit = fit_temperature(honest * 3, labels)
    assert fit.temperature == pytest.approx(3, rel=0.06)
    before = expected_calibration_error(softmax(honest * 3), labels)
    after = expected_calibration_error(softmax(honest * 3, temperature=fit.temperature), labels)
    assert after < 0.03
    assert before > 0.2


def test_temperature_keeps_every_predicted_class():
    logits = np.random.default_rng(1).normal(size=(50, 7))
    np.testing.assert_array_equal(softmax(logits, temperature=3.7).argmax(axis=1), logits.argmax(axis=1))


@pytest.mark.parametrize(
    ("logits", "labels"),
    [
        (np.eye(7) * 9, range(7)),
        (np.eye(7)[:1], [0]),
        (np.eye(7)[:1], [3]),
        (np.zeros((3, 7)), [0, 1, 2]),
        (np.full((3, 7), 2.5), [0, 0, 0]),
    ],
    ids=["all right", "one image, right", "one image, wrong", "all equal", "constant"],
)
def test_data_that_fix_no_temperature_are_marked_and_leave_the_logits(logits, labels):
    fit = fit_temperature(logits, labels)
    assert not fit.determined
    assert fit.temperature == 1


def test_a_temperature_of_one_counts_as_determined():
    logits = np.tile([np.log(6.0), 0, 0, 0, 0, 0, 0], (2, 1))
    fit = fit_temperature(logits, [0, 1])
    assert fit.determined
    assert fit.temperature == pytest.approx(1, rel=1e-4)


@pytest.mark.parametrize("function", [fit_temperature, lambda logits, _: softmax(logits)])
def test_nan_logits_are_refused_with_their_row(function):
    logits = np.zeros((3, 7))
    logits[1, 4] = np.nan
    with pytest.raises(InputError, match="logits: row 1: expected finite numbers") as caught:
        function(logits, [0, 1, 2])
    assert "\n" not in str(caught.value)


def test_temperature_needs_images():
    with pytest.raises(InputError, match="at least one labelled validation image, found none"):
        fit_temperature(np.zeros((0, 7)), [])


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [
        ([0, -1], r"row 1: expected a class 0 to 6, found -1, as in 1 of 2 rows"),
        ([0, 9], "labels: row 1: expected a class 0 to 6, found 9"),
        ([0, 1, 2], "found logits 2, labels 3"),
        ([[0, 1]], r"labels: expected class numbers of shape \(N,\), found shape \(1, 2\)"),
        ([0.5, 1.0], "labels: expected whole class numbers"),
    ],
)
def test_bad_labels_are_refused_in_one_line(labels, complaint):
    with pytest.raises(InputError, match=complaint) as caught:
        fit_temperature(np.zeros((2, 7)), labels)
    assert "\n" not in str(caught.value)


def test_logits_where_probabilities_belong_are_recognised():
    with pytest.raises(InputError, match="are these logits"):
        expected_calibration_error(np.full((2, 7), 2.0), [0, 1])
    with pytest.raises(InputError, match=r"expected shape \(N, 7\), found \(2, 6\)"):
        reliability_bins(np.full((2, 6), 1 / 6), [0, 1])


@pytest.mark.parametrize("factor", [1e-6, 1e-3, 1, 1e3, 1e6])
def test_a_temperature_of_any_size_is_found(factor):
    """Three of four images are right at a margin of `factor`: 1/T puts the odds of right to wrong at 3."""
    logits = np.zeros((4, 7))
    logits[:, 0] = factor
    logits[:, 2:] = -1e3 * factor
    fit = fit_temperature(logits, [0, 0, 0, 1])
    assert fit.determined
    assert fit.temperature == pytest.approx(factor / np.log(3), rel=1e-6)
