import pytest

from fer_nb.analysis.evaluation import epochs_to_reach, overfitting

# Eight epochs, as a student would draw them: both rise together, or one leaves the other behind.
TOGETHER = [0.30, 0.45, 0.55, 0.62, 0.67, 0.70, 0.72, 0.74]
TO_THE_TOP = [0.30, 0.50, 0.65, 0.75, 0.85, 0.92, 0.96, 0.98]
FLAT = [0.30, 0.45, 0.50, 0.52, 0.52, 0.52, 0.52, 0.52]


@pytest.mark.parametrize(
    ("training", "validation", "overfits"),
    [
        (TO_THE_TOP, FLAT, True),
        (TO_THE_TOP, [*FLAT[:4], 0.50, 0.46, 0.42, 0.38], True),
        (TO_THE_TOP, TO_THE_TOP, False),
        (TOGETHER, [share - 0.03 for share in TOGETHER], False),
        (TOGETHER, [share + 0.05 for share in TOGETHER], False),
        (TOGETHER, [*TOGETHER[:6], 0.60, 0.74], False),
        (TO_THE_TOP, [*FLAT[:6], 0.95, 0.97], False),
    ],
    ids=["plateau", "falls", "equal", "close behind", "ahead", "one bad epoch", "catches up"],
)
def test_a_network_overfits_where_training_leaves_validation_behind(training, validation, overfits):
    found = overfitting(training, validation, images=1000)
    assert found.found == found.lasting == overfits


def test_a_gap_that_was_there_from_the_start_and_does_not_grow_is_no_overfitting():
    found = overfitting(TOGETHER, [share - 0.15 for share in TOGETHER], images=1000)
    assert (found.found, found.lasting) == (False, True)
    assert found.gap == pytest.approx(found.first_gap) == pytest.approx(0.15)


def test_a_gap_within_the_luck_of_few_images_is_no_overfitting():
    behind = [share - 0.01 * epoch for epoch, share in enumerate(TOGETHER, start=1)]
    assert overfitting(TOGETHER, behind, images=10_000).found
    few = overfitting(TOGETHER, behind, images=100)
    assert not few.found
    # Means of the last two of eight epochs: 0.73 and 0.655.
    assert few.limit == pytest.approx(1.96 * ((0.73 * 0.27 + 0.655 * 0.345) / 100) ** 0.5)


def test_the_ends_are_means_of_a_quarter_of_the_epochs_and_one_epoch_tells_no_growth():
    found = overfitting(TO_THE_TOP, FLAT, images=1000)
    assert (found.training, found.validation) == pytest.approx((0.97, 0.52))
    assert found.first_gap == pytest.approx(0.025)
    assert not overfitting([0.9], [0.3], images=1000).found


def test_the_level_is_reached_in_the_first_epoch_at_or_below_it():
    assert epochs_to_reach([2.0, 1.5, 1.0, 1.2], 1.5) == 2
    assert epochs_to_reach([2.0, 1.5], 3) == 1


def test_a_level_never_reached_is_none():
    assert epochs_to_reach([2.0, 1.5], 1.0) is None
