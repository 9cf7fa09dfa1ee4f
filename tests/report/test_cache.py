"""Nothing runs twice that would put out the same, and nothing stays that would put out something else."""

import json
import os

import nbformat
import pytest
from nbformat import v4

from fer_nb.report import cache
from fer_nb.report.cache import execution_key, kept, named_files

CELLS = (("lang-zh", "# 題"), ("parameters", "seed = 0"), ("", "import fer_nb.language\nprint(seed)"))


@pytest.fixture
def key(tmp_path):
    def key(path, kernel="python3", **parameters):
        return execution_key(path, parameters, root=tmp_path, kernel=kernel)

    return key


def test_what_decides_the_output_changes_the_key_and_nothing_else_does(write_notebook, key, monkeypatch):
    path = write_notebook("01_a", *CELLS)
    before = key(path, seed=0)
    assert key(write_notebook("01_a", ("lang-zh", "# 別的題目"), *CELLS[1:]), seed=0) == before
    assert key(write_notebook("01_a", *CELLS[:2], ("main", CELLS[2][1])), seed=0) == before
    assert key(path, seed=1) != before
    assert key(write_notebook("01_a", *CELLS[:2], ("", "print(1)")), seed=0) != before
    assert key(write_notebook("01_a", *CELLS[:2], ("lab-only", CELLS[2][1])), seed=0) != before
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert key(path, seed=0) != before


def test_another_version_of_a_package_or_of_the_library_changes_the_key(
    write_notebook, key, monkeypatch, tmp_path
):
    path = write_notebook("01_a", *CELLS)
    before = key(path)
    monkeypatch.setattr(
        cache, "environment", lambda: {"python": "3", "system": "x", "packages": {"keras": "9"}}
    )
    other_version = key(path)
    assert other_version != before
    monkeypatch.setattr(cache, "PACKAGE", tmp_path / "another")
    assert key(path) != other_version


def test_a_file_that_a_parameter_names_counts_with_its_size_and_time(write_notebook, key, tmp_path):
    path, data = write_notebook("01_a", *CELLS), tmp_path / "faces.csv"
    data.write_text("a")
    before = key(path, data="faces.csv")
    assert key(path, data="faces.csv") == before
    os.utime(data, ns=(1, 1))
    assert key(path, data="faces.csv") != before


def test_a_file_changed_with_its_size_and_time_kept_counts_as_another(write_notebook, key, tmp_path):
    path, data = write_notebook("01_a", *CELLS), tmp_path / "faces.csv"
    data.write_text("a")
    before, times = key(path, data="faces.csv"), data.stat()
    data.write_text("b")
    os.utime(data, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert key(path, data="faces.csv") != before


def test_another_installation_behind_the_name_of_a_kernel_changes_the_key(
    write_notebook, key, tmp_path, monkeypatch
):
    path, spec = write_notebook("01_a", *CELLS), tmp_path / "kernels" / "own" / "kernel.json"
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    spec.parent.mkdir(parents=True)

    def own(python):
        spec.write_text(json.dumps({"argv": [python], "display_name": "own", "language": "python"}))
        return key(path, kernel="own")

    assert own("python3") == own("python3") != own("other/python3")
    assert own("python3") != key(path)


@pytest.mark.parametrize(
    "changed", ["own_networks.py", "notebooks/blocks.py", "linked/train/a.png", "a.keras"]
)
def test_what_a_notebook_reads_by_way_of_something_else_counts(write_notebook, key, tmp_path, changed):
    path, file = write_notebook("01_a", *CELLS), tmp_path / changed
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "train").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "list.txt").write_text("# mine\n1.0 a.keras # the first\n")
    file.write_text("a")
    before = key(path, data="linked", cnn_members=["list.txt"])
    os.utime(file, ns=(1, 1))
    assert key(path, data="linked", cnn_members=["list.txt"]) != before


def test_folders_that_notebooks_write_to_are_no_input(tmp_path):
    for name in ("runs", "faces"):
        (tmp_path / name).mkdir()
    parameters = {"runs_folder": "runs", "data": "faces", "names": ["faces", "x" * 999], "empty": "", "n": 1}
    assert list(named_files(parameters, tmp_path)) == [tmp_path / "faces"] * 2


@pytest.fixture
def before(tmp_path):
    """Writes what a notebook put out before, with a cell that papermill put in."""

    def write(status="ok", key="k"):
        cells = [
            v4.new_markdown_cell("# 舊"),
            v4.new_code_cell("seed = 0", metadata={"tags": ["parameters"]}, execution_count=1),
            v4.new_code_cell("seed = 7", metadata={"tags": ["injected-parameters"]}, execution_count=2),
            v4.new_code_cell("print(seed)", outputs=[v4.new_output("stream", text="7\n")], execution_count=3),
        ]
        notebook = v4.new_notebook(
            cells=cells, metadata={"fer_nb": {"status": status, "key": key}, "papermill": {}}
        )
        nbformat.write(notebook, tmp_path / "ran.ipynb")
        return tmp_path / "ran.ipynb"

    return write


def test_an_unchanged_notebook_keeps_its_outputs_and_takes_its_present_texts_and_tags(write_notebook, before):
    now = write_notebook(
        "01_a", ("lang-zh", "# 新"), ("parameters", "seed = 0"), ("lang-en", "New."), ("main", "print(seed)")
    )
    found = kept(before(), now, "k", {})
    assert [cell.source for cell in found.cells] == ["# 新", "seed = 0", "New.", "seed = 7", "print(seed)"]
    assert found.cells[-1].outputs[0].text == "7\n"
    assert found.cells[-1].metadata["tags"] == ["main"]


@pytest.mark.parametrize(("status", "key"), [("failed", "k"), ("ok", "other")])
def test_a_notebook_that_failed_or_has_changed_runs_again(write_notebook, before, status, key):
    now = write_notebook("01_a", ("parameters", "seed = 0"), ("", "print(seed)"))
    assert kept(before(status, key), now, "k", {}) is None


@pytest.mark.parametrize("cells", [CELLS, (CELLS[1],), (*CELLS, ("", "print(2)"))])
def test_a_notebook_whose_executed_copy_has_other_code_runs_again(write_notebook, before, cells):
    assert kept(before(), write_notebook("01_a", *cells), "k", {}) is None


def test_code_with_a_private_path_is_that_of_its_executed_copy_without(write_notebook, before):
    now = write_notebook("01_a", ("parameters", "seed = 0"), ("", "print(/home/ann)"))
    assert kept(before(), now, "k", {"/home/ann": "seed"}) is not None


@pytest.mark.parametrize("content", [None, "{", "{}"])
def test_a_notebook_that_never_ran_or_was_broken_runs(write_notebook, tmp_path, content):
    if content is not None:
        (tmp_path / "ran.ipynb").write_text(content)
    assert kept(tmp_path / "ran.ipynb", write_notebook("01_a", *CELLS), "k", {}) is None
