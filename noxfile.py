"""The project's sessions: `nox -s report` is the main job, `nox -s tests` the proof. Options follow `--`."""

import shutil
import subprocess
import sys
from pathlib import Path

import nox

nox.options.default_venv_backend = "uv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["tests"]

ENVIRONMENT = {"MPLBACKEND": "agg"}


def install(session: nox.Session, *requirements: str) -> None:
    """Install the pinned requirements and the package itself, with CUDA where a GPU answers.

    Every notebook starts a fresh Python, which must not compile TensorFlow's thousands of files anew: they
    are compiled once, here.
    """
    files = [part for path in ("requirements.txt", *requirements) for part in ("-r", path)]
    session.install(*files, env={"UV_COMPILE_BYTECODE": "1"})
    session.install("--no-deps", "-e", ".")
    if shutil.which("nvidia-smi") and not subprocess.call(["nvidia-smi"]):
        session.install("-c", "requirements.txt", "-e", ".[gpu]")


def programs_of(session: nox.Session, other: str) -> str:
    """Bring the environment of another session up to date, and return the folder of its programs.

    An environment takes 2 GB and minutes to compile: what can do with another's has none of its own.
    """
    nox_again = (sys.executable, "-m", "nox", "--session", other, "--install-only")
    session.run(*nox_again, external=True)
    return f".nox/{other}/bin"


@nox.session
def report(session: nox.Session) -> None:
    """Run the notebooks and render the report; `-- --help` lists the options."""
    install(session)
    session.run("python", "-m", "fer_nb", "report", *session.posargs, env=ENVIRONMENT)


# A file stays with one worker, so that what its tests share is made once; in the order of tests/conftest.py.
TWO_WORKERS = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; what is behind `--` goes to pytest."""
    install(session, "tests/requirements.txt")
    # Two workers, each with one thread: TensorFlow's own threads would fight over the cores.
    threads = {"TF_NUM_INTRAOP_THREADS": "1", "OMP_NUM_THREADS": "1"}
    options = (*TWO_WORKERS, "-m", "not browser")  # `nox -s browser` drives the browser
    session.run("pytest", *options, *session.posargs, env=ENVIRONMENT | threads)


@nox.session
def oldest(session: nox.Session) -> None:
    """Run the tests of everything that computes with the oldest versions that `pyproject.toml` allows."""
    session.install("--resolution", "lowest-direct", "-e", ".", "pytest>=8.3", "pytest-xdist>=3.6")
    rooms = [f"tests/{room}" for room in ("analysis", "data", "learning", "figures")]
    newest = ["--ignore=tests/learning/test_backends.py"]  # one backend
    lenient = ["-o", "filterwarnings=default"]  # of what these versions deprecate in one another
    session.run("pytest", "-n", "2", *lenient, *newest, *(session.posargs or rooms), env=ENVIRONMENT)


@nox.session(reuse_venv=False)
def kaggle(session: nox.Session) -> None:
    """Run README's cells for Kaggle and Colab in a Python with an older TensorFlow, which they must leave."""
    session.install("tensorflow==2.19.1", "keras==3.10.0", "numpy==2.0.2", "ipython", "pip", "pytest>=8.3")
    environment = ENVIRONMENT | {"FER_NB_MAY_INSTALL": "1"}
    session.run("pytest", "--noconftest", "tests/kaggle", *session.posargs, env=environment)


@nox.session(venv_backend="none")
def lint(session: nox.Session) -> None:
    """Check style, types and that notebooks hold no outputs."""
    programs = programs_of(session, "tests")
    session.run(f"{programs}/ruff", "check", ".")
    session.run(f"{programs}/ruff", "format", "--check", ".")
    session.run(f"{programs}/mypy")
    notebooks = map(str, sorted(Path("notebooks").glob("*.ipynb")))
    session.run(f"{programs}/nbstripout", "--verify", "--keep-id", *notebooks)


@nox.session(venv_backend="none")
def browser(session: nox.Session) -> None:
    """Check the report in Chromium (Debian: apt-get install chromium)."""
    pytest = f"{programs_of(session, 'tests')}/pytest"
    session.run(pytest, *TWO_WORKERS, "-m", "browser", "tests/browser", *session.posargs, env=ENVIRONMENT)


@nox.session
def lab(session: nox.Session) -> None:
    """Open the notebooks in JupyterLab, in the environment of `report`, which a second one would double."""
    programs = programs_of(session, "report")
    keep_outputs_out_of_git(session)
    # Kernels work in the project's folder, as for the report: paths and trained networks are the same.
    startup = Path(session.create_tmp(), "profile_default", "startup")
    startup.mkdir(parents=True, exist_ok=True)
    (startup / "00-project.py").write_text(f"import os\n\nos.chdir({str(Path.cwd())!r})\n", encoding="utf-8")
    # TensorFlow's notes on its start, written past Python, go to the server's terminal alone.
    settings = "c.IPKernelApp.capture_fd_output = False\n"
    (startup.parent / "ipython_kernel_config.py").write_text(settings, encoding="utf-8")
    surroundings = {"IPYTHONDIR": session.create_tmp()}
    session.run(f"{programs}/jupyter", "lab", *LAB, *session.posargs, external=True, env=surroundings)


LAB = ("--ServerApp.root_dir=.", "--ServerApp.default_url=/lab/tree/notebooks")  # the whole project in view

_PYTHON = ("version", "codemirror_mode", "file_extension", "mimetype", "nbconvert_exporter", "pygments_lexer")
FROM_RUNNING = (*(f"metadata.language_info.{key}" for key in _PYTHON), "cell.metadata.execution")
"""What JupyterLab writes into a notebook that was run, beside its outputs."""


def keep_outputs_out_of_git(session: nox.Session) -> None:
    """Let git see notebooks without what running them leaves, so that a run changes nothing for it."""
    if not Path(".git").is_dir():
        return
    session.install("-c", "tests/requirements.txt", "nbstripout")
    clean = f"'{session.bin}/nbstripout' --keep-id --extra-keys '{' '.join(FROM_RUNNING)}'"
    for key, value in (("clean", clean), ("smudge", "cat"), ("required", "true")):
        session.run("git", "config", f"filter.notebooks.{key}", value, external=True, silent=True)
    attributes = Path(".git/info/attributes")
    attributes.parent.mkdir(exist_ok=True)
    line = "*.ipynb filter=notebooks\n"
    known = attributes.read_text(encoding="utf-8") if attributes.exists() else ""
    if line not in known:
        attributes.write_text(known + line, encoding="utf-8")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure speed, side by side in one run; `-- --help` lists the benchmarks."""
    install(session)
    session.run("python", "-m", "benchmarks", *session.posargs, env=ENVIRONMENT)


@nox.session
def sample(session: nox.Session) -> None:
    """Renew the sample report in `reports/sample/`."""
    install(session, "tests/requirements.txt")
    session.run("python", "-m", "fer_nb", "report", "--out", session.create_tmp(), env=ENVIRONMENT)
    session.run("python", "-m", "benchmarks", "sample", f"{session.create_tmp()}/report.pdf")


@nox.session(venv_backend="none")
def campaign(session: nox.Session) -> None:
    """Try to break the command line by cases made from a seed; `-- --help` lists the options."""
    python = f"{programs_of(session, 'tests')}/python"
    session.run(python, "-m", "campaign", *session.posargs, env=ENVIRONMENT)
