"""The whole report, run once for all tests that look at it."""

import pytest
from small_report import run_report


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """How the run of all notebooks on few practice faces ended, and the folder that it wrote."""
    out = tmp_path_factory.mktemp("report")
    return run_report("practice:210", out), out / "report"
