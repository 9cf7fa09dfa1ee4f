"""Networks against labels: which images are fair to measure by, and what each and the ensemble reach."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fer_nb.analysis.evaluation import Predictions, metrics
from fer_nb.data.faces import Faces
from fer_nb.errors import InputError
from fer_nb.findings.blends import against_best, best_single, blend_sentence, blend_table
from fer_nb.learning.prediction.answer_files import estimate_seconds, faces_to_answer, write_answers
from fer_nb.learning.prediction.ensemble import open_ensemble
from fer_nb.learning.prediction.evaluation import evaluate, held_out, read_predictions, with_fitted_weights
from fer_nb.learning.training import find_or_train


@pytest.fixture(scope="module")
def run(tiny, faces, tmp_path_factory):
    runs = tmp_path_factory.mktemp("runs")
    return find_or_train(tiny.recipe(snapshots=2), faces, seed=1, runs=runs, progress="none")


def test_a_run_is_measured_as_its_training_measured_it(run, faces):
    predictions = evaluate(open_ensemble([run.folder]), faces)
    assert list(predictions) == ["validation", "public", "private", "test"]
    assert metrics(predictions) == metrics(run.predictions(faces)) == run.facts["metrics"]
    np.testing.assert_array_equal(run.correct_tests(faces), predictions["test"].correct())


def test_rows_in_another_order_are_known_by_their_content(run, faces):
    turned = faces.take(np.arange(len(faces))[::-1])
    ensemble = open_ensemble([run.folder])
    rows = held_out(ensemble, turned.of("Training"))
    assert rows.sum() == len(run.validation_rows())
    np.testing.assert_array_equal(rows[::-1], held_out(ensemble, faces.of("Training")))


def test_snapshots_are_members_with_the_run_that_they_belong_to(run):
    ensemble = open_ensemble([run.folder, *run.snapshots()])
    assert [member.name for member in ensemble] == [
        run.name, f"{run.name}/snapshot-0002", f"{run.name}/snapshot-0003",
    ]  # fmt: skip
    assert {member.run.name for member in ensemble} == {run.name}


def test_a_run_is_found_by_its_name_among_the_runs(run):
    (member,) = open_ensemble([Path(run.name)], runs=run.folder.parent)
    assert member.path == run.folder / "model.keras"


def test_a_network_without_its_run_has_no_validation_images(run, faces, tmp_path):
    moved = tmp_path / "moved.keras"
    moved.write_bytes((run.folder / "model.keras").read_bytes())
    ensemble = open_ensemble([run.folder, moved])
    assert not held_out(ensemble, faces.of("Training")).any()
    predictions = evaluate(ensemble, faces)
    assert list(predictions) == ["public", "private", "test"]
    np.testing.assert_array_equal(*predictions["test"].member_classes)


def test_only_training_rows_are_measured_as_such_and_no_labels_not_at_all(run, faces, tmp_path):
    moved = tmp_path / "moved.keras"
    moved.write_bytes((run.folder / "model.keras").read_bytes())
    predictions = evaluate(open_ensemble([moved]), faces.of("Training"))
    assert list(predictions) == ["training"]
    assert predictions["training"].accuracy()["clean"].n == 0
    blank = Faces(faces.images, np.full_like(faces.labels, -1), np.full_like(faces.usage, 3), faces.ids, "x")
    with pytest.raises(InputError, match="x: expected labelled images to measure by"):
        evaluate(open_ensemble([moved]), blank)


def test_weights_are_fitted_on_what_was_held_out_and_on_nothing_else(run, faces, tmp_path):
    ensemble = open_ensemble([run.folder, *run.snapshots()])
    weights = [member.weight for member in with_fitted_weights(ensemble, faces)]
    assert sum(weights) == pytest.approx(1)
    held_back = np.zeros(len(faces), bool)
    held_back[np.flatnonzero(faces.usage == 0)[held_out(ensemble, faces.of("Training"))]] = True
    others = (faces.labels + 1) % 7
    elsewhere = Faces(
        faces.images, np.where(held_back, faces.labels, others), faces.usage, faces.ids, faces.source
    )
    assert [member.weight for member in with_fitted_weights(ensemble, elsewhere)] == weights
    moved = tmp_path / "moved.keras"
    moved.write_bytes((run.folder / "model.keras").read_bytes())
    with pytest.raises(InputError, match="no member has learned from, found none"):
        with_fitted_weights(open_ensemble([run.folder, moved]), faces)


def predictions(members, blend, labels):
    return Predictions(np.eye(7)[blend], np.array(labels), member_classes=np.array(members))


MEMBERS = [
    SimpleNamespace(path=Path(f"{name}.keras"), run=None, weight=w)
    for name, w in (("one", 2.0), ("two", 1.0))
]


def test_the_best_single_network_is_chosen_on_validation_where_it_is_known():
    labels = [0, 1, 2, 3]
    validation = predictions([[0, 1, 2, 6], [0, 1, 6, 6]], labels, labels)
    test = predictions([[0, 6, 6, 6], [0, 1, 2, 3]], labels, labels)
    assert best_single({"validation": validation, "test": test}) == (0, "validation")
    assert best_single({"test": test}) == (1, "test")
    both = {"validation": validation, "test": test}
    assert (against_best(both).b, against_best(both).c) == (3, 0)
    assert blend_table(MEMBERS, both).iloc[:, 1].tolist()[:2] == ["2", "1"]


def test_a_blend_of_which_test_images_leaked_has_its_accuracy_without_them():
    leaked = np.array([False, False, False, True])
    test = replace(predictions([[0, 1, 2, 3], [0, 1, 6, 3]], [0, 1, 6, 3], [0, 1, 2, 3]), leaked=leaked)
    table = blend_table(MEMBERS, {"test": test})
    assert table.columns[-1].en == "without leaked images"
    assert [cell.en.split()[0] for cell in table.iloc[:, -1]] == ["100.0%", "66.7%", "66.7%"]


def test_the_sentence_calls_a_blend_better_only_where_the_test_does():
    labels = [1] * 40
    perfect, poor = labels, [1] * 20 + [2] * 20
    said = blend_sentence(MEMBERS, {"test": predictions([poor, poor], perfect, labels)})
    assert "the blend is 50.0 points better than one, a significant difference" in said.en
    assert "集成比 one 高 50.0 個百分點，差異顯著" in said.zh
    said = blend_sentence(MEMBERS, {"test": predictions([perfect, poor], [1] * 39 + [2], labels)})
    assert "neither can be called better" in said.en
    assert "未達顯著" in said.zh
    worse = blend_sentence(MEMBERS, {"test": predictions([perfect, poor], poor, labels)})
    assert "one is 50.0 points better than the blend" in worse.en


def test_one_network_over_several_views_goes_by_its_own_name_and_is_compared_with_nothing():
    answered = {"test": predictions([[1]], [1], [1])}
    said = blend_sentence(MEMBERS[:1], answered, views="ten-crop")
    assert said.en.startswith("The one (mean over ten crops)")
    assert "，one（十裁切平均）答對" in said.zh
    assert "better" not in said.en
    table = blend_table(MEMBERS[:1], answered, views="flip")
    assert [name.en for name in table.columns] == ["network", "test"]
    rows = table.iloc[:, 0]
    assert [str(name) for name in rows] == [
        "one（原圖與鏡像平均） one (mean over the image and its mirror image)"
    ]


def test_answers_are_about_rows_without_a_label_else_about_the_test_rows(faces):
    usage = faces.usage.copy()
    usage[:3] = 3
    ids = faces.ids + 500
    mixed = Faces(faces.images, faces.labels, usage, ids, "mixed")
    asked, numbers = faces_to_answer(mixed)
    assert (len(asked), numbers.tolist()) == (3, ids[:3].tolist())
    asked, numbers = faces_to_answer(faces)
    assert asked.counts() == {"Training": 0, "PublicTest": 14, "PrivateTest": 14, "unlabelled": 0}
    assert numbers.tolist() == list(range(28))
    assert len(faces_to_answer(faces.of("Training"))[0]) == 98


def test_an_answer_file_has_a_header_and_unix_line_ends(tmp_path):
    write_answers(tmp_path / "new" / "answers.csv", np.array([7, 3]), np.array([6, 0]))
    assert (tmp_path / "new" / "answers.csv").read_bytes() == b"id,label\n7,6\n3,0\n"


def test_a_full_disk_leaves_no_half_written_file(tmp_path, monkeypatch):
    (tmp_path / "answers.csv").write_text("as it was")

    def full(path, content):
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match=r"answers.csv: expected a file that can be written, found No space"):
        write_answers(tmp_path / "answers.csv", np.array([0]), np.array([0]))
    assert [path.name for path in tmp_path.iterdir()] == ["answers.csv"]
    assert (tmp_path / "answers.csv").read_text() == "as it was"


def test_the_estimate_grows_with_images_and_views(run, faces, monkeypatch):
    ticks = iter([0, 1, 2] * 3)  # ready after a second, then a batch in another
    monkeypatch.setattr("fer_nb.learning.prediction.answer_files.time.perf_counter", lambda: next(ticks))
    ensemble = open_ensemble([run.folder])
    assert estimate_seconds(ensemble, faces.images, count=320, batch=32) == pytest.approx(1 + 10)
    assert estimate_seconds(ensemble, faces.images, count=32, batch=32, tta="flip") == pytest.approx(1 + 2)
    assert estimate_seconds(ensemble, faces.images, count=64, batch=32, tta="ten-crop") == pytest.approx(21)


def test_a_file_of_logits_gets_the_images_of_the_test_split_that_has_its_labels(tmp_path, faces):
    test = faces.of("PublicTest", "PrivateTest")
    arrays = {"logits": np.eye(7)[test.labels] - 1, "labels": test.labels}
    np.savez(tmp_path / "same.npz", **arrays, validation_logits=-np.eye(7), validation_labels=np.arange(7))
    read = read_predictions(tmp_path / "same.npz", faces)
    np.testing.assert_array_equal(read["test"].images, test.images)
    assert (read["test"].correct().all(), read["validation"].correct().any()) == (True, False)
    np.savez(tmp_path / "other.npz", logits=-np.eye(7), labels=np.arange(7))
    other = read_predictions(tmp_path / "other.npz", faces)
    assert list(other) == ["test"]
    assert (other["test"].images, other["test"].leaked) == (None, None)


def test_probabilities_in_a_file_stay_what_they_are(tmp_path, faces):
    shares = np.array([[0.5, 0.3, 0.2, 0, 0, 0, 0]])
    np.savez(tmp_path / "mean.npz", logits=shares, labels=np.array([0]))
    read = read_predictions(tmp_path / "mean.npz", faces)
    np.testing.assert_allclose(read["test"].probabilities, shares, atol=1e-9)


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({"logits": np.full((2, 7), "a"), "labels": np.zeros(2, int)}, "logits: expected numbers, found <U1"),
        ({"logits": np.zeros((2, 6)), "labels": np.zeros(2, int)}, r"shape \(N, 7\) with N 1 or more"),
        ({"logits": np.zeros((0, 7)), "labels": np.zeros(0, int)}, r"found \(0, 7\)"),
        ({"logits": np.full((2, 7), np.nan), "labels": np.zeros(2, int)}, "row 0: expected finite numbers"),
        ({"logits": np.zeros((2, 7)), "labels": np.zeros(3, int)}, "logits 2, labels 3"),
        ({"logits": np.zeros((2, 7)), "labels": np.array([0, 7])}, "row 1: expected a class 0 to 6, found 7"),
        ({"labels": np.zeros(2, int)}, "an array named logits, found labels"),
    ],
)
def test_a_bad_file_of_logits_is_refused_in_one_line_that_names_it(tmp_path, faces, arrays, complaint):
    np.savez(tmp_path / "bad.npz", **arrays)
    with pytest.raises(InputError, match=rf"bad\.npz: .*{complaint}") as raised:
        read_predictions(tmp_path / "bad.npz", faces)
    assert "\n" not in str(raised.value)


def test_no_file_or_no_array_is_refused(tmp_path, faces):
    with pytest.raises(InputError, match=r"none\.npz: .* found nothing there"):
        read_predictions(tmp_path / "none.npz", faces)
    (tmp_path / "text.npz").write_text("logits")
    with pytest.raises(InputError, match=r"text\.npz: expected an \.npz"):
        read_predictions(tmp_path / "text.npz", faces)
