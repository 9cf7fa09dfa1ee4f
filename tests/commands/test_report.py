"""`python -m fer_nb report`, as one calls it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from fer_nb import data
from fer_nb.commands import backend, checks
from fer_nb.commands import report as command
from fer_nb.errors import InputError
from fer_nb.report import build as building
from fer_nb.report.time_left import UNKNOWN

STUDENT = "student_id: R00000000\ndepartment: x\nname: Ann\n"
RECORD = "from fer_nb.report.cells import record\nrecord(data={'source': data}, n=seed)"


def notebook(path, *cells):
    parameters, *sources = cells
    built = [nbformat.v4.new_markdown_cell(f"# {path.stem}")]
    built += [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    built += [nbformat.v4.new_code_cell(source) for source in sources]
    content = nbformat.v4.new_notebook(cells=built)
    content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(content, path)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of two notebooks, in the current folder."""
    for name in ("notebooks", "params"):
        (tmp_path / name).mkdir()
    notebook(tmp_path / "notebooks" / "01_good.ipynb", 'data = "practice"\nseed = 0', RECORD)
    notebook(tmp_path / "notebooks" / "02_bad.ipynb", "width = 1.0", "raise ValueError('no luck')")
    (tmp_path / "params" / "quick.yaml").write_text("seed: 3\nwidth: 2\n")
    (tmp_path / "params" / "student.yaml").write_text(STUDENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call():
    from fer_nb.commands import main

    return lambda *arguments: CliRunner().invoke(main, ["report", *arguments])


def not_rendered(patch):
    """Leave out page and PDF, where a test looks at what was run."""
    patch.setattr(building, "render", lambda *_, **__: [])


@pytest.mark.slow
def test_a_failing_notebook_leaves_a_report_that_says_so_and_exit_status_1(project, call):
    result = call("--set", "seed=5")
    assert result.exit_code == 1, result.output
    assert "report: reports/report.html, reports/report.pdf, reports/results.json" in result.output
    out = project / "reports"
    assert sorted(path.name for path in out.rglob("*") if path.is_file()) == [
        "01_good.ipynb", "02_bad.ipynb", "report.html", "report.pdf", "results.json",
    ]  # fmt: skip
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert results["profile"] == "quick"
    assert results["data"] == {"source": "practice"}
    good, bad = results["notebooks"]["01_good"], results["notebooks"]["02_bad"]
    assert (good["status"], good["results"]) == ("ok", {"n": 5})
    assert good["parameters"] == {"data": "practice", "seed": 5}
    assert (bad["status"], bad["error"], bad["parameters"]) == (
        "failed",
        "ValueError: no luck",
        {"width": 2.0},
    )
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "ValueError: no luck" in page
    assert str(project) not in page


@pytest.mark.slow
def test_a_selected_notebook_runs_alone_on_the_data_set_given(project, call, monkeypatch):
    (project / "faces.csv").write_text("label,feature\n")
    monkeypatch.setattr(command, "check", lambda chosen: None)
    not_rendered(monkeypatch)
    result = call("--only", "01", "--data", "faces.csv", "--lang", "en", "--out", "elsewhere")
    assert result.exit_code == 0, result.output
    results = json.loads((project / "elsewhere" / "results.json").read_text(encoding="utf-8"))
    assert {name: told["status"] for name, told in results["notebooks"].items()} == {
        "01_good": "ok",
        "02_bad": "skipped",
    }
    assert results["data"] == {"source": "faces.csv"}
    assert not (project / "elsewhere" / "notebooks" / "02_bad.ipynb").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--profile", "quik"], "unknown profile 'quik': did you mean 'quick'?"),
        (["--profile", "none.yaml"], "none.yaml: expected a profile, found No such file or directory"),
        (["--set", "sed=1"], "--set: unknown parameter 'sed': did you mean 'seed'?"),
        (["--set", "seed=1.5"], "--set: seed: expected a whole number, found a number 1.5"),
        (["--only", "01", "09"], "unknown notebook '09': expected one of 01_good, 02_bad"),
        (["--data", "no.csv"], "no.csv: expected a file or folder with faces, or `practice`, found nothing there"),  # noqa: E501
        (["--student", "none.yaml"], "none.yaml: expected a student file, found No such file or directory"),
        (["--kernel", "pyton3"], "unknown kernel 'pyton3': did you mean 'python3'?"),
        (["--out", "params/quick.yaml"], "params/quick.yaml: expected a folder to write to, found a file"),
        (["--out", "."], ".: expected a folder other than the project's, found the project itself"),
        (["--only", "02", "--term", "2018spring"], "--only: expected one of 01_good (term: 2018spring), found 02"),  # noqa: E501
        (["--lang", "fr"], "Invalid value for '--lang': 'fr' is not one of 'both', 'zh', 'en', 'all'."),
        (["--only"], "Option '--only' requires an argument."),
        (["surplus"], "Got unexpected extra argument (surplus)"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_with_exit_status_2_and_nothing_is_written(project, call, arguments, message):
    before = sorted(project.rglob("*"))
    result = call(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"error: {message}\n")
    assert sorted(project.rglob("*")) == before


def test_a_profile_with_an_unknown_key_names_file_and_key(project, call):
    (project / "params" / "quick.yaml").write_text("sed: 3\n")
    assert call().stderr == "error: params/quick.yaml: unknown parameter 'sed': did you mean 'seed'?\n"


def test_bad_data_are_refused_before_anything_runs(project, call):
    (project / "faces.csv").write_text("a,b\n1,2\n")
    result = call("--data", "faces.csv")
    assert result.exit_code == 2
    assert "faces.csv" in result.stderr
    assert not (project / "reports").exists()


def test_data_networks_and_images_are_looked_for_where_the_notebooks_run(
    project, tmp_path_factory, monkeypatch
):
    from PIL import Image

    (project / "faces" / "train" / "happy").mkdir(parents=True)
    Image.new("L", (48, 48)).save(project / "faces" / "train" / "happy" / "a.png")
    monkeypatch.setattr("fer_nb.report.project._PACKAGE", project / "fer_nb")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(InputError, match="expected a row below 1, the images of training"):
        checks.check({"05": {"data": str(project / "faces"), "saliency_images": ["training:1"]}})
    assert (project / "runs" / "cache").is_dir()
    assert list(Path.cwd().iterdir()) == []
    Path("theirs.keras").touch()
    with pytest.raises(InputError, match=r"theirs\.keras: expected .*, found nothing there"):
        checks.check({"04": {"matrix_model": "theirs.keras", "runs_folder": "runs"}})


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (["--only", "01", "02", "--out", "x"], (("01", "02"), "x")),
        (["--only", "01", "--only", "02"], (("01", "02"), "reports")),
        (["--out", "x", "--only=02"], (("02",), "x")),
    ],
)
def test_only_takes_one_or_several_values(project, call, monkeypatch, arguments, options):
    told = {}
    monkeypatch.setattr(building, "build", lambda **options: told.update(options) or [])
    assert call(*arguments).exit_code == 0
    assert (told["only"], str(told["out"])) == options


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], True),
        (["--data", "fer2013"], True),
        (["--set", "data=fer2013"], True),
        (["--set", "data=practice"], False),
        (["--data", "practice"], False),
    ],
)
def test_mounted_data_are_taken_where_the_profiles_path_leads_nowhere_and_said_in_a_line(
    project, call, monkeypatch, arguments, told
):
    (project / "params" / "quick.yaml").write_text("data: data/fer2013.csv\n")
    mounted = project / "input" / "somebody" / "fer2013.csv"
    mounted.parent.mkdir(parents=True)
    mounted.write_text("emotion,pixels,Usage\n")
    monkeypatch.setattr(data, "PLACES", (project / "input",))
    given = {}
    monkeypatch.setattr(building, "build", lambda **options: given.update(options) or [])
    result = call(*arguments)
    assert result.exit_code == 0
    assert (result.stderr == f"data: {mounted}\n") == told
    assert (given["data"] == str(mounted)) == told


