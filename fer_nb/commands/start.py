"""Starting Keras and its backend without their notes on the terminal."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def start_networks() -> None:
    """Start what trains and answers; TensorFlow writes past every setting and past Python as it starts."""
    with quiet():
        from fer_nb.learning.precision import gpus

        gpus()


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
