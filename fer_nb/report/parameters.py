"""What the notebooks may be told: profiles, `--set`, and the check before anything runs."""

import ast
import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import yaml
from jsonschema import Draft202012Validator

from fer_nb.errors import InputError, unknown_name

DEEPEST = 20  # levels of YAML; each costs the more the deeper it lies
UNREADABLE = (OSError, ValueError, AttributeError, nbformat.ValidationError)  # of a file that is no notebook
RANGES = Path(__file__).with_name("ranges.yaml")
MODEL, MODELS = "_model", "_members"  # end the names of parameters that name a network, or several


def declared(notebook: Path) -> dict[str, Any]:
    """Return the parameters that a notebook declares, in its order, with their defaults.

    The cell is parsed as Python and not by `papermill.inspect_notebook`, which drops, with a log line only,
    every parameter whose line holds a second equals sign, be it in the comment.

    Args:
        notebook: Path of a notebook; without a cell tagged `parameters` it declares none.

    Raises:
        InputError: The file is no notebook, or the cell no Python, or a line of it no literal.
    """
    try:
        cells = nbformat.read(notebook, as_version=4).cells
        tagged = [cell.source for cell in cells if "parameters" in cell.metadata.get("tags", [])]
        statements = ast.parse(tagged[0]).body if tagged else []
    except SyntaxError as error:
        where = f"{notebook}: line {error.lineno} of the parameters"
        raise InputError.expected(where, "Python", error.msg) from None
    except UNREADABLE as error:
        raise InputError(f"{notebook}: expected a notebook, found {type(error).__name__}: {error}") from error
    found: dict[str, Any] = {}
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(name)], value=value) | ast.AnnAssign(
                ast.Name(name), value=value
            ):
                found[name] = _literal(value, notebook, name)
    return found


def _literal(value: ast.expr | None, notebook: Path, name: str) -> Any:
    try:
        return ast.literal_eval(value)  # type: ignore[arg-type]
    except ValueError as error:
        raise InputError.expected(notebook, f"a literal for parameter {name!r}", "an expression") from error


def read_yaml(path: Path, what: str, *, loader: type = yaml.SafeLoader) -> dict[Any, Any]:
    """Return the mapping that a YAML file holds, empty where it holds nothing.

    Args:
        path: The file.
        what: It is, for the message.
        loader: Of the values.

    Raises:
        InputError: The file cannot be read, is no mapping, or names a key twice.
    """
    try:
        values = parsed_yaml(path.read_text(encoding="utf-8-sig"), path, loader=loader)
    except OSError as error:
        raise InputError.expected(path, what, error.strerror or error) from error
    except UnicodeDecodeError as error:
        raise InputError.expected(path, "YAML", error) from None
    if not isinstance(values, dict | None):
        raise InputError.expected(path, "lines of `key: value`", type(values).__name__)
    return values or {}


def parsed_yaml(text: str, where: object, *, loader: type = yaml.SafeLoader) -> Any:
    """Return what a YAML text says.

    Raises:
        InputError: It is no YAML, names a key twice, or holds an alias: a few lines of these unfold to
            gigabytes.
    """
    try:
        depth = 0
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise InputError.expected(where, f"YAML at most {DEEPEST} deep", "a deeper one")
            if isinstance(event, yaml.AliasEvent):
                raise InputError.expected(where, "YAML without aliases", f"*{event.anchor}")
        nodes = [yaml.compose(text, Loader=loader)]
        while nodes:
            node = nodes.pop()
            if isinstance(node, yaml.SequenceNode):
                nodes += node.value
            elif isinstance(node, yaml.MappingNode):
                keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
                if doubled := [key for key in keys if keys.count(key) > 1]:
                    found = f"{doubled[0]!r} {keys.count(doubled[0])} times"
                    raise InputError.expected(where, "each key once", found)
                nodes += [value for _, value in node.value]
        return yaml.load(text, Loader=loader)
    except InputError:
        raise
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        found = " ".join(str(error).split()) or type(error).__name__
        raise InputError.expected(where, "YAML", found) from None


def read_settings(settings: Iterable[str]) -> dict[str, Any]:
    """Return `key=value` pairs of the command line, each value read as YAML.

    Raises:
        InputError: A setting has no equals sign or its value is no YAML.
    """
    values = {}
    for setting in settings:
        key, sign, text = setting.partition("=")
        if not sign or not key.strip():
            raise InputError(f"--set: expected key=value, found {setting!r}")
        values[key.strip()] = parsed_yaml(text, f"--set {key.strip()}")
    return values


