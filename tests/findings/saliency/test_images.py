import numpy as np
import pytest

from fer_nb.errors import InputError
from fer_nb.findings.saliency.images import (
    checked_rows,
    confident_names,
    named_images,
    of_split,
    pool_split,
)


def test_a_number_is_a_row_of_its_split_from_zero(faces):
    shown = named_images(["test:1", "private:0", "test:12", "training:3"], faces)
    np.testing.assert_array_equal(shown.images[0], faces.of("PublicTest").images[1])
    np.testing.assert_array_equal(shown.images[1], shown.images[2])  # public faces come first
    assert shown.labels[3] == faces.of("Training").labels[3]


@pytest.mark.parametrize("name", ["test", "tset:1", "test:-1", "test:x", "test:24", "unlabelled:0"])
def test_a_bad_name_gets_one_line_that_names_it(faces, name):
    with pytest.raises(InputError, match=name) as raised:
        named_images([name], faces)
    assert "\n" not in str(raised.value)


def test_the_surest_right_answer_stands_for_each_class(faces, logits):
    labels = of_split(faces, "test").labels
    expected = [np.flatnonzero(labels == label).max() for label in np.unique(labels)]
    assert confident_names(logits, labels, split="test") == [f"test:{row}" for row in expected]


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ([3, 3, 0, 0], ["test:3", "test:1"]),  # the angry face at 2, surely called happy, stands for nothing
        ([3, 3, 0, 3], ["test:1"]),  # no angry face is answered rightly
        ([0, 0, 4, 3], ["test:3", "test:2"]),  # nothing is right
        ([-1] * 4, ["test:3", "test:2"]),  # nobody knows
    ],
)
def test_a_surer_wrong_answer_stands_for_a_class_only_where_none_at_all_is_right(labels, names):
    logits = np.zeros((4, 7))
    logits[:3, 3] = 1, 2, 9  # happy
    logits[3, 0] = 1  # angry
    assert confident_names(logits, np.array(labels), split="test") == names


def test_without_test_images_others_are_chosen_from(faces):
    assert pool_split(faces) == "test"
    assert pool_split(faces.of("Training")) == "training"


def test_checked_faces_are_right_and_equally_many_of_each_class(faces, logits):
    labels = of_split(faces, "test").labels
    wrong = logits.copy()
    wrong[:5] = np.eye(7)[(labels[:5] + 1) % 7]
    rows = checked_rows(wrong, labels, count=2, seed=1)
    assert rows.min() >= 5 and (np.diff(rows) > 0).all()
    right = np.bincount(labels[5:], minlength=7)
    np.testing.assert_array_equal(np.bincount(labels[rows], minlength=7), np.minimum(right, 2))
    assert not np.array_equal(rows, checked_rows(wrong, labels, count=2, seed=2))


def test_answers_stand_for_labels_where_nothing_is_right(faces, logits):
    labels = of_split(faces, "test").labels
    nothing_right = np.eye(7)[(labels + 1) % 7]
    assert len(checked_rows(nothing_right, labels, count=100, seed=1)) == len(labels)
    assert len(checked_rows(logits, np.full(len(labels), -1), count=1, seed=1)) == len(np.unique(labels))
