"""`python -m fer_nb predict`, `evaluate`, `blend`, `handin`, `plot` and `runs`, as one calls them."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from fer_nb.commands import main
from fer_nb.data import practice
from fer_nb.data.formats import pack


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with runs/ of two recipes on the same practice faces, test.csv and train.csv."""
    folder = tmp_path_factory.mktemp("trained")
    for recipe in ("practice_dnn", "practice_cnn"):
        options = ["--data", "practice:98", "--epochs", "1", "--quiet", "--runs", str(folder / "runs")]
        assert CliRunner().invoke(main, ["train", recipe, *options]).exit_code == 0
    faces = practice(98, seed=0)
    text = [" ".join(map(str, image.ravel())) for image in faces.images]
    test = [f"{900 - 3 * row},{text[row]}" for row in range(20)]
    (folder / "test.csv").write_text("id,feature\n" + "\n".join(test) + "\n")
    train = [f"{label},{pixels}" for label, pixels in zip(faces.labels[:98], text, strict=False)]
    (folder / "train.csv").write_text("label,feature\n" + "\n".join(train) + "\n")
    return folder


@pytest.fixture
def dnn(trained):
    return next(trained.glob("runs/practice_dnn-*"))


@pytest.fixture
def cnn(trained):
    return next(trained.glob("runs/practice_cnn-*"))


def test_answers_keep_the_order_and_the_ids_of_the_input(run, tmp_path, trained, dnn):
    result = run("predict", dnn, "--data", trained / "test.csv", "--out", "new/answers.csv", "--quiet")
    assert (result.exit_code, result.stdout) == (0, "20 answers in new/answers.csv\n")
    content = (tmp_path / "new" / "answers.csv").read_bytes()
    assert b"\r" not in content
    head, *rows = content.decode().splitlines()
    assert head == "id,label"
    assert [int(row.split(",")[0]) for row in rows] == [900 - 3 * row for row in range(20)]
    assert {int(row.split(",")[1]) for row in rows} <= set(range(7))


def test_packed_cached_moved_and_batched_give_the_same_bytes(run, tmp_path, trained, dnn):
    from fer_nb.data.formats import read_faces

    pack(read_faces(trained / "test.csv"), tmp_path / "test.npz")
    shutil.copy(dnn / "model.keras", tmp_path / "moved.keras")
    answers = []
    for number, (network, data, *options) in enumerate(
        [
            (dnn, trained / "test.csv", "--no-cache"),
            (dnn, trained / "test.csv"),
            (dnn, trained / "test.csv", "--batch-size", "7"),
            (tmp_path / "moved.keras", "test.npz", "--batch-size", "4096"),
        ]
    ):
        result = run("predict", network, "--data", data, "--out", f"{number}.csv", "--quiet", *options)
        assert result.exit_code == 0, result.stderr
        answers.append((tmp_path / f"{number}.csv").read_bytes())
        assert (tmp_path / "runs" / "cache").exists() == (number > 0)
    assert len(set(answers)) == 1


