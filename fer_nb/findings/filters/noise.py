"""Why the images of the first layer stay noise: report B's explanation, measured."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis import ascent
from fer_nb.findings.filters.study import image_kernels
from fer_nb.language import Text

if TYPE_CHECKING:
    import keras

STAYED = 0.9  # correlation with the start from which an image is called still the same noise


@dataclass(frozen=True, eq=False)
class NoiseStudy:
    """The first layer's filters driven from white noise.

    Attributes:
        name: Of the layer.
        stride: Pixels from one unit's field to the next one's; 0 in a dense layer.
        starts: The noise, float32 (F, 48, 48).
        means: What came of raising each filter's mean output, likewise.
        units: What one unit in the middle sees once its own output was raised, (F, rows, columns); none in a
            dense layer.
        kernels: Weights, (F, rows, columns), or None.
        correlation: Of each result with its start, (F,).
        without_pattern: The same once the pattern that repeats with the stride is taken off, (F,).
    """

    name: str
    stride: int
    starts: NDArray[np.float32]
    means: NDArray[np.float32]
    units: NDArray[np.float32] | None
    kernels: NDArray[np.float32] | None
    correlation: NDArray[np.float64]
    without_pattern: NDArray[np.float64]


def study_noise(model: "keras.Model", *, filters: int, seed: int) -> NoiseStudy:
    """Drive the first layer's filters from white noise, by their mean output and by one unit's.

    Args:
        model: As for `fer_nb.analysis.ascent.find_layer`.
        filters: The first so many; 0 for all.
        seed: Of the noise.
    """
    objective, field = ascent.channel_objective(model, 1), ascent.receptive_field(model, 1)
    channels = np.arange(objective.channels)[: filters or None]
    starts = ascent.white_noise(len(channels), seed=seed)
    means = ascent.naive_ascent(objective, channels, starts)
    stride, units, edge = field.step[0], None, 0
    if stride:
        middle = tuple(count // 2 for count in objective.model.output_shape[1:3])
        single = ascent.unit_objective(model, 1, place=middle)
        driven = ascent.naive_ascent(single, channels, starts)
        units = np.stack([field.crop(image, middle) for image in driven])
        # The outermost unit that counts still sees fewer neighbours: its field is left out, too.
        edge = field.size[0] + (objective.margin[0] + 1) * stride
    return NoiseStudy(
        name=ascent.find_layer(model, 1).name,
        stride=stride,
        starts=starts,
        means=means,
        units=units,
        kernels=image_kernels(model, 1, channels),
        correlation=ascent.start_correlation(means, starts, edge=edge),
        without_pattern=ascent.start_correlation(means, starts, step=max(stride, 1), edge=edge),
    )


def noise_sentence(study: NoiseStudy) -> Text:
    """Say how far the images of the first layer are still their starting noise, and whether B is right."""
    plain, without = float(np.median(study.correlation)), float(np.median(study.without_pattern))
    count, name = len(study.correlation), study.name
    told = (
        f"{name} 的 {count} 個濾波器，單純上升的結果與起始雜訊的相關係數中位數是 {plain:.3f}",
        f"Over {count} filters of {name}, the naive result correlates with its starting noise by {plain:.3f} "
        "(median)",
    )
    if plain >= STAYED:
        return Text(
            f"{told[0]}：上升只是把整張圖一起變亮或變暗，看到的仍是那片雜訊。報告 B 的解釋（線性濾波器的輸出"
            "總和對每個像素的梯度都相同）在這裡成立。",
            f"{told[1]}: the ascent only made the whole image lighter or darker, and what is seen is that "
            "noise. The explanation of report B holds here: every pixel adds the same amount to the sum of a "
            "linear filter's output.",
        )
    if without >= STAYED:
        places = study.stride**2
        return Text(
            f"{told[0]}。這一層的濾波器每次移動 {study.stride} 個像素，所以梯度不是一個常數，而是 {places} 個"
            f"常數交替的圖樣；扣掉這個圖樣，相關係數是 {without:.3f}，剩下的就是起始雜訊。報告 B 的解釋"
            "（每個像素的貢獻都相同）只在步幅為 1 時成立，但道理相同：梯度與影像內容無關。",
            f"{told[1]}. The filters of this layer move by {study.stride} pixels, so the gradient is not one "
            f"constant but a pattern of {places} in turn; with that pattern taken off the correlation is "
            f"{without:.3f}: the rest is the starting noise. Report B's explanation, that every pixel adds "
            "the same amount, is for a stride of 1; its point stands: the gradient ignores the image.",
        )
    return Text(
        f"{told[0]}，起始雜訊沒有留下來；報告 B 的解釋（每個像素的貢獻都相同）不適用於這一層。",
        f"{told[1]}: the noise did not stay. Report B's explanation, that every pixel adds the same amount, "
        "does not hold for this layer.",
    )
