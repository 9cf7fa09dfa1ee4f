"""The command line as a whole: interrupted, completed by the shell, asked for its version."""

import os
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import click
import pytest
import yaml

from fer_nb.commands import GO_ON

SOON = """
from fer_nb.commands import main
from fer_nb.learning.training.train import find_or_train
find_or_train.__kwdefaults__["checkpoint_seconds"] = 0.0
main()
"""
"""The command line, with a checkpoint after every epoch instead of every 20 seconds."""


def completions(words):
    """What a shell offers behind the words, the last of which is being typed."""
    given = {
        "_FER_NB_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    script = "from fer_nb.commands import main; main(prog_name='fer-nb')"
    done = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | given, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return [line.split(",")[1] for line in done.stdout.splitlines()]


def test_the_shell_completes_commands_and_options():
    assert completions("fer-nb tr") == ["train", "train-all"]
    assert completions("fer-nb report --te") == ["--term"]
    assert completions("fer-nb report --term 2018") == ["2018spring", "2018fall"]


def test_the_version_is_that_of_the_package_and_of_its_citation(run):
    assert run("--version").stdout == f"fer_nb, version {version('fer-nb')}\n"
    cited = yaml.safe_load((Path(__file__).parents[2] / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["version"] == version("fer-nb")


@pytest.mark.slow
def test_ctrl_c_in_a_training_says_how_to_go_on_and_the_same_command_does(tmp_path):
    long = [
        sys.executable,
        "-c",
        SOON,
        "train",
        "practice_dnn",
        "--data",
        "practice:70",
        "--epochs",
        "100000",
    ]
    started = subprocess.Popen(long, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("runs/*.partial/checkpoint.npz")) and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(started.pid, signal.SIGINT)
    told = started.communicate(timeout=60)[1]
    assert started.returncode == 130
    assert "Traceback" not in told
    assert told.splitlines()[-1].startswith("interrupted: ")
    assert "run it again and it goes on." in told
    assert list(tmp_path.glob("runs/*.partial/checkpoint.npz"))


@pytest.mark.parametrize("stop", [KeyboardInterrupt, click.Abort])
def test_ctrl_c_in_any_command_is_told_in_one_line_with_a_shells_status(run, tmp_path, monkeypatch, stop):
    def stopped(*_, **__):
        raise stop

    monkeypatch.setattr("fer_nb.data.practice", stopped)
    result = run("data", "faces", "--count", "6", "--out", "faces.npz")
    assert result.exit_code == 130
    assert result.stderr == f"\ninterrupted: {GO_ON}\n"
    assert list(tmp_path.iterdir()) == []


def interrupted_in_c_code(*_, **__):
    """What TensorFlow makes of a Ctrl-C that comes while its C code looks through nested inputs."""
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)
    except KeyboardInterrupt:
        raise TypeError from None


def test_ctrl_c_that_c_code_turns_into_another_error_is_still_told_as_ctrl_c(run, tmp_path, monkeypatch):
    monkeypatch.setattr("fer_nb.data.practice", interrupted_in_c_code)
    result = run("data", "faces", "--count", "6", "--out", "faces.npz")
    assert result.exit_code == 130
    assert result.stderr == f"\ninterrupted: {GO_ON}\n"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_reader_that_has_read_enough_is_no_error(run, monkeypatch):
    monkeypatch.setattr("fer_nb.data.practice", lambda *_, **__: os.write(closed_pipe(), b"x"))
    result = run("data", "faces", "--count", "6", "--out", "faces.npz")
    assert (result.exit_code, result.stderr) == (1, "")


def closed_pipe():
    """The end to write to of a pipe from which nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def test_an_error_without_ctrl_c_is_no_interruption(run, tmp_path, monkeypatch):
    def broken(*_, **__):
        raise TypeError("a fault of the program")

    monkeypatch.setattr("fer_nb.data.practice", broken)
    result = run("data", "faces", "--count", "6", "--out", "faces.npz")
    assert isinstance(result.exception, TypeError)
