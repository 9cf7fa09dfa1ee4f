import numpy as np

from fer_nb.analysis.evaluation import Predictions
from fer_nb.data import practice
from fer_nb.data.faces import of_split
from fer_nb.data.synthetic import UNITS
from fer_nb.findings.errors.reasons import known_units, reason_of

ANGRY, SAD = 0, 4


def answers_of(labels, guesses, images=None):
    return Predictions(np.eye(7)[guesses] * 5.0, np.array(labels), images)


def test_the_reason_names_shared_units_and_those_in_which_the_misread_lean_to_the_other_class():
    labels = [ANGRY] * 20 + [SAD] * 10
    guesses = [ANGRY] * 10 + [SAD] * 20  # ten angry faces are taken for sad
    units = np.zeros((30, len(UNITS)))
    corners = list(UNITS).index(15)  # lip corners down, of sad faces
    units[10:, corners] = np.linspace(0.5, 0.9, 20)
    reason = reason_of(answers_of(labels, guesses), units)
    assert (reason.true, reason.predicted, reason.misread, reason.drawn) == (ANGRY, SAD, 10, True)
    assert {part.name.en for part in reason.shared} == {"brows lowered and drawn together", "chin raised"}
    assert [part.name.en for part in reason.differing] == ["lip corners pulled down"]


def test_real_images_are_compared_region_by_region_by_their_distance_to_the_other_mean_face():
    rng = np.random.default_rng(0)
    images = rng.normal(128, 20, (30, 48, 48))
    images[20:, 30:44] += 60  # sad faces are bright at the mouth,
    images[10:20, 30:44] += 60  # and so are the angry ones that are misread
    labels, guesses = [ANGRY] * 20 + [SAD] * 10, [ANGRY] * 10 + [SAD] * 20
    reason = reason_of(answers_of(labels, guesses, images.clip(0, 255).astype(np.uint8)), None)
    assert not reason.drawn and not reason.shared
    assert reason.differing[0].misread < reason.differing[0].right
    assert "mouth" in {part.name.en for part in reason.differing}


def test_few_errors_are_not_tested_and_no_error_has_no_reason():
    units = np.zeros((6, len(UNITS)))
    few = reason_of(answers_of([ANGRY, ANGRY, SAD, SAD, SAD, SAD], [SAD, ANGRY, SAD, SAD, SAD, SAD]), units)
    assert few.misread == 1 and not few.differing
    assert all(np.isnan(part.p_value) for part in few.parts)
    assert reason_of(answers_of([ANGRY], [ANGRY]), units[:1]) is None
    assert reason_of(answers_of([ANGRY], [SAD]), None) is None


def test_practice_faces_know_the_units_that_they_were_drawn_with_and_others_do_not(make_faces):
    faces = practice(240, seed=3)
    for split in ("test", "public", "private"):
        images = of_split(faces, split)
        answers = answers_of(images.labels, images.labels, images.images)
        units = known_units(faces, answers, split=split, seed=3)
        assert units.shape == (len(images), len(UNITS))
        assert known_units(faces, answers, split=split, seed=4) is None
    assert known_units(faces, answers, split="validation", seed=3) is None
    real = make_faces(Training=[0], PublicTest=[1])
    assert (
        known_units(real, answers_of([1], [1], real.of("PublicTest").images), split="public", seed=3) is None
    )
