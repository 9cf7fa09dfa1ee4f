"""What the notebooks may be told, and what is refused before anything runs."""

import os

import pytest

from fer_nb.errors import InputError
from fer_nb.report import parameters


def test_a_notebook_declares_the_literals_of_its_parameters_cell(write_notebook):
    lines = [
        'data = "practice"  # a path, or practice=embedded',
        "share = -0.1",
        'names = [\n  "a",  # first\n]',
        "split: int = 3",
    ]
    cell = "\n".join(lines)
    path = write_notebook("01_a", ("", "ignored = 1"), ("parameters", cell))
    expected = {"data": "practice", "share": -0.1, "names": ["a"], "split": 3}
    assert parameters.declared(path) == expected


def test_a_notebook_without_such_a_cell_declares_none(write_notebook):
    assert parameters.declared(write_notebook("01_a", ("", "x = 1"))) == {}


def test_a_parameter_that_is_no_literal_is_refused(write_notebook):
    path = write_notebook("01_a", ("parameters", "epochs = 2 * 3"))
    with pytest.raises(InputError, match=r"01_a\.ipynb: expected a literal for parameter 'epochs'"):
        parameters.declared(path)


def test_parameters_that_are_no_python_are_refused_with_their_line(write_notebook):
    path = write_notebook("01_a", ("parameters", "seed = 0\nepochs = = 2"))
    with pytest.raises(
        InputError, match=r"01_a\.ipynb: line 2 of the parameters: expected Python, found inv"
    ):
        parameters.declared(path)


@pytest.mark.parametrize(
    "content", ["not json", "{}", "[]", '{"cells": [{}], "metadata": {}, "nbformat": 4}']
)
def test_a_file_that_is_no_notebook_is_refused(tmp_path, content):
    path = tmp_path / "01_a.ipynb"
    path.write_text(content)
    with pytest.raises(InputError, match=r"01_a\.ipynb: expected a notebook"):
        parameters.declared(path)


def test_each_notebook_gets_only_what_it_declares_and_shared_names_go_to_all():
    notebooks = {"01_a": {"seed": 0, "epochs": 1}, "02_b": {"seed": 0, "width": 1.0}}
    chosen = parameters.choose(notebooks, [("quick.yaml", {"seed": 7, "epochs": 3, "width": 2})])
    assert chosen == {"01_a": {"seed": 7, "epochs": 3}, "02_b": {"seed": 7, "width": 2.0}}
    assert type(chosen["02_b"]["width"]) is float


def test_a_later_source_overrides_an_earlier_one():
    chosen = parameters.choose({"01_a": {"seed": 0}}, [("quick.yaml", {"seed": 1}), ("--set", {"seed": 2})])
    assert chosen == {"01_a": {"seed": 2}}


def test_a_key_that_no_notebook_declares_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match=r"quick.yaml: unknown parameter 'epoch': did you mean 'epochs'\?"):
        parameters.choose({"01_a": {"epochs": 1}}, [("quick.yaml", {"epoch": 2})])


@pytest.mark.parametrize(
    ("default", "value", "message"),
    [
        (1, 1.5, "expected a whole number, found a number 1.5"),
        (1, True, "expected a whole number, found true or false True"),
        (True, 1, "expected true or false, found a whole number 1"),
        (0.5, "1e-3", r"expected a number, found text '1e-3' \(YAML reads this as text; write 0.001\)"),
        (0.5, True, "expected a number, found true or false"),
        (0.5, float("nan"), "expected a finite number, found nan"),
        ("a", 1, "expected text, found a whole number 1"),
        (["a"], "a", "expected a list, found text 'a'"),
        (["a"], ["b", 3], r"key\[1\]: expected text, found a whole number 3"),
        ([0.1], [1, "x"], r"key\[1\]: expected a number, found text 'x'"),
        (1, None, "expected a whole number, found NoneType None"),
    ],
)
def test_a_value_of_another_type_is_refused_with_file_and_key(default, value, message):
    with pytest.raises(InputError, match=r"quick.yaml: key(\[1\])?: " + message.removeprefix(r"key\[1\]: ")):
        parameters.choose({"01_a": {"key": default}}, [("quick.yaml", {"key": value})])


