"""`python planted.py FOLDER`: plant faults in the program, and print as JSON what the campaign finds of each.

A process of its own, since the campaign forks: this one imports Keras and computes nothing with it.
"""

import importlib
import json
import os
import sys
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

from hypothesis import strategies as st

import campaign.data
import campaign.interruptions
import campaign.models
import campaign.settings
from campaign.__main__ import IMPORTED, batch
from campaign.kit import make_kit
from fer_nb.data.formats import csv_files, packed
from fer_nb.report import exporters

for name in IMPORTED:
    importlib.import_module(name)

from fer_nb.learning import runs  # noqa: E402

_environment = exporters.FerHTMLExporter._create_environment


@contextmanager
def written_in_place(path):
    """Write a file where it is to be in the end, over one that is there."""
    path.unlink(missing_ok=True)
    yield path


def unescaped(exporter):
    """Return the environment of the templates without the escaping of texts."""
    environment = _environment(exporter)
    environment.autoescape = False
    return environment


def silent(folder):
    """List the runs that can be read, and swallow what is wrong with the others."""
    found = []
    for path in sorted(folder.glob(f"[!.]*/{runs.FACTS}")):
        try:
            found.append(runs.read_run(path.parent))
        except ValueError:
            continue
    return found


PLANTED = {
    "nothing": ("data", nullcontext, campaign.data.CASES),
    "a missing check": (
        "data",
        lambda: patch.dict(csv_files._LABELS, {b"7": 6}),
        campaign.data.CASES,
    ),
    "a rename that is not atomic": (
        "interruptions",
        lambda: patch.object(packed, "written_whole", written_in_place),
        st.tuples(st.just("pack npz"), st.just("size"), st.integers(0, 12_000)),
    ),
    "an unescaped text": (
        "settings",
        lambda: patch.object(exporters.FerHTMLExporter, "_create_environment", unescaped),
        st.tuples(st.sampled_from(["words", "header"]), campaign.settings.TEXTS),
    ),
    "a swallowed error": (
        "models",
        lambda: patch.object(runs, "list_runs", silent),
        st.tuples(st.just("run"), st.tuples(st.just("run.json"), campaign.models.DAMAGES), st.just("list")),
    ),
}


def main(folder):
    os.chdir(folder)
    kit = make_kit(folder / "kit")
    found = {}
    for name, (kind, fault, cases) in PLANTED.items():
        with fault(), patch.object(importlib.import_module(f"campaign.{kind}"), "CASES", cases):
            count = 20 if name == "nothing" else 200 if kind == "data" else 30
            found[name] = batch(kind, 1, kit, cases=count, shrink=False).fault
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
