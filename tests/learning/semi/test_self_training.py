import numpy as np
import pytest

from fer_nb.analysis.evaluation import softmax
from fer_nb.errors import InputError
from fer_nb.learning.loading import load_network
from fer_nb.learning.recipes import get_recipe
from fer_nb.learning.semi import self_training
from fer_nb.learning.semi.labelling import open_labelling_model
from fer_nb.learning.semi.protocols import get_protocol
from fer_nb.learning.semi.self_training import against_control, final_predictions, run_protocol
from fer_nb.learning.semi.splitting import labelled_split
from fer_nb.learning.training import find_or_train


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def recipe(tiny):
    return tiny.recipe(batch_size=8)


@pytest.fixture(scope="module")
def perform(faces, recipe, runs):
    """`perform(name, ...)` runs a protocol in a few epochs; returns (outcome, faces, validation, count)."""

    def run(name, *, labelling=None, **changes):
        protocol = get_protocol(name).replace(**{"epochs": 2, "more_epochs": 1} | changes)
        part, validation, count = labelled_split(faces, protocol, recipe, seed=1)
        outcome = run_protocol(
            protocol, recipe, part, validation, seed=1, runs=runs, labelling=labelling, progress="none"
        )
        return outcome, part, validation, count

    return run


@pytest.fixture(scope="module")
def report_b(perform):
    return perform("report_b", threshold=0.3)


def test_report_b_goes_on_with_labelled_and_sure_images_beside_a_control_of_as_many_epochs(report_b):
    outcome, part, _, _ = report_b
    teacher, control, student = (outcome.runs[arm] for arm in ("teacher", "control", "student"))
    labelled = part.counts()["Training"]
    assert teacher.facts["training_images"] == control.facts["training_images"] == labelled
    assert (teacher.facts["epochs"], control.facts["epochs"], student.facts["epochs"]) == (2, 3, 3)
    assert control.facts["parent"] == student.facts["parent"] == teacher.name
    probabilities = softmax(teacher.logits("unlabelled"))
    kept = probabilities.max(axis=1) > 0.3
    assert 0 < kept.sum() == len(outcome.pseudo)
    assert student.facts["training_images"] == labelled + len(outcome.pseudo)
    np.testing.assert_array_equal(outcome.pseudo.labels, probabilities[kept].argmax(axis=1))
    np.testing.assert_array_equal(outcome.pseudo.ids, np.flatnonzero(kept))


