"""No path of the author's machine in what is handed in."""

import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PICTURES = ("image/png", "image/jpeg")  # base64: no words in it, and much of it
BEFORE, AFTER = r"(?<![\w/\\.-])", r"(?![\w-])"


def private_paths(root: Path, shown: Mapping[str, str], out: Path) -> dict[str, str]:
    """Return what stands for each private path.

    Args:
        root: The project's folder: paths in it are shown relative to it.
        shown: Absolute paths of data sets and networks, and the names to show for them.
        out: The folder to write to.
    """
    paths = {str(out.absolute()): out.name, str(Path.home()): "~", tempfile.gettempdir(): "<tmp>"}
    paths |= {sys.prefix: "<python>", str(root): "."}
    paths.update({str(Path(path).resolve()): name for path, name in list(paths.items())})
    paths.update(shown)
    return {path: name for path, name in paths.items() if len(path) > 1}


def without_paths(value: Any, paths: Mapping[str, str]) -> Any:
    """Return a value as JSON holds it, with every private path in its strings replaced.

    Args:
        value: Strings, numbers, lists and dicts; a notebook is one. Pictures are left alone.
        paths: What stands for each path; the longest is replaced first.
    """
    if not paths:
        return value
    longest_first = sorted(paths, key=len, reverse=True)
    pattern = re.compile(BEFORE + "(" + "|".join(re.escape(path) for path in longest_first) + ")" + AFTER)

    def clean(item: Any) -> Any:
        if isinstance(item, str):
            return pattern.sub(lambda found: paths[found[1]], item)
        if isinstance(item, Mapping):
            return {key: content if key in PICTURES else clean(content) for key, content in item.items()}
        if isinstance(item, list | tuple):
            return [clean(content) for content in item]
        return item

    return clean(value)
