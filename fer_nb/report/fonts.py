"""The Chinese font, regular and bold, from two wheels: for figures, PDF and page, nothing installed."""

import base64
import io
from functools import cache
from importlib.util import find_spec
from pathlib import Path

FAMILY = "Noto Sans CJK TC"  # covers Big5, in the forms of Taiwan
BEYOND_LATIN = 0x2E80  # where the signs of Chinese begin
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


def web_fonts(text: str) -> str:
    """Return the style that holds the signs of a text beyond Latin, as the family "Report TC".

    A page names it behind the fonts that systems have, for a system that has none with Chinese. Equal signs
    give equal bytes; a text without any gives "".
    """
    from fontTools import subset

    signs = {ord(sign) for sign in text if ord(sign) >= BEYOND_LATIN}
    options = subset.Options(layout_features=[], hinting=False, name_IDs=[])
    faces = [""]
    for path, weight in zip(font_files(), (400, 700), strict=True) if signs else ():
        chosen, content = subset.Subsetter(options), io.BytesIO()
        chosen.populate(unicodes=signs)
        with subset.load_font(str(path), options) as font:
            chosen.subset(font)
            font.flavor = "woff"
            font.save(content)
        data = base64.b64encode(content.getvalue()).decode()
        source = f"font-weight: {weight}; src: url(data:font/woff;base64,{data});"
        faces.append(f'@font-face {{ font-family: "Report TC"; {source} }}')
    return "\n".join(faces)


def covered(sign: str) -> bool:
    """Return whether a font of the report has a sign."""
    return ord(sign) in _signs()