def test_an_existing_file_is_kept_unless_forced(run, tmp_path, trained, dnn):
    (tmp_path / "answers.csv").write_text("mine")
    arguments = ["predict", dnn, "--data", trained / "test.csv", "--out", "answers.csv", "--quiet"]
    result = run(*arguments)
    assert result.exit_code == 2
    assert "expected no file there, found one; --force replaces it" in result.stderr
    assert (tmp_path / "answers.csv").read_text() == "mine"
    assert run(*arguments, "--force").exit_code == 0
    assert (tmp_path / "answers.csv").read_text().startswith("id,label\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,feature\n,{pixels}\n", "test.csv: line 2: expected an id, a whole number from 0, found nothing"),
        (
            "id,feature\n4,{pixels}\n4,{pixels}\n",
            "test.csv: line 3: expected an id of its own, found 4 again",
        ),
        ("id,feature\n", "test.csv: line 2: expected a row after the header, found none"),
    ],
)
def test_a_bad_test_csv_is_one_line_and_nothing_is_written(run, tmp_path, dnn, content, message):
    (tmp_path / "test.csv").write_text(content.format(pixels=" ".join(["7"] * 2304)))
    result = run("predict", dnn, "--data", "test.csv", "--out", "answers.csv", "--quiet")
    assert (result.exit_code, result.stderr.count("\n"), result.stdout) == (2, 1, "")
    assert message in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["test.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["predict", "gone", "--data", "practice:7", "--out", "a.csv"], "gone: expected a run folder or a"),
        (
            ["predict", "fake.keras", "--data", "practice:7", "--out", "a.csv"],
            "expected a Keras model, found",
        ),
        (["predict", "fake.keras", "--data", "practice:7", "--out", "fake.keras/a"], "a folder that can be"),
        (["evaluate", "list.txt", "--data", "practice:7"], "line 1: expected `weight path` with a weight"),
        (["blend", "list.txt", "--data", "practice:7", "--out", "a.pdf"], "a file name that ends in .csv"),
        (["plot", "fake.keras", "--kind", "confusion", "--out", "a.png"], "expected --data with the faces"),
        (["plot", "fake.keras", "--kind", "history", "--out", "a.pdf"], "ends in .png or .svg"),
        (["runs", "show", "gone"], "gone: expected a run folder, or the name of a run in runs, found"),
        (["runs", "remove", "gone", "--yes"], "gone: expected a run folder, or the name of a run"),
        (["handin", "full", "--public", "fake.keras", "--private", "fake.keras"], "a folder that is empty"),
        (["handin", "hw", "--public", "gone", "--private", "gone"], "gone: expected a run folder"),
    ],
    ids=lambda value: "" if isinstance(value, str) else " ".join(value),
)
def test_bad_usage_is_one_line_and_status_2_and_writes_nothing(run, tmp_path, arguments, message):
    (tmp_path / "fake.keras").write_bytes(b"\x80\x04a pickled object")
    (tmp_path / "list.txt").write_text("-2 fake.keras\n")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "homework").touch()
    before = sorted(tmp_path.rglob("*"))
    result = run(*arguments)
    assert (result.exit_code, result.stderr.count("\n"), result.stdout) == (2, 1, "")
    assert result.stderr.startswith("error: ")
    assert message in result.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_evaluate_measures_what_the_training_measured(run, dnn):
    facts = json.loads((dnn / "run.json").read_text())
    result = run("evaluate", dnn, "--data", "practice:98", "--json", "--quiet")
    assert json.loads(result.stdout) == facts["metrics"]
    shown = run("evaluate", dnn, "--data", "practice:98", "--quiet").stdout.splitlines()
    assert [line.split()[0] for line in shown] == ["validation", "public", "private", "test"]


def test_evaluate_takes_views_and_test_images_alone(run, tmp_path, cnn):
    pack(practice(98, seed=0).of("PublicTest"), tmp_path / "public.npz")
    answer = run("evaluate", cnn, "--data", "public.npz", "--tta", "ten-crop", "--json", "--quiet")
    scores = json.loads(answer.stdout)
    assert set(scores) == {"public", "test"}
    assert scores["public"]["all"]["n"] == 16
    assert scores["public"]["clean"] == {"accuracy": None, "low": None, "high": None, "n": 0}


def test_blend_measures_each_member_and_fits_weights_on_validation(run, tmp_path, dnn, cnn):
    (tmp_path / "models.txt").write_text(f"# both\n3 {dnn}\n\n1 {cnn / 'model.keras'}\n")
    answer = json.loads(run("blend", "models.txt", "--data", "practice:98", "--json", "--quiet").stdout)
    assert [(member["name"], member["weight"]) for member in answer["members"]] == [
        (dnn.name, 3.0), (cnn.name, 1.0),
    ]  # fmt: skip
    assert answer["members"][0]["accuracy"] == json.loads((dnn / "run.json").read_text())["metrics"]
    assert set(answer["against_best"]) == {"member", "b", "c", "n", "p_value", "difference"}

    how = ("--data", "practice:98", "--fit", "--tta", "flip", "--out", "fitted.txt", "--quiet")
    result = run("blend", dnn, cnn, *how)
    assert result.exit_code == 0, result.stderr
    assert "The blend of 2 networks (mean over the image and its mirror image) classifies" in result.stdout
    weights = [float(line.split()[0]) for line in (tmp_path / "fitted.txt").read_text().splitlines()]
    assert sum(weights) == pytest.approx(1, abs=1e-5)
    assert run("evaluate", "fitted.txt", "--data", "practice:98", "--quiet").exit_code == 0


