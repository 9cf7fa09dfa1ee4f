"""What was predicted for labelled images, by a network or by several together."""

import numpy as np
import pytest

from fer_nb.analysis.evaluation import Predictions, joined_predictions, metrics, with_test


@pytest.fixture
def predictions():
    """Makes predictions of classes for images whose true classes are given."""

    def make(labels, classes, **columns):
        return Predictions(4.0 * np.eye(7)[classes], np.array(labels), **columns)

    return make


def test_classes_matrix_and_accuracy_follow_from_the_logits(predictions):
    part = predictions([4, 5, 6], [4, 6, 6])
    assert part.predicted.tolist() == [4, 6, 6]
    assert part.correct().tolist() == [True, False, True]
    assert (part.matrix[5, 6], part.matrix[5, 5], part.matrix.sum()) == (1, 0, 3)
    assert part.accuracy()["all"].accuracy == pytest.approx(2 / 3)
    np.testing.assert_allclose(part.probabilities.sum(axis=1), 1)


def test_the_clean_accuracy_leaves_leaked_images_out_and_is_unknown_where_nobody_looked(predictions):
    leaky = predictions([0, 1], [0, 2], leaked=np.array([False, True]))
    assert (leaky.accuracy()["clean"].accuracy, leaky.accuracy()["clean"].n) == (1.0, 1)
    assert predictions([0], [0]).accuracy()["clean"].accuracy is None


def test_a_member_of_an_ensemble_is_measured_by_itself(predictions):
    part = predictions([0, 1], [0, 1], member_classes=np.array([[0, 1], [0, 0]]))
    assert part.correct(1).tolist() == [True, False]
    assert [metrics({"test": part}, row)["test"]["all"]["accuracy"] for row in (None, 0, 1)] == [1, 1, 0.5]


def test_test_is_public_then_private_or_the_one_that_there_is(predictions):
    public = predictions([4, 5], [4, 6], member_classes=np.array([[4, 6], [5, 5]]))
    private = predictions([6], [6], member_classes=np.array([[6], [5]]))
    both = with_test({"validation": public, "public": public, "private": private})
    assert both["test"].labels.tolist() == [4, 5, 6]
    assert both["test"].member_classes.tolist() == [[4, 6, 6], [5, 5, 5]]
    assert with_test({"private": private})["test"].labels.tolist() == [6]
    assert "test" not in with_test({"validation": public})


def test_what_one_part_lacks_the_whole_lacks(predictions):
    with_images = predictions([0], [0], images=np.zeros((1, 48, 48), np.uint8), leaked=np.zeros(1, bool))
    assert joined_predictions([with_images, predictions([1], [1])]).images is None
    assert len(joined_predictions([with_images, with_images]).images) == 2
