import io
import shutil
from datetime import UTC, datetime
from pathlib import Path

import ipywidgets as widgets
import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from fer_nb.data.faces import of_split
from fer_nb.data.synthetic import practice_faces
from fer_nb.errors import InputError
from fer_nb.explore import browse_faces, draw_expression, look_at_photographs, look_inside, place_of
from fer_nb.explore.expression import drawn, units_of
from fer_nb.explore.gallery import ANY, ERRORS, chosen_rows
from fer_nb.explore.live import Live
from fer_nb.figures.style import use_report_style
from fer_nb.learning.prediction.ensemble import Member
from fer_nb.learning.recipes import get_recipe
from fer_nb.learning.runs import list_runs
from fer_nb.learning.training import find_or_train


@pytest.fixture(autouse=True, scope="module")
def style():
    with plt.rc_context():
        use_report_style()
        yield


@pytest.fixture(scope="module")
def faces():
    return practice_faces({"Training": 70, "PublicTest": 14, "PrivateTest": 7}, seed=1)


@pytest.fixture(scope="module")
def runs(faces, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    trial = get_recipe("practice_cnn").replace(epochs=2, batch_size=16, warmup_epochs=0.0)
    find_or_train(trial, faces, seed=1, runs=folder, progress="none")
    return folder


@pytest.fixture(scope="module")
def laboratory(faces, runs):
    """The laboratory of two networks, of which the trained one is asked for first, and its copy."""
    (smoke,) = list_runs(runs)
    shutil.copytree(smoke.folder, runs / f"{smoke.name[:-1]}_")
    return look_inside(faces, runs, first=Member.of(smoke))


def control(widget, description):
    """Return the control whose description holds a word."""
    if word := getattr(widget, "description", ""):
        return widget if description in word else None
    found = [control(child, description) for child in getattr(widget, "children", ())]
    return next((child for child in found if child is not None), None)


def picture(widget):
    """Return the PNG that a widget shows."""
    if type(widget).__name__ == "Image":
        return bytes(widget.value)
    found = [picture(child) for child in getattr(widget, "children", ())]
    return next((child for child in found if child), None)


def test_rows_are_chosen_by_true_class_and_by_what_they_were_taken_for():
    labels, predicted = np.array([3, 3, 4, 6]), np.array([3, 4, 4, 4])
    assert chosen_rows(labels, predicted, true=ANY, guess=ERRORS).tolist() == [1, 3]
    assert chosen_rows(labels, predicted, true="高興 happy", guess=ERRORS).tolist() == [1]
    assert chosen_rows(labels, predicted, true=ANY, guess="難過 sad").tolist() == [1, 2, 3]
    assert chosen_rows(labels, predicted, true="難過 sad", guess=ANY).tolist() == [2]


def titles(widget):
    """Return what stands under each face of a gallery."""
    return [tile.children[-1].value for tile in widget.children[1].children]


def test_the_gallery_turns_its_pages_and_has_as_many_as_the_choice_fills(faces):
    training = faces.of("Training")
    widget = browse_faces(training.images, training.labels, np.zeros(70, int))
    page = control(widget, "page")
    assert page.max == 3 and len(titles(widget)) == 24
    page.value = 2
    assert [title.split()[0] for title in titles(widget)][:2] == ["24", "25"]
    control(widget, "true").value = "厭惡 disgust"
    assert (page.max, page.value) == (1, 1)
    assert all("厭惡 → 生氣" in title for title in titles(widget))


def test_a_face_of_the_gallery_that_is_clicked_is_opened_in_the_laboratory(faces, laboratory):
    tests = of_split(faces, "test")

    def open_face(row):
        return laboratory.take(place_of(tests, row))

    widget = browse_faces(tests.images, tests.labels, tests.labels, opened=open_face)
    assert widget.children[2].children == ()
    widget.children[1].children[16].children[1].click()  # the public test has 14 faces
    assert widget.children[2].children == (laboratory,)
    assert (control(laboratory, "split").value, control(laboratory, "image").value) == ("PrivateTest", 2)


def test_a_network_is_named_as_a_person_would_and_the_first_is_the_one_asked_for(laboratory):
    menu = control(laboratory, "network")
    (_, first), (_, other) = menu.options
    assert other == f"{first[:-1]}_"
    assert menu.options[0][0].startswith("小型 CNN（epoch 數 2、批次大小 16）")
    assert "% · 今天 today " in menu.options[0][0]


def test_the_laboratory_redraws_for_another_face_method_and_layer(laboratory):
    laboratory.take({"split": "Training", "number": 0})
    seen = [picture(laboratory)]
    for description, value in (("image", 3), ("method", "LayerCAM"), ("layer", "block3_conv2")):
        control(laboratory, description).value = value
        seen.append(picture(laboratory))
    assert len(set(seen)) == 4
    assert control(laboratory, "image").max == 69
    control(laboratory, "split").value = "PrivateTest"
    assert control(laboratory, "image").max == 6


def test_without_a_run_the_laboratory_says_so(faces, tmp_path):
    with pytest.raises(InputError, match="expected trained networks, found none"):
        look_inside(faces, tmp_path)


@pytest.fixture(scope="module")
def portrait():
    return (Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg").read_bytes()


def upload(widget, name, content):
    """Hand a file to a widget's upload button, as the browser does."""
    file = {"name": name, "type": "image/jpeg", "size": len(content), "content": memoryview(content)}
    control(widget, "photo").value = (file | {"last_modified": datetime.fromtimestamp(0, UTC)},)


def test_a_photograph_that_is_uploaded_is_looked_at_and_not_kept_in_the_widget(runs, portrait):
    widget = look_at_photographs(Member.of(list_runs(runs)[0]))
    assert "練習臉" in widget.children[2].value and "not what the person feels" in widget.children[2].value
    assert picture(widget) is None
    upload(widget, "me.jpg", portrait)
    face = picture(widget)
    assert face.startswith(b"\x89PNG") and control(widget, "photo").value == ()
    control(widget, "whole").value = True
    assert picture(widget) != face


def test_a_photograph_that_is_none_or_has_no_face_is_told_and_the_picture_stays(runs, portrait):
    widget = look_at_photographs(Member.of(list_runs(runs)[0]))
    upload(widget, "me.jpg", portrait)
    before, message = picture(widget), widget.children[1].message
    upload(widget, "notes.jpg", b"no picture")
    assert message.value.startswith("notes.jpg: expected a picture")
    grey = io.BytesIO()
    Image.new("L", (64, 64)).save(grey, format="png")
    upload(widget, "grey.png", grey.getvalue())
    assert "expected a face, found none" in message.value
    assert picture(widget) == before


def test_an_emotion_sets_the_units_that_most_people_show_with_it():
    assert units_of("happy") == {12: 0.9, 25: 0.9, 6: 0.9}
    assert units_of("neutral") == {}


def test_a_slider_moves_the_drawn_face_and_the_same_person_stays_the_same(faces, runs):
    np.testing.assert_array_equal(drawn(1, {}), drawn(1, {}))
    assert (drawn(1, {12: 1.0}) != drawn(1, {})).any()
    widget = draw_expression(list_runs(runs)[0].network())
    before = picture(widget)
    control(widget, "26 ").value = 1.0
    assert picture(widget) != before


def test_a_value_that_is_refused_leaves_the_picture_and_says_why():
    def draw(number):
        if number > 1:
            raise InputError("number: expected at most 1, found <2>")
        return plt.figure()

    widget = Live(draw, {"number": widgets.IntText(0)})
    before = picture(widget)
    widget.children[0].children[0].value = 2
    assert picture(widget) == before
    assert "found &lt;2&gt;" in widget.picture.message.value


def test_several_values_are_set_with_one_drawing():
    drawings = []

    def draw(a, b):
        drawings.append((a, b))
        return plt.figure()

    Live(draw, {"a": widgets.IntText(0), "b": widgets.IntText(0)}).take({"a": 1, "b": 2})
    assert drawings == [(0, 0), (1, 2)]
