"""Where it is computed: system, Python, packages."""

import os
import platform
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Any

PACKAGES = (
    "fer-nb", "tensorflow", "keras", "jax", "numpy", "scikit-learn", "matplotlib", "papermill", "typst",
)  # fmt: skip


def environment() -> dict[str, Any]:
    """Return the system, the Python and the versions of the packages that matter for a number."""
    packages = {}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            packages[name] = version(name)
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "packages": packages,
    }
