"""Tiny notebooks for the report's tests."""

from pathlib import Path

import nbformat
import pytest


@pytest.fixture
def write_notebook(tmp_path):
    """Writes a notebook of cells given as (tags, source); Markdown where the tags name a language."""

    def write(name: str, *cells: tuple[str, str], folder: Path = tmp_path / "notebooks") -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        built = []
        for tags, source in cells:
            words = tags.split()
            markdown = any(word.startswith(("lang-", "markdown")) for word in words)
            make = nbformat.v4.new_markdown_cell if markdown else nbformat.v4.new_code_cell
            built.append(make(source, metadata={"tags": [word for word in words if word != "markdown"]}))
        notebook = nbformat.v4.new_notebook(cells=built)
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        notebook.metadata["language_info"] = {"name": "python"}
        path = folder / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path

    return write
