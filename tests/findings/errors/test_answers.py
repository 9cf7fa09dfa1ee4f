from types import SimpleNamespace

import numpy as np
import pytest

from fer_nb.errors import InputError
from fer_nb.findings.errors.answers import (
    Answers,
    choose_split,
    joined,
    of_file,
    of_run,
    open_run,
    out_of_sample,
)


def logits_of(classes):
    return 4.0 * np.eye(7, dtype=np.float32)[classes]


@pytest.fixture
def faces(make_faces):
    return make_faces(Training=[0, 1, 2, 3], PublicTest=[4, 5], PrivateTest=[6])


@pytest.fixture
def run():
    """A run that held out rows 1 and 3 and answers 1, 0 on them, 4, 6 on public and 6 on private."""
    stored = {"validation": logits_of([1, 0]), "PublicTest": logits_of([4, 6]), "PrivateTest": logits_of([6])}
    return SimpleNamespace(validation_rows=lambda: np.array([1, 3]), logits=stored.__getitem__)


def test_a_run_answers_each_labelled_split_and_test_is_public_then_private(run, faces):
    told = of_run(run, faces)
    assert set(told) == {"validation", "public", "private", "test"}
    assert told["validation"].labels.tolist() == [1, 3]
    assert told["test"].labels.tolist() == [4, 5, 6]
    assert told["test"].predicted.tolist() == [4, 6, 6]
    assert told["test"].matrix[5, 6] == 1
    np.testing.assert_array_equal(told["test"].images, faces.of("PublicTest", "PrivateTest").images)


def test_a_leak_into_validation_is_looked_for_among_the_rows_trained_on_alone(run, faces):
    faces.images[3] = faces.images[0]  # validation row 3 equals row 0, which was trained on
    faces.images[4] = faces.images[1]  # a public image equals a validation row: still a Training row
    told = of_run(run, faces)
    assert told["validation"].leaked.tolist() == [False, True]
    assert told["public"].leaked.tolist() == [True, False]
    assert told["test"].scores()["clean"].n == 2


def test_without_test_labels_there_is_a_validation_split_only_and_it_stands_in(run, make_faces):
    told = of_run(run, make_faces(Training=[0, 1, 2, 3]))
    assert set(told) == {"validation"}
    assert choose_split(told, "test") == "validation"


def test_a_split_that_is_there_is_chosen_and_an_unknown_one_refused(run, faces):
    assert choose_split(of_run(run, faces), "private") == "private"
    with pytest.raises(InputError, match="unknown split 'tets': did you mean 'test'"):
        choose_split({}, "tets")


def test_a_file_of_logits_alone_has_neither_images_nor_knowledge_of_leaks(tmp_path, faces):
    np.savez(tmp_path / "blend.npz", logits=logits_of([1, 1]), labels=np.array([1, 2]))
    told = of_file(tmp_path / "blend.npz", faces, split="test")
    assert set(told) == {"test"}
    assert told["test"].images is None
    assert told["test"].scores()["clean"].accuracy is None
    assert told["test"].scores()["all"].accuracy == 0.5


def test_a_file_whose_labels_are_those_of_the_split_gets_its_images(tmp_path, faces):
    np.savez(tmp_path / "blend.npz", logits=logits_of([4, 5, 0]), labels=np.array([4, 5, 6]))
    told = of_file(tmp_path / "blend.npz", faces, split="test")
    np.testing.assert_array_equal(told["test"].images[:, 0, 0], [5, 6, 7])


def test_an_npy_takes_its_labels_from_the_split(tmp_path, faces):
    np.save(tmp_path / "logits.npy", logits_of([4, 4]))
    told = of_file(tmp_path / "logits.npy", faces, split="public")
    assert told["public"].labels.tolist() == [4, 5]
    with pytest.raises(InputError, match=r"labels beside the 2 logits, or as many images in 'test'.*found 3"):
        of_file(tmp_path / "logits.npy", faces, split="test")


