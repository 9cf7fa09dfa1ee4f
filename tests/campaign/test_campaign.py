import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from campaign.__main__ import Tried, table
from campaign.processes import Command, Ended, FaultError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What the campaign says of each planted fault."""
    folder = tmp_path_factory.mktemp("planted")
    folder.parent.chmod(0o755)
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("planted.py"), folder],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("planted", "words"),
    [
        ("a missing check", "accepts what a plain reader refuses"),
        ("a rename that is not atomic", "leaves"),
        ("an unescaped text", "a text becomes active|does not show a text as it is"),
        ("a swallowed error", "leaves a run out silently"),
    ],
)
def test_a_planted_fault_is_found(planted, words, found):
    assert found[planted] is not None
    assert any(word in found[planted] for word in words.split("|")), found[planted]


@pytest.mark.slow
def test_where_nothing_is_planted_nothing_is_found(found):
    assert found["nothing"] is None


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (Ended(None, "", ""), "hangs"),
        (Ended(1, "", ""), "status 1"),
        (Ended(0, "", "noise\n"), "succeeds, and prints"),
        (Ended(2, "", "one\ntwo\n"), "not in one line"),
        (Ended(2, "", "x" * 301), "not in one line"),
        (Ended(2, "", "a\x1bb\n"), "not in one line"),
        (Ended(2, "", "Traceback (most recent call last)"), "traceback"),
        (Ended(0, "", "", memory=2**40), "GiB"),
        (Ended(0, "", "", events="os.system x"), "os.system"),
    ],
)
def test_what_is_neither_right_nor_refused_in_one_line_is_a_fault(ended, words):
    with pytest.raises(FaultError, match=words):
        ended.outcome()


@pytest.mark.parametrize(
    ("ended", "harmed", "outcome"),
    [
        (Ended(0, "", "warning: no cache\n"), False, "right"),
        (Ended(2, "", "error: a.csv: expected faces, found none\n"), False, "refused"),
        (Ended(-signal.SIGKILL, "", ""), True, "killed"),
        (Ended(1, "", "Aborted!\n"), True, "killed"),
    ],
)
def test_an_answer_a_refusal_and_a_killed_command_are_told_apart(ended, harmed, outcome):
    assert ended.outcome(harmed=harmed) == outcome


def test_a_fresh_python_runs_the_command_line_of_a_checkout(tmp_path):
    ended = Command(["data", "info", "nothing.csv"], tmp_path, fresh=True).run()
    assert ended.outcome() == "refused"
    assert "nothing.csv" in ended.error


def test_the_memory_of_a_fresh_python_is_its_own_not_of_the_process_that_started_it(tmp_path):
    held = b"\1" * 2**30
    ended = Command(["data", "info", "nothing.csv"], tmp_path, fresh=True).run()
    assert 2**20 < ended.memory < len(held)


def test_the_memory_that_a_fresh_python_took_and_gave_back_is_counted(tmp_path):
    (tmp_path / "fer_nb.py").write_text("held = b'1' * 2**28; del held")
    assert Command([], tmp_path, fresh=True, checkout=tmp_path).run().memory > 2**28


def test_permissions_hold_a_command_back_also_where_root_runs_it(tmp_path):
    (tmp_path / "a.csv").write_text("emotion,pixels\n")
    (tmp_path / "a.csv").chmod(0)
    ended = Command(["data", "info", "a.csv"], tmp_path, fresh=True, held_back=True).run()
    assert ended.outcome() == "refused"
    assert "not readable" in ended.error


LATE = """
import sys
from pathlib import Path
from campaign.processes import Command

class Interrupted:
    write = isatty = fileno = lambda *_: 0
    def flush(self):
        raise KeyboardInterrupt

def close_with_ctrl_c():
    sys.stdout = Interrupted()

ended = Command(["data", "info", "nothing.csv"], Path("."), before=close_with_ctrl_c).run()
print(ended.outcome(harmed=True), flush=True)
"""


def test_a_command_that_ctrl_c_reaches_in_its_last_lines_ends_there_and_is_counted_as_killed(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", LATE],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "killed\n"
    assert "KeyboardInterrupt" not in done.stderr


def test_the_table_counts_cases_by_outcome_and_sums_them():
    total = {"data": Tried("data", Counter(right=2, refused=1)), "models": Tried("models", fault="x")}
    assert table(total).splitlines()[2:] == [
        "| data | 3 | 2 | 1 | 0 | 0 | 0 |",
        "| models | 0 | 0 | 0 | 0 | 0 | 1 |",
        "| together | 3 | 2 | 1 | 0 | 0 | 1 |",
    ]
