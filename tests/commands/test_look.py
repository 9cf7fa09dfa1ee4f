"""`python -m fer_nb look` on a portrait that matplotlib ships, pictures without a face, practice faces."""

import json
import os
import re
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from sklearn.datasets import load_sample_image

from fer_nb.analysis.evaluation import fit_temperature, softmax
from fer_nb.commands import main
from fer_nb.data import practice
from fer_nb.language import EMOTIONS
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.runs import best_run

PORTRAIT = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("look") / "runs"
    options = ["--data", "practice:98", "--epochs", "1", "--quiet", "--runs", str(folder)]
    assert CliRunner().invoke(main, ["train", "practice_dnn", *options]).exit_code == 0
    return folder


@pytest.fixture
def look(run, runs):
    return lambda *arguments: run("look", *arguments, "--runs", runs)


def told(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_portrait_gets_seven_probabilities_and_what_they_are_worth_in_both_languages(look):
    result = look(PORTRAIT)
    assert result.exit_code == 0, result.output
    shares = [float(share) for share in re.findall(r"^  \S+ \w+ +([\d.]+)%", result.stdout, re.MULTILINE)]
    assert len(shares) == 7 and sum(shares) == pytest.approx(100, abs=0.4)
    assert shares == sorted(shares, reverse=True)
    chinese, english = result.stdout.splitlines()[-2:]
    assert "練習臉" in chinese and "不是那個人的感受" in chinese and "happy" not in chinese
    for said in ("drawn practice faces", "Of each class it recognizes: angry", "T = ", "not what the person"):
        assert said in english


def test_a_folder_is_looked_through_with_faces_turned_by_exif_and_a_picture_without_any_told(look, tmp_path):
    (tmp_path / "photos").mkdir()
    portrait, exif = Image.open(PORTRAIT), Image.Exif()
    exif[0x0112] = 6  # turn clockwise to see it upright
    portrait.rotate(90, expand=True).save(tmp_path / "photos" / "a.jpg", exif=exif, quality=95)
    both = Image.new("RGB", (900, 600))
    both.paste(portrait)
    both.paste(portrait.resize((256, 300)), (600, 150))
    both.save(tmp_path / "photos" / "b.png")
    Image.fromarray(load_sample_image("flower.jpg")).save(tmp_path / "photos" / "c.png")
    result = look(tmp_path / "photos", "--json", "--out", "faces.html")
    turned, two, none = told(result)["photos"]
    assert [len(photo["faces"]) for photo in (turned, two, none)] == [1, 2, 0]
    face = turned["faces"][0]
    assert (face["x"], face["y"]) == pytest.approx((265, 214), abs=8)
    assert sum(face["probabilities"].values()) == pytest.approx(1)
    assert re.fullmatch(
        r"warning: .*c\.png: expected a face, found none; --crop .* --whole .*\n", result.stderr
    )
    page = (tmp_path / "faces.html").read_text(encoding="utf-8")
    assert page.count("<tr") == 1 + 3 and 'lang="en"' in page
    assert not re.search(r"https?://", page)


def test_a_file_whose_name_is_no_utf_8_has_its_page(look, tmp_path):
    name = os.fsdecode(b"me\xff.png")
    Image.fromarray(practice(98, seed=3).images[0]).save(name)
    result = look(name, "--whole", "--out", "me.html")
    assert result.exit_code == 0, result.output
    assert r"me\udcff.png" in (tmp_path / "me.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_where_there_is_no_face_one_line_tells_the_ways_out_and_nothing_is_written(look, tmp_path, form):
    Image.fromarray(load_sample_image("china.jpg")).save("temple.png")
    result = look("temple.png", "--out", "seen.png", *form)
    assert result.exit_code == 2
    wanted = r"error: temple\.png: expected a face, found none; --crop X,Y,W,H .*--whole .*\n"
    assert re.fullmatch(wanted, result.stderr) and result.stdout == ""
    assert [file.name for file in tmp_path.iterdir()] == ["temple.png"]


def test_a_whole_practice_face_is_seen_as_it_is_and_its_probabilities_are_calibrated(look, runs, tmp_path):
    image = practice(98, seed=3).images[0]
    Image.fromarray(image).save("face.png")
    answer = told(look("face.png", "--whole", "--json", "--out", "seen.png"))
    run = best_run(runs)
    held_out = run.kept_predictions()["validation"]
    temperature = fit_temperature(held_out.logits, held_out.labels).temperature
    assert answer["temperature"] == pytest.approx(temperature)
    (face,) = answer["photos"][0]["faces"]
    measured = told(look("face.png", "--whole", "--json", "--data", "practice:98"))
    assert measured["temperature"] == pytest.approx(temperature, rel=1e-3)
    shares = softmax(predict_logits(run.network(), image[None]), temperature=temperature)[0]
    assert [face["probabilities"][emotion.en] for emotion in EMOTIONS] == pytest.approx(shares, abs=1e-6)
    assert face["answer"] == EMOTIONS[shares.argmax()].en
    with Image.open(tmp_path / "seen.png") as drawn:
        assert drawn.format == "PNG"


def test_a_crop_is_seen_where_it_was_said_to_be(look):
    image = practice(98, seed=3).images[0]
    wide = np.zeros((100, 200), np.uint8)
    wide[10:58, 30:78] = image
    Image.fromarray(image).save("face.png")
    Image.fromarray(wide).save("wide.png")
    whole, cropped = (
        look("face.png", "--whole", "--json"),
        look("wide.png", "--crop", "30,10,48,48", "--json"),
    )
    faces = [told(result)["photos"][0]["faces"][0]["probabilities"] for result in (whole, cropped)]
    assert faces[0] == pytest.approx(faces[1])


REFUSED = {
    "outside": (["--crop", "60,60,10,1"], "--crop: expected a place in a picture of 64x64 pixels"),
    "no width": (["--crop", "0,0,0,5"], "--crop: expected a place in a picture"),
    "two numbers": (["--crop", "3,4"], "--crop: expected X,Y,W,H, four whole numbers, found 3,4"),
    "both": (["--crop", "0,0,9,9", "--whole"], "--crop: expected one photo and no --whole, found it, too"),
    "a form": (["--whole", "--out", "seen.gif"], "seen.gif: expected a file name that ends in .png or .html"),
    "no run": (["--whole", "--run", "nobody"], "nobody: expected"),
}


@pytest.mark.parametrize(("options", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_done_is_one_line(look, options, said):
    Image.new("L", (64, 64)).save("grey.png")
    result = look("grey.png", *options)
    assert result.exit_code == 2
    assert said in result.stderr and result.stderr.count("\n") == 1


def test_a_file_that_is_no_picture_and_a_folder_without_runs_are_one_line(run, look, tmp_path):
    (tmp_path / "notes.png").write_text("no picture")
    Image.new("L", (64, 64)).save("grey.png")
    for result, said in (
        (look("grey.png", "notes.png"), "notes.png: expected a picture"),
        (run("look", "grey.png", "--runs", "nowhere"), "nowhere: expected trained networks"),
    ):
        assert result.exit_code == 2
        assert said in result.stderr and result.stderr.count("\n") == 1
