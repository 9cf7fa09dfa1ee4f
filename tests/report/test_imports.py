"""Rendering needs no TensorFlow and no other wing."""

import subprocess
import sys

SCRIPT = """
import importlib, pkgutil, sys
import fer_nb.report as wing
for module in pkgutil.iter_modules(wing.__path__):
    importlib.import_module("fer_nb.report." + module.name)
ours = {name for name in sys.modules if name.startswith("fer_nb.")}
print(sorted(name for name in ours if not name.startswith("fer_nb.report")))
print({"tensorflow", "keras", "jax", "torch"} & set(sys.modules))
"""


def test_the_report_wing_imports_the_ground_floor_and_nothing_of_the_other_wings():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout == "['fer_nb.errors', 'fer_nb.files', 'fer_nb.language']\nset()\n"
