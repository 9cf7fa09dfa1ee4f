"""Reads the CSV shapes: the homework's train.csv and test.csv, Kaggle's fer2013.csv, icml_face_data.csv.

Rows are taken in blocks, and the pixel text of a block is parsed by one call of NumPy. A block that this
call cannot vouch for (a bad row, odd spacing) is read again row by row: the slow way defines what a row is
and names the line that is not one.
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.faces import SIZE, UNKNOWN, USAGES, Faces, numbered
from fer_nb.data.formats.names import split_of
from fer_nb.data.formats.progress import reading
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

_ROLES = {
    "label": "label",
    "emotion": "label",
    "feature": "pixels",
    "pixels": "pixels",
    "usage": "usage",
    "id": "id",
}
_LABELS = {str(label).encode(): label for label in range(7)}
_USAGES = {usage.encode(): code for code, usage in enumerate(USAGES[:3])}
_PIXELS = SIZE * SIZE
_BLOCK = 1000
_LONGEST_HEADER = 200


class _Columns(NamedTuple):
    """Some rows: pixels uint8 (N, 2304), labels int8, usage uint8, ids int64, file lines int64 (N,)."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int8]
    usage: NDArray[np.uint8]
    ids: NDArray[np.int64]
    lines: NDArray[np.int64]


def header_of(start: bytes) -> tuple[str, ...]:
    """Return the column names in the first line of `start`, without blanks, quotes and capitals."""
    line = start.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0][:_LONGEST_HEADER]
    return tuple(name.strip(' "\t\r').lower() for name in line.decode(errors="replace").split(","))


def read_csv(path: Path, *, quiet: bool = False) -> Faces:
    """Read one CSV file whose header is in HEADERS; the file's name tells the split where no column does.

    Labelled rows of a file whose name tells no split are Training; rows without labels are unlabelled.
    Blank lines, CRLF, quotes, a byte order mark and a missing final newline do no harm.

    Raises:
        InputError: With the line of the first bad row, as an editor counts: the header is line 1.
    """
    with path.open("rb") as handle:
        header = header_of(handle.readline())
        if header not in HEADERS:
            raise InputError(f"{path}: line 1: {expected_header(header)}")
        roles = [_ROLES[name] for name in header]
        usage = USAGES.index(split_of(path.stem) or "Training" if "label" in roles else "unlabelled")
        blocks, first = [], 2
        with reading(path, path.stat().st_size, unit="B", quiet=quiet) as bar:
            while block := list(islice(handle, _BLOCK)):
                blocks.append(_read_block(path, block, first, roles, usage))
                first += len(block)
                bar.update(sum(map(len, block)))
    if not sum(len(block.labels) for block in blocks):
        raise InputError(f"{path}: line 2: expected a row after the header, found none")
    columns = _Columns(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))
    if "id" in roles:
        _refuse_repeated_ids(path, columns)
    ids = columns.ids if "id" in roles else numbered(columns.usage)
    images = columns.pixels.reshape(-1, SIZE, SIZE)
    return Faces(images, columns.labels, columns.usage, ids, source=str(path))


def expected_header(found: tuple[str, ...]) -> str:
    """Return the words for a header that is not in HEADERS."""
    known = " or ".join(",".join(header) for header in HEADERS)
    return f"expected the header {known}, found {_shown(','.join(found).encode())}"


def _read_block(path: Path, block: Sequence[bytes], first: int, roles: Sequence[str], usage: int) -> _Columns:
    lines = [number for number, line in enumerate(block, first) if line.strip()]
    rows = [_fields(line) for line in block if line.strip()]
    try:
        fields = {role: [row[place] for row in rows] for place, role in enumerate(roles)}
        if any(len(row) != len(roles) for row in rows):
            raise ValueError("a row of another length")
        pixels = parse_pixels(fields["pixels"])
        labels = [_LABELS[text] for text in fields["label"]] if "label" in fields else [UNKNOWN] * len(rows)
        usages = [_USAGES[text] for text in fields["usage"]] if "usage" in fields else [usage] * len(rows)
        ids = [_count(text) for text in fields["id"]] if "id" in fields else [0] * len(rows)
    except (ValueError, KeyError, IndexError):
        return _read_rows(path, rows, lines, roles, usage)
    return _columns(pixels, labels, usages, ids, lines)


