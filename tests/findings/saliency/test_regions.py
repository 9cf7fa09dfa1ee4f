import numpy as np
import pytest
import scipy.stats

from fer_nb.analysis.saliency import face_template
from fer_nb.findings.saliency.images import of_split
from fer_nb.findings.saliency.regions import VISIBLE, RegionShares, excess_of, regions_of, standing_out


def made(classes, excess, *, spread=0.01, drops=None):
    """Shares that exceed the untrained ones by `excess` (N, 7), up and down by `spread` from face to face."""
    wobble = spread * (-1.0) ** np.arange(len(classes))[:, None]
    untrained = np.full((len(classes), 7), 0.1)
    shares = untrained + np.asarray(excess) + wobble
    return RegionShares(
        np.array(classes), shares, untrained, np.zeros_like(shares) if drops is None else drops
    )


@pytest.fixture
def answers():
    """Happy (3), surprise (5) by the mouth, angry (0) by the eyes, sad (4) by nothing, disgust (1) few."""
    classes = [3] * 8 + [5] * 6 + [0] * 6 + [4] * 6 + [1] * 4
    excess = np.zeros((len(classes), 7))
    excess[:8, 3], excess[8:14, 3], excess[14:20, 1], excess[26:, 0] = 0.1, 0.2, 0.05, 0.5
    return made(classes, excess)


def test_practice_faces_know_which_parts_move_and_where_they_lie(faces):
    known = regions_of(faces, np.arange(24), split="test", seed=4)
    images = of_split(faces, "test").images
    changes = np.abs(known.ablated.astype(int) - images[:, None]).max(axis=(2, 3))
    np.testing.assert_array_equal(known.moved, changes >= VISIBLE)
    assert 0 < known.moved.mean() < 1
    assert known.true.any() and not (known.true & ~known.masks.any(axis=1)).any()


@pytest.mark.parametrize(("split", "seed"), [("test", 5), ("training", 4)])
def test_other_faces_get_the_template_and_are_blurred_there(faces, split, seed):
    known = regions_of(faces, np.arange(3), split=split, seed=seed)
    assert known.moved is None and known.true is None
    np.testing.assert_array_equal(known.masks[2], face_template())
    image = of_split(faces, split).images[0]
    mouth = face_template()[3]
    np.testing.assert_array_equal(known.ablated[0, 3][~mouth], image[~mouth])
    assert known.ablated[0, 3][mouth].std() < image[mouth].std()


def test_the_excess_has_the_interval_of_a_paired_t_test(answers):
    found = excess_of(answers, [3, 5], 3)
    differences = (answers.shares - answers.untrained)[:14, 3]
    expected = scipy.stats.ttest_1samp(differences, 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.n == 14 and found.excess == pytest.approx(differences.mean())
    assert found.share == pytest.approx(0.1 + differences.mean())


def test_classes_of_one_region_stand_together_the_largest_excess_first(answers):
    groups = standing_out(answers)
    assert [(one.region, one.labels) for one in groups] == [(3, (5, 3)), (1, (0,))]
    assert groups[0].excess > groups[1].excess


def test_an_excess_that_could_be_chance_and_a_class_of_few_faces_are_left_out(answers):
    named = {label for one in standing_out(answers) for label in one.labels}
    assert 4 not in named and 1 not in named
    noisy = made([2] * 6, np.full((6, 7), 0.01), spread=0.05)
    assert standing_out(noisy) == []