def test_steps_are_counted_from_the_starting_weights_on(report_b):
    outcome, part, _, _ = report_b
    labelled = -(-part.counts()["Training"] // 8)
    both = -(-outcome.runs["student"].facts["training_images"] // 8)
    assert [outcome.steps(arm) for arm in ("teacher", "control", "student")] == [
        2 * labelled, 3 * labelled, 2 * labelled + both,
    ]  # fmt: skip


def test_all_arms_share_their_validation_and_no_arm_learns_from_it(report_b):
    outcome, _, validation, _ = report_b
    answers = {arm: run.logits("validation") for arm, run in outcome.runs.items()}
    assert {len(logits) for logits in answers.values()} == {len(validation)}
    for run in outcome.runs.values():
        score = run.facts["metrics"]["validation"]
        assert score["all"] == score["clean"]


def test_run_again_nothing_is_trained(report_b, perform, monkeypatch):
    monkeypatch.setattr("fer_nb.learning.training.train.fit", lambda *_, **__: pytest.fail("trained"))
    again = perform("report_b", threshold=0.3)[0]
    assert {arm: run.name for arm, run in again.runs.items()} == {
        arm: run.name for arm, run in report_b[0].runs.items()
    }


def test_where_nothing_is_sure_enough_the_student_is_the_control(perform):
    outcome, *_ = perform("report_b", threshold=1.0)
    assert len(outcome.pseudo) == 0
    assert outcome.runs["student"].name == outcome.runs["control"].name


def test_report_c_starts_afresh_beside_a_control_of_as_many_steps(perform):
    outcome, part, _, count = perform("report_c", threshold=0.25)
    teacher, control, student = (outcome.runs[arm] for arm in ("teacher", "control", "student"))
    assert student.facts["parent"] is control.facts["parent"] is None
    assert teacher.facts["epochs"] == student.facts["epochs"] == 2
    assert control.facts["training_images"] == part.counts()["Training"]
    labelled_epoch = -(-part.counts()["Training"] // 8)
    assert abs(outcome.steps("control") - outcome.steps("student")) <= labelled_epoch / 2
    answer = count(outcome.pseudo)
    assert sum(answer.kept) == len(outcome.pseudo)


def test_iterated_rounds_keep_ever_more_of_every_class(perform, monkeypatch):
    kept = []
    select = self_training.class_balanced_selection

    def recorded(probabilities, share):
        chosen = select(probabilities, share)
        kept.append((share, int(chosen.sum())))
        return chosen

    monkeypatch.setattr(self_training, "class_balanced_selection", recorded)
    outcome, *_ = perform("iterated", epochs=1, hidden=0.5)
    assert [share for share, _ in kept] == [0.2, 0.4, 0.6]
    counts = [count for _, count in kept]
    assert counts == sorted(counts)
    assert len(outcome.pseudo) == counts[-1]


def test_fixmatch_stands_beside_supervised_training_of_as_many_steps(perform):
    outcome, part, _, _ = perform("fixmatch", unlabelled_ratio=2, threshold=0.3, hidden=0.5)
    assert set(outcome.runs) == {"control", "student"}
    assert outcome.steps("control") == outcome.steps("student")
    student = outcome.runs["student"]
    assert (student.recipe.unlabelled_ratio, student.recipe.confidence) == (2, 0.3)
    assert student.facts["training_images"] == part.counts()["Training"]
    sure = softmax(student.logits("unlabelled")).max(axis=1) >= 0.3
    assert len(outcome.pseudo) == sure.sum()


def test_a_labelling_model_takes_the_teachers_place(perform, faces, recipe, runs):
    all_labels = find_or_train(recipe, faces, seed=5, runs=runs, progress="none")
    outcome, part, *_ = perform("report_c", labelling=all_labels.network())
    assert set(outcome.runs) == {"control", "student"}
    _, warning = open_labelling_model(all_labels.folder, labelled=part, everything=faces)
    seen = "trained on all 98 Training faces, so it has seen the hidden labels, and no gain counts."
    assert warning == f"{all_labels.folder}: {seen}"
    with pytest.raises(InputError, match="expected no labelling model"):
        perform("fixmatch", labelling=all_labels.network())


def test_a_labelling_model_that_saw_the_labelled_faces_alone_is_not_warned_of(report_b, faces, tmp_path):
    outcome, part, *_ = report_b
    teacher, student = outcome.runs["teacher"], outcome.runs["student"]
    network, warning = open_labelling_model(teacher.folder / "model.keras", labelled=part, everything=faces)
    assert (network.output_shape, warning) == ((None, 7), "")
    _, warning = open_labelling_model(student.folder, labelled=part, everything=faces)
    assert "that are not the" in warning
    assert warning.endswith("it may have seen hidden labels.")
    copied = tmp_path / "model.keras"
    copied.write_bytes((teacher.folder / "model.keras").read_bytes())
    load_network(copied)
    _, warning = open_labelling_model(copied, labelled=part, everything=faces)
    assert "nothing tells what it was trained on" in warning


def test_transductive_students_may_learn_from_test_images(perform):
    outcome, part, *_ = perform("report_c+transductive", threshold=0.2)
    tests = part.of("PublicTest", "PrivateTest")
    assert part.counts()["unlabelled"] > len(tests)
    scores = outcome.runs["student"].facts["metrics"]["test"]
    assert scores["clean"]["n"] < scores["all"]["n"]  # what it learned from counts as leaked


def test_answers_are_compared_on_the_tests_or_else_on_validation(report_b):
    outcome, part, validation, _ = report_b
    split, found = final_predictions(outcome.runs["student"], part, validation)
    assert (split, len(found)) == ("test", 28)
    both = [
        final_predictions(outcome.runs[arm], part, validation)[1].correct() for arm in ("student", "control")
    ]
    test = against_control(outcome, part, validation)
    assert (test.n, test.difference) == (28, pytest.approx(both[0].mean() - both[1].mean()))
    split, found = final_predictions(outcome.runs["student"], part.of("Training"), validation)
    assert (split, len(found)) == ("validation", len(validation))


def test_every_recipe_that_a_report_names_fits_its_protocol():
    for name, protocol in (("shallow_cnn", "report_b"), ("three_block_cnn", "report_c")):
        assert get_protocol(protocol).supervised(get_recipe(name)).epochs in (20, 40)
