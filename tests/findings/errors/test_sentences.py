import numpy as np
import pytest
from spoken import says

from fer_nb.analysis.evaluation import Correlation, class_scores
from fer_nb.findings.errors import sentences
from fer_nb.findings.errors.reasons import Part, Reason
from fer_nb.language import Text

BROWS = Text("皺眉", "brows lowered")
NOTHING = Part(BROWS, False, 0.5, 0.5, 0.9, 0.9)
UNTESTED = Part(BROWS, False, np.nan, 0.5, 0.5, np.nan)  # none of the class is right
SHARED = Part(BROWS, True, 0.5, 0.5, 0.5, 0.9)
STRONGER = Part(Text("嘴角下垂", "lip corners down"), False, 0.1, 0.4, 0.8, 0.0003)


def confused(there, back, *, more=0, missed=0):
    """129 right sad images, so many angry ones taken for sad and back, happy ones for sad, sad for happy."""
    matrix = np.diag([100, 100, 100, 100, 129, 100, 100])
    matrix[0, 4], matrix[4, 0], matrix[3, 4], matrix[4, 3] = there, back, more, missed
    return matrix


def test_the_pair_of_report_d_is_told_in_both_directions_with_intervals(report_d):
    told = sentences.finding_sentence(report_d)
    assert told.zh == (
        "以張數計，最容易混淆的是難過與中立：4,830 張難過有 32.1%（30.8–33.4）被判為中立，"
        "4,965 張中立有 4.4%（3.9–5.0）被判為難過。"
        "以比例計，最高的誤判是 436 張厭惡有 36.2%（31.9–40.9）被判為生氣。"
    )
    assert "32.1% (30.8–33.4) of 4,830 sad images are taken for neutral" in told.en


def test_a_pair_within_error_of_the_first_is_named():
    matrix = np.diag([50] * 7)
    matrix[2, 4], matrix[0, 1] = 12, 10
    assert (
        "Their lead over the next, angry and disgust, is not significant (12 against 10 images)"
        in sentences.finding_sentence(matrix).en
    )
    assert "差異未達顯著" in sentences.front_sentence(matrix).zh


def test_a_rare_class_that_is_taken_for_one_other_is_named_by_its_share():
    matrix = np.diag([50] * 7)
    matrix[2, 4], matrix[1] = 12, [0, 1, 0, 0, 3, 0, 0]
    told = sentences.finding_sentence(matrix).en
    assert "By share the largest error is another: 75.0% (30.1–95.4) of 4 disgust images" in told
    matrix[1] = [0, 4, 0, 0, 0, 0, 0]
    assert "By share" not in sentences.finding_sentence(matrix).en  # fear, which is told of already
    matrix[0, 1] = 1
    matrix[2, 4] = 30
    assert "within error" not in sentences.finding_sentence(matrix).en


def test_without_an_error_nothing_is_confused():
    perfect = np.diag([3] * 7)
    assert sentences.finding_sentence(perfect) == sentences.NO_ERRORS
    assert sentences.front_sentence(perfect) == sentences.NO_ERRORS


def test_a_pair_whose_other_class_has_no_images_says_so():
    matrix = np.zeros((7, 7), int)
    matrix[0, 1] = 3
    assert "there is no image of disgust" in sentences.finding_sentence(matrix).en
    assert "no image of disgust, fear" in sentences.limit_sentence(matrix, None, practice=True).en


def test_the_front_has_the_number_first(report_d):
    told = sentences.front_sentence(report_d)
    assert told.en.startswith("32.1% (30.8–33.4) of sad images are taken for neutral")
    assert told.zh.startswith("32.1%（30.8–33.4）的難過")


@pytest.mark.parametrize(
    ("parts", "misread", "drawn", "words"),
    [
        (
            (SHARED,),
            9,
            True,
            "brows lowered. Whether this is why could not be confirmed: against those",
        ),
        ((STRONGER,), 9, True, "show “lip corners down” stronger (mean strength 0.10 → 0.40, p < 0.001)"),
        ((NOTHING,), 9, True, "No reason could be shown. In no action do the 9"),
        ((NOTHING,), 9, False, "No reason could be shown. In no part do the 9"),
        ((UNTESTED,), 20, True, "No reason could be shown. Too few images are classified correctly or"),
    ],
)
def test_the_reason_says_what_is_shared_and_in_what_the_misread_lean_or_that_none_was_found(
    parts, misread, drawn, words
):
    reason = Reason(0, 4, misread, drawn, parts)
    assert words in sentences.reason_sentence(reason, confused(misread, misread)).en


