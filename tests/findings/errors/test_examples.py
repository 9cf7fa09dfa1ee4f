import matplotlib
import numpy as np
import pytest

from fer_nb.data import practice
from fer_nb.findings.errors import examples
from fer_nb.language import Text
from fer_nb.report.fonts import register_fonts

CAPTION = Text("例子。", "Examples.")


@pytest.fixture
def displayed(monkeypatch):
    calls = []
    for name in ("say", "show", "show_table"):
        monkeypatch.setattr(
            examples, name, lambda *values, name=name, **options: calls.append((name, values, options))
        )
    with matplotlib.rc_context({"font.family": [register_fonts()]}):
        yield calls
    matplotlib.pyplot.close("all")


def test_the_worst_pair_is_shown_in_both_directions_with_neighbours_that_are_right(make_answers):
    answers = make_answers((2, 4), (2, 4), (4, 2), (4, 4), (2, 2), (3, 3))
    rows = examples.worst_pair(answers, count=1)
    assert [numbers.tolist() for numbers in rows.values()] == [[0], [3], [2], [4]]
    titles = list(rows)
    assert titles[0] == "恐懼 fear → 難過 sad"
    assert "難過" in titles[1] and "恐懼" in titles[3]


def test_a_class_never_answered_rightly_has_no_neighbour(make_answers):
    rows = list(examples.worst_pair(make_answers((2, 4), (3, 3)), count=3).values())
    assert [numbers.tolist() for numbers in rows] == [[0], [], [], []]


def test_faces_are_shown_where_there_are_images_and_a_table_where_there_are_none(displayed, make_answers):
    rows = {"一 one": np.array([0])}
    examples.show_examples(make_answers((2, 4)), rows, caption=CAPTION, columns=2)
    examples.show_examples(make_answers((2, 4), with_images=False), rows, caption=CAPTION, columns=2)
    assert [name for name, *_ in displayed] == ["show", "show_table"]
    assert displayed[0][1][0].axes[0].get_title().startswith("真實 恐懼 fear")
    assert displayed[1][2]["caption"].en == "Examples. (一 one)"


def test_without_any_error_a_sentence_says_so(displayed, make_answers):
    answers = make_answers((2, 2))
    examples.show_examples(answers, examples.worst_pair(answers, count=2), caption=CAPTION, columns=2)
    assert [name for name, *_ in displayed] == ["say"]


def test_practice_faces_know_their_wrong_labels_and_real_ones_do_not(make_faces):
    faces = practice(240, seed=3)
    wrong = examples.known_wrong(faces, seed=3)
    assert wrong.shape == (80,)
    assert wrong.sum() == 2 * round(0.03 * 40)
    assert examples.known_wrong(faces, seed=4) is None
    assert examples.known_wrong(make_faces(Training=[0], PublicTest=[1]), seed=3) is None
