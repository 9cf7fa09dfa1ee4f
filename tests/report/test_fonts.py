"""The Chinese font comes with the installation."""

import warnings

from matplotlib import pyplot as plt

from fer_nb.language import EMOTIONS
from fer_nb.report.fonts import font_folder, register_fonts


def test_the_folder_holds_the_font_and_its_licence():
    names = {path.name for path in font_folder().iterdir()}
    assert {"NotoSansCJKjp-Regular.otf", "LICENSE"} <= names


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
    assert findfont(register_fonts()).startswith(str(font_folder()))
