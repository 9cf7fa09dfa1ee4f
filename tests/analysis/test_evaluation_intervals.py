import json
import math

import numpy as np
import pytest
from sklearn.metrics import f1_score

from fer_nb.analysis.evaluation import NO_DATA, Proportion, accuracy_interval, split_accuracy
from fer_nb.analysis.evaluation.intervals import macro_f1_interval
from fer_nb.errors import InputError


def test_wilson_interval_is_the_formula_worked_by_hand():
    share = accuracy_interval(8, 10)
    z = 1.959963984540054
    centre = (0.8 + z**2 / 20) / (1 + z**2 / 10)
    half = z * math.sqrt(0.8 * 0.2 / 10 + z**2 / 400) / (1 + z**2 / 10)
    assert (share.accuracy, share.n) == (0.8, 10)
    assert share.low == pytest.approx(centre - half, abs=1e-9)
    assert share.high == pytest.approx(centre + half, abs=1e-9)


@pytest.mark.parametrize(("n", "points"), [(3589, 1.6), (55, 13)])
def test_interval_is_as_wide_as_the_reference_states(n, points):
    share = accuracy_interval(round(0.65 * n), n)
    assert 100 * (share.high - share.low) / 2 == pytest.approx(points, rel=0.08)


def test_interval_covers_the_true_accuracy_in_about_95_of_100_draws():
    drawn = np.random.default_rng(7).binomial(3589, 0.65, size=4000)
    counts, times = np.unique(drawn, return_counts=True)
    shares = [accuracy_interval(int(count), 3589) for count in counts]
    covers = np.array([share.low <= 0.65 <= share.high for share in shares])
    assert 0.935 <= times[covers].sum() / 4000 <= 0.965


def test_one_image_and_extremes_stay_within_zero_and_one():
    assert accuracy_interval(1, 1).high == pytest.approx(1)
    assert accuracy_interval(1, 1).low == pytest.approx(1 / (1 + 1.959964**2), abs=1e-6)
    assert accuracy_interval(0, 5).low == pytest.approx(0, abs=1e-12)


def test_truth_values_count_as_their_number():
    assert accuracy_interval(np.array([True, False, True])) == accuracy_interval(2, 3)
    assert accuracy_interval(np.int64(2), np.int64(3)) == accuracy_interval(2, 3)


def test_no_images_say_no_data_and_survive_json():
    nothing = accuracy_interval(0, 0)
    assert nothing == Proportion(None, None, None, 0)
    assert nothing.text == NO_DATA
    assert json.loads(json.dumps(nothing.as_record(), allow_nan=False)) == {
        "accuracy": None,
        "low": None,
        "high": None,
        "n": 0,
    }


def test_text_is_percent_with_the_interval():
    share = accuracy_interval(8, 10)
    assert share.text.en == share.text.zh == "80.0% (49.0–94.3)"


def test_record_has_the_form_of_the_results_file():
    assert accuracy_interval(5, 10).as_record().keys() == {"accuracy", "low", "high", "n"}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((3, 2), "expected 0 to 2 correct of 2 images, found 3"),
        ((-1, 2), "found -1"),
    ],
)
def test_contradicting_counts_are_refused_in_one_line(arguments, complaint):
    with pytest.raises(InputError, match=complaint) as caught:
        accuracy_interval(*arguments)
    assert "\n" not in str(caught.value)


def test_split_accuracy_leaves_leaked_images_out():
    predicted, labels = np.array([0, 1, 2, 3]), np.array([0, 1, 2, 4])
    split = split_accuracy(predicted, labels, np.array([True, True, False, False]))
    assert split["all"] == accuracy_interval(3, 4)
    assert split["clean"] == accuracy_interval(1, 2)


def test_clean_accuracy_is_unknown_where_nobody_looked_or_everything_leaked():
    labels = np.array([0, 1])
    assert split_accuracy(labels, labels)["clean"].accuracy is None
    assert split_accuracy(labels, labels, np.array([True, True]))["clean"].n == 0
    assert split_accuracy(labels, labels, np.array([False, False]))["clean"] == accuracy_interval(2, 2)


def test_macro_f1_agrees_with_scikit_learn_and_its_seed_decides_the_interval(report_d):
    rows, columns = (index.ravel() for index in np.indices((7, 7)))
    expected = f1_score(rows, columns, sample_weight=report_d.ravel(), average="macro")
    estimate = macro_f1_interval(report_d, seed=3)
    assert estimate.value == pytest.approx(expected, abs=1e-12)
    assert estimate.low < estimate.value < estimate.high
    assert macro_f1_interval(report_d, seed=3) == estimate
    assert macro_f1_interval(report_d, seed=4) != estimate


def test_macro_f1_interval_narrows_with_the_square_root_of_the_images(report_d):
    many, few = (macro_f1_interval(matrix, seed=0) for matrix in (report_d, report_d // 100))
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(10, rel=0.35)


def test_bootstrap_of_a_two_class_case_has_the_spread_of_drawing_images():
    matrix = np.zeros((7, 7), int)
    matrix[0, 0], matrix[0, 1], matrix[1, 1] = 40, 10, 50
    rng, labels, predicted = np.random.default_rng(1), np.repeat([0, 1], 50), np.repeat([0, 1], [40, 60])
    redrawn = [rng.integers(0, 100, 100) for _ in range(500)]
    scores = [f1_score(labels[rows], predicted[rows], average="macro") for rows in redrawn]
    estimate = macro_f1_interval(matrix, seed=0)
    assert estimate.low == pytest.approx(np.quantile(scores, 0.025), abs=0.015)
    assert estimate.high == pytest.approx(np.quantile(scores, 0.975), abs=0.015)


def test_macro_f1_of_no_images_is_no_data():
    assert macro_f1_interval(np.zeros((7, 7), int), seed=0).text == NO_DATA
