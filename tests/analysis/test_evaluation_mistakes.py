import numpy as np

from fer_nb.analysis.evaluation import error_rows, nearest_correct, softmax


def logits(*tops):
    """One row for each (class, logit), zeros elsewhere."""
    rows = np.zeros((len(tops), 7))
    for row, (label, value) in zip(rows, tops, strict=True):
        row[label] = value
    return rows


def test_errors_of_one_pair_and_direction_come_most_confident_first():
    shares = softmax(logits((4, 1.0), (6, 3.0), (6, 5.0), (6, 4.0)))
    labels = np.array([6, 4, 4, 2])
    assert error_rows(shares, labels, true=4, predicted=6).tolist() == [2, 1]
    assert error_rows(shares, labels, true=6, predicted=4).tolist() == [0]
    assert error_rows(shares, labels, true=0, predicted=6).tolist() == []


def test_neighbours_are_right_answers_of_the_class_nearest_in_sum_and_none_twice():
    scores = logits((6, 3.0), (4, 9.0), (4, 2.0), (4, 1.0), (6, 1.0))
    labels = np.array([4, 4, 4, 6, 6])
    assert nearest_correct(scores, labels, np.array([0]), label=4).tolist() == [2]
    assert nearest_correct(scores, labels, np.array([0, 3]), label=4).tolist() == [1, 2]
    assert nearest_correct(scores, labels, np.array([0, 3]), label=6).tolist() == [4]


def test_a_class_without_right_answers_has_no_neighbour():
    scores = logits((6, 3.0), (4, 2.0))
    labels = np.array([4, 4])
    assert nearest_correct(scores, labels, np.array([0, 1]), label=6).tolist() == []
    assert nearest_correct(scores, labels, np.array([], int), label=4).tolist() == []
