"""Kernels that are forks of a process that has imported TensorFlow."""

import os
import signal
import subprocess
import sys

import nbformat
import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from fer_nb.report import warm
from fer_nb.report.execute import Runner

LOOKS = "import os, sys\nprint(*('tensorflow' in sys.modules, os.getppid(), os.getcwd(), *sys.path))"
DRAWS = "import numpy as np\nprint(np.random.rand())"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone"),
]


@pytest.fixture(scope="module")
def begun():
    """The process that is forked."""
    factory = KernelProvisionerFactory.instance()
    before = factory.default_provisioner_name
    warm.end()
    warm.begin()
    yield warm._started
    warm.end()
    factory.default_provisioner_name = before


@pytest.fixture
def printed(write_notebook, tmp_path):
    """Runs a notebook of these cells, and returns what each printed."""

    def run(*sources):
        path, out = write_notebook("01_a", *(("", source) for source in sources)), tmp_path / "out"
        out.mkdir(exist_ok=True)
        (ended,) = Runner(out, tmp_path, "python3", {}).run_all({path: {}}, echo=print)
        assert (ended.status, ended.error) == ("ok", None)
        written = nbformat.read(out / path.name, as_version=4)
        return ["".join(output.text for output in cell.outputs).strip() for cell in written.cells]

    return run


def test_a_forked_kernel_has_tensorflow_and_is_otherwise_like_one_that_jupyter_starts(
    begun, printed, tmp_path, monkeypatch
):
    process = begun["process"].pid
    (forked,) = printed(LOOKS)
    monkeypatch.setattr(warm, "_can_fork", lambda *_: False)
    (started,) = printed(LOOKS)
    (has, parent, *same), (has_not, own, *expected) = forked.split(), started.split()
    assert (has, has_not, own) == ("True", "False", str(os.getpid()))
    assert parent == str(process)
    assert same == expected and same[0] == str(tmp_path)


def test_two_forked_kernels_draw_other_numbers(begun, printed):
    assert printed(DRAWS) != printed(DRAWS)


def test_a_kernel_is_forked_anew_where_the_environment_has_changed(begun, printed, monkeypatch):
    before = begun["process"].pid
    monkeypatch.setenv("FER_NB_OF_A_TEST", "1")
    assert printed("import os\nprint(os.environ['FER_NB_OF_A_TEST'])") == ["1"]
    assert begun["process"].pid != before


def test_where_the_process_that_is_forked_was_killed_a_kernel_starts_as_ever(begun, printed):
    os.kill(begun["process"].pid, signal.SIGKILL)
    begun["process"].wait()
    assert printed("print(1)") == ["1"]


@pytest.mark.parametrize("end", ["terminate", "kill", "wait"])
def test_a_kernel_that_has_ended_is_ended_without_a_word(end):
    started = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    kernel = warm._Forked(started.pid)
    assert kernel.poll() is None
    started.communicate(b"\n")
    getattr(kernel, end)()
    kernel.send_signal(signal.SIGINT)
    assert kernel.poll() == 0


@pytest.mark.parametrize(
    ("command", "backend"),
    [(["/usr/bin/python3", "-m", "ipykernel_launcher"], None), (warm.LAUNCHER, "jax")],
    ids=["another Python", "another backend"],
)
def test_a_kernel_of_another_python_or_backend_is_not_forked(command, backend):
    environment = {"KERAS_BACKEND": backend} if backend else {}
    assert not warm._can_fork([*command, "-f", "kernel.json"], environment)
    assert warm._can_fork([*warm.LAUNCHER, "-f", "kernel.json"], {})


def test_where_the_package_was_not_installed_kernels_start_as_ever(monkeypatch):
    factory = KernelProvisionerFactory.instance()
    before = factory.default_provisioner_name
    monkeypatch.setattr(factory, "get_provisioner_entries", dict)
    warm.begin()
    assert factory.default_provisioner_name == before
