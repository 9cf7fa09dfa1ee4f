"""The one Chinese font, which comes as a wheel: for matplotlib and for Typst, with nothing installed."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

FAMILY = "Noto Sans CJK JP"  # covers Big5; Typst picks the Taiwanese forms by language and region


def font_folder() -> Path:
    """Return the folder of the font file, found without importing its package.

    The package's import would change matplotlib's settings; registering the file does not.

    Raises:
        ModuleNotFoundError: The wheel `notojp-matplotlib` is not installed.
    """
    found = find_spec("notojp_matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError(
            "notojp-matplotlib is not installed: it holds the Chinese font of the report"
        )
    return Path(found.origin).parent / "fonts"


def register_fonts() -> str:
    """Make the Chinese font known to matplotlib and return its family name.

    Fonts of the same name that the system has are left out, so that a figure is the same everywhere.
    Put the name first in `font.family`: a label that mixes Chinese and `$mathematics$` draws boxes otherwise.
    """
    from matplotlib.font_manager import fontManager

    paths = sorted(str(path) for path in font_folder().glob("*.otf"))
    known = [entry.fname for entry in fontManager.ttflist if entry.name == FAMILY]
    if known != paths:
        fontManager.ttflist = [entry for entry in fontManager.ttflist if entry.name != FAMILY]
        for path in paths:
            fontManager.addfont(path)
    return FAMILY


@cache
def _signs() -> frozenset[int]:
    from fontTools.ttLib import TTFont
    from matplotlib import get_data_path

    monospaced = (
        Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf"
    )  # Typst has the same one inside
    return frozenset(
        code for path in [*font_folder().glob("*.otf"), monospaced] for code in TTFont(path).getBestCmap()
    )


def covered(sign: str) -> bool:
    """Return whether a font of the report has a sign."""
    return ord(sign) in _signs()
