"""The Chinese font, regular and bold, from two wheels: for matplotlib and for Typst, nothing installed."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

FAMILY = "Noto Sans CJK TC"  # covers Big5, in the forms of Taiwan
WHEELS = ("cvttf_NotoSansCJK_Regular", "cvttf_NotoSansCJK_Bold")


def font_files() -> list[Path]:
    """Return the two font files, found without importing their packages.

    Raises:
        ModuleNotFoundError: A wheel is not installed.
    """
    files = []
    for name in WHEELS:
        found = find_spec(name)
        if found is None or found.origin is None:
            raise ModuleNotFoundError(f"{name} is not installed: it holds the Chinese font of the report")
        files += sorted(Path(found.origin).parent.glob("*.otf"))
    return files


def register_fonts() -> str:
    """Make the Chinese font known to matplotlib and return its family name.

    Fonts of the same name that the system has are left out, so that a figure is the same everywhere.
    Put the name first in `font.family`: a label that mixes Chinese and `$mathematics$` draws boxes otherwise.
    """
    from matplotlib.font_manager import fontManager

    paths = [str(path) for path in font_files()]
    if [entry.fname for entry in fontManager.ttflist if entry.name == FAMILY] != paths:
        fontManager.ttflist = [entry for entry in fontManager.ttflist if entry.name != FAMILY]
        for path in paths:
            fontManager.addfont(path)
    return FAMILY


@cache
def _signs() -> frozenset[int]:
    from fontTools.ttLib import TTFont
    from matplotlib import get_data_path

    # Typst has the same monospaced font inside.
    monospaced = Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf"
    return frozenset(code for path in [*font_files(), monospaced] for code in TTFont(path).getBestCmap())


def covered(sign: str) -> bool:
    """Return whether a font of the report has a sign."""
    return ord(sign) in _signs()
