"""Reads the CSV shapes: the homework's train.csv and test.csv, Kaggle's fer2013.csv, icml_face_data.csv.

Rows are taken in blocks, and the pixel text of a block is parsed by one call of NumPy. A block that this
call cannot vouch for (a bad value, odd spacing) is parsed again row by row, which names the bad one.
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from fer_nb.data.faces import MOST, SIZE, UNKNOWN, USAGES, Faces, numbered
from fer_nb.data.formats.names import split_of
from fer_nb.errors import InputError, printable

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
_BLOCK = 1000
_LONGEST_LINE = 100_000  # bytes: 2,304 values of 3 digits, each with up to 40 blanks


class _Columns(NamedTuple):
    """Some rows: pixels uint8 (N, 2304), labels int8, usage uint8, ids int64, file lines int64 (N,)."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int8]
    usage: NDArray[np.uint8]
    ids: NDArray[np.int64]
    lines: NDArray[np.int64]


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
    with path.open("rb") as handle:
        header = header_of(handle.readline(_LONGEST_LINE))
        if header not in HEADERS:
            raise InputError(f"{path}: line 1: {expected_header(header)}")
        roles = [_ROLES.get(name, name) for name in header]
        usage = USAGES.index(split_of(path.stem) or "Training" if "label" in roles else "unlabelled")
        lines = iter(lambda: handle.readline(_LONGEST_LINE), b"")
        blocks, first = [], 2
        with tqdm(
            total=path.stat().st_size, unit="B", unit_scale=True, desc=f"reading {printable(path.name)}",
            disable=quiet or None, leave=False,
        ) as bar:  # fmt: skip
            while block := list(islice(lines, _BLOCK)):
                blocks.append(_read_block(path, block, first, roles, usage))
                first += len(block)
                bar.update(sum(map(len, block)))
                if first > MOST:
                    raise InputError.expected(path, f"at most {MOST:,} rows", "more")
    columns = _Columns(*(np.concatenate(parts) for parts in zip(*blocks, strict=True))) if blocks else None
    if columns is None or not len(columns.labels):
        raise InputError.expected(f"{path}: line 2", "a row after the header", "none")
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
    texts, labels, usages, ids, lines = [], [], [], [], []
    problem = None
    for number, line in enumerate(block, first):
        if not line.strip():
            continue
        where = f"{path}: line {number}"
        try:
            row = _fields(where, line)
            if len(row) != len(roles):
                raise InputError.expected(where, f"{len(roles)} columns", len(row))
            fields = dict(zip(roles, row, strict=True))
            label = _known(where, "label 0 to 6", fields["label"], _LABELS) if "label" in fields else UNKNOWN
            known = f"usage {', '.join(USAGES[:3])}"
            code = _known(where, known, fields["usage"], _USAGES) if "usage" in fields else usage
            ids.append(_id(where, fields["id"]) if "id" in fields else 0)
        except InputError as error:
            problem = error  # the pixels of the rows above come first
            break
        texts.append(fields["pixels"])
        labels.append(label)
        usages.append(code)
        lines.append(number)
    try:
        pixels = parse_pixels(texts)
    except ValueError:
        rows = [_pixel_row(f"{path}: line {line}", text) for line, text in zip(lines, texts, strict=True)]
        pixels = parse_pixels(rows)
    if problem:
        raise problem
    return _Columns(
        pixels, np.array(labels, np.int8), np.array(usages, np.uint8), np.array(ids, np.int64),
        np.array(lines, np.int64),
    )  # fmt: skip


def _fields(where: str, line: bytes) -> list[bytes]:
    """Return the fields of a row, of which each is quoted as a whole or not at all."""
    if len(line) == _LONGEST_LINE:
        raise InputError.expected(where, f"a row of less than {_LONGEST_LINE:,} bytes", "a longer one")
    fields = [field.strip() for field in line.split(b",")]
    if b'"' in line:
        fields = [f[1:-1].strip() if len(f) > 1 and f[:1] == f[-1:] == b'"' else f for f in fields]
        if stray := [field for field in fields if b'"' in field]:
            raise InputError.expected(where, "fields quoted as a whole or not at all", _shown(stray[0]))
    return fields


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


def _pixel_row(where: str, text: bytes) -> bytes:
    """Return the text of 2,304 grey levels with single blanks between."""
    values = text.split()
    for place, value in enumerate(values, 1):
        if not value.isdigit() or len(value.lstrip(b"0")) > 3 or int(value[-3:]) > 255:
            raise InputError.expected(f"{where}: value {place}", "a grey level 0 to 255", _shown(value))
    if len(values) != _PIXELS:
        raise InputError.expected(where, f"{_PIXELS} grey levels", len(values))
    return b" ".join(values)


def _known(where: str, expected: str, found: bytes, known: dict[bytes, int]) -> int:
    if found not in known:
        raise InputError.expected(where, expected, _shown(found))
    return known[found]


def _id(where: str, text: bytes) -> int:
    if not text.isdigit() or len(text) > 18:
        raise InputError.expected(where, "an id, a whole number from 0", _shown(text))
    return int(text)


def _refuse_repeated_ids(path: Path, columns: _Columns) -> None:
    _, first = np.unique(columns.ids, return_index=True)
    repeated = np.setdiff1d(np.arange(len(columns.ids)), first)
    if repeated.size:
        row = repeated[0]
        earlier = columns.lines[columns.ids == columns.ids[row]][0]
        found = f"{columns.ids[row]} again (first in line {earlier})"
        raise InputError.expected(f"{path}: line {columns.lines[row]}", "an id of its own", found)


def _shown(found: bytes) -> str:
    text = found.decode(errors="replace")
    return ("nothing" if not text else repr(text)) if len(text) <= 40 else repr(text[:40]) + "..."
