from types import SimpleNamespace

import pytest
from spoken import SCORE, says

from fer_nb.analysis.evaluation import McNemar
from fer_nb.findings import comparisons
from fer_nb.language import Text


def mcnemar(difference, p_value, n=1000):
    return McNemar(b=0, c=0, n=n, p_value=p_value, difference=difference)


def timed(**seconds):
    return {name: SimpleNamespace(seconds_per_epoch=lambda s=s: s) for name, s in seconds.items()}


@pytest.mark.parametrize(
    ("stated", "zh", "en"),
    [
        (0.65, "沒有可分辨的差異", "cannot be told apart"),
        (0.70, "沒有可分辨的差異", "cannot be told apart"),
        (0.50, "高 15.0 個百分點", "15.0 points above the 50.0%"),
        (0.75, "低 10.0 個百分點", "10.0 points below the 75.0%"),
    ],
)
def test_a_stated_accuracy_is_judged_by_the_interval(stated, zh, en):
    says(comparisons.against_stated("net", SCORE, stated), zh=[zh], en=[en])


def test_the_better_of_two_is_named_only_where_the_difference_is_significant():
    better = comparisons.comparison_sentence("a", "b", mcnemar(-0.123, 0.0004))
    says(
        better,
        zh=["b 比 a 高 12.3 個百分點", "p < 0.001"],
        en=["b is 12.3 points better than a", "p < 0.001"],
    )
    neither = comparisons.comparison_sentence("a", "b", mcnemar(0.02, 0.05))
    says(neither, zh=["未達統計顯著", "p = 0.050"], en=["not significant", "neither can be called better"])


def test_an_adjusted_p_value_counts_instead_of_the_tests_own():
    text = comparisons.comparison_sentence("a", "b", mcnemar(0.1, 0.03), p_value=0.06)
    says(text, zh=["p = 0.060", "不能說誰比較好"], en=["p = 0.060", "neither can be called better"])


def test_networks_without_common_images_are_not_compared():
    says(
        comparisons.comparison_sentence("a", "b", mcnemar(None, None, n=0)),
        zh=["沒有共同的影像"],
        en=["share no image"],
    )


def test_a_choice_is_told_where_there_was_one():
    assert comparisons.chosen_sentence("net", 1) == Text("", "")
    says(comparisons.chosen_sentence("net", 3), zh=["3 個網路中，net"], en=["Of 3 networks net"])


def test_sizes_are_compared_in_percent_of_the_first():
    text = comparisons.size_sentence("cnn", "dnn", {"cnn": 1000, "dnn": 1100})
    says(text, zh=["1,000", "1,100", "多 10.0%"], en=["10.0% more than the first"])
    text = comparisons.size_sentence("cnn", "dnn", {"cnn": 1000, "dnn": 950})
    says(text, zh=["少 5.0%"], en=["5.0% fewer than the first"])


def test_the_faster_network_is_named_unless_the_times_are_close():
    text = comparisons.speed_sentence("cnn", "dnn", timed(cnn=8.0, dnn=2.0))
    says(text, zh=["dnn 訓練得比較快", "1/4.0"], en=["dnn trains faster: cnn takes 4.0 times as long"])
    says(
        comparisons.speed_sentence("cnn", "dnn", timed(cnn=2.0, dnn=2.1)),
        zh=["差不多"],
        en=["about the same"],
    )
