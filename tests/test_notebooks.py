"""The notebooks: written as the house says, and run to the end on a few practice faces."""

import ast
import json
import re
import statistics
from pathlib import Path

import nbformat
import pytest
from printed import ANSWERING, NOTEBOOKS, answers

from fer_nb.report.parameters import declared
from fer_nb.report.profile import open_profile

ROOT = Path(__file__).resolve().parent.parent
SHARED = {"data", "training_images", "seed", "runs_folder", "settings"}


def cells(path, kind):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def tags(cell):
    return set(cell.metadata.get("tags", []))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return request.param


def test_code_cells_are_short_and_hold_no_class_and_no_output(notebook):
    code = cells(notebook, "code")
    lengths = [len(cell.source.strip().splitlines()) for cell in code]
    assert len(code) <= 20 and statistics.median(lengths) <= 5
    assert max(lengths) <= 15
    assert not any(cell.outputs or cell.execution_count for cell in code)
    nodes = [node for cell in code for node in ast.walk(ast.parse(cell.source))]
    assert not any(isinstance(node, ast.ClassDef) for node in nodes)


def test_every_text_stands_in_both_languages_side_by_side(notebook):
    texts = [tags(cell) - {"lab-only"} for cell in cells(notebook, "markdown")]
    assert texts == [{"lang-zh"}, {"lang-en"}] * (len(texts) // 2)


def test_parameters_are_at_most_fifteen_literals_with_a_reason_behind_each(notebook):
    (cell,) = [cell for cell in cells(notebook, "code") if "parameters" in tags(cell)]
    lines = cell.source.splitlines()
    assert len(lines) == len(declared(notebook)) <= 15
    assert all(re.search(r"  # \S", line) for line in lines)


def test_cell_ids_are_unique_over_all_notebooks():
    ids = [cell.id for path in NOTEBOOKS for kind in ("code", "markdown") for cell in cells(path, kind)]
    assert len(ids) == len(set(ids))


def test_parameters_that_notebooks_share_mean_the_same_in_each():
    seen = {}
    for path in NOTEBOOKS:
        for name, default in declared(path).items():
            assert name in SHARED or name not in seen, f"{name}: {path.stem} and {seen[name]}"
            seen[name] = path.stem
            if name in SHARED:
                assert type(default) is type(declared(NOTEBOOKS[0])[name])


def test_every_profile_sets_only_what_a_notebook_declares():
    known = {name for path in NOTEBOOKS for name in declared(path)}
    for profile in (ROOT / "params").glob("*.yaml"):
        if profile.stem != "student":
            assert set(open_profile(profile).settings) <= known, profile.name


@pytest.mark.slow
def test_all_notebooks_run_to_the_end_and_give_a_report(report):
    result, out = report
    assert result.exit_code == 0, result.output
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert {entry["status"] for entry in results["notebooks"].values()} == {"ok"}
    assert results["data"]["counts"]["Training"] == 210
    assert (out / "report.html").stat().st_size < 5e6
    assert (out / "report.pdf").stat().st_size < 3e6


@pytest.mark.slow
def test_accuracies_are_recorded_with_their_intervals_by_label_and_split(report):
    _, out = report
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    models = results["notebooks"]["01_cnn"]["results"]["models"]
    assert set(models) == {"practice_cnn", "practice_dnn", "practice_cnn/dropout=0.0", "blend"}
    for splits in models.values():
        assert set(splits) == {"validation", "public", "private", "test"}
        for scores in splits.values():
            assert set(scores) == {"all", "clean"}
            assert scores["all"]["low"] <= scores["all"]["accuracy"] <= scores["all"]["high"]


@pytest.mark.slow
def test_every_notebook_answers_its_question_in_sentences_of_both_languages(report):
    _, out = report
    for path in ANSWERING:
        (answer,) = answers(out / "notebooks" / path.name)
        for part in ("finding", "reason", "limit", "front"):
            assert answer[part]["zh"].endswith("。") and answer[part]["en"].endswith(".")
