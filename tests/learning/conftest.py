"""A tiny network that is registered while the tests of a module run, and what trains it in a moment."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def tiny():
    """The module `tiny.py` beside this file, with its architecture registered."""
    from fer_nb.learning.models import ARCHITECTURES, architecture

    path = Path(__file__).with_name("tiny.py")
    specification = importlib.util.spec_from_file_location("tiny", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    architecture(module.tiny_cnn)
    yield module
    del ARCHITECTURES[module.NAME]


@pytest.fixture(scope="module")
def faces(tiny):
    return tiny.faces()
