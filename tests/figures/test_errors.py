import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from fer_nb.analysis.evaluation import class_scores, reliability_bins
from fer_nb.errors import InputError
from fer_nb.figures.errors import (
    confusion_heatmap,
    confusion_panels,
    error_grid,
    error_panels,
    recall_against_support,
    reliability_diagram,
)
from fer_nb.language import EMOTIONS, Text
from fer_nb.report.fonts import register_fonts

NAMES = [str(emotion) for emotion in EMOTIONS]


@pytest.fixture(autouse=True)
def chinese_font():
    with matplotlib.rc_context({"font.family": [register_fonts()]}):
        yield


@pytest.fixture
def ax():
    """Axes of a figure that pyplot does not know, as large as a notebook's."""
    return Figure(figsize=(5, 5)).add_subplot()


@pytest.fixture
def matrix():
    counts = np.diag([10, 20, 30, 40, 50, 60, 70])
    counts[4, 6] = 25
    counts[0, 3] = 10
    return counts


def drawn(ax):
    """Draw everything: a missing glyph is a warning, and a warning is an error."""
    ax.figure.draw_without_rendering()
    return ax


def numbers(ax):
    """Texts of the cells as a 7 x 7 list, by their place."""
    grid = [[""] * 7 for _ in range(7)]
    for text in ax.texts:
        column, row = (int(place) for place in text.get_position())
        grid[row][column] += text.get_text()
    return grid


def ticks(axis):
    return [tick.get_text() for tick in axis.get_ticklabels()]


def test_heatmap_draws_on_the_axes_given_and_returns_them(ax, matrix):
    opened = plt.get_fignums()
    assert confusion_heatmap(ax, matrix) is ax
    drawn(ax)
    assert plt.get_fignums() == opened


def test_heatmap_of_counts_shows_every_count_and_both_languages(ax, matrix):
    confusion_heatmap(ax, matrix)
    assert numbers(ax) == [[str(count) for count in row] for row in matrix]
    assert ticks(ax.xaxis) == ticks(ax.yaxis) == NAMES
    assert ax.get_xlabel() == "預測 predicted"
    assert ax.get_ylabel() == "真實 true"
    assert ax.get_title() == "影像數\nimages"


def test_true_classes_run_downwards(ax, matrix):
    bottom, top = confusion_heatmap(ax, matrix).get_ylim()
    assert bottom > top


def test_heatmap_of_recall_shows_percent_of_the_row(ax, matrix):
    shown = numbers(confusion_heatmap(ax, matrix, kind="recall"))
    assert (shown[4][4], shown[4][6]) == ("67", "33")
    assert (shown[0][0], shown[0][3], shown[0][1]) == ("50", "50", "0")
    assert "recall" in ax.get_title()


def test_heatmap_of_precision_shows_percent_of_the_column(ax, matrix):
    shown = numbers(confusion_heatmap(ax, matrix, kind="precision"))
    assert (shown[4][6], shown[6][6]) == ("26", "74")
    assert (shown[0][3], shown[3][3]) == ("20", "80")


def test_a_share_that_is_not_zero_is_not_written_zero(ax):
    matrix = np.diag([1000] * 7)
    matrix[2, 5] = 1
    shown = numbers(confusion_heatmap(ax, matrix, kind="recall"))
    assert shown[2][5] == "<1"
    assert shown[5][2] == "0"


def test_a_class_without_images_is_a_row_of_dashes_that_says_so(ax, matrix):
    matrix[1] = 0
    confusion_heatmap(ax, matrix, kind="recall")
    assert numbers(ax)[1] == ["–"] * 7
    assert ticks(ax.yaxis)[1] == "厭惡 disgust 無資料 no data"
    assert ticks(ax.yaxis)[0] == NAMES[0]
    assert ticks(ax.xaxis) == NAMES


def test_a_class_never_predicted_is_a_column_of_dashes(ax):
    matrix = np.zeros((7, 7), int)
    matrix[:, 3] = 5
    confusion_heatmap(ax, matrix, kind="precision")
    assert [row[0] for row in numbers(ax)] == ["–"] * 7
    assert [name.endswith("no data") for name in ticks(ax.xaxis)] == [True] * 3 + [False] + [True] * 3


@pytest.mark.parametrize("kind", ["counts", "recall", "precision"])
def test_a_matrix_of_no_images_is_drawn(ax, kind):
    drawn(confusion_heatmap(ax, np.zeros((7, 7), int), kind=kind))


def test_numbers_fit_their_cells_in_the_smallest_of_three_panels():
    figure = Figure(figsize=(6.7, 3.2))
    panel = figure.subplots(1, 3)[0]
    confusion_heatmap(panel, np.full((7, 7), 6686))
    figure.draw_without_rendering()
    cell = panel.get_window_extent().width / 7
    assert all(text.get_window_extent().width <= cell for text in panel.texts)
    assert all(text.get_fontsize() >= 4.5 for text in panel.texts)


def test_an_unknown_kind_names_the_nearest(ax, matrix):
    with pytest.raises(InputError, match="unknown kind of matrix 'recal': did you mean 'recall'"):
        confusion_heatmap(ax, matrix, kind="recal")


def test_reliability_shows_a_point_for_each_bin_with_images(ax):
    shares = np.full((3, 7), 0.02)
    shares[:, 0] = 0.88
    shares[2] = [0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]
    assert reliability_diagram(ax, reliability_bins(shares, [0, 1, 0])) is ax
    points = ax.containers[0].lines[0]
    np.testing.assert_allclose(points.get_xdata(), [0.4, 0.88])
    np.testing.assert_allclose(points.get_ydata(), [1.0, 0.5])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("預測機率 predicted probability", "準確率 accuracy")
    drawn(ax)


