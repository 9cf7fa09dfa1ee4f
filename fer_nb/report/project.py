"""Where the project's notebooks and profiles are, and which of them are meant."""

from collections.abc import Sequence
from pathlib import Path

from fer_nb.errors import InputError, unknown_name

NOT_PROFILES = ("student",)
_PACKAGE = Path(__file__).resolve().parents[1]


def find_root() -> Path:
    """Return the project's folder: the current one if it is a project's, else the one beside the package.

    Raises:
        InputError: Neither holds the folders `notebooks` and `params`.
    """
    for folder in (Path.cwd(), _PACKAGE.parent):
        if find_notebooks(folder) and (folder / "params").is_dir():  # a report has notebooks alone
            return folder
    raise InputError(
        "notebooks: expected notebooks/01_*.ipynb and params/ in the current folder, found none; "
        "`python -m fer_nb start` lays them out"
    )


def shipped() -> list[Path]:
    """Return the notebooks and profiles that come with the package, of the checkout or else of the wheel."""
    root = _PACKAGE.parent if find_notebooks(_PACKAGE.parent) else _PACKAGE / "project"
    return [*find_notebooks(root), *sorted((root / "params").glob("*.yaml"))]


def find_notebooks(root: Path) -> list[Path]:
    """Return the project's notebooks in their order: `notebooks/NN_name.ipynb`."""
    return sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def select(notebooks: Sequence[Path], only: Sequence[str]) -> list[Path]:
    """Return the notebooks that `--only` names, in their own order; all of them where it names none.

    Args:
        notebooks: Every notebook of the project.
        only: Names such as `04_confusion_matrix`, or numbers such as `04` or `4`.

    Raises:
        InputError: With the nearest name.
    """
    chosen = set()
    for name in only:
        short = name.removesuffix(".ipynb")
        found = [path for path in notebooks if short in (path.stem, path.stem[:2], path.stem[:2].lstrip("0"))]
        if not found:
            raise unknown_name("notebook", name, [path.stem for path in notebooks])
        chosen.update(found)
    return [path for path in notebooks if path in chosen] if only else list(notebooks)


def find_profile(name: str, root: Path) -> Path:
    """Return the file of a profile: a path as it is, a name from `params/`.

    Raises:
        InputError: With the nearest name.
    """
    if name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name:
        return Path(name)
    path = root / "params" / f"{name}.yaml"
    if not path.exists() or name in NOT_PROFILES:
        known = sorted(file.stem for file in path.parent.glob("*.yaml") if file.stem not in NOT_PROFILES)
        raise unknown_name("profile", name, known)
    return path


def named(path: Path) -> str:
    """Return a path as a person would type it: relative to the current folder where it lies in it."""
    resolved = path.resolve()
    return str(resolved.relative_to(Path.cwd())) if resolved.is_relative_to(Path.cwd()) else str(path)
