"""The header that the course asks for."""

import re
from pathlib import Path

import pytest

from fer_nb.errors import InputError
from fer_nb.report.student import read_student

NOTEBOOKS = [Path(f"{name}.ipynb") for name in ("01_cnn", "02_dnn", "04_matrix", "05_saliency")]
GOOD = "student_id: 0123\ndepartment: {zh: 電機, en: EE}\nname: 王小明\n"


def test_values_are_taken_as_they_are_written(tmp_path):
    path = tmp_path / "student.yaml"
    path.write_text(GOOD + "collaborators:\n- 陳小華\n- {zh: 林, en: Lin}\n", encoding="utf-8")
    student = read_student(path, NOTEBOOKS)
    assert student.student_id == {"zh": "0123", "en": "0123"}
    assert student.department == {"zh": "電機", "en": "EE"}
    assert student.collaborators == [{"zh": "陳小華", "en": "陳小華"}, {"zh": "林", "en": "Lin"}]


def test_the_file_in_the_project_is_a_placeholder():
    student = read_student(Path(__file__).parents[2] / "params" / "student.yaml", NOTEBOOKS)
    assert student.name == {"zh": "（請填姓名）", "en": "(name)"}
    assert student.collaborators == []


def test_all_examples_of_the_file_work_together_when_their_hash_is_taken_away(tmp_path):
    shipped = (Path(__file__).parents[2] / "params" / "student.yaml").read_text(encoding="utf-8")
    path = tmp_path / "student.yaml"
    path.write_text(re.sub("^#(?=  )", "", shipped, flags=re.MULTILINE), encoding="utf-8")
    student = read_student(path, NOTEBOOKS)
    assert [other["zh"] for other in student.collaborators] == ["陳小華", "林大文"]
    assert set(student.remarks) == {"01_cnn", "04_matrix", "05_saliency"}
    assert student.remarks["01_cnn"]["en"].startswith("I had expected **dropout** to help more: see")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a", "expected lines of `key: value`, found list"),
        (GOOD + "nme: x", r"unknown field 'nme': did you mean 'name'\?"),
        ("name: x", "expected a value for 'student_id', found none"),
        (GOOD.replace("en: EE", "fr: EE"), "department: expected a text, or zh and en"),
        (GOOD + "collaborators: {zh: x}", "collaborators: expected a text"),
        ("a: [", "expected YAML"),
    ],
)
def test_another_shape_is_refused_in_one_line(tmp_path, text, message):
    path = tmp_path / "student.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=f"student.yaml: {message}|student.yaml: .*{message}") as raised:
        read_student(path, NOTEBOOKS)
    assert "\n" not in str(raised.value)


def test_a_remark_names_its_notebook_as_only_does_and_may_stand_in_one_language_or_none(tmp_path):
    path = tmp_path / "student.yaml"
    path.write_text(GOOD + "remarks:\n  4: {zh: 難}\n  01.ipynb: Hard.\n  '02':\n", encoding="utf-8")
    assert read_student(path, NOTEBOOKS).remarks == {
        "04_matrix": {"zh": "難"},
        "01_cnn": {"zh": "Hard.", "en": "Hard."},
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("remarks: hard", "remarks: expected a text by notebook"),
        ("remarks: {'04': {fr: dur}}", "zh or en"),
        ("remarks: {'09': x}", "student.yaml: remarks: unknown notebook '09'"),
        (
            "remarks: {'02': x, '2': y}",
            "student.yaml: remarks: expected one on 02_dnn, found a second one, '2'",
        ),
        (r'remarks: {"02": "\0"}', "student.yaml: remarks: 02: expected text, found a control character"),
    ],
)
def test_a_remark_of_another_shape_is_refused(tmp_path, text, message):
    path = tmp_path / "student.yaml"
    path.write_text(GOOD + text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_student(path, NOTEBOOKS)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="expected a student file, found No such file"):
        read_student(tmp_path / "none.yaml", NOTEBOOKS)
