"""The one progress bar of a long read: in a terminal only."""

from pathlib import Path

from tqdm.auto import tqdm


def reading(path: Path, total: int, *, unit: str, quiet: bool) -> tqdm:
    """Return a bar over `total` units ("B" or "image"), silent if `quiet` or where there is no terminal."""
    return tqdm(
        total=total,
        unit=unit,
        unit_scale=unit == "B",
        desc=f"reading {path.name}",
        disable=quiet or None,
        leave=False,
    )
