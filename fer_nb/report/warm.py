"""Kernels that begin where TensorFlow is imported already: forks of one process that did it once.

The import takes about seven seconds of one core, and each of seven notebooks would wait for it. A process
that has imported TensorFlow and computed nothing can be forked; one that has computed has threads, which a
fork loses. On Linux alone; a kernel of another Python or backend starts as Jupyter starts it.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from jupyter_client.provisioning.factory import KernelProvisionerFactory

NAME = "fer-nb-warm"
LAUNCHER = [sys.executable, "-m", "ipykernel_launcher"]  # how the kernel of this Python begins
OF_A_KERNEL = ("JPY_", "PYTEST_")  # what begins so may differ from what the process was started with

_started: dict[str, Any] = {}
"""The process that is forked, and the environment in which it imports TensorFlow."""


def begin() -> None:
    """Let kernels be forks from now on, and begin the import; where that cannot be, nothing changes."""
    factory = KernelProvisionerFactory.instance()
    if NAME in factory.get_provisioner_entries() and _can_fork(LAUNCHER, os.environ):
        factory.default_provisioner_name = NAME
        _begin_in(os.environ)


def end() -> None:
    """End the process that is forked; kernels that still run end with it."""
    if process := _started.pop("process", None):
        with process:  # closes what it reads from, and waits
            process.kill()


atexit.register(end)


def _begin_in(environment: Mapping[str, str]) -> None:
    own = {name: value for name, value in environment.items() if not name.startswith(OF_A_KERNEL)}
    if "process" in _started and _started["environment"] == own:
        return
    end()
    _started["environment"] = own
    _started["process"] = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=own, start_new_session=True, text=True,
    )  # fmt: skip


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel of this Python; starts any other as Jupyter does."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel."""
        environment, self.cwd = kwargs["env"], kwargs.get("cwd") or Path.cwd()
        forked = _fork(cmd, environment, self.cwd) if _can_fork(cmd, environment) else None
        if forked is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pid, self.pgid = forked, forked.pid, forked.pid
        return self.connection_info


class _Forked(psutil.Process):
    """A kernel that another process has forked, and reaps; asked and ended as a `subprocess.Popen` is."""

    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        """Return None while it runs."""
        return None if self.is_running() else 0

    def send_signal(self, sig: int) -> None:
        """Send a signal; nothing where it has ended."""
        with suppress(psutil.NoSuchProcess):
            super().send_signal(sig)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def _can_fork(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    backend = environment.get("KERAS_BACKEND", "tensorflow")
    return sys.platform == "linux" and backend == "tensorflow" and list(command[:3]) == LAUNCHER


def _fork(command: Sequence[str], environment: Mapping[str, str], folder: str | Path) -> _Forked | None:
    """Return a kernel that was forked, None where the process that is forked has ended."""
    _begin_in(environment)
    process = _started["process"]
    asked = {"arguments": command[3:], "environment": dict(environment), "folder": str(folder)}
    try:
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        return _Forked(int(process.stdout.readline()))
    except (OSError, ValueError, psutil.Error):
        end()
        return None


def serve() -> None:
    """Import TensorFlow, and fork a kernel for each line of standard input; end with it."""
    answers = os.fdopen(os.dup(1), "w")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    # As ipykernel sets them before anything is imported: the kernel ends with its parent, figures are inline.
    parent = {"JPY_PARENT_PID": str(os.getpid())}
    os.environ.update(parent)
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    import_module("tensorflow")
    import numpy as np
    from ipykernel import kernelapp

    del sys.path[0]  # the folder in which this was started
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no kernel stays as a zombie
    for line in sys.stdin:
        asked = json.loads(line)
        if child := os.fork():
            print(child, file=answers, flush=True)
            continue
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(nothing, 0)
        answers.close()
        os.environ.clear()
        os.environ.update(asked["environment"] | parent)
        os.chdir(asked["folder"])
        np.random.seed()  # noqa: NPY002  (else every kernel draws what the first one draws)
        sys.argv = ["ipykernel_launcher", *asked["arguments"]]
        kernelapp.launch_new_instance()
        return


if __name__ == "__main__":
    serve()
