"""`results.json` as a script reads it."""

import json

import pytest

from fer_nb.report.execute import Executed
from fer_nb.report.results import collect, write_json

DATA = {"source": "practice faces", "fingerprint": "ab", "counts": {"Training": 6}}


def test_results_hold_every_notebook_and_the_data_once():
    executed = [
        Executed("01_a", "ok", 1.26, {"seed": 0}, {"data": DATA, "models": {"x": {"n": 1}}}),
        Executed("02_b", "failed", 2.0, {"seed": 0}, {"data": DATA}, "KeyError: 1"),
        Executed("03_c", "skipped"),
    ]
    content = collect(executed, profile="quick")
    assert content["profile"] == "quick"
    assert content["data"] == DATA
    assert content["notebooks"] == {
        "01_a": {
            "status": "ok",
            "seconds": 1.3,
            "parameters": {"seed": 0},
            "results": {"models": {"x": {"n": 1}}},
        },
        "02_b": {
            "status": "failed",
            "seconds": 2.0,
            "parameters": {"seed": 0},
            "results": {},
            "error": "KeyError: 1",
        },
        "03_c": {"status": "skipped", "seconds": 0.0, "parameters": {}, "results": {}},
    }
    assert "numpy" in content["environment"]["packages"]


def test_another_data_set_stays_with_its_notebook_and_a_recorded_device_joins_the_environment():
    executed = [
        Executed("01_a", "ok", results={"data": DATA, "environment": {"device": "GPU"}}),
        Executed("02_b", "ok", results={"data": {"source": "other"}}),
    ]
    content = collect(executed, profile="quick")
    assert content["notebooks"]["02_b"]["results"] == {"data": {"source": "other"}}
    assert content["environment"]["device"] == "GPU"
    assert content["environment"]["python"]


def test_json_is_written_whole_and_never_with_a_nan(tmp_path):
    path = tmp_path / "results.json"
    write_json({"text": "準確率"}, path)
    assert json.loads(path.read_text(encoding="utf-8")) == {"text": "準確率"}
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"x": float("nan")}, path)
    assert json.loads(path.read_text(encoding="utf-8")) == {"text": "準確率"}
    assert [file.name for file in tmp_path.iterdir()] == ["results.json"]