@pytest.mark.parametrize(
    ("more", "missed", "zh", "en"),
    [
        (
            16,
            0,
            "不計這些誤判，網路也偏向預測難過：預測 145 次，真正的只有 129 張",
            "without these the network leans towards sad as well: 145 predictions for 129 images",
        ),
        (16, 39, "沒有找到原因", "could not be shown"),
        (0, 15, "沒有找到原因", "could not be shown"),
        (0, 0, "沒有找到原因", "could not be shown"),
    ],
    ids=["16 others too many", "16 others too many, 39 missed", "15 others missed", "these errors alone"],
)
def test_errors_mostly_one_way_are_put_down_to_a_leaning_only_where_the_class_is_over_predicted(
    more, missed, zh, en
):
    matrix = confused(28, 5, more=more, missed=missed)
    told = sentences.reason_sentence(Reason(0, 4, 28, True, (STRONGER,)), matrix)
    says(
        told,
        zh=["居多（28 張對 5 張）", zh],
        en=["ore errors run from angry to sad (28 against 5 images)", en],
    )
    assert told.en.count("errors run") == 1


def test_of_errors_about_as_many_both_ways_no_direction_is_told():
    told = sentences.reason_sentence(Reason(0, 4, 10, True, (STRONGER,)), confused(10, 8, more=30))
    assert "errors run" not in told.en and "居多" not in told.zh


def test_a_part_that_leans_away_from_the_other_class_is_no_reason():
    away = Part(BROWS, False, 0.5, 0.2, 0.9, 0.001)
    assert Reason(0, 4, 9, True, (away,)).differing == ()
    nearer, farther = (Part(BROWS, None, 1.0, other, 0.5, 0.001) for other in (0.8, 1.2))
    found = Reason(0, 4, 9, False, (nearer, farther))
    assert found.differing == (nearer,)
    even = confused(9, 9)
    told = sentences.reason_sentence(found, even)
    assert "nearer to the mean sad face in the brows lowered (p = 0.001)" in told.en
    several = sentences.reason_sentence(Reason(0, 4, 9, False, (nearer, nearer)), even)
    assert several.en.count("nearer to the mean sad face") == 1


def test_the_limit_names_classes_never_predicted_and_whose_faces():
    matrix = np.diag([5] * 7)
    matrix[1] = [5, 0, 0, 0, 0, 0, 0]
    told = sentences.limit_sentence(matrix, None, practice=True)
    assert told.en.startswith("On these 35 images the network never predicts disgust.")
    assert told.en.endswith("Practice faces only.")
    assert (
        "association only"
        in sentences.limit_sentence(matrix, Reason(0, 4, 9, True, (STRONGER,)), practice=False).en
    )


def test_the_hardest_class_is_called_so_only_where_intervals_are_apart(report_d):
    assert "whose interval overlaps that of disgust;" in sentences.classes_sentence(class_scores(report_d)).en
    rare = np.diag([300, 4, 900, 900, 360, 900, 900])
    rare[[0, 1, 4], 6] = 700, 6, 640  # 30.0% (27-33), 40.0% (17-69) of ten, 36.0% (33.1-39)
    assert "for angry 30.0% (27.2–32.9), whose interval overlaps that of disgust;" in (
        sentences.classes_sentence(class_scores(rare)).en
    )
    clear = np.diag([900] * 7)
    clear[2] = [100, 0, 100, 800, 0, 0, 0]
    told = sentences.classes_sentence(class_scores(clear)).en
    assert told.startswith("Recall is lowest for fear 10.0% (")
    one = np.zeros((7, 7), int)
    one[3, 3] = 1
    assert "One class alone" in sentences.classes_sentence(class_scores(one)).en


def test_a_correlation_with_class_size_is_told_where_it_is_significant_and_never_as_a_cause():
    assert "proves no cause" in sentences.size_sentence(Correlation(0.9, 0.01, 7)).en
    assert "召回率較低" in sentences.size_sentence(Correlation(-0.9, 0.01, 7)).zh
    assert "no relation is shown" in sentences.size_sentence(Correlation(0.6, 0.07, 7)).en
    assert "Too few classes" in sentences.size_sentence(Correlation(None, None, 1)).en


def test_the_matrix_in_words_has_each_diagonal_and_each_largest_error(report_d):
    shares = report_d / report_d.sum(axis=1, keepdims=True)
    told = sentences.matrix_alt(shares).en
    assert "sad right 42.5%, most often taken for neutral 32.1%" in told
    few = np.diag([1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    told = sentences.matrix_alt(few)
    says(
        told,
        zh=["生氣答對 100.0%；沒有厭惡的影像；"],
        en=["Angry right 100.0%; there is no image of disgust;"],
    )
