"""What cases start from, made once: faces, two finished runs, and a small report that has run already."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
from nbformat import v4

from campaign.processes import Command
from fer_nb.data import practice
from fer_nb.data.formats import pack

WORDS = "placeholder words"
"""What the small report says, shows, lists and records; cases put texts of their own in its place."""

_CELLS = (
    "from fer_nb.language import Text\n"
    "from fer_nb.report.cells import AnswerBox, record, say, show_table\n\nanswer = AnswerBox()",
    f"import pandas as pd\n\nwords = Text('{WORDS}', '{WORDS}')\nsay(words)\n"
    "show_table(pd.DataFrame({words: [words]}), caption=words)",
    "answer.fill(finding=words, reason=words, limit=words, see='01-table', front=words)\nrecord(number=1)",
)


@dataclass(frozen=True)
class Kit:
    """Where everything lies."""

    folder: Path

    @property
    def faces(self) -> Path:
        """Packed practice faces: 60 to learn from, 10 in each test split."""
        return self.folder / "faces.npz"

    @property
    def runs(self) -> Path:
        """Two finished runs of the small network, of seeds 0 and 1."""
        return self.folder / "runs"

    @property
    def project(self) -> Path:
        """A folder with one small notebook, its profile and student file, and its report in `out`."""
        return self.folder / "project"

    @property
    def names(self) -> list[str]:
        """The names of the two runs."""
        return sorted(path.parent.name for path in self.runs.glob("[!.]*/run.json"))


def training(seed: int = 0, runs: str = "runs") -> list[str]:
    """Return the arguments that train the small network on the faces beside the runs."""
    options = ["--epochs", "4", "--seed", str(seed), "--runs", runs, "--quiet"]
    return ["train", "practice_cnn", "--data", "faces.npz", *options]


def make_kit(folder: Path) -> Kit:
    """Make everything below a folder, by the command line itself."""
    kit = Kit(folder)
    folder.mkdir(parents=True)
    pack(practice(60, seed=0), kit.faces)
    write_project(kit.project)
    making = [(training(0), folder), (training(1), folder), (["report", "--out", "out"], kit.project)]
    for arguments, place in making:
        ended = Command(arguments, place, data_only=False).run()
        if ended.status:
            raise RuntimeError(f"{arguments} ended with {ended.status}: {ended.error} {ended.out}")
    return kit


def write_project(project: Path) -> None:
    """Write a folder with one notebook, a profile and a student file."""
    (project / "notebooks").mkdir(parents=True)
    (project / "params").mkdir()
    cells = [v4.new_markdown_cell("# Small", metadata={"tags": ["markdown"]})]
    cells += [v4.new_code_cell("count = 1  # of nothing", metadata={"tags": ["parameters"]})]
    cells += [v4.new_code_cell(source) for source in _CELLS]
    cells[3]["id"] = "01-table"
    notebook = v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, project / "notebooks" / "01_small.ipynb")
    (project / "params" / "quick.yaml").write_text("count: 1\n", encoding="utf-8")
    words = "student_id: a\ndepartment: b\nname: c\n"
    (project / "params" / "student.yaml").write_text(words, encoding="utf-8")


def copied_project(kit: Kit, folder: Path, *, words: str | None = None) -> Path:
    """Copy the small project with its finished report; put other words in place of its own."""
    project = shutil.copytree(kit.project, folder / "project")
    if words is not None:
        path = project / "out" / "notebooks" / "01_small.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            cell["outputs"] = _replaced(cell.get("outputs", []), words)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    return project


def _replaced(value: object, words: str) -> object:
    if isinstance(value, str):
        return value.replace(WORDS, words)
    if isinstance(value, list):
        return [_replaced(item, words) for item in value]
    if isinstance(value, dict):
        return {key: _replaced(item, words) for key, item in value.items()}
    return value


def trained(folder: Path) -> dict[str, bytes]:
    """Return everything numeric of the finished runs below a folder: equal for equal weights."""
    found = {}
    for facts in sorted(folder.glob("[!.]*/run.json")):
        for name in ("checkpoint.npz", "logits.npz"):
            with np.load(facts.parent / name) as stored:
                for key in stored.files:
                    if key != "standing":  # it holds seconds
                        found[f"{facts.parent.name}/{name}/{key}"] = stored[key].tobytes()
    return found
