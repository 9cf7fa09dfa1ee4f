from fer_nb.findings.errors import examples


def test_the_worst_pair_is_shown_in_both_directions_with_right_answers_beside_the_first(make_answers):
    answers = make_answers((2, 4), (2, 4), (4, 2), (4, 4), (2, 2), (3, 3))
    groups = examples.worst_pair(answers, count=1)
    assert [rows.tolist() for rows in groups.values()] == [[0], [3], [2]]
    assert [title.en for title in groups] == [
        "fear taken for sad",
        "correctly classified sad most like these",
        "sad taken for fear",
    ]
    assert examples.groups_alt(groups).en.startswith("Fear taken for sad, 1 face; ")


def test_what_has_no_image_is_left_out_and_without_errors_there_is_nothing(make_answers):
    groups = examples.worst_pair(make_answers((2, 4), (3, 3)), count=3)
    assert [rows.tolist() for rows in groups.values()] == [[0]]
    assert examples.worst_pair(make_answers((2, 2)), count=3) == {}
