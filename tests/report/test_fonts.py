"""The Chinese font comes with the installation."""

import base64
import io
import re
import warnings

from fontTools.ttLib import TTFont
from matplotlib import pyplot as plt

from fer_nb.language import EMOTIONS
from fer_nb.report.fonts import font_files, register_fonts, web_fonts


def test_the_installation_holds_the_taiwanese_font_in_two_weights_under_its_open_licence():
    files = font_files()
    assert [path.name for path in files] == ["NotoSansCJKtc-Regular.otf", "NotoSansCJKtc-Bold.otf"]
    for path in files:
        assert "SIL Open Font License" in TTFont(path)["name"].getDebugName(13)


def test_matplotlib_draws_chinese_with_it_without_a_missing_glyph(tmp_path):
    with plt.rc_context({"font.family": [register_fonts(), "DejaVu Sans"]}):
        figure, ax = plt.subplots()
        ax.set_title("、".join(str(emotion) for emotion in EMOTIONS) + r" $\lambda = 0.1$")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            figure.savefig(tmp_path / "figure.png")
        plt.close(figure)


def test_the_font_is_the_wheels_whatever_the_system_has():
    from matplotlib.font_manager import findfont

    register_fonts()
    assert findfont(register_fonts()) == str(font_files()[0])


def embedded(style):
    """Return the signs of each font that a style holds."""
    held = re.findall(r"base64,([^)]*)\)", style)
    return [{chr(code) for code in TTFont(io.BytesIO(base64.b64decode(one))).getBestCmap()} for one in held]


def test_a_page_holds_the_chinese_signs_of_its_text_in_two_weights_and_nothing_else():
    style = web_fonts("CNN 答對，答對 70%。")
    assert embedded(style) == [set("答對，。")] * 2
    assert style == web_fonts("對答。，")
    assert web_fonts("no Chinese") == ""
