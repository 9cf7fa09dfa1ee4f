"""The whole report, run once for all tests that look at it; and which tests begin."""

from pathlib import Path

import pytest
from small_report import run_report

LONGEST = (
    "test_full_profile.py",
    "test_notebooks.py",
    "learning/test_backends.py",
    "commands/test_cluster.py",
    "test_tutorial.py",
    "campaign/test_campaign.py",
)
"""The files of tests that take minutes: they begin, so that two workers end at about the same time."""


def pytest_collection_modifyitems(items):
    rank = {name: number for number, name in enumerate(LONGEST)}
    here = Path(__file__).parent
    items.sort(key=lambda item: rank.get(item.path.relative_to(here).as_posix(), len(LONGEST)))


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """How the run of all notebooks on few practice faces ended, and the folder that it wrote."""
    out = tmp_path_factory.mktemp("report")
    return run_report("practice:140", out), out / "report"