def test_weights_cannot_be_fitted_where_nobody_knows_what_was_learned_from(run, tmp_path, dnn, cnn):
    shutil.copy(dnn / "model.keras", tmp_path / "moved.keras")
    arguments = ["blend", "moved.keras", cnn, "--data", "practice:98", "--fit", "--out", "a.txt", "--quiet"]
    result = run(*arguments)
    assert result.exit_code == 2
    assert "expected validation images that no member has learned from, found none" in result.stderr
    assert not (tmp_path / "a.txt").exists()


def test_blend_writes_answers_as_predict_does_and_logits_for_the_confusion_matrix(
    run, tmp_path, trained, dnn, cnn
):
    (tmp_path / "models.txt").write_text(f"2 {dnn}\n1 {cnn}\n")
    test = trained / "test.csv"
    for command, out in (("predict", "one.csv"), ("blend", "two.csv")):
        assert run(command, "models.txt", "--data", test, "--out", out, "--quiet").exit_code == 0
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert run("blend", "models.txt", "--data", test).exit_code == 2

    from fer_nb.learning.prediction.evaluation import read_predictions

    result = run("blend", "models.txt", "--data", "practice:98", "--out", "logits.npz", "--quiet")
    assert result.exit_code == 0, result.stderr
    read = read_predictions(tmp_path / "logits.npz", practice(98, seed=0))
    measured = json.loads(run("evaluate", "models.txt", "--data", "practice:98", "--json", "--quiet").stdout)
    for split in ("test", "validation"):
        assert read[split].accuracy()["all"].accuracy == measured[split]["all"]["accuracy"]


