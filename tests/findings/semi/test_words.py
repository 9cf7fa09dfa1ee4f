import numpy as np
import pytest

from fer_nb.analysis.evaluation import McNemar, mcnemar
from fer_nb.findings.semi import words
from fer_nb.learning.semi.hiding import Judgement

CHINESE_COMMAS = "，。：；"


def test_of(better, worse, same=80):
    """McNemar's test of a student that alone is right on `better` images, its control on `worse`."""
    student = np.repeat([True, False, True], [better, worse, same])
    control = np.repeat([False, True, True], [better, worse, same])
    return mcnemar(student, control)


test_of.__test__ = False


def test_a_gain_is_claimed_only_where_it_is_significant():
    gained = words.gain_sentence("report_b", test_of(20, 0))
    assert gained.en == (
        "report_b: unlabelled images help; on the same 100 images the student lies 20.0 points above "
        "supervised training of equal length, a significant difference (p < 0.001)."
    )
    assert "有幫助" in gained.zh and "高 20.0 個百分點" in gained.zh
    small = words.gain_sentence("report_b", test_of(3, 2, same=95))
    assert "no gain from unlabelled images shows here" in small.en
    assert "1.0 points above supervised training of equal length, which is not significant" in small.en
    assert "看不出增益" in small.zh and "未達統計顯著" in small.zh


def test_a_correction_for_several_protocols_can_take_the_gain_away():
    test = test_of(12, 3)
    assert test.p_value < 0.05
    assert "help" in words.gain_sentence("x", test).en
    assert "no gain" in words.gain_sentence("x", test, p_value=0.08).en


def test_harm_and_a_tie_are_called_so():
    harmed = words.gain_sentence("report_c", test_of(0, 20))
    assert "gain nothing and do harm" in harmed.en and "20.0 points below" in harmed.en
    assert "反而有害" in harmed.zh
    tied = words.gain_sentence("report_c", test_of(0, 0))
    assert "the student equals supervised training of equal length (p = 1.000)" in tied.en
    assert "同分" in tied.zh
    nearly = words.gain_sentence("report_c", test_of(2, 1, same=9997))
    assert "lies less than 0.1 points above" in nearly.en and "高不到 0.1 個百分點" in nearly.zh
    assert "no image to compare on" in words.gain_sentence("x", McNemar(0, 0, 0, None, None)).en


def test_pseudo_labels_are_told_with_their_best_and_worst_class_and_those_never_given():
    judgement = Judgement((10,) * 7, (0, 0, 4, 10, 4, 2, 0), (0, 0, 1, 10, 3, 1, 0))
    told = words.pseudo_label_sentence(judgement)
    assert "Of 70 unlabelled images 20 are kept (28.6%), and 15 of their pseudo-labels are right" in told.en
    assert "Most reliable is happy (100.0%), least fear (25.0%)." in told.en
    assert told.en.endswith("No image is labelled angry, disgust, neutral.")
    assert told.zh.endswith("沒有任何影像被標為生氣、厭惡、中立。")


def test_where_no_pseudo_label_is_kept_nothing_is_said_of_any():
    told = words.pseudo_label_sentence(Judgement((10,) * 7, (0,) * 7, (0,) * 7))
    assert told.en == "Of 70 unlabelled images none is sure enough: there is no pseudo-label to learn from."
    assert "70 張" in told.zh


def test_classes_that_are_all_alike_have_no_best_and_worst():
    told = words.pseudo_label_sentence(Judgement((2,) * 7, (2,) * 7, (1,) * 7))
    assert "reliable" not in told.en and "可靠" not in told.zh


@pytest.mark.parametrize(
    ("protocol", "steps", "said"),
    [
        ("fixmatch", (100, 100), "both arms train for 100 steps, the same length"),
        ("report_b", (110, 100), "takes 110 steps, 10.0% more than the 100 of its control"),
        ("report_c", (99, 100), "1.0% fewer than the 100 of its control, the nearest that whole epochs come"),
    ],
)
def test_the_length_of_both_arms_is_told_in_steps(make_outcome, protocol, steps, said):
    outcome = make_outcome(protocol, student=(0.5, 10, steps[0]), control=(0.5, 10, steps[1]))
    assert said in words.length_sentence(protocol, outcome).en
    assert f"{steps[0]:,} 步" in words.length_sentence(protocol, outcome).zh


def test_seeds_are_counted_and_one_seed_says_nothing_about_luck():
    told = words.seeds_sentence("report_b", [0.02, -0.01, 0.005])
    assert told.en.startswith("With 2 of 3 seeds report_b lies above its control")
    assert "+2.0, -1.0, +0.5" in told.en and "+2.0、-1.0、+0.5" in told.zh
    assert "the size of luck is unknown" in words.seeds_sentence("report_b", [0.02]).en


def test_the_curve_names_only_shares_with_a_significant_gain():
    curve = {0.1: test_of(20, 0), 0.5: test_of(3, 2, same=95), 0.8: test_of(0, 20)}
    told = words.curve_sentence(curve, p_values=[0.001, 0.9, 0.001])
    assert told.en.startswith(
        "Points above the control, by share of labels: 10.0% +20.0; 50.0% +1.0; 80.0% -20.0."
    )
    assert "A significant gain shows at 10.0%." in told.en
    assert "At no share is there a significant gain." in words.curve_sentence(curve, p_values=[1, 1, 0]).en


def test_a_transductive_student_compares_with_nothing():
    told = words.transductive_sentence("report_c+transductive", {"accuracy": 0.66}, learned=1200)
    assert "1,200 of the test images" in told.en and "compares with no other arm" in told.en
    assert "不能與其他組別比較" in told.zh
