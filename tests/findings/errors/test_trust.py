import numpy as np
import pytest

from fer_nb.analysis.evaluation import Predictions, Temperature, suspect_labels
from fer_nb.data.audit import audit
from fer_nb.findings.errors import trust

SURE = Temperature(1.5, determined=True)


def test_the_audit_tells_leaks_and_contradictions(make_faces):
    faces = make_faces(Training=[0, 1], PublicTest=[2])
    assert trust.audit_sentence(audit(faces)).en == "No two images of these data are identical."
    faces.images[2] = faces.images[0]
    told = trust.audit_sentence(audit(faces)).en
    assert "2 images equal another one; 1 test images are in the training set" in told
    assert "1 groups of identical images carry different labels" in told


def test_calibration_tells_the_temperature_and_whether_it_helped():
    told = trust.calibration_sentence(0.2, 0.05, SURE, same_images=False)
    assert "too sure" in told.en and "falls to 5.0%" in told.en
    assert "flatters" not in told.en
    worse = trust.calibration_sentence(0.05, 0.07, SURE, same_images=True)
    assert "does not fall: it is 7.0%" in worse.en and "flatters" in worse.en
    unsure = Temperature(0.8, determined=True)
    assert "不夠自信" in trust.calibration_sentence(0.2, 0.1, unsure, same_images=False).zh


@pytest.mark.parametrize(
    ("before", "temperature", "words"),
    [
        (0.1, None, "no temperature is fitted"),
        (0.1, Temperature(1.0, determined=False), "determines no temperature"),
        (None, SURE, "no images"),
    ],
)
def test_calibration_says_what_is_missing(before, temperature, words):
    assert words in trust.calibration_sentence(before, before, temperature, same_images=False).en


def test_suspects_are_counted_and_their_commonest_kind_named():
    shares = np.full((8, 7), 0.01)
    labels = np.array([2, 2, 2, 2, 4, 4, 4, 4])
    shares[np.arange(8), [2, 2, 2, 4, 4, 4, 4, 4]] = 0.94
    told = trust.suspects_sentence(suspect_labels(shares, labels), 8)
    assert (
        "1 of 8 labels (12.5%) are suspect, most often fear that the network is confident is sad" in told.en
    )


def test_a_constant_predictor_doubts_nothing_and_agreement_suspects_nothing():
    constant = np.tile(np.eye(7)[3] * 0.93 + 0.01, (3, 1))
    assert "answers every image alike" in trust.suspects_sentence(suspect_labels(constant, [0, 1, 3]), 3).en
    right = np.eye(7) * 0.93 + 0.01
    assert "None of the 7 labels" in trust.suspects_sentence(suspect_labels(right, np.arange(7)), 7).en


def test_the_hit_rate_of_the_list_is_told_and_an_empty_list_has_none():
    told = trust.found_wrong_sentence(20, 5, 10, 200)
    assert "10 of the 200 test labels (5.0%)" in told.en and "hit rate of 25.0%" in told.en
    assert "hit rate of —" in trust.found_wrong_sentence(0, 0, 10, 200).en


def test_the_reach_follows_from_leaks_and_from_where_the_faces_come(make_answers):
    told = {"test": make_answers((0, 0), (1, 2))}
    assert "practice faces" in trust.reach_sentence(told, "test", on_practice_faces=True).en
    assert "No test image equals" in trust.reach_sentence(told, "test", on_practice_faces=False).en
    alone = {"test": make_answers((0, 0), with_images=False)}
    assert "file of logits" in trust.reach_sentence(alone, "test", on_practice_faces=False).en
    part = told["test"]
    leaky = {"test": Predictions(part.logits, part.labels, part.images, np.array([True, False]))}
    assert "1 test images equal" in trust.reach_sentence(leaky, "test", on_practice_faces=False).en
