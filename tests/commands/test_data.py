"""The data commands say what they read, and write what they say."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from fer_nb.commands import COMMANDS, main
from fer_nb.commands.data import data
from fer_nb.data.faces import Faces, fingerprints
from fer_nb.data.formats import pack, read_faces


@pytest.fixture
def packed(tmp_path):
    """A packed file of two identical Training images and one flat PublicTest image."""
    images = np.random.default_rng(0).integers(0, 256, (3, 48, 48), dtype=np.uint8)
    images[1], images[2] = images[0], 7
    usage = np.array([0, 0, 1], np.uint8)
    faces = Faces(images, np.array([0, 1, 2], np.int8), usage, np.array([0, 1, 0]), source="made")
    pack(faces, tmp_path / "faces.npz")
    return faces


@pytest.fixture
def csv(tmp_path):
    rows = ["label,feature", f"3,{' '.join(['7'] * 2304)}", f"4,{' '.join(['8'] * 2304)}"]
    (tmp_path / "train.csv").write_text("\n".join(rows))
    return "train.csv"


def test_info_gives_a_script_format_counts_and_fingerprints(run, packed):
    result = run("data", "info", "faces.npz", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "format": "npz",
        "counts": {"Training": 2, "PublicTest": 1, "PrivateTest": 0, "unlabelled": 0},
        "fingerprints": fingerprints(packed),
    }


def test_info_tells_a_reader_the_same(run, packed):
    lines = run("data", "info", "faces.npz").stdout.splitlines()
    assert lines[0].split() == ["format", "npz"]
    assert [line.split() for line in lines[1:]] == [
        ["Training", "2", fingerprints(packed)["Training"]],
        ["PublicTest", "1", fingerprints(packed)["PublicTest"]],
    ]


def test_info_keeps_a_packed_copy_and_a_quiet_terminal(run, csv, tmp_path):
    result = run("data", "info", csv)
    assert result.stderr == ""
    assert len(list((tmp_path / "runs" / "cache").iterdir())) == 1


def test_audit_gives_a_script_the_agreed_numbers(run, packed):
    numbers = json.loads(run("data", "audit", "faces.npz", "--json").stdout)
    agreed = {
        "duplicate_groups": 1,
        "duplicate_images": 2,
        "groups_across_splits": 0,
        "groups_with_conflicting_labels": 1,
        "flat_images": 1,
    }
    assert agreed.items() <= numbers.items()


def test_audit_tells_a_reader_the_counts_and_class_shares(run, packed):
    result = run("data", "audit", "faces.npz")
    assert result.exit_code == 0
    assert ["duplicate", "images", "2"] in [line.split() for line in result.stdout.splitlines()]
    assert "Training: angry 1 (50.0%), disgust 1 (50.0%), fear 0 (0.0%)" in result.stdout


def test_pack_writes_the_same_faces_and_replaces_only_when_told(run, csv, tmp_path):
    out = tmp_path / "below" / "out.npz"
    assert run("data", "pack", csv, "--out", out).exit_code == 0
    assert fingerprints(read_faces(out)) == fingerprints(read_faces(tmp_path / csv))
    written = out.read_bytes()
    out.write_bytes(b"mine")
    refused = run("data", "pack", csv, "--out", out)
    assert refused.exit_code == 2
    assert refused.stderr == f"error: {out}: expected no file there, found one; --force replaces it\n"
    assert out.read_bytes() == b"mine"
    assert run("data", "pack", csv, "--out", out, "--force").exit_code == 0
    assert out.read_bytes() == written


def test_pack_does_not_take_a_folder_for_a_file(run, csv, tmp_path):
    (tmp_path / "out").mkdir()
    result = run("data", "pack", csv, "--out", "out", "--force")
    assert result.exit_code == 2
    assert result.stderr == "error: out: expected the name of a file to write, found a folder\n"


def test_faces_draws_practice_faces_that_are_known_as_such(run, tmp_path):
    assert run("data", "faces", "--count", "6", "--seed", "3", "--out", "a.npz").exit_code == 0
    drawn = read_faces(tmp_path / "a.npz")
    assert drawn.source == "practice faces"
    assert drawn.counts() == {"Training": 6, "PublicTest": 1, "PrivateTest": 1, "unlabelled": 0}
    assert run("data", "faces", "--count", "6", "--seed", "4", "--out", "a.npz").exit_code == 2


@pytest.mark.parametrize("name", ["get", "info", "audit", "pack", "faces"])
def test_every_command_has_help_with_an_example(name):
    assert (
        f"Example: python -m fer_nb data {name}" in CliRunner().invoke(main, ["data", name, "--help"]).stdout
    )
    assert set(data.commands) == {"get", "info", "audit", "pack", "faces"}


def test_help_names_every_command_without_importing_one():
    heavy = ("fer_nb.", "tensorflow", "keras", "numpy", "pandas", "matplotlib")
    code = "import sys; from fer_nb.commands import main; main(['--help'], standalone_mode=False); "
    code += f"print(sorted(name for name in sys.modules if name.startswith({heavy})))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(name in result.stdout for name in COMMANDS)
    assert result.stdout.splitlines()[-1] == "['fer_nb.commands', 'fer_nb.errors']"


def test_the_program_itself_prints_one_line_and_exits_with_2(tmp_path):
    command = [sys.executable, "-m", "fer_nb", "data", "info", "none.csv"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    message = "error: none.csv: expected a file or a folder, found nothing there\n"
    assert (result.returncode, result.stdout, result.stderr) == (2, "", message)


def test_a_damaged_copy_is_rebuilt_with_one_line_of_warning(run, csv, tmp_path):
    run("data", "info", csv)
    (copy,) = (tmp_path / "runs" / "cache").iterdir()
    copy.write_bytes(b"PK junk")
    command = [sys.executable, "-m", "fer_nb", "data", "info", csv, "--json"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    result = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment
    )
    assert result.stderr.startswith("warning: rebuilding a damaged cache: ")
    assert len(result.stderr.splitlines()) == 1
    assert json.loads(result.stdout)["counts"]["Training"] == 2
