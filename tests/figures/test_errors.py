import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from seaborn.utils import relative_luminance

from fer_nb.analysis.evaluation import Predictions
from fer_nb.figures.errors import confusion_heatmap, error_panels
from fer_nb.language import EMOTIONS, Text
from fer_nb.report.fonts import register_fonts

NAMES = [f"{emotion.zh}\n{emotion.en}" for emotion in EMOTIONS]


@pytest.fixture(autouse=True)
def chinese_font():
    with matplotlib.rc_context({"font.family": [register_fonts()]}):
        yield


@pytest.fixture
def ax():
    """Axes of a figure that pyplot does not know, as large as a notebook's."""
    return Figure(figsize=(5.4, 5.0)).add_subplot()


@pytest.fixture
def matrix():
    counts = np.diag([10, 20, 30, 40, 50, 60, 70])
    counts[4, 6] = 25
    counts[0, 3] = 10
    return counts


def drawn(ax):
    """Draw everything: a missing glyph is a warning, and a warning is an error."""
    ax.figure.draw_without_rendering()


def numbers(ax):
    """Texts of the cells as a 7 x 7 list, by their place."""
    grid = [[""] * 7 for _ in range(7)]
    for text in ax.texts:
        column, row = (int(place) for place in text.get_position())
        grid[row][column] += text.get_text()
    return grid


def ticks(axis):
    return [tick.get_text() for tick in axis.get_ticklabels()]


def test_a_matrix_is_drawn_on_the_axes_given_with_level_names_in_both_languages(ax, matrix):
    opened = plt.get_fignums()
    confusion_heatmap(ax, matrix)
    drawn(ax)
    assert plt.get_fignums() == opened
    assert ticks(ax.xaxis) == ticks(ax.yaxis) == NAMES
    assert {label.get_rotation() for label in ax.get_xticklabels()} == {0}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("預測類別 predicted class", "真實類別 true class")


def test_true_classes_run_downwards(ax, matrix):
    confusion_heatmap(ax, matrix)
    bottom, top = ax.get_ylim()
    assert bottom > top


def test_a_cell_has_the_percent_of_its_row_and_its_images(ax, matrix):
    confusion_heatmap(ax, matrix)
    shown = numbers(ax)
    assert (shown[4][4], shown[4][6], shown[4][0]) == ("67%\n50", "33%\n25", "0%\n0")


def test_a_share_that_is_not_zero_is_not_written_zero(ax):
    matrix = np.diag([1000] * 7)
    matrix[2, 5] = 1
    confusion_heatmap(ax, matrix)
    assert numbers(ax)[2][5] == "<1%\n1"


def test_a_class_without_images_is_a_row_of_dashes_that_says_so(ax, matrix):
    matrix[1] = 0
    confusion_heatmap(ax, matrix)
    assert numbers(ax)[1] == ["–"] * 7
    assert ticks(ax.yaxis)[1] == "厭惡\ndisgust\n無資料 no data"
    assert ticks(ax.yaxis)[0] == NAMES[0] and ticks(ax.xaxis) == NAMES


def test_a_matrix_of_no_images_is_drawn(ax):
    confusion_heatmap(ax, np.zeros((7, 7), int))
    drawn(ax)


def test_numbers_fit_their_cells_and_are_no_smaller_than_print_allows(ax):
    confusion_heatmap(ax, np.full((7, 7), 6686))
    drawn(ax)
    cell = ax.get_window_extent().width / 7
    assert all(text.get_window_extent().width <= cell for text in ax.texts)
    assert all(text.get_fontsize() >= 6.5 for text in ax.texts)


def test_every_number_stands_out_from_its_cell_as_print_needs_it(ax):
    counts = np.tile(np.arange(7), (7, 1)) * 10 + np.arange(7)[:, None]
    confusion_heatmap(ax, counts)
    cells = ax.collections[0].get_facecolors().reshape(7, 7, 4)
    for text in ax.texts:
        column, row = map(int, text.get_position())
        light, dark = sorted(map(relative_luminance, (cells[row, column], text.get_color())), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_groups_of_faces_stand_below_one_another_with_the_answer_and_its_probability_over_each():
    figure = Figure(figsize=(6.7, 1))
    logits = np.log(np.array([[0.02] * 6 + [0.88], [0.996] + [0.004 / 6] * 6, [0.02] * 6 + [0.88]]))
    answers = Predictions(logits, np.array([0, 1, 2]), np.full((3, 48, 48), 90, np.uint8))
    groups = {Text("甲", "A"): [0, 2, 1], Text("乙", "B"): [1]}
    assert error_panels(figure, groups, answers, columns=2) is figure
    assert [part.get_suptitle() for part in figure.subfigs] == ["甲 A", "乙 B"]
    assert [len(part.axes) for part in figure.subfigs] == [4, 2]
    shown = [ax.get_title() for ax in figure.subfigs[0].axes if ax.get_title()]
    assert shown == ["中立 neutral 88%", "中立 neutral 88%", "生氣 angry 100%"]
    assert figure.subfigs[0].axes[0].images[0].get_clim() == (0, 255)
    assert not any(ax.axison for part in figure.subfigs for ax in part.axes)
    figure.draw_without_rendering()
