import matplotlib.pyplot as plt
import numpy as np
import pytest

from fer_nb.figures import semi


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_right_pseudo_labels_stand_below_wrong_ones_and_the_pool_is_marked(ax):
    pool, kept, right = (10,) * 7, (0, 1, 4, 12, 4, 2, 0), (0, 0, 1, 9, 3, 1, 0)
    assert semi.pseudo_label_bars(ax, pool=pool, kept=kept, right=right) is ax
    heights = [bar.get_height() for bar in ax.patches]
    assert heights == [*right, *np.subtract(kept, right)]
    assert [bar.get_y() for bar in ax.patches[7:]] == list(right)
    assert list(ax.lines[0].get_ydata()) == list(pool)
    assert ax.get_xticklabels()[1].get_text() == "厭惡\ndisgust"


def test_a_threshold_at_which_nothing_is_kept_has_no_point_and_the_chosen_one_is_marked(ax):
    semi.threshold_curve(ax, thresholds=[0.5, 0.9], kept=[0.4, 0.0], right=[0.7, None], chosen=0.9)
    kept, right, chosen = ax.lines
    assert list(kept.get_ydata()) == [0.4, 0.0]
    assert np.isnan(right.get_ydata()[1])
    assert list(chosen.get_xdata()) == [0.9, 0.9]


def test_a_protocol_without_a_threshold_marks_none(ax):
    semi.threshold_curve(ax, thresholds=[0.5], kept=[0.4], right=[0.7], chosen=None)
    assert len(ax.lines) == 2


def test_shares_are_drawn_in_order_in_percent_with_their_intervals(ax):
    score = {"accuracy": 0.6, "low": 0.5, "high": 0.65}
    curve = {0.5: {"control": score, "student": score}, 0.1: {"control": score, "student": score}}
    semi.label_share_curve(ax, curve, names={"control": "a", "student": "b"})
    points = [container[0] for container in ax.containers]
    assert [list(point.get_ydata()) for point in points] == [[60, 60], [60, 60]]
    assert np.mean([point.get_xdata() for point in points], axis=0) == pytest.approx([10, 50])
    (low, high) = ax.containers[0][2][0].get_segments()[0][:, 1]
    assert (low, high) == pytest.approx((50, 65))