def choose(
    notebooks: Mapping[str, Mapping[str, Any]], sources: Iterable[tuple[str, Mapping[str, Any]]]
) -> dict[str, dict[str, Any]]:
    """Return what each notebook gets: the chosen values of the parameters that it declares.

    Args:
        notebooks: What every notebook declares, by its name.
        sources: What was chosen, as (where, key and value), for example ("params/quick.yaml", {...});
            a later source overrides an earlier one. A key that several notebooks declare goes to all. A
            setting of a recipe by itself ("learning_rate") is added to the notebooks' list `settings`.

    Raises:
        InputError: No notebook declares a key, or a value is of another type than the default or out of the
            range that `ranges.yaml` beside this file tells.
    """
    ranges = yaml.safe_load(RANGES.read_text(encoding="utf-8"))
    known = {name for defaults in notebooks.values() for name in defaults}
    shorthand = {*ranges["settings"]["shorthand"]} - known if "settings" in known else set()
    chosen: dict[str, dict[str, Any]] = {notebook: {} for notebook in notebooks}
    for where, values in sources:
        for given, wanted in sorted(values.items(), key=lambda item: item[0] in shorthand):
            if given not in known | shorthand:
                raise InputError(f"{where}: {unknown_name('parameter', given, known | shorthand)}")
            key = "settings" if given in shorthand else given
            for notebook, defaults in notebooks.items():
                if key in defaults:
                    before = chosen[notebook].get(key, defaults[key])
                    value = [*before, f"{given}={wanted}"] if given in shorthand else wanted
                    chosen[notebook][key] = fitted(value, defaults[key], where=f"{where}: {key}")
                    for wrong in Draft202012Validator(ranges.get(key, {})).iter_errors(chosen[notebook][key]):
                        allowed = ", ".join(f"{word} {limit}" for word, limit in wrong.schema.items())
                        raise InputError.expected(f"{where}: {key}", allowed, repr(wrong.instance))
    return chosen


def fitted(value: Any, default: Any, *, where: str) -> Any:
    """Return a value in the type of the default; a whole number is taken where a float is expected.

    Args:
        value: What was chosen.
        default: The literal in the notebook; None takes anything, an empty list any elements.
        where: File and key, for the message.

    Raises:
        InputError: The types differ, or a number is not finite.
    """
    if default is None:
        return value
    if isinstance(default, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(default):
        raise InputError.expected(where, _named(default), f"{_named(value)} {value!r}{_hint(value)}")
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"{where}: expected a finite number, found {value}")
    if isinstance(value, list) and default:
        return [_element(item, default, f"{where}[{i}]") for i, item in enumerate(value)]
    return value


def _element(item: Any, defaults: list[Any], where: str) -> Any:
    """Return an element of a list in the type of the default's elements: of the first that it fits."""
    default = next((one for one in defaults if type(one) is type(item)), defaults[0])
    return fitted(item, default, where=where)


def _named(value: Any) -> str:
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list"}
    return names.get(type(value), type(value).__name__)


def _hint(value: Any) -> str:
    """YAML reads `1e-3` as text: say so, for everybody writes it."""
    if isinstance(value, str):
        with suppress(ValueError):
            return f" (YAML reads this as text; write {float(value)!r})"
    return ""


def is_practice(data: object) -> bool:
    """Return whether `data` is `practice` or `practice:N`, the embedded faces, and no path."""
    return str(data).partition(":")[0] == "practice"


def absolute_paths(chosen: dict[str, dict[str, Any]], folder: Path) -> dict[str, str]:
    """Make paths of the data set and of networks absolute, in place: notebooks run in the project's folder.

    Args:
        chosen: The values of each notebook.
        folder: What a relative path is relative to. What is no file there may be a network's name.

    Returns:
        The name to show for each absolute path: as it was given, a given absolute one by its last part.

    Raises:
        InputError: The data set's path does not exist, or is no text that a notebook can hold.
    """
    shown: dict[str, str] = {}

    def absolute(given: Any, *, wanted: str = "") -> Any:
        try:
            path = folder / Path(given).expanduser()
            there = path.exists() if wanted else path.is_file()
        except (OSError, RuntimeError, ValueError):  # a name too long, a home that nobody has
            there = False
        if not there:
            if wanted:
                raise InputError.expected(given, wanted, "nothing there")
            return given
        resolved = str(path.resolve())
        if any("\ud800" <= letter <= "\udfff" for letter in resolved):
            raise InputError.expected(given, "a path in UTF-8", "other bytes")
        shown[resolved] = path.name if Path(given).is_absolute() or given.startswith("~") else given
        return resolved

    for values in chosen.values():
        for key, given in values.items():
            if key == "data" and isinstance(given, str) and not is_practice(given):
                values[key] = absolute(given, wanted="a file or folder with faces, or `practice`")
            elif key.endswith(MODEL):
                values[key] = absolute(given)
            elif key.endswith(MODELS):
                values[key] = [absolute(one) for one in given]
    return shown