def test_probabilities_in_a_file_stay_what_they_are(tmp_path, faces):
    shares = np.array([[0.5, 0.3, 0.2, 0, 0, 0, 0]])
    np.savez(tmp_path / "mean.npz", logits=shares, labels=np.array([0]))
    told = of_file(tmp_path / "mean.npz", faces, split="test")
    np.testing.assert_allclose(told["test"].probabilities, shares, atol=1e-9)


def test_validation_logits_may_stand_beside(tmp_path, faces):
    arrays = {"logits": logits_of([1]), "labels": np.array([1]), "validation_logits": logits_of([2, 2])}
    np.savez(tmp_path / "both.npz", **arrays, validation_labels=np.array([2, 3]))
    assert of_file(tmp_path / "both.npz", faces, split="test")["validation"].labels.tolist() == [2, 3]
    np.savez(tmp_path / "half.npz", **arrays)
    with pytest.raises(InputError, match="expected validation_labels beside"):
        of_file(tmp_path / "half.npz", faces, split="test")


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({"logits": np.zeros((2, 6)), "labels": np.zeros(2, int)}, r"shape \(N, 7\) with N 1 or more"),
        ({"logits": np.zeros((0, 7)), "labels": np.zeros(0, int)}, r"found \(0, 7\)"),
        ({"logits": np.full((2, 7), np.nan), "labels": np.zeros(2, int)}, "row 0 is not finite"),
        ({"logits": np.zeros((2, 7)), "labels": np.zeros(3, int)}, "predicted 2, labels 3"),
        ({"logits": np.zeros((2, 7)), "labels": np.array([0, 7])}, "row 1: expected a class 0 to 6, found 7"),
        ({"labels": np.zeros(2, int)}, "an array named logits, found labels"),
    ],
)
def test_a_bad_file_of_logits_is_refused_in_one_line_that_names_it(tmp_path, faces, arrays, complaint):
    np.savez(tmp_path / "bad.npz", **arrays)
    with pytest.raises(InputError, match=rf"bad\.npz: .*{complaint}") as raised:
        of_file(tmp_path / "bad.npz", faces, split="test")
    assert "\n" not in str(raised.value)


def test_no_file_or_no_array_is_refused(tmp_path, faces):
    with pytest.raises(InputError, match=r"none\.npz: .* found nothing there"):
        of_file(tmp_path / "none.npz", faces, split="test")
    (tmp_path / "text.npz").write_text("logits")
    with pytest.raises(InputError, match=r"text\.npz: expected an \.npz or \.npy"):
        of_file(tmp_path / "text.npz", faces, split="test")


def test_parts_are_joined_and_what_one_lacks_the_whole_lacks(make_answers):
    with_images, without = make_answers((0, 0), (1, 2)), make_answers((3, 3), with_images=False)
    both = joined([with_images, without])
    assert both.labels.tolist() == [0, 1, 3]
    assert both.images is None and both.leaked is None
    assert len(joined([with_images, with_images]).images) == 4


def test_labels_are_doubted_on_validation_and_test_only(make_answers):
    told = {"validation": make_answers((0, 0)), "public": make_answers((1, 1)), "test": make_answers((2, 2))}
    assert out_of_sample(told, "public").labels.tolist() == [0, 2]
    alone = {"public": make_answers((1, 1)), "validation": make_answers((0, 0), with_images=False)}
    assert out_of_sample(alone, "public").labels.tolist() == [1]


def test_a_folder_without_a_run_is_refused(tmp_path, faces):
    with pytest.raises(InputError, match="expected a run folder"):
        open_run(tmp_path, faces)


def test_scores_of_no_leaks_are_the_same_twice():
    part = Answers(logits_of([0, 1]), np.array([0, 2]), leaked=np.zeros(2, bool))
    assert part.scores()["all"] == part.scores()["clean"]
