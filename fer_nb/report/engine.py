"""How papermill starts a kernel here: meeting on files, and silent on the terminal."""

import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

ENGINE = "fer-nb"
LAB_ONLY = "lab-only"  # tags cells that offer something interactive: not run here, nothing on paper
LONGEST_ADDRESS = 100  # bytes of the path of a socket, of which systems allow some hundred
PYTHON_ALONE = "--IPKernelApp.capture_fd_output=False"  # a cell's output is what Python prints
OUTPUT_SECONDS = 120  # for a cell's last output to arrive; the default of 4 is too short on a busy machine


class QuietEngine(NBClientEngine):
    """Papermill's own engine but for four things.

    What a kernel's libraries write past Python, such as TensorFlow's notes on its start, stays off the
    terminal and out of the notebook; what Python prints is an output of it as ever. Kernels meet on sockets
    in files where the system has them, each in a folder of its own: two runs at once race for TCP ports, and
    for names in one folder. Cells for JupyterLab alone are passed over. And who started the notebook hears
    what it prints while it runs.
    """

    @classmethod
    def execute_managed_notebook(  # type: ignore[override]
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        execution_timeout: int,
        hear: Callable[[str], str],
        **_: Any,
    ) -> Any:
        """Run every cell; a cell may take `execution_timeout` seconds.

        `hear` gets each text that a cell prints, and returns what the progress bar says from then on.
        """

        def write(text: str) -> None:
            said = hear(text)
            if nb_man.pbar is not None:
                nb_man.pbar.set_description_str(said)

        with tempfile.TemporaryDirectory(prefix="fer-") as folder:
            client = PapermillNotebookClient(
                nb_man,
                kernel_name=kernel_name,
                timeout=execution_timeout,
                iopub_timeout=OUTPUT_SECONDS,
                skip_cells_with_tag=LAB_ONLY,
                stdout_file=SimpleNamespace(write=write, flush=lambda: None),
                extra_arguments=[PYTHON_ALONE],
                config=Config({"KernelManager": meeting_place(Path(folder))}),
            )
            return client.execute(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def meeting_place(folder: Path) -> dict[str, str]:
    """Return how a kernel is met whose folder this is: on sockets there, or by TCP where they cannot be."""
    connection = folder / "kernel.json"  # Jupyter puts the sockets beside it, `kernel-ipc-1` and on
    sockets = os.name == "posix" and len(os.fsencode(connection)) <= LONGEST_ADDRESS
    return {"connection_file": str(connection), "transport": "ipc" if sockets else "tcp"}


papermill_engines.register(ENGINE, QuietEngine)
