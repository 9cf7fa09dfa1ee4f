"""The data wing: FER2013 in all its shapes, practice faces, and what is known of both."""

from pathlib import Path

from fer_nb.data.faces import Faces
from fer_nb.data.formats.reading import read_faces
from fer_nb.errors import InputError

CACHE = Path("runs/cache")
"""Where packed copies are kept, relative to the current folder."""

PRACTICE_NAME = "practice"
"""What `load` takes for drawn faces; a folder of that name is read as ./practice."""

_PRACTICE_COUNT = 6000
MOST_PRACTICE = 300_000


def load(data: str | Path, *, cache: Path | None = CACHE, seed: int = 0, quiet: bool = False) -> Faces:
    """Return the faces that `data` names: the one door for notebooks and commands.

    Args:
        data: "practice" for 6,000 drawn Training faces and 1,000 of each test split, "practice:N" for N and
            N/6 of each, anything else the file or folder that holds FER2013.
        cache: The folder of packed copies; None keeps none.
        seed: Of the drawn faces; real ones do not depend on it.
        quiet: Show no progress bar.

    Raises:
        InputError: If the name or what it names is not as expected.
    """
    count = practice_count(data)
    return read_faces(Path(data), cache=cache, quiet=quiet) if count is None else practice(count, seed=seed)


def practice_count(data: str | Path) -> int | None:
    """Return how many Training faces `data` asks to be drawn, None where it names a file or folder.

    Raises:
        InputError: It asks for practice faces, but not for a number of them.
    """
    name, colon, count = str(data).partition(":")
    if name != PRACTICE_NAME:
        return None
    if colon and not (count.isdecimal() and 1 <= int(count) <= MOST_PRACTICE):
        raise InputError(f"{data}: expected practice:N with N from 1 to {MOST_PRACTICE}, found {count!r}")
    return int(count) if colon else _PRACTICE_COUNT


def practice(count: int, *, seed: int) -> Faces:
    """Return `count` drawn Training faces and a sixth of that, at least 1, for each test split."""
    from fer_nb.data.synthetic.drawing import practice_faces

    test = max(count // 6, 1)
    return practice_faces({"Training": count, "PublicTest": test, "PrivateTest": test}, seed=seed)