@pytest.mark.slow
def test_the_handed_in_scripts_answer_anywhere_as_predict_does(run, tmp_path, trained, dnn, cnn):
    (tmp_path / "models.txt").write_text(f"2 {dnn}\n1 {cnn}\n")
    options = ["--public", "models.txt", "--private", dnn, "--tta", "flip"]
    result = run("handin", "hw3", *options)
    assert result.exit_code == 0, result.stderr
    for out, network in (("public.csv", "models.txt"), ("private.csv", dnn)):
        arguments = ["--data", trained / "test.csv", "--out", out, "--tta", "flip", "--quiet"]
        assert run("predict", network, *arguments).exit_code == 0

    home = tmp_path / "elsewhere" / "graders"
    home.mkdir(parents=True)
    shutil.move(tmp_path / "hw3", tmp_path / "elsewhere" / "handed in")
    shutil.copy(trained / "test.csv", home)
    scripts = Path("..") / "handed in"
    for text in (tmp_path / "elsewhere").rglob("*.*"):
        if text.suffix in {".sh", ".txt", ".json"}:
            assert str(tmp_path) not in text.read_text() and str(trained) not in text.read_text()
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "TF_NUM_INTRAOP_THREADS": "2",
    }

    def called(script, *arguments):
        return subprocess.run(
            [str(scripts / script), *arguments],
            cwd=home, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    for test in ("public", "private"):
        done = called("hw3_test.sh", "test.csv", "answers.csv", test)
        assert done.returncode == 0, done.stderr
        assert (home / "answers.csv").read_bytes() == (tmp_path / f"{test}.csv").read_bytes()
    assert sorted(path.name for path in home.iterdir()) == ["answers.csv", "test.csv"]
    assert called("hw3_test.sh", "test.csv", "answers.csv", "secret").returncode == 2

    done = called("hw3_train.sh", str(trained / "train.csv"))
    assert done.returncode == 0, done.stderr
    retrained = (home / scripts / "runs").glob("practice_*")
    assert sorted(path.name.split("-")[0] for path in retrained) == ["practice_cnn", "practice_dnn"]


def test_a_handin_that_takes_too_long_is_refused(run, tmp_path, dnn, monkeypatch):
    from fer_nb.learning.prediction import handin

    monkeypatch.setattr(handin, "LIMIT_SECONDS", 1e-6)
    result = run("handin", "hw3", "--public", dnn, "--private", dnn, "--tta", "ten-crop")
    assert result.exit_code == 2
    assert "--public: expected at most 0 s for 7,178 images, found about" in result.stderr
    assert not (tmp_path / "hw3").exists()


def test_a_network_without_its_run_cannot_be_handed_in(run, tmp_path, dnn):
    shutil.copy(dnn / "model.keras", tmp_path / "moved.keras")
    result = run("handin", "hw3", "--public", "moved.keras", "--private", dnn)
    assert result.exit_code == 2
    assert "moved.keras: expected a network in its run folder, for hw3_train.sh" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["moved.keras"]


def test_a_network_that_training_alone_does_not_make_cannot_be_handed_in(run, tmp_path, dnn):
    facts = json.loads((dnn / "run.json").read_text())
    resumed = shutil.copytree(dnn, tmp_path / "resumed")
    (resumed / "run.json").write_text(json.dumps(facts | {"parent": "practice_dnn-0123456789ab"}))
    result = run("handin", "hw3", "--public", "resumed", "--private", dnn)
    assert result.exit_code == 2
    assert "expected a run that `train` makes again, found one of `resume` or self-training" in result.stderr
    assert not (tmp_path / "hw3").exists()


@pytest.mark.parametrize("kind", ["structure", "history", "confusion", "saliency", "filters", "ascent"])
def test_every_kind_of_figure_is_drawn(run, tmp_path, cnn, kind, monkeypatch):
    module = import_module("fer_nb.commands.plot")

    monkeypatch.setattr(module, "STEPS", 2)
    ending = "svg" if kind == "structure" else "png"
    result = run("plot", cnn, "--kind", kind, "--out", f"figure.{ending}", "--data", "practice:98", "--quiet")
    assert result.exit_code == 0, result.stderr
    start = (tmp_path / f"figure.{ending}").read_bytes()[:5]
    assert start in {b"<?xml", b"\x89PNG\r"}


def test_a_layer_or_an_image_that_is_not_there_is_told(run, tmp_path, cnn):
    arguments = ["plot", cnn, "--data", "practice:98", "--out", "figure.png", "--quiet"]
    for options, message in (
        (["--kind", "filters", "--image", "99"], "--image: expected a row from 0 to 31, found 99"),
        (["--kind", "ascent", "--layer", "none"], "expected a layer of filters or units by its name"),
    ):
        result = run(*arguments, *options)
        assert result.exit_code == 2
        assert message in result.stderr
    assert not (tmp_path / "figure.png").exists()


def test_runs_are_listed_shown_and_removed_after_asking(run, tmp_path, trained, dnn, cnn):
    for folder in (dnn, cnn):
        shutil.copytree(folder, tmp_path / "runs" / folder.name)
    rows = json.loads(run("runs", "list", "--json").stdout)
    assert [row["name"] for row in rows] == [cnn.name, dnn.name]
    facts = json.loads((dnn / "run.json").read_text())
    assert rows[1]["test"] == facts["metrics"]["test"]["all"]["accuracy"]
    os.utime(tmp_path / "runs" / dnn.name / "run.json", (0, datetime(2026, 5, 4, 3, 2).timestamp()))
    head, _, line = run("runs", "list").stdout.splitlines()
    assert head.split() == ["name", "epochs", "seed", "validation", "test", "ended", "MB", "network"]
    assert line.startswith(dnn.name)
    assert re.search(r"%  2026-05-04 03:02 +\d\.\d  small DNN \(epochs 1\)$", line)
    assert json.loads(run("runs", "show", dnn.name, "--json").stdout) == facts
    assert "optimizer" in run("runs", "show", dnn.name).stdout

    refused = CliRunner().invoke(main, ["runs", "remove", dnn.name], input="n\n")
    assert refused.exit_code == 0
    assert (tmp_path / "runs" / dnn.name).is_dir()
    assert run("runs", "remove", dnn.name, "--yes").exit_code == 0
    assert [row["name"] for row in json.loads(run("runs", "list", "--json").stdout)] == [cnn.name]


def test_what_a_killed_removal_left_goes_though_nobody_can_name_the_run_any_more(run, tmp_path):
    (tmp_path / "runs" / ".a-1.removed" / "below").mkdir(parents=True)
    assert run("runs", "remove", "a-1", "--yes").exit_code == 2
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["locks"]


def test_a_run_is_trained_again_as_it_was_from_its_folder(run, dnn):
    answer = run("train", dnn, "--data", "practice:98", "--quiet", "--json")
    assert json.loads(answer.stdout)["run"] == f"runs/{dnn.name}"
    np.testing.assert_equal(json.loads(answer.stdout)["epochs"], 1)