def _read_rows(
    path: Path, rows: Sequence[list[bytes]], lines: Sequence[int], roles: Sequence[str], usage: int
) -> _Columns:
    pixels = np.empty((len(rows), _PIXELS), np.uint8)
    labels, usages, ids = [], [], []
    for place, (line, row) in enumerate(zip(lines, rows, strict=True)):
        where = f"{path}: line {line}"
        if len(row) != len(roles):
            raise InputError(f"{where}: expected {len(roles)} columns, found {len(row)}")
        fields = dict(zip(roles, row, strict=True))
        labels.append(
            _known(where, "label 0 to 6", fields["label"], _LABELS) if "label" in fields else UNKNOWN
        )
        known = f"usage {', '.join(USAGES[:3])}"
        usages.append(_known(where, known, fields["usage"], _USAGES) if "usage" in fields else usage)
        ids.append(_id(where, fields["id"]) if "id" in fields else 0)
        pixels[place] = _pixel_row(where, fields["pixels"])
    return _columns(pixels, labels, usages, ids, lines)


def _columns(
    pixels: NDArray[np.uint8], labels: list[int], usages: list[int], ids: list[int], lines: Sequence[int]
) -> _Columns:
    return _Columns(
        pixels,
        np.array(labels, np.int8),
        np.array(usages, np.uint8),
        np.array(ids, np.int64),
        np.array(lines, np.int64),
    )


def _fields(line: bytes) -> list[bytes]:
    return [field.strip() for field in line.replace(b'"', b"").split(b",")]


def parse_pixels(texts: Sequence[bytes]) -> NDArray[np.uint8]:
    """Return uint8 (N, 2304) of N texts that hold 2,304 grey levels each, single blanks between.

    Raises:
        ValueError: If some text is anything else; it does not say which.
    """
    joined = b" ".join(texts)
    if any(text.count(b" ") != _PIXELS - 1 for text in texts) or joined.translate(None, b"0123456789 "):
        raise ValueError("not 2,304 numbers each")
    levels = np.fromstring(joined, np.int64, sep=" ")
    if levels.size != len(texts) * _PIXELS or levels.max(initial=0) > 255:
        raise ValueError("not 2,304 grey levels each")
    return levels.astype(np.uint8).reshape(len(texts), _PIXELS)


def _pixel_row(where: str, text: bytes) -> NDArray[np.uint8]:
    values = text.split()
    for place, value in enumerate(values, 1):
        if not value.isdigit() or int(value) > 255:
            raise InputError(f"{where}: value {place}: expected a grey level 0 to 255, found {_shown(value)}")
    if len(values) != _PIXELS:
        raise InputError(f"{where}: expected {_PIXELS} grey levels, found {len(values)}")
    return np.array(values, dtype=np.uint8)


def _known(where: str, expected: str, found: bytes, known: dict[bytes, int]) -> int:
    if found not in known:
        raise InputError(f"{where}: expected {expected}, found {_shown(found)}")
    return known[found]


def _count(text: bytes) -> int:
    if not text.isdigit() or len(text) > 18:
        raise ValueError("not a whole number from 0")
    return int(text)


def _id(where: str, text: bytes) -> int:
    try:
        return _count(text)
    except ValueError:
        raise InputError(f"{where}: expected an id, a whole number from 0, found {_shown(text)}") from None


def _refuse_repeated_ids(path: Path, columns: _Columns) -> None:
    _, first = np.unique(columns.ids, return_index=True)
    repeated = np.setdiff1d(np.arange(len(columns.ids)), first)
    if repeated.size:
        row = repeated[0]
        earlier = columns.lines[columns.ids == columns.ids[row]][0]
        raise InputError(
            f"{path}: line {columns.lines[row]}: expected an id of its own, "
            f"found {columns.ids[row]} again (first in line {earlier})"
        )


def _shown(found: bytes) -> str:
    text = found.decode(errors="replace")
    return ("nothing" if not text else repr(text)) if len(text) <= 40 else repr(text[:40]) + "..."
