import numpy as np

from fer_nb.analysis.evaluation import accuracy_interval, class_scores, confused_pairs, overall_scores
from fer_nb.data.audit import audit
from fer_nb.findings.errors import listings


def test_the_class_table_has_report_cs_columns_and_both_languages(report_d):
    table = listings.class_score_table(class_scores(report_d))
    assert [column.en for column in table.columns][3:5] == ["recall (recognition)", "precision (prediction)"]
    fear = table.iloc[2]
    assert fear.iloc[0] == "恐懼 fear"
    assert fear.iloc[1] == 4097
    assert fear.iloc[3].en.startswith("36.6% (")


def test_a_class_without_images_says_no_data():
    table = listings.class_score_table(class_scores(np.diag([1, 0, 1, 1, 1, 1, 1])))
    assert table.iloc[1, 3].en == "no data"


def test_the_overall_table_says_no_data_where_nothing_is_known():
    matrix = np.zeros((7, 7), int)
    matrix[3, 3] = 1
    table = listings.overall_table(overall_scores(matrix, seed=0), accuracy_interval(0, 0))
    assert table.iloc[1, 1].en == "no data"
    assert table.iloc[4, 1].en == "no data"  # kappa: chance alone would agree always
    assert table.iloc[2, 1] == "100.0%"


def test_pairs_of_400_and_more_in_report_ds_matrix(report_d):
    table = listings.pairs_table(confused_pairs(report_d, minimum_count=400))
    assert list(table.iloc[:, 3]) == [1549, 707, 669, 608, 594, 477, 468]
    assert tuple(table.iloc[0, 1:3]) == ("難過 sad", "中立 neutral")


def test_an_error_without_an_image_is_a_line_with_both_probabilities(make_answers):
    answers = make_answers((0, 0), (2, 4), with_images=False)
    line = listings.error_table(answers, np.array([1])).iloc[0]
    shares = answers.probabilities[1]
    assert tuple(line) == (1, "恐懼 fear", f"{shares[2]:.1%}", "難過 sad", f"{shares[4]:.1%}")


def test_the_audit_table_counts_images_and_groups(make_faces):
    faces = make_faces(Training=[0, 1], PublicTest=[2])
    faces.images[2] = faces.images[0]
    table = listings.audit_table(audit(faces))
    assert tuple(table.iloc[0, 1:]) == (2, 1)
    assert table.iloc[2, 2] == 1  # labels 0 and 2
    assert table.iloc[4, 1] == 1
