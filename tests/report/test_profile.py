import subprocess
from pathlib import Path

import pytest

from fer_nb.errors import InputError
from fer_nb.report import build as building
from fer_nb.report import profile
from fer_nb.report.time_left import UNKNOWN


def written(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_profile_may_name_its_notebooks_and_what_it_needs(tmp_path):
    opened = profile.open_profile(written(tmp_path, "seed: 1\nonly: [01, 04_confusion_matrix]\nneeds: gpu\n"))
    assert opened == profile.Profile({"seed": 1}, ("1", "04_confusion_matrix"), needs_gpu=True)


def test_a_profile_that_says_nothing_of_itself_runs_everything_anywhere(tmp_path):
    assert profile.open_profile(written(tmp_path, "seed: 1\n")) == profile.Profile({"seed": 1})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("only: 04\n", r"mine\.yaml: only: expected a list of notebooks, found 4"),
        ("needs: a lot\n", r"mine\.yaml: needs: expected gpu, found 'a lot'"),
    ],
)
def test_a_profile_that_says_it_wrongly_is_refused(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        profile.open_profile(written(tmp_path, text))


def test_without_the_program_there_is_no_gpu(monkeypatch):
    monkeypatch.setattr(profile.shutil, "which", lambda name: None)
    assert profile.has_gpu("python3") is False


@pytest.mark.parametrize(("said", "expected"), [("True", True), ("False", False), ("", False)])
def test_where_there_is_a_card_the_kernels_own_python_is_asked_whether_it_trains_on_it(
    monkeypatch, said, expected
):
    asked = []

    def run(command, **options):
        asked.append(command[0])
        return subprocess.CompletedProcess(command, 0, stdout=f"a note\n{said}\n")

    monkeypatch.setattr(profile.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(profile.subprocess, "run", run)
    assert profile.has_gpu("python3") is expected
    assert asked[0] == "nvidia-smi"
    assert Path(asked[1]).is_absolute()


def test_the_question_that_the_kernel_is_asked_is_one_that_it_can_answer(capsys):
    exec(profile._ASK, {})  # here, where TensorFlow is started once for all tests
    assert capsys.readouterr().out.split()[-1] in {"True", "False"}


def test_a_profile_that_needs_a_gpu_is_refused_on_a_cpu_with_its_time_and_nothing_is_written(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(building, "has_gpu", lambda kernel: False)
    path = written(tmp_path, "only: [01]\nneeds: gpu\n")
    with pytest.raises(InputError, match=r"needs a GPU.*--allow-cpu.*estimated time: 2.0 h .*01_cnn"):
        building.build(
            profile=str(path),
            out=tmp_path / "out",
            echo=lambda line: None,
            estimate=lambda chosen, on_gpu: UNKNOWN._replace(seconds=dict.fromkeys(chosen, 7200.0)),
        )
    assert not (tmp_path / "out").exists()
