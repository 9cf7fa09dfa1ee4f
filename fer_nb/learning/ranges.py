"""What the settings of a recipe, of an augmentation and of a protocol may be, as `ranges.yaml` says."""

from pathlib import Path
from typing import Any

import yaml

from fer_nb.errors import InputError, unknown_name

RANGES = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
"""Kind of record -> setting -> the names that it may be, or the lowest and the highest number."""


def check_settings(record: Any, kind: str, *, where: str) -> None:
    """Refuse a record with a setting that it may not have; None may be what is None by default.

    Args:
        record: Its settings are its attributes.
        kind: A key of RANGES.
        where: What a message begins with.

    Raises:
        InputError: A name is unknown, or a number is out of its range or not whole.
    """
    for setting, (low, high, *more) in RANGES[kind].items():
        value = getattr(record, setting)
        whole = isinstance(low, int)
        if isinstance(low, str):
            if value not in (low, high, *more):
                raise unknown_name(f"{setting} of {where}", value, (low, high, *more))
        elif value is not None or getattr(type(record), setting, 0) is not None:
            fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
            if not fits or not low <= value <= high:
                wanted = f"{'a whole number' if whole else 'a number'} from {low:g} to {high:g}"
                raise InputError.expected(f"{where}: {setting}", wanted, repr(value))
