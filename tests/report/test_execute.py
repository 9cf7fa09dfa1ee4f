"""How a notebook can end, each way told truly."""

import json
from pathlib import Path

import nbformat
import pytest

from fer_nb.errors import InputError
from fer_nb.report import execute
from fer_nb.report.privacy import private_paths
from fer_nb.report.time_left import Forecast


@pytest.fixture
def run(tmp_path):
    """Runs a notebook and returns how it ended."""

    def run(path, kernel="python3", cell_seconds=60, **parameters):
        out = tmp_path / "out"
        out.mkdir(exist_ok=True)
        private = private_paths(tmp_path, {}, out)
        runner = execute.Runner(out, tmp_path, kernel, private, cell_seconds=cell_seconds)
        return runner.run_all({path: parameters}, echo=lambda line: None)[0]

    return run


def test_a_notebook_that_ends_well_hands_on_parameters_results_and_itself(write_notebook, run, tmp_path):
    path = write_notebook(
        "01_a",
        ("parameters", "seed = 0\nepochs = 2"),
        ("", "from fer_nb.report.cells import record\nrecord(models={'a': {'n': seed}})"),
        ("", "record(models={'a': {'accuracy': 0.5}, 'b': {}}, answer_in_words='yes')"),
        ("", "from pathlib import Path\nprint(Path.cwd())"),
    )
    ended = run(path, seed=7)
    assert (ended.name, ended.status, ended.error) == ("01_a", "ok", None)
    assert ended.parameters == {"seed": 7, "epochs": 2}
    assert ended.results == {"models": {"a": {"n": 7, "accuracy": 0.5}, "b": {}}, "answer_in_words": "yes"}
    written = (tmp_path / "out" / "01_a.ipynb").read_text()
    assert str(tmp_path) not in written
    assert str(Path.home()) not in written
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["01_a.ipynb"]
    assert ended.seconds > 0


def test_a_cell_for_jupyterlab_alone_is_passed_over(write_notebook, run, tmp_path):
    path = write_notebook("01_a", ("", "print(1)"), ("lab-only", "raise KeyError('a widget')"))
    ended = run(path)
    assert (ended.status, ended.error) == ("ok", None)
    written = nbformat.read(tmp_path / "out" / "01_a.ipynb", as_version=4)
    assert [cell.execution_count for cell in written.cells] == [1, None]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("raise KeyError('x\\ny')", "KeyError: 'x\\ny'"),
        ("import os\nos._exit(1)", "DeadKernelError: Kernel died"),
        ("import sys\nsys.exit(0)", "stopped early: code cell 3 of 3 was the first of 1"),
        ("import time\ntime.sleep(30)", "CellTimeoutError: A cell timed out"),
    ],
    ids=["failing cell", "dead kernel", "sys.exit", "timeout"],
)
def test_a_notebook_that_fails_says_how_and_keeps_what_it_had(write_notebook, run, tmp_path, source, error):
    path = write_notebook("01_a", ("", "print('before')"), ("", source), ("", "print('after')"))
    ended = run(path, cell_seconds=4 if "sleep" in source else 60)
    assert ended.status == "failed"
    assert ended.error.startswith(error)
    assert "\n" not in ended.error
    written = nbformat.read(tmp_path / "out" / "01_a.ipynb", as_version=4)
    assert written.cells[0].outputs[0].text == "before\n"
    assert written.metadata.fer_nb.status == "failed"
    assert len(written.cells) == 3
    assert "after\n" not in json.dumps(written)


@pytest.mark.parametrize(
    "error",
    [RuntimeError("Kernel didn't respond in 60 seconds"), ValueError("Invalid Signature: b'0f'")],
    ids=["no answer", "answer of another kernel"],
)
def test_a_kernel_that_is_not_met_is_started_once_more(write_notebook, run, monkeypatch, error):
    real, silent = execute.papermill.execute_notebook, [True]

    def answers_the_second_time(*arguments, **options):
        if silent:
            silent.pop()
            raise error
        return real(*arguments, **options)

    monkeypatch.setattr(execute.papermill, "execute_notebook", answers_the_second_time)
    ended = run(write_notebook("01_a", ("", "1")))
    assert (ended.status, ended.error) == ("ok", None)


MEETING = (
    "from ipykernel.kernelapp import IPKernelApp\n"
    "kernel = IPKernelApp.instance()\n"
    "print(kernel.transport, kernel.ip, kernel.connection_file)"
)


def met(ended):
    """How and where a kernel that ran MEETING was met, and its file."""
    assert ended.error is None
    return ended.notebook.cells[0].outputs[0].text.split()


def test_kernels_of_one_working_folder_meet_in_folders_of_their_own_that_do_not_stay(
    write_notebook, run, tmp_path
):
    path = write_notebook("01_a", ("", MEETING))
    first, second = met(run(path)), met(run(path))
    assert first[0] == second[0] == "ipc"
    folders = {Path(words[1]).parent for words in (first, second)} | {Path(first[2]).parent}
    assert len(folders) == 2
    assert not any(folder == tmp_path or folder.exists() for folder in folders)
    assert not list(tmp_path.rglob("*-ipc-*"))


def test_a_kernel_is_met_by_tcp_where_the_temporary_folder_lies_too_deep(
    write_notebook, run, tmp_path, monkeypatch
):
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    assert met(run(write_notebook("01_a", ("", MEETING))))[0] == "tcp"
    assert not list(deep.iterdir())


