import subprocess
import sys

LIST_MODULES = "import sys, fer_nb.analysis.evaluation; print(*sys.modules)"
LIBRARIES = {"tensorflow", "keras", "jax", "matplotlib"}
WINGS = ("fer_nb.data", "fer_nb.learning", "fer_nb.report", "fer_nb.figures")


def test_evaluation_loads_no_network_library_no_drawing_and_no_other_wing():
    loaded = subprocess.run([sys.executable, "-c", LIST_MODULES], capture_output=True, text=True, check=True)
    modules = loaded.stdout.split()
    assert "fer_nb.analysis.evaluation" in modules
    assert not [name for name in modules if name.split(".")[0] in LIBRARIES or name.startswith(WINGS)]
