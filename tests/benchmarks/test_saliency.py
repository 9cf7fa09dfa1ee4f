import json

from click.testing import CliRunner

from benchmarks import saliency


def test_every_method_is_timed_and_the_loop_taken_for_all_pixels(monkeypatch):
    monkeypatch.setattr(saliency, "LOOPED", 1)
    asked = ["practice_cnn", "--images", "2", "--fewer", "1", "--json"]
    seconds = json.loads(CliRunner().invoke(saliency.saliency, asked, catch_exceptions=False).stdout)
    assert len(seconds) == 6 and min(seconds.values()) > 0
    assert seconds["perturbation, 1, a loop of predict"] > seconds["perturbation, 1"]
