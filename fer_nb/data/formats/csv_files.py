"""Reads the CSV shapes: the homework's train.csv and test.csv, Kaggle's fer2013.csv, icml_face_data.csv.

The pixels of a row are parsed by one call of NumPy; what it cannot vouch for is looked at value by value.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.faces import MOST, SIZE, UNKNOWN, USAGES, Faces, numbered
from fer_nb.data.formats.names import reading_bar, split_of
from fer_nb.errors import InputError

HEADERS = {
    ("label", "feature"): "course",
    ("id", "feature"): "course",
    ("emotion", "pixels", "usage"): "kaggle",
    ("emotion", "usage", "pixels"): "icml",
    ("emotion", "pixels"): "kaggle",
    ("pixels",): "kaggle",
}
"""Column names as `header_of` gives them, and the shape's name; the last two are the contest's own files."""

_ROLES = {"label": "label", "emotion": "label", "feature": "pixels", "pixels": "pixels"}
_LABELS = {str(label).encode(): label for label in range(7)}
_USAGES = {usage.encode(): code for code, usage in enumerate(USAGES[:3])}
_PIXELS = SIZE * SIZE
MOST_LEVEL = 255
_LONGEST_LINE = 100_000  # bytes: 2,304 values of 3 digits, each with up to 40 blanks


def header_of(start: bytes) -> tuple[str, ...]:
    """Return the column names in the first line of `start`, without blanks, quotes and capitals."""
    line = start.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    return tuple(name.strip(' "\t\r').lower() for name in line.decode(errors="replace").split(","))


def read_csv(path: Path, *, quiet: bool = False) -> Faces:
    """Read one CSV file whose header is in HEADERS; the file's name tells the split where no column does.

    Labelled rows of a file whose name tells no split are Training; rows without labels are unlabelled.
    Blank lines, CRLF, quotes, a byte order mark and a missing final newline do no harm.

    Raises:
        InputError: With the line of the first bad row, as an editor counts: the header is line 1.
    """
    images, labels, usages = [], [], []
    ids: dict[int, int] = {}  # id -> its line
    with path.open("rb") as handle:
        header = header_of(handle.readline(_LONGEST_LINE))
        if header not in HEADERS:
            raise InputError(f"{path}: line 1: {expected_header(header)}")
        roles = [_ROLES.get(name, name) for name in header]
        usage = USAGES.index(split_of(path.stem) or "Training" if "label" in roles else "unlabelled")
        with reading_bar(path, quiet, total=path.stat().st_size, unit="B", unit_scale=True) as bar:
            for number, line in enumerate(iter(lambda: handle.readline(_LONGEST_LINE), b""), 2):
                bar.update(len(line))
                if not line.strip():
                    continue
                where = f"{path}: line {number}"
                row = dict(zip(roles, _fields(where, line, len(roles)), strict=True))
                label = _known(where, "label 0 to 6", row["label"], _LABELS) if "label" in row else UNKNOWN
                known = f"usage {', '.join(USAGES[:3])}"
                usages.append(_known(where, known, row["usage"], _USAGES) if "usage" in row else usage)
                if "id" in row:
                    _add_id(where, row["id"], ids, number)
                images.append(_grey_levels(where, row["pixels"]))
                labels.append(label)
                if len(labels) > MOST:
                    raise InputError.expected(path, f"at most {MOST:,} rows", "more")
    if not labels:
        raise InputError.expected(f"{path}: line 2", "a row after the header", "none")
    codes = np.array(usages, np.uint8)
    numbers = np.array([*ids], np.int64) if "id" in roles else numbered(codes)
    return Faces(np.stack(images), np.array(labels, np.int8), codes, numbers, source=str(path))


def expected_header(found: tuple[str, ...]) -> str:
    """Return the words for a header that is not in HEADERS."""
    known = " or ".join(",".join(header) for header in HEADERS)
    return f"expected the header {known}, found {_shown(','.join(found).encode())}"


def _fields(where: str, line: bytes, count: int) -> list[bytes]:
    """Return the `count` fields of a row, of which each is quoted as a whole or not at all."""
    if len(line) == _LONGEST_LINE:
        raise InputError.expected(where, f"a row of less than {_LONGEST_LINE:,} bytes", "a longer one")
    fields = [field.strip() for field in line.split(b",")]
    if b'"' in line:
        fields = [f[1:-1].strip() if len(f) > 1 and f[:1] == f[-1:] == b'"' else f for f in fields]
        if stray := [field for field in fields if b'"' in field]:
            raise InputError.expected(where, "fields quoted as a whole or not at all", _shown(stray[0]))
    if len(fields) != count:
        raise InputError.expected(where, f"{count} columns", len(fields))
    return fields


def _grey_levels(where: str, text: bytes) -> NDArray[np.uint8]:
    """Return uint8 (48, 48) of a text that holds 2,304 grey levels, blanks between."""
    if text and not text.translate(None, b"0123456789 \t"):
        levels = np.fromstring(text, np.int64, sep=" ")
        if levels.size == _PIXELS and levels.max() <= MOST_LEVEL:
            return levels.astype(np.uint8).reshape(SIZE, SIZE)
    values = text.split()
    for place, value in enumerate(values, 1):
        if not value.isdigit() or len(value.lstrip(b"0")) > 3 or int(value[-3:]) > MOST_LEVEL:
            raise InputError.expected(f"{where}: value {place}", "a grey level 0 to 255", _shown(value))
    raise InputError.expected(where, f"{_PIXELS} grey levels", len(values))


def _known(where: str, expected: str, found: bytes, known: dict[bytes, int]) -> int:
    if found not in known:
        raise InputError.expected(where, expected, _shown(found))
    return known[found]


def _add_id(where: str, text: bytes, ids: dict[int, int], line: int) -> None:
    """Add the id of a line to those of the lines above."""
    if not text.isdigit() or len(text) > 18:
        raise InputError.expected(where, "an id, a whole number from 0", _shown(text))
    first = ids.setdefault(int(text), line)
    if first != line:
        raise InputError.expected(where, "an id of its own", f"{int(text)} again (first in line {first})")


def _shown(found: bytes) -> str:
    text = found.decode(errors="replace")
    return ("nothing" if not text else repr(text)) if len(text) <= 40 else repr(text[:40]) + "..."
