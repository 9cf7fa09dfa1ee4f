"""The time left is the estimate, as right as it was so far."""

import pytest

from fer_nb.report.time_left import UNKNOWN, Forecast, TimeLeft, duration


def time_left(slower=lambda name, printed: None):
    lines = []
    forecast = Forecast({"01_a": 10.0, "02_b": 30.0, "03_c": 5.0}, slower)
    return TimeLeft(["01_a", "02_b", "03_c"], forecast, lines.append), lines


def test_the_time_left_is_the_estimate_as_right_as_it_was_so_far():
    ahead, _ = time_left()
    ahead.start()
    assert ahead.seconds() == 45.0 and ahead.seconds(ran=4.0) == 41.0
    assert ahead.end(20.0) == pytest.approx((30 + 5) * (1 + 10 / 45))  # twice, which a 10 of 45 tells
    assert ahead.end(60.0) == pytest.approx(5 * (2 - 5 / 45 * (1 - 10 / 45)))  # twice, which 40 of 45 tell


def test_a_short_notebook_that_took_long_says_little_of_the_long_ones():
    ahead = TimeLeft(["short", "long"], Forecast({"short": 1.0, "long": 99.0}, lambda *_: None), print)
    ahead.start()
    assert ahead.end(11.0) == pytest.approx(1.1 * 99)


def test_nothing_is_left_of_what_nobody_estimated():
    ahead = TimeLeft(["01_a"], UNKNOWN, print)
    ahead.start()
    assert ahead.seconds() == 0.0 and ahead.hear("epoch 1/2") == "[1/1] 01_a: cell"


def test_the_first_epoch_mends_the_estimate_and_says_so_once():
    ahead, lines = time_left(slower=lambda name, printed: 2.0 if "epoch" in printed else None)
    ahead.start()
    ahead.hear("a table")
    assert ahead.seconds() == 45.0 and not lines
    assert ahead.hear("epoch 1").startswith("[1/3] 01_a, all done at about ")
    ahead.hear("epoch 2")
    assert ahead.seconds() == 90.0
    assert lines == ["01_a: an epoch took 2.0 times the estimate, about 90 s left"]


def test_an_epoch_about_as_long_as_estimated_is_not_worth_a_line():
    ahead, lines = time_left(slower=lambda name, printed: 1.2)
    ahead.start()
    ahead.hear("epoch 1")
    assert ahead.seconds() == 54.0 and not lines


@pytest.mark.parametrize(("seconds", "told"), [(40.4, "40 s"), (720, "12 min"), (12600, "3.5 h")])
def test_a_duration_is_told_as_a_person_says_it(seconds, told):
    assert duration(seconds) == told
