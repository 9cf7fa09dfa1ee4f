import numpy as np
import pytest
from scipy.stats import t, ttest_1samp

from fer_nb.analysis.evaluation import McNemar, holm, mcnemar, paired_difference
from fer_nb.errors import InputError


def answers(text):
    return np.array([letter == "x" for letter in text])


def test_discordant_images_are_counted_in_both_directions():
    test = mcnemar(answers("xxxx..xx.."), answers("x...x.xx.."))
    assert (test.b, test.c, test.n) == (3, 1, 10)
    assert test.difference == pytest.approx(0.2)
    assert test.p_value == pytest.approx(2 * (1 + 4) / 2**4)


def test_six_discordant_images_all_one_way_are_significant_and_five_are_not():
    assert mcnemar(answers("xxxxxx"), answers("......")).p_value == pytest.approx(2 / 2**6)
    assert mcnemar(answers("....."), answers("xxxxx")).p_value == pytest.approx(2 / 2**5)


def test_the_sign_of_the_difference_is_that_of_the_first():
    assert mcnemar(answers("."), answers("x")).difference == -1


def test_no_discordant_images_have_p_one():
    same = answers("xx..")
    assert mcnemar(same, same) == McNemar(0, 0, 4, 1.0, 0.0)


def test_no_images_are_marked_as_such():
    nothing = np.zeros(0, bool)
    assert mcnemar(nothing, nothing) == McNemar(0, 0, 0, None, None)


def test_false_alarms_stay_within_the_level_when_nothing_differs():
    rng = np.random.default_rng(0)
    pairs = rng.random((600, 2, 200)) < 0.65
    alarms = np.mean([mcnemar(first, second).p_value < 0.05 for first, second in pairs])
    assert 0.015 <= alarms <= 0.065


def test_answers_to_other_images_are_refused():
    with pytest.raises(InputError, match="found correct_a 2, correct_b 1"):
        mcnemar(answers("xx"), answers("x"))


def test_holm_worked_by_hand():
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])


def test_holm_never_exceeds_one_and_keeps_one_alone():
    np.testing.assert_allclose(holm([0.9, 0.8]), [1, 1])
    np.testing.assert_allclose(holm([0.03]), [0.03])
    assert holm([]).shape == (0,)


def test_holm_refuses_nan():
    with pytest.raises(InputError, match="p-values: expected numbers 0 to 1"):
        holm([0.1, np.nan])


def test_where_all_seeds_agree_the_interval_is_that_of_the_images():
    first, second = np.stack([answers("xxx..x")] * 2), np.stack([answers("x..x.x")] * 2)
    found, of_images = paired_difference(first, second), ttest_1samp([0, 1, 1, -1, 0, 0], 0)
    assert found.by_seed == pytest.approx((1 / 6, 1 / 6))
    assert (found.low, found.high) == pytest.approx(of_images.confidence_interval())
    assert found.p_value == pytest.approx(of_images.pvalue)


def test_where_all_images_agree_the_interval_is_that_of_the_seeds():
    first, second = np.stack([answers("xxx"), answers("xxx"), answers("...")]), np.zeros((3, 3), bool)
    found, of_seeds = paired_difference(first, second), ttest_1samp([1, 1, 0], 0)
    assert (found.low, found.high) == pytest.approx(of_seeds.confidence_interval())
    assert found.p_value == pytest.approx(of_seeds.pvalue)


def test_where_both_seeds_gain_as_much_on_other_images_the_interval_is_that_of_the_answers_scatter():
    first, second = np.zeros((2, 100), bool), np.zeros((2, 100), bool)
    first[0, :2] = first[1, 2:4] = True
    found = paired_difference(first, second)
    error = np.sqrt(2 / 99 / 200)  # four images half a point off their mean in each seed, of 200 answers
    assert found.by_seed == (0.02, 0.02)
    assert found.high - found.mean == pytest.approx(error * t.ppf(0.975, 1))
    assert found.p_value == pytest.approx(2 * t.sf(0.02 / error, 1))


def test_seeds_that_differ_make_the_interval_wider_than_images_alone_do():
    rng = np.random.default_rng(0)
    second, gains = np.zeros((3, 400), bool), (0.1, 0.2, 0.6)
    first = np.stack([rng.random(400) < gain for gain in gains])
    of_images = ttest_1samp(first.mean(axis=0), 0).confidence_interval()
    found = paired_difference(first, second)
    assert found.high - found.low > 5 * (of_images.high - of_images.low)
    assert found.low < min(found.by_seed) < max(found.by_seed) < found.high


def test_other_ways_of_training_tell_how_much_seeds_matter():
    first, second = np.stack([answers("xxxx"), answers("xx..")]), np.zeros((2, 4), bool)
    alone = paired_difference(first, second)
    calm = paired_difference(first, second, accuracies=[[1, 0.5], [0, 0], [0.5, 0.5], [0.5, 0.5]])
    assert calm.mean == alone.mean == 0.75
    assert calm.high - calm.low < alone.high - alone.low


def test_with_one_seed_the_p_value_is_mcnemar_s():
    first, second = answers("xxxxxx...."), answers("..........")
    assert paired_difference(first[None], second[None]).p_value == mcnemar(first, second).p_value


def test_equal_answers_differ_by_nothing_and_answers_of_other_shapes_do_not_compare():
    same = np.stack([answers("x."), answers(".x")])
    assert paired_difference(same, same).p_value == 1
    with pytest.raises(InputError, match=r"expected one shape \(seeds, N\)"):
        paired_difference(same, same[:1])
