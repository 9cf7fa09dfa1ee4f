"""README's cells for Kaggle and Colab, in a Python that has an older TensorFlow: `nox -s kaggle`.

They install into the Python that runs them, and so run only where `FER_NB_MAY_INSTALL` is set.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
CELLS = re.findall(
    r"```python\n(SOURCE = .*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
)
KEPT = ("tensorflow", "keras", "numpy", "protobuf")
USAGES = {"Training": 210, "PublicTest": 35, "PrivateTest": 35}

pytestmark = pytest.mark.skipif("FER_NB_MAY_INSTALL" not in os.environ, reason="installs: nox -s kaggle")


@pytest.fixture
def machine(tmp_path):
    """A folder with FER2013 of noise, nested and read-only as on Kaggle, and with a profile of its own."""
    (tmp_path / "params").mkdir()
    shutil.copy(Path(__file__).with_name("laptop.yaml"), tmp_path / "params")
    mount = tmp_path / "data" / "datasets" / "somebody" / "fer2013"
    mount.mkdir(parents=True)
    drawn, rows = np.random.default_rng(0), ["emotion,pixels,Usage"]
    for usage, count in USAGES.items():
        for row in range(count):
            pixels = drawn.integers(0, 256, 48 * 48)
            rows.append(f"{row % 7},{' '.join(map(str, pixels))},{usage}")
    (mount / "fer2013.csv").write_text("\n".join(rows) + "\n")
    for path in (mount / "fer2013.csv", mount):
        path.chmod(0o555)
    colab = tmp_path / "google" / "colab"  # stands for what Colab alone has
    colab.mkdir(parents=True)
    (colab / "__init__.py").write_text("")
    (colab / "drive.py").write_text("def mount(place):\n    assert place == '/content/drive'\n")
    yield tmp_path
    mount.chmod(0o755)


def versions():
    return {one.metadata["Name"].lower(): one.version for one in distributions() if one.name.lower() in KEPT}


@pytest.mark.parametrize(("cell", "only"), [*zip(CELLS, ([], ["01"]), strict=True)], ids=["Kaggle", "Colab"])
def test_the_cell_makes_the_report_and_leaves_what_the_machine_computes_with(machine, cell, only):
    with (machine / "params" / "laptop.yaml").open("a") as profile:
        profile.write(f"only: {json.dumps(only)}  # the second cell finds everything installed\n")
    before = versions()
    (machine / "cell.ipy").write_text(cell.replace("git+ADDRESS", str(ROOT)), encoding="utf-8")
    without = {
        "PYTHONPATH": str(machine),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    command = [sys.executable, "-m", "IPython", "--colors=NoColor", "cell.ipy"]
    done = subprocess.run(
        command, cwd=machine, env=os.environ | without, capture_output=True, text=True, check=False
    )
    print(done.stdout, done.stderr)
    assert versions() == before
    assert set(before) == set(KEPT)
    assert "left alone, for they were there: params/laptop.yaml\n" in done.stdout
    assert "data: data/datasets/somebody/fer2013/fer2013.csv\n" in done.stdout + done.stderr
    assert len(re.findall(r"^0\d_\w+  ok  ", done.stdout, re.MULTILINE)) == (len(only) or 7)
    assert (machine / "reports" / "report.pdf").is_file()
    assert [path.name for path in (machine / "data").rglob("*.*")] == ["fer2013.csv"]
