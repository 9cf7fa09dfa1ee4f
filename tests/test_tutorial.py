"""The tutorial's steps, run one after another as they stand, on fewer faces."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRAINED_AGAIN = """
cd hw3
env -u PYTHONPATH python -m fer_nb train weights/my_cnn-* --data practice:350 --runs ../again
"""  # by the code that is handed in, as hw3_train.sh does
FEW = "practice:70"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def script():
    """The tutorial as a shell script: a block that begins with a file's name becomes this file."""
    for kind, text in BLOCK.findall((ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")):
        if kind == "sh":
            yield text
        else:
            named, content = text.split("\n", 1)
            yield f"cat > {named.removeprefix('# ')} <<'END'\n{content}END\n"


@pytest.mark.slow
def test_every_step_of_the_tutorial_does_what_it_says(tmp_path):
    steps = "".join([*script(), TRAINED_AGAIN])
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", steps.replace("practice:350", FEW)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    home = tmp_path / "homework"
    results = json.loads((home / "reports" / "results.json").read_text(encoding="utf-8"))
    assert {"practice_cnn", "my_cnn"} <= set(results["notebooks"]["01_cnn"]["results"]["models"])
    trained = [json.loads(path.read_text())["recipe"] for path in home.glob("runs/*/run.json")]
    assert [recipe["name"] for recipe in trained].count("my_cnn") == 2
    assert 0.0003 in [recipe["learning_rate"] for recipe in trained]
    assert done.stdout.count("unchanged, not run again: 01_cnn") == 1  # where words alone have changed
    page = (home / "reports" / "report.html").read_text(encoding="utf-8")
    assert "我的網路<strong>看得更遠</strong>" in page
    handed_in = {path.name for path in (home / "hw3").iterdir()}
    assert {"hw3_train.sh", "hw3_test.sh", "own_networks.py"} <= handed_in
    (again,) = home.glob("again/*/run.json")
    assert (home / "runs" / again.parent.name).is_dir()  # the same network, data and seed have the same name
