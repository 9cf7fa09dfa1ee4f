"""The data wing: FER2013 in all its shapes, practice faces, and what is known of both."""

import contextlib
from pathlib import Path

from fer_nb.data.faces import Faces
from fer_nb.data.faces import summary as summary
from fer_nb.data.formats.packed import is_packed
from fer_nb.data.formats.reading import read_faces, recognise
from fer_nb.data.places import PLACES, candidates
from fer_nb.data.subsets import take_training
from fer_nb.errors import InputError

CACHE = Path("runs/cache")
"""Where packed copies are kept, relative to the current folder."""

PRACTICE_NAME = "practice"
"""What `load` takes for drawn faces; a folder of that name is read as ./practice."""

FOUND_NAME = "fer2013"
"""What `load` takes for FER2013 where this machine keeps it; a file or folder of that name comes first."""

_PRACTICE_COUNT = 6000
MOST_PRACTICE = 300_000


def load(
    data: str | Path, *, images: int = 0, cache: Path | None = CACHE, seed: int = 0, quiet: bool = False
) -> Faces:
    """Return the faces that `data` names: the one door for notebooks and commands.

    Args:
        data: "practice" for 6,000 drawn Training faces and 1,000 of each test split, "practice:N" for N and
            N/6 of each, "fer2013" for FER2013 where this machine keeps it, which is then said in a line;
            anything else the file or folder that holds FER2013.
        images: How many Training faces to keep, each class with its share; 0 keeps all.
        cache: The folder of packed copies; None keeps none.
        seed: Of the drawn faces, and of which are kept.
        quiet: Show no progress bar.

    Raises:
        InputError: If the name or what it names is not as expected.
    """
    count = practice_count(data)
    if count is not None:
        return take_training(practice(count, seed=seed), images, seed=seed)
    if is_to_be_found(data):
        found = find_fer2013()
        if found is None:
            raise InputError.expected(data, f"FER2013 below {', '.join(map(str, PLACES))}", "none there")
        data = found
        if not quiet:
            print(f"data: {data}")
    return take_training(read_faces(Path(data), cache=cache, quiet=quiet), images, seed=seed)


def is_to_be_found(data: str | Path) -> bool:
    """Return whether `data` names FER2013, and no file or folder that is there."""
    return str(data) == FOUND_NAME and not Path(data).exists()


# Who tells each row's split comes first.
_BEST = ("icml", "kaggle", "parquet", "npz", "folder", "hf", "course")


def find_fer2013() -> Path | None:
    """Return the file or folder that holds FER2013 in the first of PLACES that has it, None where none has.

    It is told by what the files hold, not by their names. Of several data sets one with "fer" in its path is
    taken, else the one whose shape tells most.
    """
    for place in PLACES:
        shapes = {}
        for path in candidates(place):
            with contextlib.suppress(InputError):
                shape = recognise(path).format
                if shape != "npz" or is_packed(path):
                    shapes[path] = shape
        if shapes:
            return min(shapes, key=lambda path: ("fer" not in str(path).lower(), _BEST.index(shapes[path])))
    return None


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