def test_reliability_of_no_images_says_no_data(ax):
    reliability_diagram(ax, reliability_bins(np.zeros((0, 7)), []))
    assert [text.get_text() for text in ax.texts] == ["無資料 no data"]
    drawn(ax)


def test_recall_stands_at_the_size_of_its_class(ax, matrix):
    scores = class_scores(matrix)
    recall_against_support(ax, scores)
    points = [container.lines[0].get_xydata()[0] for container in ax.containers]
    np.testing.assert_allclose(points, [[20, 0.5], [20, 1], [30, 1], [40, 1], [75, 2 / 3], [60, 1], [70, 1]])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == NAMES
    assert ax.get_xlabel() == "測量的影像數 images measured"
    drawn(ax)


def test_recall_against_training_images_when_they_are_given(ax, matrix):
    recall_against_support(ax, class_scores(matrix), sizes=[436, 2, 3, 4, 5, 6, 7])
    assert ax.containers[0].lines[0].get_xdata()[0] == 436
    assert ax.get_xlabel() == "訓練影像數 training images"
    with pytest.raises(InputError, match="class sizes: expected 7 numbers, found 2"):
        recall_against_support(ax, class_scores(matrix), sizes=[1, 2])


def test_a_class_without_recall_is_named_and_not_drawn(ax, matrix):
    matrix[1] = 0
    recall_against_support(ax, class_scores(matrix))
    assert len(ax.containers) == 6
    assert ax.texts[-1].get_text() == "無資料 no data: 厭惡 disgust"
    drawn(recall_against_support(ax, class_scores(np.zeros((7, 7), int))))


def test_faces_are_captioned_with_both_classes_and_both_probabilities():
    axes = Figure(figsize=(6, 2)).subplots(1, 3)
    shares = np.array([[0, 0, 0.12, 0, 0.71, 0.17, 0], [0, 0, 0, 0, 0.996, 0.004, 0]])
    places = error_grid(axes, np.zeros((2, 48, 48), np.uint8), [2, 5], shares)
    assert [place.get_title() for place in places] == [
        "真實 恐懼 fear 12%\n預測 難過 sad 71%",
        "真實 驚訝 surprise <1%\n預測 難過 sad 100%",
        "",
    ]
    assert [len(place.images) for place in places] == [1, 1, 0]
    assert not any(place.axison for place in places)
    drawn(places[0])


def test_grey_levels_are_not_stretched():
    (place,) = error_grid([Figure().add_subplot()], np.full((1, 48, 48), 90), [0], np.eye(7)[:1])
    assert place.images[0].get_clim() == (0, 255)


def test_more_faces_than_axes_fill_the_axes():
    places = error_grid(np.array([[Figure().add_subplot()]]), np.zeros((3, 48, 48)), [0, 1, 2], np.eye(7)[:3])
    assert len(places) == 1
    assert places[0].get_title().endswith("angry 100%")


def test_no_faces_say_no_data_and_lengths_must_match():
    (place,) = error_grid([Figure().add_subplot()], np.zeros((0, 48, 48)), [], np.zeros((0, 7)))
    assert place.texts[0].get_text() == "無資料 no data"
    with pytest.raises(InputError, match="each of 2 images, found 1 and 2"):
        error_grid([place], np.zeros((2, 48, 48)), [0], np.eye(7)[:2])


def test_panels_name_the_true_classes_once_and_keep_the_numbers_of_each(matrix):
    axes = Figure(figsize=(6.7, 3.3), layout="compressed").subplots(1, 3)
    confusion_panels(axes, dict.fromkeys(("counts", "recall", "precision"), matrix))
    assert [ticks(ax.yaxis) for ax in axes] == [NAMES, [], []]
    assert [ax.get_ylabel() for ax in axes] == ["真實 true", "", ""]
    assert numbers(axes[0])[4][6] == "25" and numbers(axes[1])[4][6] == "33"
    drawn(axes[0])


def test_titled_panels_are_recall_and_a_class_that_none_has_says_so(matrix):
    matrix[1] = 0
    axes = Figure(figsize=(6.7, 3.6)).subplots(1, 2)
    confusion_panels(axes, {Text("甲", "A"): matrix, Text("乙", "B"): matrix})
    assert [ax.get_title() for ax in axes] == ["甲\nA", "乙\nB"]
    assert ticks(axes[0].yaxis)[1].endswith("無資料 no data")
    assert numbers(axes[1])[4][6] == "33"


def test_a_class_that_one_of_two_panels_has_is_not_called_missing(matrix):
    fewer = matrix.copy()
    fewer[1] = 0
    axes = Figure(figsize=(6.7, 3.6)).subplots(1, 2)
    confusion_panels(axes, {Text("甲", "A"): matrix, Text("乙", "B"): fewer})
    assert ticks(axes[0].yaxis) == NAMES


def test_groups_of_faces_stand_below_one_another_with_their_titles():
    figure = Figure(figsize=(6.7, 1))
    known = {"images": np.zeros((3, 48, 48)), "labels": [0, 1, 2], "probabilities": np.eye(7)[[1, 1, 1]]}
    assert error_panels(figure, {"甲": [0, 2, 1], "乙": []}, **known, columns=2) is figure
    assert [part.get_suptitle() for part in figure.subfigs] == ["甲", "乙"]
    assert [len(part.axes) for part in figure.subfigs] == [4, 2]
    shown = [ax.get_title().splitlines()[0] for ax in figure.subfigs[0].axes if ax.get_title()]
    assert shown == ["真實 生氣 angry 0%", "真實 恐懼 fear 0%", "真實 厭惡 disgust 100%"]
    assert figure.subfigs[1].axes[0].texts[0].get_text() == "無資料 no data"
    figure.draw_without_rendering()
