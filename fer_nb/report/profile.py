"""A profile: values for the notebooks' parameters, and what it says about itself."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager

from fer_nb.errors import InputError
from fer_nb.report.parameters import absolute_paths, choose, declared, read_settings, read_yaml
from fer_nb.report.project import find_notebooks, find_profile, find_root, named, select

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
        InputError: As `read_yaml` does, or `only` is no list, or `needs` is not "gpu".
    """
    values = {str(key): value for key, value in read_yaml(path, "a profile").items()}
    only, needs = values.pop("only", []), values.pop("needs", None)
    if not isinstance(only, list):
        raise InputError(f"{path}: only: expected a list of notebooks, found {only!r}")
    if needs not in (None, "gpu"):
        raise InputError(f"{path}: needs: expected gpu, found {needs!r}")
    # YAML reads 01 as the number 1
    return Profile(values, tuple(str(name) for name in only), needs_gpu=needs == "gpu")


@dataclass(frozen=True)
class Parameters:
    """What the notebooks that are to run are told.

    Attributes:
        file: Of the profile.
        profile: What it says.
        chosen: Notebook -> the parameters that are not its defaults.
        complete: Notebook -> all its parameters.
        shown: The name to show for each absolute path among them, see `absolute_paths`.
        every: Every notebook of the project -> all its parameters.
    """

    file: Path
    profile: Profile
    chosen: dict[str, dict[str, Any]]
    complete: dict[str, dict[str, Any]]
    shown: dict[str, str]
    every: dict[str, dict[str, Any]]


def read_parameters(
    profile: str, *, data: str | None = None, settings: Sequence[str] = (), only: Sequence[str] = ()
) -> Parameters:
    """Return what a profile, `--data` and `--set` tell the notebooks of the project.

    Args:
        profile: A name in `params/`, or a file.
        data: The parameter `data` for all notebooks: a path, or `practice`.
        settings: `key=value`, over the profile.
        only: Names or numbers of the notebooks to run; the profile's where it is empty.

    Raises:
        InputError: Bad input.
    """
    root = find_root()
    notebooks = find_notebooks(root)
    file = find_profile(profile, root)
    opened = open_profile(file)
    selected = [path.stem for path in select(notebooks, only or opened.only)]
    defaults = {path.stem: declared(path) for path in notebooks}
    given = {} if data is None else {"data": data}
    sources = [(named(file), opened.settings), ("--data", given), ("--set", read_settings(settings))]
    chosen = choose(defaults, sources)
    shown = absolute_paths(chosen, Path.cwd())
    every = {name: defaults[name] | chosen[name] for name in defaults}
    chosen, complete = ({name: known[name] for name in selected} for known in (chosen, every))
    return Parameters(file, opened, chosen, complete, shown, every)


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
