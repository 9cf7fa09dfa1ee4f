"""Reads Parquet: one table with a usage column, or the shards of a Hugging Face data set."""

import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fer_nb.data.faces import MOST, SIZE, USAGES, Faces, concatenate, numbered
from fer_nb.data.formats.images import decode
from fer_nb.data.formats.names import class_of, reading_bar, split_of, unknown_class
from fer_nb.errors import InputError
from fer_nb.language import EMOTIONS

_LABELS = ("emotion", "label")
_BATCH = 1000
_LARGEST = 2**31  # bytes that a file unpacks to
_SHARD = re.compile(r"(.+)-\d+-of-(\d+)")


def has_usage(path: Path) -> bool:
    """Return whether a Parquet file says the split of each row itself.

    Raises:
        InputError: If it does not open, or lacks the columns.
    """
    return "usage" in _columns(_open(path), path)


def read_parquet(source: Path, files: Sequence[Path], *, quiet: bool = False) -> Faces:
    """Read one or more Parquet files with the columns emotion or label, image, and maybe usage.

    `image` is the encoded image, or a struct that has it as `bytes`, as Hugging Face writes it. Without usage
    the split is what the file's name tells, else Training. Class names that Hugging Face's metadata gives
    are honoured: their order may be another than FER2013's.

    Args:
        source: What the user named, the file or its folder.
        files: The files to read.
        quiet: Show no progress bar.

    Raises:
        InputError: With file and row (from 1) of what is not as expected.
    """
    _refuse_missing_shards(source, files)
    order = sorted(files, key=lambda file: (USAGES.index(split_of(file.stem) or "Training"), file))
    tables = [_open(file) for file in order]
    count = sum(table.metadata.num_rows for table in tables)
    with reading_bar(source, quiet, total=count, unit="image") as bar:
        parts = [_read(file, table, bar) for file, table in zip(order, tables, strict=True)]
    faces = concatenate(parts, source=str(source))
    if not len(faces):
        raise InputError.expected(source, "faces", "Parquet without a row")
    return faces


def _refuse_missing_shards(source: Path, files: Sequence[Path]) -> None:
    shards = Counter(match.groups() for file in files if (match := _SHARD.fullmatch(file.stem)))
    for (name, total), count in shards.items():
        if source.is_dir() and count != int(total):
            raise InputError.expected(source, f"{int(total)} files {name}-*-of-{total}", count)


def _open(path: Path) -> pq.ParquetFile:
    try:
        # By bytes: a name need not be UTF-8, and given as text it may be taken for an address.
        return pq.ParquetFile(pa.OSFile(os.fsencode(path)))
    except (pa.ArrowException, OSError) as error:
        raise InputError.expected(path, "Parquet", f"a damaged file ({_first_line(error)})") from None


def _columns(table: pq.ParquetFile, path: Path) -> dict[str, str]:
    """Return the roles label, image and maybe usage, with the names of the columns that play them."""
    schema = table.schema_arrow
    for name in (*_LABELS, "image", "usage"):
        if schema.names.count(name) > 1:
            raise InputError.expected(path, f"one column {name}", schema.names.count(name))
    roles = {"label": next((name for name in _LABELS if name in schema.names), None)}
    roles |= {name: name if name in schema.names else None for name in ("image", "usage")}
    if roles["label"] is None or roles["image"] is None:
        found = ", ".join(schema.names) or "none"
        raise InputError.expected(path, "the columns emotion or label, and image", found)
    columns = {role: name for role, name in roles.items() if name is not None}
    types = {role: schema.field(name).type for role, name in columns.items()}
    image = types["image"]
    if pa.types.is_struct(image) and image.get_field_index("bytes") >= 0:
        image = image.field("bytes").type
    usage = getattr(types.get("usage"), "value_type", types.get("usage"))
    for role, wanted, fits in (
        ("label", "whole numbers 0 to 6", pa.types.is_integer(types["label"])),
        ("image", "encoded images (binary)", pa.types.is_binary(image) or pa.types.is_large_binary(image)),
        ("usage", "text", usage is None or pa.types.is_string(usage) or pa.types.is_large_string(usage)),
    ):
        if not fits:
            raise InputError.expected(f"{path}: column {columns[role]}", wanted, types[role])
    rows, group = table.metadata.num_rows, table.metadata.row_group
    size = sum(group(place).total_byte_size for place in range(table.metadata.num_row_groups))
    if rows > MOST or size > _LARGEST:
        wanted = f"at most {MOST:,} rows and {_LARGEST:,} bytes unpacked"
        raise InputError.expected(path, wanted, f"{rows:,} and {size:,}")
    return columns


def _read(path: Path, table: pq.ParquetFile, bar: Any) -> Faces:
    columns = _columns(table, path)
    label_of = _class_order(table.schema_arrow, columns["label"], path)
    file_usage = split_of(path.stem) or "Training"
    images: list[NDArray[np.uint8]] = []
    labels: list[int] = []
    usages: list[int] = []
    try:
        for batch in table.iter_batches(_BATCH, columns=list(columns.values())):
            for row in batch.to_pylist():
                where = f"{path}: row {len(labels) + 1}"
                label, image, usage = (row.get(columns.get(role)) for role in ("label", "image", "usage"))
                if label not in label_of:
                    raise InputError.expected(where, "label 0 to 6", _shown(label))
                usage = usage if "usage" in columns else file_usage
                if usage not in USAGES[:3]:
                    raise InputError.expected(where, f"usage {', '.join(USAGES[:3])}", _shown(usage))
                encoded = image.get("bytes") if isinstance(image, dict) else image
                images.append(decode(encoded or b"", where))
                labels.append(label_of[label])
                usages.append(USAGES.index(usage))
            bar.update(len(batch))
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        where = f"{path}: row {len(labels) + 1}"
        raise InputError.expected(where, "Parquet", f"a damaged file ({_first_line(error)})") from None
    levels = np.array(images, np.uint8).reshape(-1, SIZE, SIZE)
    codes = np.array(usages, np.uint8)
    return Faces(levels, np.array(labels, np.int8), codes, numbered(codes), source=str(path))


def _class_order(schema: pa.Schema, column: str, path: Path) -> dict[int, int]:
    """Return the label that each number in the file stands for."""
    try:
        metadata = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
        names = metadata.get("info", {}).get("features", {}).get(column, {}).get("names")
    except (ValueError, AttributeError, RecursionError):
        raise InputError.expected(path, "Hugging Face's metadata as JSON objects", "others") from None
    if names is None:
        return {label: label for label in range(len(EMOTIONS))}
    if not isinstance(names, list) or not names:
        raise InputError.expected(path, "a list of class names in the metadata", _shown(names))
    order = {number: class_of(str(name)) for number, name in enumerate(names)}
    for number, label in order.items():
        if label is None:
            raise InputError(f"{path}: {unknown_class('class name', str(names[number]))}")
        if list(order.values()).count(label) > 1:
            raise InputError.expected(path, "each class once in the metadata", f"{names[number]!r} again")
    return {number: label for number, label in order.items() if label is not None}


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _shown(found: object) -> str:
    return "nothing" if found is None or found == "" else repr(found)[:60]
