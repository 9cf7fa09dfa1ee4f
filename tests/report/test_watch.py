"""What a student saves is seen."""

import os

from fer_nb.report.watch import changes


def test_it_yields_at_once_and_then_only_what_changed_appeared_or_went(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("1")

    def save():
        os.utime(first, ns=(1, 1))

    def add():
        second.write_text("1")

    steps = iter([lambda: None, save, add, first.unlink])
    seen = changes(tmp_path.iterdir, sleep=lambda _: next(steps)())
    assert [next(seen) for _ in range(4)] == [[], [first], [second], [first]]


def test_what_is_saved_while_the_report_is_built_is_seen_when_it_is_done(tmp_path):
    path = tmp_path / "a"
    path.write_text("1")
    seen = changes(lambda: [path, tmp_path / "gone"], sleep=lambda _: None)
    next(seen)
    os.utime(path, ns=(1, 1))
    assert next(seen) == [path]
