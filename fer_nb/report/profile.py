"""A profile: values for the notebooks' parameters, and what it says about itself."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager

from fer_nb.errors import InputError
from fer_nb.report.parameters import read_profile

_ASK = "from fer_nb.learning.precision import gpus; print(bool(gpus()))"


@dataclass(frozen=True)
class Profile:
    """What a profile file says.

    Attributes:
        settings: Parameter -> value.
        only: The notebooks that it runs, as `--only` takes them; all where it is empty.
        needs_gpu: Whether it starts on a machine with a GPU only.
    """

    settings: dict[str, Any]
    only: tuple[str, ...] = ()
    needs_gpu: bool = False


def open_profile(path: Path) -> Profile:
    """Return the profile in a file.

    Raises:
        InputError: As `read_profile` does, or `only` is no list, or `needs` is not "gpu".
    """
    values = read_profile(path)
    only, needs = values.pop("only", []), values.pop("needs", None)
    if not isinstance(only, list):
        raise InputError(f"{path}: only: expected a list of notebooks, found {only!r}")
    if needs not in (None, "gpu"):
        raise InputError(f"{path}: needs: expected gpu, found {needs!r}")
    # YAML reads 01 as the number 1
    return Profile(values, tuple(str(name) for name in only), needs_gpu=needs == "gpu")


def has_gpu(kernel: str) -> bool:
    """Return whether the networks of an installed Jupyter kernel would train on a GPU.

    Where `nvidia-smi` answers, the kernel's own Python is asked what its backend sees: an environment without
    CUDA, or one from which the card is hidden, trains on the CPU beside it.
    """
    if shutil.which("nvidia-smi") is None:
        return False
    if subprocess.run(["nvidia-smi"], capture_output=True, check=False).returncode:
        return False
    found = KernelSpecManager().get_kernel_spec(kernel)
    program = found.argv[0] if Path(found.argv[0]).is_absolute() else sys.executable  # as Jupyter starts it
    asked = subprocess.run(
        [program, "-c", _ASK], env=os.environ | found.env, capture_output=True, text=True, check=False
    )
    return asked.stdout.split()[-1:] == ["True"]