@pytest.mark.parametrize(
    ("default", "value", "fitted"),
    [
        (0.5, 2, 2.0),
        ([0.1], [1, 0.5], [1.0, 0.5]),
        ([], [1, "a"], [1, "a"]),
        (None, "any", "any"),
        (["a"], [], []),
    ],
)
def test_a_value_that_fits_is_taken(default, value, fitted):
    assert parameters.fitted(value, default, where="") == fitted


def test_a_profile_is_flat_yaml(tmp_path):
    path = tmp_path / "quick.yaml"
    path.write_text("# quick\nseed: 1\nnames: [a, b]\n")
    assert parameters.read_yaml(path, "a profile") == {"seed": 1, "names": ["a", "b"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [("- a\n", "expected lines of `key: value`, found list"), ("a: [1\n", "expected YAML"),
     ("a: 1\nb: 2\na: 3\n", "expected each key once, found 'a' 2 times")],
)  # fmt: skip
def test_a_profile_of_another_shape_is_refused(tmp_path, text, message):
    path = tmp_path / "quick.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=f"quick.yaml: {message}"):
        parameters.read_yaml(path, "a profile")


def test_a_missing_profile_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"none\.yaml: expected a profile, found No such file"):
        parameters.read_yaml(tmp_path / "none.yaml", "a profile")


def test_settings_are_read_as_yaml():
    settings = ["seed=3", "name=a=b", "list=[1, 2]", "on=true", "path=C:/x"]
    read = {"seed": 3, "name": "a=b", "list": [1, 2], "on": True, "path": "C:/x"}
    assert parameters.read_settings(settings) == read


@pytest.mark.parametrize("setting", ["seed", "=3", "a=[1"])
def test_a_setting_of_another_shape_is_refused(setting):
    with pytest.raises(InputError, match="--set"):
        parameters.read_settings([setting])


def test_a_data_path_becomes_absolute_and_is_shown_as_it_was_given(tmp_path):
    (tmp_path / "faces.csv").touch()
    chosen = {"01_a": {"data": "faces.csv"}, "02_b": {"data": "practice:60"}, "03_c": {}}
    shown = parameters.absolute_paths(chosen, tmp_path)
    absolute = str((tmp_path / "faces.csv").resolve())
    assert chosen == {"01_a": {"data": absolute}, "02_b": {"data": "practice:60"}, "03_c": {}}
    assert shown == {absolute: "faces.csv"}


def test_an_absolute_paths_path_is_shown_by_its_last_part(tmp_path):
    (tmp_path / "faces.csv").touch()
    chosen = {"01_a": {"data": str(tmp_path / "faces.csv")}}
    assert list(parameters.absolute_paths(chosen, tmp_path).values()) == ["faces.csv"]


def test_files_of_networks_become_absolute_and_names_of_networks_stay(tmp_path):
    (tmp_path / "theirs.keras").touch()
    (tmp_path / "practice_cnn").mkdir()
    chosen = {"01_a": {"cnn_members": ["practice_cnn", "theirs.keras"], "matrix_model": "", "x_model": "a"}}
    shown = parameters.absolute_paths(chosen, tmp_path)
    absolute = str((tmp_path / "theirs.keras").resolve())
    members = ["practice_cnn", absolute]
    assert chosen == {"01_a": {"cnn_members": members, "matrix_model": "", "x_model": "a"}}
    assert shown == {absolute: "theirs.keras"}


def test_a_data_path_that_is_no_utf_8_is_refused(tmp_path):
    path = os.fsdecode(b"b\xff.csv")
    (tmp_path / path).touch()
    with pytest.raises(InputError, match=r"csv: expected a path in UTF-8, found other bytes"):
        parameters.absolute_paths({"01_a": {"data": path}}, tmp_path)


def test_a_data_path_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"none\.csv: expected a file or folder with faces"):
        parameters.absolute_paths({"01_a": {"data": "none.csv"}}, tmp_path)
