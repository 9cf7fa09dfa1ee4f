"""Runs the command line in an empty folder."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from fer_nb.commands import main


@pytest.fixture
def run(tmp_path, monkeypatch) -> Callable[..., Result]:
    """`run("data", "info", path)` runs a command with tmp_path as the current folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])
