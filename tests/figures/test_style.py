import io
import warnings

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from fer_nb.figures.style import FULL_WIDTH, use_report_style


@pytest.fixture(autouse=True)
def own_settings():
    with mpl.rc_context():
        yield
    plt.close("all")


def test_chinese_and_mathematics_are_drawn_without_a_missing_glyph():
    use_report_style()
    figure, ax = plt.subplots(figsize=(FULL_WIDTH, 2))
    ax.set_title("訓練週期與準確率 $k^2 \\cdot c$")
    ax.plot([-1, 1], [-1, 1])
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")  # "Glyph 35347 missing from font(s)"
        figure.savefig(io.BytesIO())


def test_the_chinese_font_stands_first_and_sizes_fit_the_page():
    use_report_style()
    assert mpl.rcParams["font.family"][0] != "DejaVu Sans"
    assert mpl.rcParams["figure.constrained_layout.use"]
    assert FULL_WIDTH < 8.27  # inches of A4
    assert not mpl.rcParams["axes.spines.top"]
