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


def test_arms_stand_against_a_baseline_in_one_sentence_with_their_adjusted_p_values():
    tests = {"a": mcnemar(0.026, 0.01), "b": mcnemar(-0.002, 0.7)}
    text = comparisons.against_baseline_sentence("none", tests, {"a": 0.02, "b": 0.7})
    says(
        text,
        zh=["與 none 相比：a +2.6 個百分點（p = 0.020，顯著）；b −0.2 個百分點（p = 0.700，不顯著）。"],
        en=[
            "Against none: a +2.6 points (p = 0.020, significant)",
            "b −0.2 points (p = 0.700, not significant).",
        ],
    )


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


def test_how_fast_the_loss_falls_names_fastest_and_slowest_or_a_tie():
    text = comparisons.loss_speed_sentence({"none": 4, "norm": 2.0, "both": 9})
    says(
        text,
        zh=["norm 下降最快，2 個", "both 最慢，要 9 個"],
        en=["fastest with norm (2", "slowest with both (9)"],
    )
    says(
        comparisons.loss_speed_sentence({"a": 3, "b": 3}),
        zh=["a、b 的", "一樣快"],
        en=["equally fast in a, b"],
    )
    assert comparisons.loss_speed_sentence({"a": 3}) == Text("", "")


def test_fewer_than_two_strengths_are_not_compared():
    row = {"loss": 1.0, "validation_accuracy": 0.5}
    for last in ({}, {1.0: row}):
        says(comparisons.strength_sentence(last), zh=["沒有比較"], en=["No strengths are compared"])


def test_the_strength_of_an_augmentation_moves_loss_and_accuracy():
    rows = {
        0.5: {"loss": 1.0, "validation_accuracy": 0.6},
        1.0: {"loss": 1.1, "validation_accuracy": 0.7},
        2.0: {"loss": 1.25, "validation_accuracy": 0.55},
    }
    says(
        comparisons.strength_sentence(rows),
        zh=["0.5 倍增到 2 倍，訓練損失上升 0.250", "驗證準確率下降 5.0 個百分點"],
        en=["From strength 0.5 to 2 the training loss rises by 0.250", "falls by 5.0 points"],
    )
    same = {1.0: {"loss": 1.0, "validation_accuracy": 0.6}, 2.0: {"loss": 0.9, "validation_accuracy": 0.6}}
    says(
        comparisons.strength_sentence(same),
        zh=["下降 0.100", "不變"],
        en=["falls by 0.100", "stays as it is"],
    )


def test_the_luck_of_the_seed_is_a_range_or_unknown():
    says(comparisons.spread_sentence("net", [0.6]), zh=["只有一個種子"], en=["remains unknown"])
    text = comparisons.spread_sentence("net", [0.6, 0.65, 0.62])
    says(text, zh=["60.0% 到 65.0%", "3 個種子"], en=["between 60.0% and 65.0% (3 seeds)"])


def test_the_winner_of_an_ablation_is_named_or_there_is_none():
    says(comparisons.highest_sentence("both", 0.654), zh=["both（65.4%）"], en=["that of both (65.4%)"])
    says(comparisons.no_gain_sentence("none"), zh=["高於 none"], en=["than none: nothing was gained"])


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
