import numpy as np
import pytest
from matplotlib.figure import Figure

from fer_nb.figures import semi
from fer_nb.language import Text
from fer_nb.learning.semi.splitting import PseudoLabelCounts


@pytest.fixture
def ax():
    return Figure().subplots()


def test_each_seed_is_a_line_and_the_bold_one_their_mean(ax):
    semi.paired_accuracies(ax, {Text("甲", "a"): ([0.5, 0.6], [0.7, 0.6])})
    lines = [line.get_ydata().tolist() for line in ax.lines]
    assert lines == [pytest.approx(pair) for pair in ([50, 70], [60, 60], [55, 65])]
    assert {"55.0%", "65.0%"} <= {text.get_text() for text in ax.texts}


def test_shares_of_pseudo_labels_stand_beside_those_of_the_images(ax):
    semi.pseudo_label_shares(ax, PseudoLabelCounts((10,) * 7, (0, 0, 0, 6, 4, 0, 0), (0, 0, 0, 6, 1, 0, 0)))
    true, good, bad = ([bar.get_height() for bar in bars] for bars in ax.containers[:3])
    assert true == pytest.approx([1 / 7] * 7)
    assert good[3:5] == pytest.approx([0.6, 0.1])
    assert bad[3:5] == pytest.approx([0, 0.3])


def test_a_threshold_at_which_nothing_is_kept_leaves_a_gap(ax):
    kept = [((7,) * 7, (4, 3) + (0,) * 5), ((1,) * 7, (1,) + (0,) * 6), ((0,) * 7, (0,) * 7)]
    counts = [PseudoLabelCounts((7,) * 7, *one) for one in kept]
    semi.threshold_curve(ax, dict(zip([0.5, 0.7, 0.9], counts, strict=True)), chosen=0.7)
    right, kept = (line.get_ydata() for line in ax.lines[:2])
    assert right == pytest.approx([1 / 7, 1 / 7, np.nan], nan_ok=True)
    assert kept == pytest.approx([1, 1 / 7, 0])


def test_a_curve_that_ends_earlier_is_named_at_its_own_end(ax):
    counts = {
        level: PseudoLabelCounts((7,) * 7, (n,) * 7, (n,) * 7) for level, n in ((0.5, 6), (0.7, 1), (0.9, 0))
    }
    semi.threshold_curve(ax, counts)
    ends = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert ends == {"正確的比例\nshare right": 0.7, "留下的比例\nshare kept": 0.9}
