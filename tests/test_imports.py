"""Who may import whom: read off the source, whether an import stands at the top or in a function."""

import ast
import graphlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import fer_nb

ROOT = Path(fer_nb.__file__).parent
GROUND = ("fer_nb.language", "fer_nb.errors", "fer_nb.files")
ALLOWED = {
    "fer_nb.data": ("fer_nb.data", *GROUND),
    "fer_nb.learning": ("fer_nb.learning", "fer_nb.data", "fer_nb.analysis.evaluation", *GROUND),
    "fer_nb.analysis": ("fer_nb.analysis", *GROUND),
    "fer_nb.report": ("fer_nb.report", *GROUND),
    "fer_nb.language": (),
    "fer_nb.errors": ("fer_nb.language",),
    "fer_nb.files": ("fer_nb.errors",),
}
NETWORK_LIBRARIES = {"tensorflow", "keras", "jax", "torch"}


def modules() -> dict[str, Path]:
    """Module name -> file, of the whole package."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(tree: ast.AST) -> Iterator[str]:
    """What is imported, as modules: `from fer_nb.data import faces` names fer_nb.data.faces."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where something comes from"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else node.module for name in names)


def is_in(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("package", ALLOWED)
def test_a_wing_imports_only_what_it_may(package):
    wrong = {
        f"{module} imports {name}"
        for module, path in MODULES.items()
        if is_in(module, (package,))
        for name in imports(ast.parse(path.read_text(encoding="utf-8")))
        if is_in(name, ("fer_nb",)) and not is_in(name, ALLOWED[package])
    }
    assert wrong == set()


def test_only_learning_and_the_gradients_of_analysis_know_a_network_library():
    known = {
        module
        for module, path in MODULES.items()
        for name in imports(ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] in NETWORK_LIBRARIES and name in needed(path)
    }
    allowed = ("fer_nb.learning", "fer_nb.analysis")
    assert {module for module in known if not is_in(module, allowed)} == set()
    assert not any(is_in(module, ("fer_nb.analysis.evaluation",)) for module in known)


def needed(path: Path) -> set[str]:
    """What a module imports, also in a function, but not under `if TYPE_CHECKING`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    return set(imports(tree))


def longest(graph: dict[str, set[str]]) -> list[str]:
    """The longest chain of a graph; an error where it goes in a circle."""
    chains: dict[str, list[str]] = {}
    for module in graphlib.TopologicalSorter(graph).static_order():
        below = max((chains[name] for name in graph[module]), key=len, default=[])
        chains[module] = [module, *below]
    return max(chains.values(), key=len)


GRAPH = {
    module: {name for name in needed(path) if name in MODULES and name != module}
    for module, path in MODULES.items()
}


def test_no_chain_of_imports_is_longer_than_10_modules_nor_goes_round_in_a_circle():
    assert len(longest(GRAPH)) <= 10, longest(GRAPH)


def test_there_are_at_most_7_floors_between_at_most_12_names_at_the_top():
    floors: dict[str, set[str]] = {}
    for module, names in GRAPH.items():
        room, below = floor(module), {floor(name) for name in names}
        floors.setdefault(room, set()).update(below - {room, "fer_nb"})
    assert len(longest(floors)) <= 7, longest(floors)
    assert len(set(floors) - {"fer_nb"}) <= 12, floors


def floor(module: str) -> str:
    return ".".join(module.split(".")[:2])


NO_NETWORK_LIBRARY = """
import pkgutil, sys
for name in ("tensorflow", "keras"):
    sys.modules[name] = None  # an import of it raises ImportError
import fer_nb.report
for module in pkgutil.walk_packages(fer_nb.report.__path__, "fer_nb.report."):
    __import__(module.name)
import fer_nb.learning.recipes, fer_nb.commands.estimate, fer_nb.figures.curves
import fer_nb.findings.sentences, fer_nb.findings.tables
from click.testing import CliRunner
from fer_nb.commands import COMMANDS, main
for arguments in (["--help"], *([name, "--help"] for name in COMMANDS)):
    answer = CliRunner().invoke(main, arguments)
    assert answer.exit_code == 0, (arguments, answer.output, answer.exception)
print("fine")
"""


def test_reports_recipes_figures_and_every_commands_help_need_no_network_library():
    answer = subprocess.run(
        [sys.executable, "-c", NO_NETWORK_LIBRARY], capture_output=True, text=True, check=False
    )
    assert answer.stdout == "fine\n", answer.stderr
