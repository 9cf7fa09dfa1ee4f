"""Starting Keras and its backend without their notes on the terminal."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

WITHOUT_GPU = {"CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}


def start_networks(*, use_gpu: bool = True) -> None:
    """Start what trains and answers; TensorFlow writes past every setting and past Python as it starts.

    Args:
        use_gpu: False keeps this process off the GPU, whose memory a backend takes at its start and keeps.
    """
    with quiet(), variables_set({} if use_gpu else WITHOUT_GPU):
        from fer_nb.learning.precision import start_backend

        start_backend()


@contextmanager
def variables_set(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables for a while; processes that start later do not see them."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


@contextmanager
def quiet() -> Iterator[None]:
    """Keep off the terminal what is written to standard error past Python."""
    sys.stderr.flush()
    terminal = os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
