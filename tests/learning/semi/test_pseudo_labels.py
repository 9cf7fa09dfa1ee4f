import numpy as np
import pytest

from fer_nb.errors import InputError
from fer_nb.learning.recipes import get_recipe
from fer_nb.learning.semi.protocols import PROTOCOLS, get_protocol
from fer_nb.learning.semi.pseudo_labels import above_threshold, class_balanced_selection, pseudo_labelled

THREE = np.array([[0.5, 0.3, 0.2], [0.9, 0.05, 0.05], [0.25, 0.75, 0.0], [0.1, 0.2, 0.7]])


def test_report_b_keeps_what_lies_above_and_report_c_what_is_at_least_the_threshold():
    assert above_threshold(THREE, 0.75, inclusive=False).tolist() == [False, True, False, False]
    assert above_threshold(THREE, 0.75, inclusive=True).tolist() == [False, True, True, False]
    assert (get_protocol("report_b").threshold, get_protocol("report_b").inclusive) == (0.9, False)
    assert (get_protocol("report_c").threshold, get_protocol("report_c").inclusive) == (0.5, True)


def test_the_surest_part_of_every_class_is_kept_however_unsure():
    assert class_balanced_selection(THREE, 0.5).tolist() == [False, True, True, True]
    assert class_balanced_selection(THREE, 1.0).all()
    even = np.tile([0.2, 0.8], (10, 1))
    assert class_balanced_selection(even, 0.3).tolist() == [True] * 3 + [False] * 7


@pytest.mark.parametrize("share", [0.07, 0.14, 0.28, 0.55])
def test_a_share_of_a_hundred_images_is_that_many(share):
    assert class_balanced_selection(np.tile([0.2, 0.8], (100, 1)), share).sum() == round(100 * share)


def test_pseudo_labelled_faces_are_training_rows_with_the_likeliest_class_and_their_old_ids(sorted_faces):
    pool = sorted_faces.of("unlabelled")
    shares = np.eye(7)[[3, 1, 4, 1, 5]]
    made = pseudo_labelled(pool, shares, np.array([True, False, True, False, True]))
    assert (made.labels.tolist(), made.ids.tolist()) == ([3, 4, 5], [0, 2, 4])
    assert made.counts() == {"Training": 3, "PublicTest": 0, "PrivateTest": 0, "unlabelled": 0}
    np.testing.assert_array_equal(made.images, pool.images[[0, 2, 4]])


def test_an_unknown_protocol_is_told_with_the_nearest_name():
    with pytest.raises(InputError, match="unknown protocol 'report_d': did you mean"):
        get_protocol("report_d")


def test_any_protocol_can_be_transductive_by_name():
    protocol = get_protocol("report_c+transductive")
    assert (protocol.name, protocol.transductive) == ("report_c+transductive", True)
    assert not get_protocol("report_c").transductive


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hidden": 1.5}, "protocol 'report_b': hidden: expected a number from 0.001 to 0.999, found 1.5"),
        ({"threshold": 1.5}, "threshold: expected a number from 0 to 1"),
        ({"epochs": -1}, "epochs: expected a whole number from 1"),
        ({"more_epochs": -1}, "more_epochs: expected a whole number from 0"),
    ],
)
def test_a_setting_out_of_its_range_is_refused(changes, message):
    with pytest.raises(InputError, match=message):
        get_protocol("report_b").replace(**changes)


def test_what_a_protocol_does_not_have_stays_out_of_it():
    asked = {"epochs": 3, "more_epochs": 2, "unlabelled_ratio": 4, "threshold": None}
    b, c, fixmatch = (get_protocol(name).replace(**asked) for name in ("report_b", "report_c", "fixmatch"))
    assert (b.epochs, b.more_epochs, b.unlabelled_ratio, b.threshold) == (3, 2, 0, 0.9)
    assert (c.more_epochs, c.unlabelled_ratio) == (0, 0)
    assert (fixmatch.more_epochs, fixmatch.unlabelled_ratio) == (0, 4)


def test_the_last_epoch_counts_in_every_arm():
    recipe = get_protocol("report_b").supervised(get_recipe("compact_cnn"))
    assert (recipe.selection, recipe.early_stopping, recipe.epochs) == ("last", 0, 40)


@pytest.mark.parametrize(
    ("name", "epochs", "images"),
    [
        ("report_b", [40, 10, 10], [800, 800, 1000]),
        ("report_c", [20, 20, 20], [500, 1000, 1000]),
        ("iterated", [20] * 5, [200] + [1000] * 4),
        ("fixmatch", [20, 20], [200, 200 * 15]),
    ],
)
def test_the_plan_counts_every_training_of_a_protocol(name, epochs, images):
    count = 1200 if name == "report_b" else 1250
    recipe = get_recipe("practice_cnn").replace(validation=0.2)
    planned = list(PROTOCOLS[name].planned(recipe, count))
    assert [recipe.epochs for _, recipe, _, _ in planned] == epochs
    assert [seen for _, _, seen, _ in planned] == images
    arms = [arm for arm, *_ in planned]
    assert all(not before or before in arms[:i] for i, (*_, before) in enumerate(planned))
