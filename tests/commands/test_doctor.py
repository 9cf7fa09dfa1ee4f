"""`python -m fer_nb doctor`: what is there, and what to do where something is missing."""

import json
from importlib import metadata

import pytest

from fer_nb.commands import doctor
from fer_nb.report import fonts


@pytest.fixture
def told(run):
    """What doctor says: what was looked at -> (found, what to do)."""

    def told():
        result = run("doctor", "--json")
        assert result.exit_code == 0, result.output
        return {one["what"]: (one["found"], one["do"]) for one in json.loads(result.stdout)}

    return told


def test_each_thing_is_told_and_where_it_is_missing_what_to_do(run, told, monkeypatch, tmp_path):
    monkeypatch.setattr("fer_nb.report.profile.has_gpu", lambda kernel: True)
    for folder in ("one-0123", "two-0123.partial", ".three.removed"):
        (tmp_path / "runs" / folder).mkdir(parents=True)
    (tmp_path / "runs" / "one-0123" / "run.json").write_bytes(b"x" * 3_000_000)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "faces.csv").write_text("emotion,pixels,Usage\n")
    found = told()
    assert list(found) == ["versions", "packages", "GPU", "fonts", "notebooks", "data", "runs", "disk"]
    assert "tensorflow " in found["versions"][0]
    assert found["GPU"] == ("one that networks train on", "")
    assert found["fonts"] == ("Noto Sans CJK TC, 2 weights", "")
    assert found["data"] == ("FER2013 in data/faces.csv, as kaggle", "")
    begun = "the command that began a training goes on with it"
    assert found["runs"] == ("1 trained and 1 begun in runs, 3 MB", begun)
    lines = run("doctor").stdout.splitlines()
    assert "data      FER2013 in data/faces.csv, as kaggle" in lines
    assert f"        > {begun}" in lines


def test_a_machine_that_lacks_everything_is_told_what_to_do_about_each(told, monkeypatch, tmp_path):
    there = [one for one in metadata.distributions() if one.name not in ("typst", "papermill")]
    (tmp_path / "x-1.0.dist-info").mkdir()
    there.append(metadata.Distribution.at(tmp_path / "x-1.0.dist-info"))
    monkeypatch.setattr(metadata, "distributions", lambda: there)
    monkeypatch.setattr("fer_nb.report.profile.shutil.which", lambda program: None)
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    monkeypatch.setattr("fer_nb.report.project._PACKAGE", doctor.Path("nowhere"))
    monkeypatch.setattr("fer_nb.data.PLACES", ())
    monkeypatch.setattr(doctor, "LITTLE", 1e18)
    found = told()
    assert all(found[what][1] for what in found if what not in ("versions", "runs"))
    assert found["packages"][1] == "pip install 'papermill>=2.6' 'typst>=0.13'"
    assert found["notebooks"] == ("none here", "python -m fer_nb start")
    assert found["fonts"][1] == "pip install cvttf-notosanscjk-regular cvttf-notosanscjk-bold"
    assert found["runs"] == ("0 trained and 0 begun in runs, 0 MB", "")
