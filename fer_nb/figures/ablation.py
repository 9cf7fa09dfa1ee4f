"""Figures of 03; each draws on the caller's axes and returns its alternative text."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from fer_nb.figures.faces import image_rows
from fer_nb.language import GLOSSARY, Text
from fer_nb.learning.transforms import Augmentation, AugmentationSettings

STYLES = ("-", "--", "-.", ":")
NAMED = Text("{name} {value}", "{name} {value}")
LAST_LOSS = Text("最後的{split}損失：{losses}", "last {split} loss: {losses}")


def accuracy_gaps(
    ax: Axes, held_out: Mapping[Text, NDArray[np.floating]], training: Mapping[Text, float], *, split: Text
) -> Text:
    """Draw a line a variant: accuracy on held-out images (filled) and training images (hollow), and the gap.

    Args:
        ax: Axes to draw on.
        held_out: Name of a variant -> accuracy on a split's images, 0 to 1, (seeds,); their mean is the dot.
        training: Name -> accuracy on the training images.
        split: Which images were held out.
    """
    written = []
    for place, (name, accuracies) in enumerate(held_out.items()):
        middle, seen = 100 * float(np.mean(accuracies)), 100 * training[name]
        ax.plot([middle, seen], [place, place], color="0.8", linewidth=3, zorder=1)
        ax.plot(100 * np.asarray(accuracies), [place] * len(accuracies), "|", color="black", markersize=13)
        for x, offset, filling in ((middle, -8, "C0"), (seen, 8, "white")):
            ax.plot(x, place, "o", markerfacecolor=filling, markeredgecolor="C0", markersize=7)
            side = "right" if offset < 0 else "left"
            beyond = 100 * float(np.min(accuracies)) if offset < 0 else x
            _label(ax, f"{x:.1f}%", (beyond, place), (offset, 0), ha=side, va="center")
        if place == 0:
            _label(ax, f"{split.zh}影像 {split.en} images", (middle, 0), (0, 9), ha="center", va="bottom")
            _label(ax, "訓練影像 training images", (seen, 0), (0, 9), ha="center", va="bottom")
        written.append(NAMED.format(name=name, value=f"{middle:.1f}% / {seen:.1f}%"))
    ax.set_yticks(range(len(held_out)), [f"{name.zh}\n{name.en}" for name in held_out], fontsize=7)
    ax.set_ylim(len(held_out) - 0.5, -1)
    ax.margins(x=0.18)
    ax.set_xticks([tick for tick in ax.get_xticks() if 0 <= tick <= 100])
    ax.set_xlabel(f"{GLOSSARY['accuracy']} (%)")
    return Text(
        "{split}與訓練準確率：{written:；}。", "{split!c} and training accuracy: {written:; }."
    ).format(split=split, written=written)


def loss_curves(
    axes: Sequence[Axes],
    histories: Mapping[Text, pd.DataFrame],
    *,
    alike: Sequence[Text],
    compared: Sequence[Text],
) -> Text:
    """Draw the training loss of some variants on the first axes, the validation loss of others on the second.

    Args:
        axes: Two.
        histories: Name of a variant -> history with the columns epoch, loss, validation_loss.
        alike: Those whose training images are equally hard, four at most.
        compared: Those whose validation loss is compared, four at most.
    """
    ends, order = [], list(dict.fromkeys([*alike, *compared]))  # a variant looks alike in both
    for ax, names, column, split in (
        (axes[0], alike, "loss", GLOSSARY["training"]),
        (axes[1], compared, "validation_loss", GLOSSARY["validation"]),
    ):
        losses = []
        for name in names:
            history, number = histories[name], order.index(name)
            look = f"C{number}", STYLES[number % len(STYLES)]
            ax.plot(history["epoch"], history[column], "".join(look), label=f"{name.zh}\n{name.en}")
            losses.append(NAMED.format(name=name, value=f"{history[column].iloc[-1]:.2f}"))
        ends.append(LAST_LOSS.format(split=split, losses=losses))
        ax.legend(fontsize=7, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)  # above all curves
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set(xlabel=str(GLOSSARY["epoch"]), ylabel=f"{split.zh}損失 {split.en} loss")
    return Text("{ends:；}", "{ends:; }").format(ends=ends)


def augmented_faces(
    axes: NDArray[np.object_],
    image: NDArray[np.uint8],
    augmentations: Mapping[Text, AugmentationSettings],
    *,
    seed: int,
) -> Text:
    """Draw a row an augmentation: the face at the left, then as many draws as there are axes.

    Args:
        axes: (augmentations, columns).
        image: uint8 (48, 48).
        augmentations: Name -> settings.
        seed: Of the draws, the same in every row.
    """
    copies = np.repeat(image[None, ..., None], axes.shape[1] - 1, axis=0)
    rows = {
        name: [image, *np.asarray(Augmentation(settings, seed=seed)(copies))[..., 0]]
        for name, settings in augmentations.items()
    }
    image_rows(axes, rows)
    return Text("同一張臉經過{names}。", "One face after {names}.").format(names=list(augmentations))


def _label(ax: Axes, text: str, at: tuple[float, float], offset: tuple[float, float], **how: Any) -> None:
    ax.annotate(text, at, offset, textcoords="offset points", fontsize=7.5, **how)
