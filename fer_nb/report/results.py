"""`results.json`: what was run, on which data and machine, and every number that the notebooks recorded."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fer_nb.files import written_whole
from fer_nb.report.environment import environment
from fer_nb.report.execute import Executed, merge_into


def collect(executed: Sequence[Executed], *, profile: str, command: str = "") -> dict[str, Any]:
    """Return the content of `results.json`.

    The data set and the environment are lifted out of the notebooks' own results, those of the first
    notebook that recorded them; a notebook that met another data set keeps its own. So the versions are those
    of the kernel, which may be another installation than the one that writes the report.

    Args:
        executed: All notebooks of the project, the skipped ones too.
        profile: The profile's name.
        command: What repeats the run.
    """
    data: dict[str, Any] = {}
    surroundings = environment()
    notebooks: dict[str, Any] = {}
    for notebook in executed:
        results = dict(notebook.results)
        merge_into(surroundings, results.pop("environment", {}))
        data = data or results.get("data", {})
        if results.get("data") == data:
            results.pop("data", None)
        entry = {
            "status": notebook.status, "seconds": round(notebook.seconds, 1),
            "parameters": notebook.parameters, "results": results,
        }  # fmt: skip
        noted = {"stale": notebook.stale, "error": notebook.error}
        notebooks[notebook.name] = entry | {name: note for name, note in noted.items() if note}
    return {
        "profile": profile, "command": command, "data": data, "environment": surroundings,
        "notebooks": notebooks,
    }  # fmt: skip


def write_json(content: dict[str, Any], path: Path) -> None:
    """Write JSON whole or not at all; a NaN is an error."""
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    with written_whole(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
