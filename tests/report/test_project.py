"""Which notebooks and which profile are meant."""

from pathlib import Path

import pytest

from fer_nb.errors import InputError
from fer_nb.report import project
from fer_nb.report.build import estimate_line

NOTEBOOKS = [Path(f"notebooks/{name}.ipynb") for name in ("01_cnn", "04_confusion_matrix", "05_saliency")]


@pytest.mark.parametrize(
    ("only", "selected"),
    [
        ([], ["01_cnn", "04_confusion_matrix", "05_saliency"]),
        (["04"], ["04_confusion_matrix"]),
        (["4", "01_cnn"], ["01_cnn", "04_confusion_matrix"]),
        (["05_saliency.ipynb", "05"], ["05_saliency"]),
    ],
)
def test_notebooks_are_selected_by_number_or_name_in_their_own_order(only, selected):
    assert [path.stem for path in project.select(NOTEBOOKS, only)] == selected


def test_an_unknown_notebook_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match=r"unknown notebook '05_salency': did you mean '05_saliency'\?"):
        project.select(NOTEBOOKS, ["05_salency"])


def test_a_profile_is_a_name_or_a_file(tmp_path):
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "quick.yaml").touch()
    (tmp_path / "params" / "student.yaml").touch()
    assert project.find_profile("quick", tmp_path) == tmp_path / "params" / "quick.yaml"
    assert project.find_profile("my/own.yaml", tmp_path) == Path("my/own.yaml")
    for name in ("quik", "student"):
        with pytest.raises(InputError, match=f"unknown profile '{name}': .*'?quick"):
            project.find_profile(name, tmp_path)


def test_the_current_folder_comes_before_the_one_beside_the_package(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01_a.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    assert project.find_root() != tmp_path  # the folder of a report has no profiles
    (tmp_path / "params").mkdir()
    assert project.find_root() == tmp_path


def test_a_path_is_named_as_a_person_types_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert project.named(tmp_path / "reports" / "report.html") == str(Path("reports/report.html"))
    assert project.named(tmp_path.parent) == str(tmp_path.parent.resolve())


def test_an_estimate_tells_the_whole_run_first():
    assert (
        estimate_line({"01_a": 60, "02_b": 120})
        == "estimated time: 3 min with the machine as busy as now (01_a 60 s, 02_b 2 min)"
    )
