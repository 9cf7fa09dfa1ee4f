"""`python -m fer_nb start`, as one calls it where there is no checkout."""

from pathlib import Path

import pytest

from fer_nb.report import project

ROOT = Path(__file__).parents[2]


def test_notebooks_profiles_and_the_students_file_are_laid_out_and_found(run, tmp_path):
    result = run("start", "homework")
    assert result.exit_code == 0, result.output
    laid = {path.relative_to(tmp_path / "homework") for path in (tmp_path / "homework").rglob("*.*")}
    shipped = [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "params").glob("*.yaml")]
    assert laid == {path.relative_to(ROOT) for path in shipped}
    assert {Path("notebooks/01_cnn.ipynb"), Path("params/laptop.yaml"), Path("params/student.yaml")} <= laid
    assert f"laid out in {tmp_path / 'homework'}: {len(shipped)} files" in result.stdout


def test_what_is_there_is_left_as_it_is_and_named(run, tmp_path):
    mine = tmp_path / "params" / "student.yaml"
    mine.parent.mkdir()
    mine.write_text("mine", encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "05_saliency.ipynb").symlink_to("gone")
    result = run("start")
    assert mine.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "gone").exists()
    named = "left alone, for they were there: notebooks/05_saliency.ipynb, params/student.yaml\n"
    assert named in result.stdout
    assert (tmp_path / "notebooks" / "01_cnn.ipynb").is_file()


@pytest.mark.parametrize("place", ["there", "there/below", "half"])
def test_a_place_that_is_no_folder_gets_one_line_and_nothing_is_written(run, tmp_path, place):
    (tmp_path / "there").write_text("x")
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "params").write_text("x")
    before = sorted(tmp_path.rglob("*"))
    result = run("start", place)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_without_a_checkout_they_come_out_of_the_wheel(run, tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "fer_nb"
    (package / "project" / "notebooks").mkdir(parents=True)
    (package / "project" / "params").mkdir()
    (package / "project" / "notebooks" / "01_a.ipynb").write_text("a")
    (package / "project" / "params" / "student.yaml").write_text("b")
    monkeypatch.setattr(project, "_PACKAGE", package)
    assert run("report").stderr.endswith("`python -m fer_nb start` lays them out\n")
    assert "2 files" in run("start").stdout
    assert (tmp_path / "notebooks" / "01_a.ipynb").read_text() == "a"
    assert (tmp_path / "params" / "student.yaml").read_text() == "b"
