import io
import os
import subprocess
import sys
import types

import IPython
import pytest

from fer_nb.learning.progress import Progress, default_style, read_epoch

ROW = {
    "epoch": 3, "loss": 1.23456, "accuracy": 0.5, "validation_loss": 1.5, "validation_accuracy": 0.45,
    "seconds": 2.0,
}  # fmt: skip
TRAINING = """
from fer_nb.learning.progress import Progress
progress = Progress("tiny", epochs=2, done=0, steps=50, images=100)
row = {"loss": 1.0, "accuracy": 0.5, "validation_loss": 1.5, "validation_accuracy": 0.45, "seconds": 2.0}
progress.bar.mininterval = 0
for epoch in range(2):
    for step in range(50):
        progress.step(epoch, row)
    progress.epoch(row | {"epoch": epoch + 1})
progress.close()
"""


@pytest.fixture
def terminal(monkeypatch):
    """`terminal(True)` makes standard error a terminal, outside of any notebook."""
    monkeypatch.delenv("FER_NB_PROGRESS", raising=False)

    def answer(is_one):
        stream = io.StringIO()
        stream.isatty = lambda: is_one
        monkeypatch.setattr(sys, "stderr", stream)
        return stream

    return answer


def progress(style):
    return Progress("tiny", epochs=4, done=2, steps=10, images=100, style=style)


def test_a_terminal_gets_a_bar_and_a_file_gets_lines(terminal):
    terminal(True)
    assert default_style() == "bar"
    terminal(False)
    assert default_style() == "lines"


def test_a_kernel_gets_a_bar_unless_the_environment_asks_for_lines(terminal, monkeypatch):
    terminal(False)
    shell = types.SimpleNamespace(kernel=object())
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    assert default_style() == "bar"
    monkeypatch.setenv("FER_NB_PROGRESS", "lines")
    assert default_style() == "lines"
    monkeypatch.setenv("FER_NB_PROGRESS", "colourful")
    assert default_style() == "bar"


def test_a_program_that_looks_for_kernels_is_none(terminal, monkeypatch):
    terminal(False)
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    assert default_style() == "lines"


def test_lines_tell_each_epoch_with_rate_and_time_left_and_no_step(terminal):
    stream = terminal(False)
    shown = progress("lines")
    shown.started -= 60  # an epoch took a minute, one is left
    for _ in range(10):
        shown.step(2, {"loss": 1.0, "accuracy": 0.5})
    shown.epoch(ROW)
    shown.close()
    line = "tiny: epoch 3/4  loss 1.235  accuracy 0.500  validation 1.500 0.450  50 images/s  01:00 left\n"
    assert stream.getvalue() == line


def test_quiet_says_nothing(terminal, capsys):
    stream = terminal(False)
    shown = progress("none")
    shown.step(2, {"loss": 1.0, "accuracy": 0.5})
    shown.epoch(ROW)
    shown.close()
    assert stream.getvalue() == capsys.readouterr().out == ""


def in_pseudo_terminal(script):
    """Run Python with standard error on a pseudo-terminal; return (standard output, what that got)."""
    import pty
    import termios

    controller, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 150))
    environment = dict(os.environ)
    environment.pop("FER_NB_PROGRESS", None)
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=terminal, env=environment
    ) as process:
        os.close(terminal)
        shown = b""
        while True:
            try:
                part = os.read(controller, 65_536)
            except OSError:  # Linux's way of saying that the other end is closed
                break
            if not part:
                break
            shown += part
        output = process.stdout.read()
    os.close(controller)
    assert process.returncode == 0
    return output.decode(), shown.decode()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals of this kind")
def test_a_terminal_shows_one_bar_that_goes_away_and_leaves_a_line_an_epoch():
    output, shown = in_pseudo_terminal(TRAINING)
    assert output == ""
    bars = [part for part in shown.replace("\n", "\r").split("\r") if "img/s" in part]
    assert len(bars) > 10
    assert all(bar.startswith("tiny:") for bar in bars)
    assert "epoch 1/2, loss 1.000, accuracy 0.500" in bars[5]
    lines = [part for part in shown.replace("\n", "\r").split("\r") if "images/s" in part]
    assert [line.split("  ")[0] for line in lines] == ["tiny: epoch 1/2", "tiny: epoch 2/2"]
    assert shown.split("\r")[-2].strip() == ""  # blanks were written over the bar


def test_the_bar_ends_at_its_total_though_steps_are_shares_of_an_image(terminal):
    terminal(True)
    progress = Progress("tiny", epochs=1, done=0, steps=13, images=10, style="bar")
    for _ in range(13):  # 10 / 13 added up 13 times is 10.000000000000002
        progress.step(0, ROW)
    assert progress.bar.n == 10
    progress.close()


def test_the_line_of_an_epoch_can_be_read_back(capsys):
    progress = Progress("a_cnn/dropout=0.4", epochs=9, done=0, steps=50, images=2469, style="lines")
    progress.epoch(ROW)
    assert read_epoch("an earlier line\n" + "".join(capsys.readouterr())) == ("a_cnn/dropout=0.4", 3, 1234.0)
    assert read_epoch("epoch 3/9") is None
