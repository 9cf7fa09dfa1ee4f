import numpy as np
import pytest

from fer_nb.errors import InputError
from fer_nb.findings.saliency.images import (
    NEUTRAL,
    checked_rows,
    confident_names,
    named_images,
    of_split,
    pool_split,
)
from fer_nb.findings.saliency.truth import VISIBLE, truth_of


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


def test_one_confident_image_stands_for_each_predicted_class(faces, logits):
    names = confident_names(logits, split="test")
    labels = of_split(faces, "test").labels
    expected = [np.flatnonzero(labels == label).max() for label in np.unique(labels)]
    assert names == [f"test:{row}" for row in expected]


def test_without_test_images_others_are_chosen_from(faces):
    assert pool_split(faces) == "test"
    assert pool_split(faces.of("Training")) == "training"


def test_checked_faces_are_right_and_show_an_expression(faces, logits):
    labels = of_split(faces, "test").labels
    wrong = logits.copy()
    wrong[:5] = np.eye(7)[(labels[:5] + 1) % 7]
    rows = checked_rows(wrong, labels, count=100, seed=1)
    assert rows.min() >= 5 and (labels[rows] != NEUTRAL).all()
    assert len(checked_rows(wrong, labels, count=3, seed=1)) == 3
    nothing_right = np.eye(7)[(labels + 1) % 7]
    assert len(checked_rows(nothing_right, labels, count=100, seed=1)) == len(labels)


def test_the_truth_says_which_parts_move_and_where_they_lie(faces):
    truth = truth_of(faces, np.arange(24), seed=4)
    images = of_split(faces, "test").images[truth.rows]
    changes = np.abs(truth.redrawn.astype(int) - images[:, None]).max(axis=(2, 3))
    np.testing.assert_array_equal(truth.moved, changes >= VISIBLE)
    assert truth.true_regions.any(axis=(1, 2)).all()
    assert 0 < truth.moved.mean() < 1
    assert not (truth.true_regions & ~truth.regions.any(axis=1)).any()


def test_faces_of_another_seed_or_source_have_no_known_truth(faces):
    assert truth_of(faces, np.arange(3), seed=5) is None
    assert truth_of(faces.of("Training"), np.arange(3), seed=4) is None
