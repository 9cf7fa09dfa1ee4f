"""Rendering needs no TensorFlow and no other wing."""

import subprocess
import sys


def test_the_report_wing_imports_language_and_errors_and_nothing_of_the_other_wings():
    script = (
        "import sys, pkgutil, importlib, fer_nb.report as wing\n"
        "for module in pkgutil.iter_modules(wing.__path__): importlib.import_module('fer_nb.report.' + module.name)\n"
        "own = [name for name in sys.modules if name.startswith('fer_nb.') and not name.startswith('fer_nb.report')]\n"
        "print(sorted(own), sorted({'tensorflow', 'keras', 'jax', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "['fer_nb.errors', 'fer_nb.language'] []\n"
