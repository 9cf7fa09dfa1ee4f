"""How every figure of the report looks: fonts, colours, sizes in inches on paper."""

import matplotlib as mpl
import seaborn as sns

from fer_nb.report.fonts import register_fonts

FULL_WIDTH = 6.7  # inches of text on an A4 page
PALETTE = "colorblind"  # seaborn's; told apart with any kind of colour vision


def use_report_style() -> None:
    """Make matplotlib draw in the report's style, with the Chinese font first.

    The Chinese font must stand first: with another one before it, a label that mixes Chinese with
    `$mathematics$` draws boxes.
    """
    chinese = register_fonts()
    sns.set_theme(context="paper", style="ticks", palette=PALETTE)
    mpl.rcParams.update(
        {
            "font.family": [chinese, "DejaVu Sans"],
            "font.size": 9,
            "axes.titlesize": 10,
            "axes.labelsize": 9,
            "xtick.labelsize": 8,
            "ytick.labelsize": 8,
            "legend.fontsize": 8,
            "legend.frameon": False,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.unicode_minus": False,
            "figure.constrained_layout.use": True,
            "figure.dpi": 96,
            "image.cmap": "gray",
        }
    )
