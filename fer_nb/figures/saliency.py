"""Saliency maps beside, on and instead of their images, and the curves that judge them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.saliency import PASSING, Randomization
from fer_nb.figures.faces import bare, face
from fer_nb.language import Text

BRIGHTEST = 99.5  # percentile of a map that gets the brightest colour: a lone pixel would darken the rest
COLUMNS = (
    Text("影像", "image"),
    Text("顯著圖", "map"),
    Text("遮罩影像", "masked image"),
    Text("熱圖", "heat map"),
)


def views(
    axes: NDArray[Any], images: ArrayLike, maps: ArrayLike, kept: NDArray[np.bool_], *, titles: Sequence[str]
) -> NDArray[Any]:
    """Draw a row an image: itself, its map, what is left by the mask, and the map laid on it with a scale.

    Args:
        axes: (N, 4).
        images: Grey levels 0 to 255, (N, 48, 48).
        maps: (N, 48, 48), 0 or more; each is drawn from 0 to its own 99.5th percentile.
        kept: Pixels that the masked image keeps, (N, 48, 48); the others take the image's mean.
        titles: Beside each row.
    """
    faces, levels = np.asarray(images), np.asarray(maps)
    for row, image, level, shown, title in zip(axes, faces, levels, kept, titles, strict=True):
        top = brightest(level)
        face(row[0], image)
        row[0].set_ylabel(title, rotation=0, ha="right", va="center", fontsize=7.5)
        _map(row[1], level, cmap="gray", low=0.0, high=top)
        face(row[2], np.where(shown, image, image.mean()))
        face(row[3], image)
        laid = row[3].imshow(level, cmap="inferno", vmin=0, vmax=top, alpha=0.65)
        bar = row[3].figure.colorbar(laid, ax=row[3], fraction=0.05, pad=0.03, ticks=[0, top])
        bar.ax.set_yticklabels(["0", f"{top:.2g}"], fontsize=6.5)
        bar.outline.set_visible(False)
    for ax, name in zip(axes[0], COLUMNS, strict=True):
        ax.set_title(str(name), fontsize=8)
    return axes


def tiles(
    axes: Sequence[Axes] | NDArray[Any], image: ArrayLike, maps: Mapping[Text, ArrayLike]
) -> list[Axes]:
    """Draw an image and maps of it; each map's range stands above it.

    Args:
        axes: One more than there are maps, or more; those left over are blank.
        image: Grey levels 0 to 255, (48, 48).
        maps: Name -> map (48, 48). One with a sign is red where it speaks for the class, blue against it.
    """
    places = list(np.ravel(np.asarray(axes)))
    face(places[0], np.asarray(image), title=f"{COLUMNS[0].zh}\n{COLUMNS[0].en}")
    for ax, (name, values) in zip(places[1:], maps.items(), strict=False):
        level = np.asarray(values)
        top = brightest(np.abs(level))
        signed = bool((level < 0).any())
        _map(ax, level, cmap="RdBu_r" if signed else "inferno", low=-top if signed else 0.0, high=top)
        words = name.zh if name.zh == name.en else f"{name.zh}\n{name.en}"
        ax.set_title(f"{words}\n{'±' if signed else '0 – '}{top:.2g}", fontsize=6.5)
    for ax in places[len(maps) + 1 :]:
        ax.set_axis_off()
    return places


def randomization_lines(ax: Axes, checks: Mapping[Text, Randomization]) -> Axes:
    """Draw how like the original each method's maps stay as layers, last first, lose their weights.

    Args:
        ax: Where to draw.
        checks: Method -> check; at the dotted line and above a map is too like the original at the end.
    """
    for number, (name, check) in enumerate(checks.items()):
        ax.plot([1.0, *check.correlation], label=str(name), **_style(number))
    layers = next(iter(checks.values())).layers
    ax.axhline(PASSING, color="0.5", linewidth=0.8, linestyle=":")
    ax.set_xticks(range(len(layers) + 1), ["—", *layers], rotation=30, ha="right")
    ax.set_xlabel(str(Text("由後往前，權重已隨機的層", "layers made random, last first")))
    ax.set_ylabel("與原圖的等級相關\nrank correlation")
    ax.set_ylim(min(0.0, *(min(check.correlation) for check in checks.values())) - 0.05, 1.05)
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=7)
    return ax


def replacement_panels(
    axes: Sequence[Axes] | NDArray[Any],
    curves: Mapping[Text, Mapping[Any, NDArray[np.float64]]],
    *,
    names: Mapping[Any, Text],
    baselines: Sequence[Text],
) -> list[Axes]:
    """Draw the probability of the class against the share of pixels replaced, a panel a curve.

    Args:
        axes: A panel for each of `names`.
        curves: Method -> which -> heights from no pixel to all.
        names: Which -> title.
        baselines: Those of the methods that are drawn in grey.
    """
    panels = list(np.ravel(np.asarray(axes)))
    for ax, (which, title) in zip(panels, names.items(), strict=True):
        for number, (name, parts) in enumerate(curves.items()):
            style = _style(number)
            if name in baselines:
                style = {"color": "0.35", "linestyle": ("--", ":")[list(baselines).index(name) % 2]}
            heights = parts[which]
            ax.plot(np.linspace(0, 100, len(heights)), heights, label=str(name), linewidth=1.1, **style)
        ax.set_title(str(title), fontsize=8)
        ax.set_ylim(0, 1)
    for ax in panels[-2:]:
        ax.set_xlabel(str(Text("像素（%）", "pixels (%)")))
    for ax in panels[::2]:
        ax.set_ylabel(str(Text("機率", "probability")))
    handles, labels = panels[0].get_legend_handles_labels()
    panels[0].figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=7)
    return panels


def region_bars(ax: Axes, shares: ArrayLike, areas: ArrayLike, *, names: Iterable[Text]) -> Axes:
    """Draw the share of relevance in each region beside the share of the image that it covers.

    Args:
        ax: Where to draw.
        shares: (R,), 0 to 1.
        areas: (R,), 0 to 1.
        names: Of the regions.
    """
    places = np.arange(np.size(areas))
    ax.bar(places - 0.2, 100 * np.asarray(shares), 0.4, label=str(Text("顯著圖的質量", "mass of the maps")))
    ax.bar(places + 0.2, 100 * np.asarray(areas), 0.4, label=str(Text("面積", "area")), color="0.75")
    ax.set_xticks(places, [f"{name.zh}\n{name.en.replace(' ', chr(10))}" for name in names])
    ax.set_ylabel("%")
    ax.legend()
    return ax


def region_outlines(ax: Axes, image: ArrayLike, regions: ArrayLike, *, title: str) -> Axes:
    """Draw an image with the outlines of its regions, bool (R, 48, 48), a colour each."""
    face(ax, np.asarray(image), title=title)
    for number, region in enumerate(np.asarray(regions)):
        if region.any():
            ax.contour(region, levels=[0.5], colors=[f"C{number}"], linewidths=1)
    return ax


def brightest(level: NDArray[Any]) -> float:
    """Return the value that gets the brightest colour, above 0."""
    return float(np.percentile(level, BRIGHTEST)) or float(level.max()) or 1.0


def _map(ax: Axes, level: NDArray[Any], *, cmap: str, low: float, high: float) -> Axes:
    ax.imshow(level, cmap=cmap, vmin=low, vmax=high)
    return bare(ax)


def _style(number: int) -> dict[str, Any]:
    return {"color": f"C{number % 10}", "marker": "osD^vPX<>*"[number % 10], "markersize": 3}
