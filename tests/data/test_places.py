"""FER2013 found where Kaggle and Colab mount it."""

import stat
from pathlib import Path

import pytest

from fer_nb import data
from fer_nb.data import find_fer2013, load
from fer_nb.data.faces import fingerprint
from fer_nb.errors import InputError
from fer_nb.language import EMOTIONS


@pytest.fixture
def mount(tmp_path, monkeypatch) -> Path:
    """An empty place as `/kaggle/input`, the second one that is looked into."""
    place = tmp_path / "kaggle" / "input"
    place.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(data, "PLACES", (Path("data"), place))
    return place


@pytest.mark.parametrize("shape", ["course", "kaggle", "icml", "folder", "parquet", "hf", "npz"])
def test_every_shape_is_found_below_folders_of_its_owner(mount, write, faces, shape):
    if shape == "folder":  # by its classes, of which an image folder has all
        for emotion in EMOTIONS:
            (mount / "datasets" / "somebody" / "set" / "train" / emotion.en).mkdir(parents=True)
    named = write(shape, faces, mount / "datasets" / "somebody" / "set")
    (mount / "about.csv").write_text("a,b\n1,2\n")
    (mount / "other.npz").write_bytes(b"PK\x03\x04")
    assert find_fer2013() == named


def test_nothing_is_found_where_there_is_none(mount):
    assert find_fer2013() is None
    with pytest.raises(InputError, match=r"fer2013: expected FER2013 below .*, found none there"):
        load("fer2013")


def test_the_file_with_every_rows_split_goes_before_the_same_without(mount, write, faces):
    write("course", faces, mount / "competition")
    whole = write("icml", faces, mount / "competition")
    assert find_fer2013() == whole


def test_a_data_set_that_is_called_so_goes_before_another_of_the_same_shape(mount, write, faces):
    write("kaggle", faces, mount / "a").rename(mount / "a" / "raf.csv")
    assert find_fer2013() == mount / "a" / "raf.csv"
    named = write("hf", faces, mount / "b" / "FER-2013")
    assert find_fer2013() == named


def test_the_folder_data_beside_the_notebooks_comes_first(mount, write, faces, tmp_path):
    write("kaggle", faces, mount)
    own = write("npz", faces, tmp_path / "data")
    assert find_fer2013() == own.relative_to(tmp_path)


def test_a_notebook_that_asks_for_fer2013_reads_it_from_a_read_only_mount_and_says_so(
    mount, write, faces, capsys, tmp_path
):
    named = write("kaggle", faces, mount / "fer2013")
    for path in (named, named.parent, mount):
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    before = {path: path.stat().st_mtime_ns for path in mount.rglob("*")} | {mount: mount.stat().st_mtime_ns}
    try:
        assert fingerprint(load("fer2013")) == fingerprint(faces)
        assert capsys.readouterr().out == f"data: {named}\n"
        assert {path: path.stat().st_mtime_ns for path in (mount, *mount.rglob("*"))} == before
        assert len([*(tmp_path / data.CACHE).glob("*.npz")]) == 1
    finally:
        for path in (mount, named.parent):
            path.chmod(0o755)


def test_a_file_of_that_name_beside_the_notebooks_is_read_itself(mount, write, faces, tmp_path):
    write("kaggle", faces.take(faces.usage == 0), mount)
    write("kaggle", faces, tmp_path).rename(tmp_path / "fer2013")
    assert len(load("fer2013")) == len(faces)
