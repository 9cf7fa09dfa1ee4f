"""No path of the author's machine in what is handed in."""

from pathlib import Path

from fer_nb.report.privacy import private_paths, without_paths

PATHS = {"/home/ann": "~", "/home/ann/project": ".", "/data/faces.csv": "faces.csv"}


def test_private_paths_are_replaced_the_longest_first():
    text = "read /data/faces.csv in /home/ann/project/runs and '/home/ann'"
    assert without_paths(text, PATHS) == "read faces.csv in ./runs and '~'"


def test_what_only_begins_like_a_private_path_is_left():
    text = "/home/anna /mnt/home/ann /home/ann-2"
    assert without_paths(text, PATHS) == text


def test_every_string_is_cleaned_but_pictures():
    value = {"text": ["/home/ann", 1, None], "image/png": "/home/ann"}
    assert without_paths(value, PATHS) == {"text": ["~", 1, None], "image/png": "/home/ann"}


def test_the_root_of_the_file_system_is_never_replaced(tmp_path):
    assert "/" not in private_paths(tmp_path, {}, tmp_path / "reports")


def test_the_folder_to_write_to_is_called_by_its_name(tmp_path):
    private = private_paths(tmp_path, {}, Path("/srv/ann/mine"))
    assert without_paths("/srv/ann/mine/notebooks/01_a.ipynb", private) == "mine/notebooks/01_a.ipynb"
