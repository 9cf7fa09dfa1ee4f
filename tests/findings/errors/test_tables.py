import numpy as np

from fer_nb.analysis.evaluation import class_scores
from fer_nb.findings.errors import tables
from fer_nb.findings.errors.reasons import Part, Reason
from fer_nb.language import Text


def test_the_class_table_has_report_cs_columns_and_both_languages(report_d):
    table = tables.class_score_table(class_scores(report_d), [9] * 7)
    assert [column.en for column in table.columns][4:6] == ["recall (recognition)", "precision (prediction)"]
    fear = table.iloc[2]
    assert fear.iloc[0] == "恐懼 fear"
    assert fear.iloc[1:3].tolist() == [9, 4097]
    assert fear.iloc[4].en.startswith("36.6% (")


def test_a_class_without_images_says_no_data():
    table = tables.class_score_table(class_scores(np.diag([1, 0, 1, 1, 1, 1, 1])), [9] * 7)
    assert table.iloc[1, 4].en == "no data"


def test_the_five_largest_errors_of_report_d_have_their_share_of_the_class_with_an_interval(report_d):
    table = tables.pairs_table(report_d)
    assert list(table.iloc[:, 3]) == [1549, 707, 669, 608, 594]
    assert tuple(table.iloc[0, 1:3]) == ("難過 sad", "中立 neutral")
    assert table.iloc[0, 4].en == "32.1% (30.8–33.4)"


def test_pairs_of_equal_count_share_their_rank():
    matrix = np.diag([9] * 7)
    matrix[0, 1] = matrix[1, 0] = 4
    assert list(tables.pairs_table(matrix).iloc[:, 0]) == [1, 1]


def test_drawn_parts_say_whether_both_classes_have_them_and_regions_do_not():
    part = Part(Text("皺眉", "brows lowered"), True, 0.7, 0.6, 0.5, 0.0004)
    table = tables.reason_table(Reason(0, 4, 9, True, (part,)))
    assert [str(cell) for cell in table.iloc[0]] == [
        "皺眉 brows lowered", "是 yes", "0.70", "0.60", "0.50", "< 0.001",
    ]  # fmt: skip
    few = Part(Text("嘴巴", "mouth"), None, float("nan"), 0.6, 0.5, float("nan"))
    table = tables.reason_table(Reason(0, 4, 2, False, (few,)))
    assert [column.en for column in table.columns][1] == "correct angry"
    assert list(table.iloc[0, 1:]) == ["—", "0.60", "0.50", "—"]