def test_a_command_that_needs_data_takes_the_mounted_ones_where_none_are_named(project, monkeypatch):
    from fer_nb.commands import main

    (project / "fer2013.csv").write_text("emotion,pixels,Usage\n")
    monkeypatch.setattr(data, "PLACES", (project,))
    result = CliRunner().invoke(main, ["train", "practice_dnn"])
    row = f"error: {project / 'fer2013.csv'}: line 2: expected a row after the header, found none"
    assert (result.exit_code, result.stderr.splitlines()) == (2, [f"data: {project / 'fer2013.csv'}", row])


def test_help_answers_without_the_machinery(call):
    script = (
        "import sys; import fer_nb.commands.report; print({'papermill', 'typst', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
    assert "--only NOTEBOOK..." in call("--help").output


def test_what_is_written_past_python_at_the_start_stays_off_the_terminal_and_errors_do_not(capfd):
    with pytest.raises(ValueError, match="told"), backend.quiet():
        os.write(2, b"a note of the library")
        raise ValueError("told")
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_the_estimate_is_told_before_anything_runs(project, monkeypatch):
    lines, seen = [], {}

    def stop(*_, **__):
        raise KeyboardInterrupt

    def estimate(chosen, *, on_gpu):
        seen.update(chosen)
        return UNKNOWN._replace(seconds=dict.fromkeys(chosen, 60))

    monkeypatch.setattr(building.Runner, "run_all", stop)
    with pytest.raises(KeyboardInterrupt):
        building.build(profile="quick", out=project / "reports", echo=lines.append, estimate=estimate)
    assert lines == ["estimated time: 2 min with the machine as busy as now (01_good 60 s, 02_bad 60 s)"]
    assert seen == {"01_good": {"data": "practice", "seed": 3}, "02_bad": {"width": 2.0}}


@pytest.mark.slow
def test_only_what_has_changed_or_failed_is_run_again(project, call, monkeypatch):
    def ran(*arguments, rendered=False):
        with monkeypatch.context() as patch:
            if not rendered:
                not_rendered(patch)
            output = call(*arguments).output
        return [line.split()[0] for line in output.splitlines() if "  " in line]

    def pages():
        return [(project / "reports" / name).read_bytes() for name in ("report.html", "report.pdf")]

    third = project / "notebooks" / "03_more.ipynb"
    notebook(third, "more = 1", RECORD.replace("data={'source': data}, n=seed", "more=more"))
    assert ran(rendered=True) == ["01_good", "02_bad", "03_more"]
    first = pages()
    assert ran() == ["02_bad"]
    assert ran("--only", "01", "03") == []
    notebook(third, "more = 2", RECORD.replace("data={'source': data}, n=seed", "more=more"))
    assert ran("--only", "01", "03", rendered=True) == ["03_more"]
    changed = pages()
    assert ran("--only", "01", "03", rendered=True) == []
    assert pages() == changed != first
    assert ran("--only", "01", "--fresh") == ["01_good"]
    assert ran("--only", "01", "--set", "seed=9") == ["01_good"]


@pytest.mark.slow
def test_only_keeps_the_chapters_executed_before_and_marks_those_whose_inputs_have_changed(project, call):
    third = project / "notebooks" / "03_more.ipynb"
    notebook(third, "more = 1", RECORD.replace("data={'source': data}, n=seed", "more=more"))

    def told(out="reports"):
        results = json.loads((project / out / "results.json").read_text(encoding="utf-8"))["notebooks"]
        page = (project / out / "report.html").read_text(encoding="utf-8")
        return {name: (one["status"], one.get("stale", False)) for name, one in results.items()}, page

    assert call("--only", "01").exit_code == 0
    chapters, page = told()
    assert chapters == {"01_good": ("ok", False), "02_bad": ("skipped", False), "03_more": ("skipped", False)}
    assert "were not run this time" in page

    lines = call("--only", "03", "--lang", "en").output
    assert "kept as executed before: 01_good\n" in lines
    assert "changed since" not in lines
    chapters, page = told()
    assert chapters == {"01_good": ("ok", False), "02_bad": ("skipped", False), "03_more": ("ok", False)}
    assert "as they were run before" not in page

    notebook(third, "more = 2", RECORD.replace("data={'source': data}, n=seed", "more=2 * more"))
    lines = call("--only", "01", "--set", "seed=5", "--lang", "en").output
    assert "kept as executed before: 03_more\nchanged since in code, data or settings: 03_more;" in lines
    chapters, page = told()
    assert chapters == {"01_good": ("ok", False), "02_bad": ("skipped", False), "03_more": ("ok", True)}
    assert "as they were run before, with other code, data or settings than now" in page
    results = json.loads((project / "reports" / "results.json").read_text(encoding="utf-8"))["notebooks"]
    assert (results["03_more"]["results"], results["03_more"]["parameters"]) == ({"more": 1}, {"more": 1})

    assert call("--only", "03").exit_code == 0
    assert told()[0]["01_good"] == ("ok", True)  # it ran with seed 5, the profile says 3

    assert call("--only", "03", "--out", "elsewhere").exit_code == 0
    assert [name for name, (status, _) in told("elsewhere")[0].items() if status == "ok"] == ["03_more"]


def test_watching_builds_again_after_each_change_and_ends_with_ctrl_c(project, call, monkeypatch):
    commands = []
    monkeypatch.setattr("fer_nb.report.watch.changes", lambda paths: iter([[], [next(iter(paths()))]]))

    def run(arguments, *, check):
        commands.append(arguments[4:])
        if len(commands) == 2:
            raise KeyboardInterrupt
        return subprocess.CompletedProcess(arguments, 0)

    monkeypatch.setattr(command.subprocess, "run", run)
    arguments = ["--watch", "--only", "01", "02", "--lang", "en"]
    monkeypatch.setattr(sys, "argv", ["fer_nb", "report", *arguments])
    result = call(*arguments)
    assert result.exit_code == 130
    assert commands == [["--only", "01", "02", "--lang", "en"]] * 2
    assert "changed: 01_good.ipynb" in result.output


def test_watching_looks_at_own_networks_too(project, monkeypatch):
    looked_at = []
    monkeypatch.setattr("fer_nb.report.watch.changes", lambda paths: looked_at.extend(paths()) or iter([]))
    (project / "own_networks.py").touch()
    command.rebuild()
    assert project / "own_networks.py" in looked_at


def test_pdfs_of_languages_that_were_not_asked_for_this_time_do_not_stay(project, monkeypatch):
    monkeypatch.setattr(building, "FerHTMLExporter", Blank)
    monkeypatch.setattr(building, "FerPDFExporter", Blank)
    for language, names in (("all", {"report.zh.pdf", "report.en.pdf"}), ("zh", set())):
        building.render(nbformat.v4.new_notebook(), out=project, language=language, echo=print)
        assert {path.name for path in project.glob("report.*")} == names | {"report.html", "report.pdf"}


class Blank:
    """An exporter of nothing."""

    def __init__(self, **options):
        pass

    def from_notebook_node(self, notebook):
        return "", {}


def test_watching_ends_at_once_where_the_input_is_refused(project, call, monkeypatch):
    refused = subprocess.CompletedProcess([], 2)
    monkeypatch.setattr(command.subprocess, "run", lambda *_, **__: refused)
    assert call("--watch").exit_code == 2


def test_the_command_that_repeats_the_run_is_told_without_private_paths():
    options = {"--profile": ["quick"], "--data": ["my faces.csv"], "--only": ("01", "04"), "--term": []}
    told = "python -m fer_nb report --profile quick --data 'my faces.csv' --only 01 04"
    assert building.command(options) == told


def test_a_remark_on_a_notebook_that_is_not_there_is_refused(project, call):
    (project / "params" / "student.yaml").write_text(STUDENT + "remarks: {'09': x}\n")
    result = call()
    assert (result.exit_code, "student.yaml: remarks: unknown notebook '09'" in result.stderr) == (2, True)
