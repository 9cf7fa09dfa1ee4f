import matplotlib.pyplot as plt
import pandas as pd
import pytest

from fer_nb.figures import curves
from fer_nb.language import Text


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def history(*losses):
    return pd.DataFrame(
        {
            "epoch": range(1, len(losses) + 1), "loss": losses, "training_loss": losses,
            "validation_loss": [x + 1 for x in losses], "training_accuracy": [0.5] * len(losses),
            "validation_accuracy": [0.4] * len(losses),
        }
    )  # fmt: skip


def test_training_is_dashed_validation_solid_and_one_colour_a_network_with_the_gap_tinted(ax):
    curves.history_curves(ax, {"a": history(3, 2, 1), "b": history(4, 3)}, measure="loss")
    first, second, third = ax.lines[:3]
    assert (first.get_linestyle(), second.get_linestyle()) == ("-", "--")
    assert first.get_color() == second.get_color() != third.get_color()
    assert list(first.get_xdata()) == [1, 2, 3]
    assert list(first.get_ydata()) == [4, 3, 2]
    assert list(second.get_ydata()) == [3, 2, 1]
    assert len(ax.collections) == 2
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "損失 loss (nat)")


def test_accuracy_is_drawn_in_percent_and_a_run_of_old_has_validation_alone(ax):
    old = history(3, 2).drop(columns=["training_loss", "training_accuracy"])
    curves.history_curves(ax, {"old": old}, measure="accuracy")
    assert list(ax.lines[0].get_ydata()) == [40, 40]
    assert not ax.lines[1].get_xdata().size
    assert ax.get_ylabel() == "準確率 accuracy (%)"


def test_curves_are_named_at_their_ends_and_apart(ax):
    names = [Text("甲", "a"), Text("乙", "b"), Text("c", "c")]
    histories = dict(zip(names, (history(3, 2), history(3, 1), history(3, 1.01)), strict=True))
    curves.history_curves(ax, histories, measure="loss")
    curves.end_labels(ax, names)
    places = {text.get_text(): text.xyann[1] for text in ax.texts}
    assert sorted(places, key=places.get) == ["乙\nb", "c", "甲\na"]
    assert places["c"] - places["乙\nb"] == pytest.approx(0.17)
    assert max(places.values()) <= 0.96


def test_shuffled_pixels_draw_a_line_a_network_with_its_name_at_the_left_and_its_shares(ax):
    score = {"accuracy": 0.6, "low": 0.5, "high": 0.7}
    curves.shuffled_slopes(
        ax, {Text("甲", "a"): [score, score | {"accuracy": 0.55}]}, split=Text("驗", "held out")
    )
    assert list(ax.lines[0].get_ydata()) == pytest.approx([60, 55])
    assert [text.get_text() for text in ax.texts] == ["甲\na\n60.0%", "55.0%"]
    assert ax.get_ylabel() == "驗準確率 held out accuracy (%)"


def test_accuracies_that_are_alike_are_written_apart(ax):
    pairs = {Text("甲", "a"): (0.5, 0.30), Text("乙", "b"): (0.31, 0.29), Text("丙", "c"): (0.31, 0.29)}
    scores = {
        name: [{"accuracy": share, "low": share - 0.01, "high": share + 0.01} for share in pair]
        for name, pair in pairs.items()
    }
    curves.shuffled_slopes(ax, scores, split=Text("驗", "held out"))
    heights = [text.xy[1] for text in ax.texts]
    assert heights[0::2] == pytest.approx([50, 31, 37.21])  # 27% of 28 to 51 apart
    assert heights[1::2] == pytest.approx([33.14, 29, 31.07])


def test_a_single_epoch_is_a_visible_point(ax):
    curves.history_curves(ax, {"a": history(3)}, measure="accuracy")
    assert [line.get_marker() for line in ax.lines[:2]] == ["o", "o"]


def test_loss_and_accuracy_are_named_once_with_what_solid_and_dashed_lines_are():
    figure, axes = plt.subplots(1, 2)
    curves.loss_and_accuracy(axes, {Text("甲", "a"): history(3, 2), Text("乙", "b"): history(4, 3)})
    assert [ax.get_ylabel() for ax in axes] == ["損失 loss (nat)", "準確率 accuracy (%)"]
    assert {text.get_text() for text in axes[1].texts} == {"甲\na", "乙\nb"}
    legend = [text.get_text() for text in axes[1].get_legend().get_texts()]
    assert legend == ["訓練集 training", "驗證集 validation"]
    assert not axes[0].texts and axes[0].get_legend() is None
    plt.close(figure)
