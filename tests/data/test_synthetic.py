"""Practice faces as a data set: the same by seed, the shares that were asked for, bad input refused."""

import numpy as np
import pytest

from fer_nb.data.faces import fingerprints
from fer_nb.data.synthetic import EMOTION_UNITS, draw_faces, practice_faces, specify
from fer_nb.data.synthetic.action_units import rate_table
from fer_nb.data.synthetic.specification import CLASS_COUNTS
from fer_nb.language import EMOTIONS

COUNTS = {"Training": 40, "PublicTest": 10, "PrivateTest": 10}
NAMES = [emotion.en for emotion in EMOTIONS]


@pytest.fixture(scope="module")
def faces():
    return practice_faces(COUNTS, seed=3)


def test_the_same_seed_gives_the_same_bytes(faces):
    again = practice_faces(COUNTS, seed=3)
    np.testing.assert_array_equal(again.images, faces.images)
    np.testing.assert_array_equal(again.labels, faces.labels)
    assert fingerprints(again) == fingerprints(faces)


def test_another_seed_gives_other_faces(faces):
    other = practice_faces(COUNTS, seed=4)
    assert not (other.images == faces.images).all(axis=(1, 2)).any()


def test_faces_are_grey_images_with_the_counts_asked_for(faces):
    assert faces.images.shape == (60, 48, 48)
    assert faces.images.dtype == np.uint8
    assert faces.counts() == {**COUNTS, "unlabelled": 0}
    assert faces.source == "practice faces"
    assert faces.ids.tolist() == [*range(40), *range(10), *range(10)]


def test_no_image_is_flat_and_no_two_are_alike_within_or_across_splits(faces):
    assert faces.images.std(axis=(1, 2)).min() > 5
    assert len(np.unique(faces.images.reshape(60, -1), axis=0)) == 60


def test_the_number_of_test_faces_does_not_change_the_training_faces(faces):
    alone = practice_faces({"Training": 40}, seed=3)
    np.testing.assert_array_equal(alone.images, faces.of("Training").images)


def test_unlabelled_faces_carry_no_label():
    assert practice_faces({"unlabelled": 5}, seed=0).labels.tolist() == [-1] * 5


def test_class_shares_are_those_of_fer2013_to_the_face():
    specifications = specify({"Training": 28_709}, seed=0, wrong_labels=0)
    assert tuple(np.bincount(specifications.emotions)) == CLASS_COUNTS


def test_the_share_of_wrong_labels_is_met_in_every_split():
    specifications = specify({"Training": 200, "PublicTest": 100}, seed=0, wrong_labels=0.1)
    wrong = specifications.labels != specifications.emotions
    assert wrong[specifications.usage == 0].sum() == 20
    assert wrong[specifications.usage == 1].sum() == 10


@pytest.mark.parametrize(("share", "wrong"), [(0.0, 0), (1.0, 50)])
def test_labels_can_all_be_right_or_all_be_wrong(share, wrong):
    specifications = specify({"Training": 50}, seed=0, wrong_labels=share)
    assert (specifications.labels != specifications.emotions).sum() == wrong
    assert set(specifications.labels.tolist()) <= set(range(7))


def test_action_units_appear_at_the_rates_of_the_paper():
    specifications = specify({"Training": 150_000}, seed=0, difficulty="easy")
    strong = specifications.units > 0.4  # stirring alone stays below
    for label, name in enumerate(NAMES):
        seen = strong[specifications.emotions == label].mean(axis=0)
        np.testing.assert_allclose(seen, rate_table()[label], atol=0.04, err_msg=name)


def test_every_emotion_has_its_row_in_the_table_of_units():
    assert list(EMOTION_UNITS) == NAMES
    assert set(EMOTION_UNITS["sad"]) == {4, 15, 1, 6, 11, 17}
    assert EMOTION_UNITS["fear"][5] == 0.63


def test_a_harder_difficulty_shows_weaker_expressions():
    strength = {
        name: specify({"Training": 500}, seed=0, difficulty=name).units.max(axis=1).mean()
        for name in ("easy", "medium")
    }
    assert strength["easy"] > strength["medium"]


def test_a_face_is_drawn_alike_alone_and_among_others():
    specifications = specify({"Training": 40}, seed=5)
    together = draw_faces(specifications)
    rows = np.array([7, 31, 2])
    np.testing.assert_array_equal(draw_faces(specifications[rows]), together[rows])
