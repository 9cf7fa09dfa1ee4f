"""The code of an architecture, as a reader is shown it."""

import ast
import inspect
from typing import Any

from fer_nb.learning.models.registry import ARCHITECTURES


def source(name: str) -> str:
    """Return the Keras code that makes an architecture, without its docstring, behind the helpers it calls.

    Args:
        name: A key of `ARCHITECTURES`.
    """
    function = ARCHITECTURES[name]
    functions = dict.fromkeys(_with_helpers(getattr(function, "own", function)))
    return "\n\n\n".join(map(_without_docstring, functions))


def _with_helpers(function: Any) -> list[Any]:
    """Return the functions of this package, or of its own module, that it calls, then itself."""
    called = [function.__globals__.get(name) for name in function.__code__.co_names]
    near = (__package__, function.__module__)
    own = [one for one in called if inspect.isfunction(one) and one.__module__.startswith(near)]
    return [helper for one in own for helper in _with_helpers(one)] + [function]


def _without_docstring(function: Any) -> str:
    lines = inspect.getsource(function).splitlines()
    definition: Any = ast.parse("\n".join(lines)).body[0]
    if ast.get_docstring(definition) is not None:
        docstring = definition.body[0]
        del lines[docstring.lineno - 1 : docstring.end_lineno]
    return "\n".join(line for line in lines if line.strip())
