import numpy as np
import pytest
from spoken import says

from fer_nb.analysis.evaluation import PairedDifference
from fer_nb.findings.semi import sentences
from fer_nb.language import Text
from fer_nb.learning.semi.splitting import PseudoLabelCounts

NAME = Text("自訓練", "self-training")
SURE, UNSURE = np.array([0.95, 0.97, 0.99]), np.array([0.25, 0.3, 0.91])


def gain(*by_seed, p_value=0.01):
    """A mean difference of 3 points with an interval from 1 to 5, or of less."""
    mean = sum(by_seed) / len(by_seed)
    return PairedDifference(by_seed, mean, mean - 0.02, mean + 0.02, p_value)


@pytest.mark.parametrize(
    ("by_seed", "p_value", "found"),
    [
        ((0.030, 0.028), 0.001, "gain"),
        ((-0.030, -0.028), 0.001, "harm"),
        ((0.030, 0.028), 0.2, "open"),
        ((0.0, 0.0), 1.0, "open"),
    ],
)
def test_help_is_claimed_only_where_the_test_says_so(by_seed, p_value, found):
    assert sentences.verdict(gain(*by_seed), p_value) == found


def test_the_finding_gives_mean_interval_and_seeds_and_what_follows():
    many = PseudoLabelCounts((10,) * 7, (5,) * 7, (5,) * 7)
    helped = sentences.verdict_text(gain(0.031), 0.034, many, labelled=80)
    told = sentences.finding_sentence(NAME, gain(0.031, 0.001, 0.001), 0.034, helped, split="test")
    assert "+1.1 points of test accuracy" in told.en
    assert (
        "(95% interval −0.9 to +3.1; mean over 3 seeds, by seed +3.1, +0.1, +0.1; p = 0.034): the unlabelled"
        in told.en
    )
    assert "，+1.1 個百分點（95% 區間 −0.9 至 +3.1；3 個隨機種子的平均，各為 +3.1、+0.1、+0.1；p =" in told.zh
    assert sentences.front_sentence(NAME, gain(0.03), helped).zh.startswith("+3.0 個百分點（+1.0 至 +5.0）")
    assert "one seed" in sentences.finding_sentence(NAME, gain(0.02), 0.5, helped, split="validation").en


def test_next_to_no_pseudo_labels_answer_nothing_and_a_significant_difference_is_still_told():
    one = PseudoLabelCounts((100,) * 7, (1,) + (0,) * 6, (1,) + (0,) * 6)
    found = sentences.verdict_text(gain(0.001), 0.7, one, labelled=3000)
    says(
        found,
        zh=["700 張無標籤影像中 1 張", "無法回答"],
        en=["cannot tell, with so few pseudo-labels: 1 from 700 unlabelled images"],
    )
    assert "do harm" in sentences.verdict_text(gain(-0.03), 0.001, one, labelled=3000).en
    assert "no evidence" in sentences.verdict_text(gain(0.001), 0.7, one, labelled=100).en


def test_the_reason_names_the_class_that_the_pseudo_labels_favour_and_those_without_any():
    counts = PseudoLabelCounts((10, 0, 10, 40, 20, 10, 10), (2, 0, 0, 30, 4, 2, 2), (1, 0, 0, 30, 3, 2, 2))
    told = sentences.reason_sentence(counts, SURE, labelled=80)
    assert "with the first seed 40 of 100 unlabelled images (40.0%) got a pseudo-label" in told.en
    assert "correct among these: 38, 95.0% (83.5–98.6); 75.0% of the pseudo-labels are happy" in told.en
    assert told.en.endswith("none is fear.")  # of disgust there was no image
    assert told.zh.endswith("恐懼一張也沒有。")


def test_a_class_that_is_kept_about_as_often_as_it_is_there_is_not_called_favoured():
    even = PseudoLabelCounts((10,) * 7, (2, 2, 2, 3, 2, 2, 2), (2,) * 7)
    assert "happy" not in sentences.reason_sentence(even, SURE, labelled=10).en
    none = PseudoLabelCounts((10,) * 7, (0,) * 7, (0,) * 7)
    told = sentences.reason_sentence(none, UNSURE, labelled=10)
    assert (
        "None of 70 unlabelled images passes" in told.en
        and "a median of 0.30 and a maximum of 0.91" in told.en
    )


def test_one_pseudo_label_says_nothing_of_classes_and_adds_next_to_nothing_to_train_on():
    one = PseudoLabelCounts((100,) * 7, (0, 0, 0, 0, 0, 1, 0), (0, 0, 0, 0, 0, 1, 0))
    told = sentences.reason_sentence(one, UNSURE, labelled=3000)
    assert "surprise" not in told.en and "none is" not in told.en
    assert told.en.endswith("gives an unlabelled image has a median of only 0.30.")
    assert "幾乎不改變訓練；教師模型給無標籤影像的最高機率，中位數只有 0.30。" in told.zh


@pytest.mark.parametrize(
    ("control", "said"), [([0.7, 0.6], "5.0 points better"), ([0.5], "10.0 points worse")]
)
def test_what_longer_training_alone_does_is_told_beside_it(control, said):
    assert said in sentences.longer_sentence([0.6] * len(control), control).en
    assert sentences.longer_sentence([], control) == Text("", "")
    assert sentences.longer_sentence(control, control) == Text("", "")


def test_pseudo_labels_are_called_next_to_none_below_one_for_a_hundred_labels():
    ten = PseudoLabelCounts((100,) * 7, (2, 2, 2, 1, 1, 1, 1), (1,) * 7)
    assert "hardly change" in sentences.reason_sentence(ten, UNSURE, labelled=1001).en
    assert "hardly change" not in sentences.reason_sentence(ten, UNSURE, labelled=1000).en


def test_report_bs_claim_gets_the_verdict_of_the_seeds():
    assert sentences.gain_claim(gain(0.030, 0.028), 0.001)["verdict"] == "confirmed"
    assert sentences.gain_claim(gain(0.031, -0.001), 0.3)["verdict"] == "cannot be told"
