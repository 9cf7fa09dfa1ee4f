import numpy as np
import pytest

from fer_nb.findings.errors.claims import CLAIMS, Claim, claims_sentence, claims_table, hold_against
from fer_nb.language import Text

ANY = Text("說法", "claim")


def verdict(matrix, kind, classes, place=1):
    return hold_against(matrix, [Claim("X", ANY, kind, classes, place)])[0]


def test_in_report_ds_own_matrix_fear_and_disgust_are_hardest_not_fear_and_sad(report_d):
    found = verdict(report_d, "hardest", (2, 4))
    assert not found.agrees
    assert found.found.en == "lowest recall: fear 36.6%, disgust 40.6%"
    assert verdict(report_d, "hardest", (1, 2)).agrees


def test_the_largest_count_in_report_ds_matrix_is_sad_for_neutral_not_neutral_for_sad(report_d):
    found = verdict(report_d, "count", (6, 4))
    assert not found.agrees
    assert found.found.en == "neutral → sad 219; number 1 is sad → neutral 1,549"
    assert verdict(report_d, "count", (4, 6)).agrees


def test_by_share_the_largest_in_report_ds_matrix_is_disgust_for_angry(report_d):
    assert verdict(report_d, "direction", (1, 0)).agrees
    found = verdict(report_d, "direction", (2, 4))
    assert found.found.en == "fear → sad 11.4%; number 1 is disgust → angry 36.2%"


def test_the_pair_confused_most_both_ways_is_named_where_the_claim_is_another(report_d):
    found = verdict(report_d, "mutual", (2, 4))
    assert not found.agrees
    assert found.found.en == "most: sad/neutral, 1549 + 219; fear/sad: 832"
    assert verdict(report_d, "mutual", (6, 4)).agrees


def test_happy_is_easiest_in_report_ds_matrix(report_d):
    assert verdict(report_d, "easiest", (3,)).agrees
    assert not verdict(report_d, "easiest", (5,)).agrees


def test_a_pair_that_never_occurs_does_not_agree():
    matrix = np.diag([5] * 7)
    matrix[0, 1] = 1
    assert not verdict(matrix, "count", (2, 4), place=2).agrees


@pytest.mark.parametrize("matrix", [np.zeros((7, 7), int), np.diag([3, 0, 0, 0, 0, 0, 0]), np.diag([3] * 7)])
def test_where_there_is_nothing_to_see_no_claim_is_judged(matrix):
    verdicts = hold_against(matrix)
    assert {found.agrees for found in verdicts} == {None}
    assert str(claims_table(verdicts).iloc[0, 3]) == "無資料 no data"
    assert claims_sentence(verdicts).en == "This matrix can check none of the reports' claims."


def test_a_table_has_a_row_a_claim_of_each_report(report_d):
    table = claims_table(hold_against(report_d))
    assert list(table.iloc[:, 0]) == [claim.report for claim in CLAIMS]
    assert set(table.iloc[:, 0]) == set("ABCDE")


def test_the_sentence_counts_what_agrees_and_says_what_is_hardest(report_d):
    sentence = claims_sentence(hold_against(report_d))
    agreeing = sum(bool(found.agrees) for found in hold_against(report_d))
    assert f"agrees with {agreeing} of 8 claims" in sentence.en
    assert "報告 B、D 認為恐懼與難過最難" in sentence.zh
