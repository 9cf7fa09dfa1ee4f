import numpy as np
import pytest

from fer_nb.findings.errors.claims import CLAIMS, Claim, claim_of
from fer_nb.language import Text


def held(matrix, kind, named, place=1):
    found = claim_of(matrix, Claim("X", "key", Text("說法", "claim"), kind, named, place))
    return found["verdict"], found["measured"].en


def test_in_report_ds_own_matrix_fear_and_sad_are_not_the_hardest(report_d):
    verdict, measured = held(report_d, "hardest", ((2,), (4,)), 2)
    assert measured == (
        "recall of fear 36.6% (35.1–38.1), recall of sad 42.5% (41.1–43.9); "
        "ahead of it: recall of disgust 40.6% (36.1–45.3)"
    )
    assert verdict == "cannot be told"  # 436 images of disgust: 40.6% and 42.5% are within error
    many = report_d.copy()
    many[1] *= 100
    assert held(many, "hardest", ((2,), (4,)), 2)[0] == "not confirmed"
    assert held(many, "hardest", ((1,), (2,)), 2)[0] == "confirmed"


def test_the_largest_count_in_report_ds_matrix_is_sad_for_neutral_not_neutral_for_sad(report_d):
    verdict, measured = held(report_d, "count", ((6, 4),))
    assert (verdict, measured) == (
        "not confirmed", "neutral → sad 219 images; ahead of it: sad → neutral 1,549 images",
    )  # fmt: skip
    assert held(report_d, "count", ((4, 6),)) == ("confirmed", "sad → neutral 1,549 images")


def test_by_share_the_largest_in_report_ds_matrix_is_disgust_for_angry_but_within_error(report_d):
    assert held(report_d, "direction", ((1, 0),))[0] == "cannot be told"  # 36.2% of 436, next 32.1%
    verdict, measured = held(report_d, "direction", ((2, 4),))
    assert (verdict, measured) == (
        "not confirmed", "fear → sad 11.4% (10.5–12.4); ahead of it: disgust → angry 36.2% (31.9–40.9)",
    )  # fmt: skip


def test_one_of_many_that_is_larger_by_luck_refutes_nothing():
    matrix = np.diag([1000] * 7)
    matrix[2, 4], matrix[0, 1] = 10, 24  # p = 0.024 by itself, one of 41
    assert held(matrix, "count", ((2, 4),)) == (
        "cannot be told", "fear → sad 10 images; ahead of it: angry → disgust 24 images",
    )  # fmt: skip
    matrix[0, 1] = 40
    assert held(matrix, "count", ((2, 4),))[0] == "not confirmed"


def test_what_is_as_large_is_not_ahead():
    matrix = np.diag([1000] * 7)
    matrix[2, 4] = matrix[0, 1] = 10
    assert held(matrix, "count", ((2, 4),)) == ("cannot be told", "fear → sad 10 images")


def test_a_second_place_is_confirmed_where_one_alone_is_larger():
    matrix = np.diag([1000] * 7)
    matrix[0, 1], matrix[2, 4], matrix[5, 6] = 300, 200, 100
    assert held(matrix, "count", ((2, 4),), 2)[0] == "confirmed"
    assert held(matrix, "count", ((5, 6),), 2)[0] == "not confirmed"
    matrix[5, 6] = 190
    assert held(matrix, "count", ((2, 4),), 2)[0] == "cannot be told"


def test_two_classes_are_confused_most_by_both_directions_together(report_d):
    assert held(report_d, "mutual", ((4, 6),)) == ("confirmed", "sad ↔ neutral 1,768 images")
    verdict, measured = held(report_d, "mutual", ((2, 4),))
    assert (verdict, measured) == (
        "not confirmed", "fear ↔ sad 832 images; ahead of it: sad ↔ neutral 1,768 images",
    )  # fmt: skip


def test_happy_is_easiest_in_report_ds_matrix(report_d):
    assert held(report_d, "easiest", ((3,),)) == ("confirmed", "recall of happy 92.7% (92.0–93.2)")
    assert held(report_d, "easiest", ((5,),))[0] == "not confirmed"


@pytest.mark.parametrize("matrix", [np.zeros((7, 7), int), np.diag([3, 0, 0, 0, 0, 0, 0])])
def test_where_there_is_nothing_to_see_nothing_can_be_told(matrix):
    assert {claim_of(matrix, claim)["verdict"] for claim in CLAIMS} == {"cannot be told"}


def test_every_report_is_held_against_the_matrix(report_d):
    assert {claim_of(report_d, claim)["report"] for claim in CLAIMS} == set("ABCDE")
