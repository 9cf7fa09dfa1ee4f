import numpy as np

from fer_nb.analysis.evaluation import (
    Correlation,
    class_scores,
    recall_size_correlation,
)
from fer_nb.findings.errors import findings


def test_the_pair_of_report_d_is_told_in_both_directions(report_d):
    told = findings.pair_sentence(report_d)
    assert told.zh == (
        "以張數計，最容易互相混淆的是難過與中立：4,830 張難過中有 1,549 張（32.1%）被誤判為中立；"
        "反過來，4,965 張中立中有 219 張（4.4%）被誤判為難過。"
    )
    assert "of 4,830 sad images 1,549 (32.1%) are taken for neutral" in told.en


def test_the_confusion_of_report_d_leans_one_way(report_d):
    assert "難過被誤判為中立的比例是反方向的 7.3 倍" in findings.direction_sentence(report_d).zh


def test_a_confusion_within_the_intervals_goes_both_ways():
    matrix = np.diag([10] * 7)
    matrix[2, 4], matrix[4, 2] = 4, 3
    assert "goes both ways" in findings.direction_sentence(matrix).en


def test_a_direction_that_never_occurs_gives_no_ratio():
    matrix = np.diag([100] * 7)
    matrix[2, 4] = 60
    assert findings.direction_sentence(matrix).en.endswith("is the higher one.")


def test_without_an_error_nothing_is_confused(make_answers):
    perfect = np.diag([3] * 7)
    assert findings.pair_sentence(perfect) == findings.NO_ERRORS
    assert findings.direction_sentence(perfect).zh == ""
    assert findings.synthesis(make_answers((0, 0), (1, 1))) == findings.NO_ERRORS


def test_a_pair_whose_other_class_has_no_images_says_so():
    matrix = np.zeros((7, 7), int)
    matrix[0, 1] = 3
    assert "there is no image of disgust" in findings.pair_sentence(matrix).en


def test_a_constant_predictor_an_absent_class_and_one_never_predicted_are_named():
    matrix = np.zeros((7, 7), int)
    matrix[[0, 2, 3], 3] = 5
    told = findings.classes_sentence(class_scores(matrix))
    assert "calls every image happy" in told.en
    assert "There is no image of disgust, sad, surprise, neutral" in told.en
    matrix[0, 0] = 2
    assert "never predicts fear" in findings.classes_sentence(class_scores(matrix)).en


def test_the_hardest_class_is_called_so_only_where_intervals_are_apart(report_d):
    assert "overlaps" in findings.classes_sentence(class_scores(report_d)).en
    clear = np.diag([900] * 7)
    clear[2] = [100, 0, 100, 800, 0, 0, 0]
    told = findings.classes_sentence(class_scores(clear)).en
    assert "Recall is lowest for fear (10.0%" in told
    assert "overlaps" not in told


def test_one_image_is_told_without_a_ranking():
    matrix = np.zeros((7, 7), int)
    matrix[3, 3] = 1
    assert "無資料" in findings.classes_sentence(class_scores(matrix)).zh


def test_size_explains_recall_only_where_the_correlation_is_significant(report_d):
    sizes = report_d.sum(axis=1)
    scores = class_scores(report_d)
    measured = recall_size_correlation(report_d, sizes)
    assert "no significant relation" in findings.size_sentence(measured, scores, sizes).en
    assert "disgust (436 images), has place 2 of 7" in findings.size_sentence(measured, scores, sizes).en
    assert "do have higher" in findings.size_sentence(Correlation(0.9, 0.01, 7), scores, sizes).en
    assert "反而比較低" in findings.size_sentence(Correlation(-0.9, 0.01, 7), scores, sizes).zh
    assert "Too few classes" in findings.size_sentence(Correlation(None, None, 1), scores, sizes).en


def test_the_synthesis_counts_the_worst_pair_and_second_choices(make_answers):
    answers = make_answers((2, 4), (2, 4), (4, 2), (0, 1), (3, 3), (3, 3), (3, 3), (3, 3), (3, 3), (3, 3))
    told = findings.synthesis(answers)
    assert "10 張影像答錯 4 張，其中 3 張（75.0%）出在恐懼與難過之間" in told.zh
    assert "accuracy would go from 60.0% to 90.0%" in told.en
    assert "For 4 of the wrong answers (100.0%)" in told.en


def test_another_split_than_the_one_asked_for_is_said(make_answers):
    answers = make_answers((0, 0))
    assert "stands in" in findings.split_sentence("validation", "test", answers).en
    assert "stands in" not in findings.split_sentence("test", "test", answers).en


def test_the_check_tells_total_diagonal_and_share():
    assert findings.counted_sentence(4, 3).en.startswith("The matrix adds up to 4")
    assert "75.0%" in findings.counted_sentence(4, 3).zh