def test_a_kernel_that_does_not_start_fails_the_notebook(write_notebook, run):
    ended = run(write_notebook("01_a", ("", "1")), kernel="no_such_kernel")
    assert ended.status == "failed"
    assert "no_such_kernel" in ended.error


def test_a_picture_without_words_fails_the_notebook(write_notebook, run):
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
    source = f"from IPython.display import display\ndisplay({{'image/png': '{pixel}'}}, raw=True)"
    ended = run(write_notebook("01_a", ("", source)))
    assert ended.status == "failed"
    assert "use show(" in ended.error


def test_what_a_library_writes_past_python_stays_off_the_terminal_and_the_page(
    write_notebook, run, capfd, monkeypatch
):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # where a kernel finds it, it takes in nothing past Python
    note = "import os, time\nos.write(2, b'a note of the library\\n')\ntime.sleep(1)"
    ended = run(write_notebook("01_a", ("", f"{note}\nprint('a line of the notebook')")))
    assert ended.status == "ok"
    printed = capfd.readouterr()
    assert "note" not in printed.out + printed.err
    outputs = [output.text for cell in ended.notebook.cells for output in cell.outputs]
    assert outputs == ["a line of the notebook\n"]


def test_what_a_killed_run_left_is_not_taken_for_this_one(write_notebook, run, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "01_a.part.ipynb").write_text(
        '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    )
    ended = run(write_notebook("01_a", ("", "1")), kernel="no_such_kernel")
    assert [cell.source for cell in ended.notebook.cells] == ["1"]


def test_a_notebook_that_was_cut_as_the_disk_was_full_fails_alone(write_notebook, run, tmp_path, monkeypatch):
    def cut(source, target, *_, **__):
        Path(target).write_text("{")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(execute.papermill, "execute_notebook", cut)
    executed = run(write_notebook("01_a", ("", "1 + 1")))
    assert (executed.status, executed.error) == ("failed", "OSError: [Errno 28] No space left on device")
    assert not list(tmp_path.rglob("*.part.ipynb"))


def test_a_kernel_that_is_not_installed_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match=r"unknown kernel 'pyton3': did you mean 'python3'\?"):
        execute.check_kernel("pyton3")


def ending(name, error=None):
    return execute.Executed(name=name, status="failed" if error else "ok", error=error)


def run_all(monkeypatch, tmp_path, endings):
    """Runs notebooks that end as told, without a kernel, and returns (ended, printed lines)."""

    def run(self, notebook, parameters, **_):
        end = endings[notebook.stem]
        if isinstance(end, BaseException):
            raise end
        return end

    monkeypatch.setattr(execute.Runner, "run", run)
    lines = []
    ended = None
    try:
        runner = execute.Runner(tmp_path, tmp_path, "python3", {})
        ended = runner.run_all({Path(f"{name}.ipynb"): {} for name in endings}, echo=lines.append)
    except KeyboardInterrupt:
        lines.append("raised")
    return ended, lines


def test_a_failing_notebook_does_not_stop_the_next(monkeypatch, tmp_path):
    ended, lines = run_all(
        monkeypatch, tmp_path, {"01_a": ending("01_a", "KeyError: x"), "02_b": ending("02_b")}
    )
    assert [notebook.status for notebook in ended] == ["failed", "ok"]
    assert lines == ["01_a  failed  0 s: KeyError: x", "02_b  ok  0 s"]


def test_an_interruption_says_what_is_finished(monkeypatch, tmp_path):
    endings = {"01_a": ending("01_a"), "02_b": KeyboardInterrupt(), "03_c": ending("03_c")}
    _, lines = run_all(monkeypatch, tmp_path, endings)
    assert lines[1] == "interrupted in 02_b; finished and kept: 01_a"
    assert lines[2] == "raised"


def test_what_a_notebook_prints_is_heard_while_it_runs(write_notebook, tmp_path):
    heard = []
    forecast = Forecast({}, lambda name, printed: heard.append((name, printed)))
    path = write_notebook("01_a", ("", "print('epoch 1')"), ("", "import sys\nprint('no', file=sys.stderr)"))
    runner = execute.Runner(tmp_path / "out", tmp_path, "python3", {})
    (ended,) = runner.run_all({path: {}}, echo=print, forecast=forecast)
    assert ended.status == "ok" and heard == [("01_a", "epoch 1\n")]


def test_a_folder_may_have_braces_in_its_name(write_notebook, tmp_path):
    path = write_notebook("01_a", ("", "1"), folder=tmp_path / "{x}" / "notebooks")
    runner = execute.Runner(tmp_path / "{x}" / "{out}", tmp_path / "{x}", "python3", {})
    (ended,) = runner.run_all({path: {}}, echo=print)
    assert ended.error is None
    assert [file.name for file in runner.out.iterdir()] == ["01_a.ipynb"]


def test_an_error_is_told_in_one_line_without_colours():
    assert execute.one_line(ValueError("\x1b[31mred\x1b[0m\n  and more")) == "ValueError: red and more"
    assert len(execute.one_line(ValueError("x" * 1000))) == execute.ERROR_LENGTH


def test_nested_records_merge_and_the_later_number_stays():
    results = {"models": {"a": {"n": 1, "accuracy": 0.1}}}
    execute.merge_into(results, {"models": {"a": {"accuracy": 0.2}, "b": {"n": 3}}})
    assert results == {"models": {"a": {"n": 1, "accuracy": 0.2}, "b": {"n": 3}}}
