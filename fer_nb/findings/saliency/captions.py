"""What stands beside the pictures of 05, and what those who cannot see them should know."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.evaluation import softmax
from fer_nb.analysis.saliency import PASSING, face_template, rank_correlation, region_shares
from fer_nb.findings.saliency.truth import REGION_NAMES
from fer_nb.findings.sentences import listed
from fer_nb.language import EMOTIONS, Text

if TYPE_CHECKING:
    from fer_nb.analysis.saliency import Randomization
    from fer_nb.findings.saliency.images import Shown

LOSS_GRADIENT = Text("損失梯度平方", "squared loss gradient")


def titles(shown: "Shown", logits: NDArray[np.floating]) -> list[str]:
    """Return what stands beside each image: name, true class, predicted class and its probability."""
    shares = softmax(logits)
    return [
        f"{name}\n真實 true\n{EMOTIONS[label] if label >= 0 else '—'}\n"
        f"預測 predicted\n{EMOTIONS[share.argmax()]}\n{100 * share.max():.0f}%"
        for name, label, share in zip(shown.names, shown.labels, shares, strict=True)
    ]


def views_caption(method: Text, kept: float) -> Text:
    """Describe the four views; `kept` is the share of the pixels that the masked image keeps."""
    return Text(
        f"{method.zh}：影像、顯著圖、只留最高 {kept:.0%} 像素的遮罩影像、熱圖。"
        "每張圖各自的刻度在右邊，單位是每灰階的 logit 變化。",
        f"{method.en}: image, map, the image with only its top {kept:.0%} of pixels, and heat map. "
        "Each map has its own scale, at the right, in change of the logit a grey level.",
    )


def views_alt(shown: "Shown", classes: NDArray[np.integer], maps: NDArray[np.floating]) -> Text:
    """Say for each image in which part of the template its map has most relevance for its area."""
    template = face_template()
    densest = (region_shares(maps, template) / template.mean(axis=(1, 2))).argmax(axis=1)
    regions = list(REGION_NAMES.values())
    found = {
        f"{name} {EMOTIONS[label]}": str(regions[part])
        for name, label, part in zip(shown.names, classes, densest, strict=True)
    }
    return listed(Text("每張影像的圖最密集的部位", "Where each map is densest"), found)


def tiles_alt(maps: Mapping[Text, NDArray[np.floating]], name: Text) -> Text:
    """Say how like one of the maps each of the others is, each (48, 48)."""
    others = [other for other in maps if other != name]
    found = rank_correlation(
        np.stack([np.abs(maps[other]) for other in others]),
        np.broadcast_to(np.abs(maps[name]), (len(others), *maps[name].shape)),
    )
    what = Text(f"各圖與 {name.zh} 的等級相關", f"Rank correlation of each map with {name.en}")
    return listed(what, {str(other): f"{value:.2f}" for other, value in zip(others, found, strict=True)})


def randomization_caption(count: int) -> Text:
    """Describe the check with random weights on `count` images."""
    return Text(
        f"權重隨機之後，圖的絕對值與原圖的等級相關，{count} 張影像平均；全部隨機時低於 {PASSING:g} 算通過。",
        f"Rank correlation of the maps' magnitudes with the original's after weights became random, mean of "
        f"{count} images; below {PASSING:g} with all of them random passes.",
    )


def randomization_alt(checks: Mapping[Text, "Randomization"]) -> Text:
    """Say how like the original each method's map is without any of the weights."""
    ends = {str(name): f"{check.correlation[-1]:.2f}" for name, check in checks.items()}
    return listed(Text("全部隨機時的等級相關", "Rank correlation with all weights random"), ends)


def curves_caption(count: int) -> Text:
    """Describe the curves of deletion and insertion."""
    return Text(
        f"{count} 張測試臉的平均曲線；刪除越低越好，插入越高越好。",
        f"Mean curves of {count} test faces; deletion is better low, insertion high.",
    )


def localization_caption(count: int) -> Text:
    """Describe the table of the maps against the truth."""
    return Text(
        f"{count} 張練習臉：顯著圖與真正牽動的部位；「倍數」是質量除以未訓練網路的質量。",
        f"{count} practice faces: maps and the parts truly moved; the ratio is mass over untrained mass.",
    )


def region_title(approximate: bool) -> str:
    """Return the title of the picture of the regions."""
    name = Text("固定模板", "fixed template") if approximate else Text("這張臉的部位", "this face's parts")
    return f"{name.zh}\n{name.en}"


def shares_alt(shares: ArrayLike) -> Text:
    """Say the share of the relevance in each region, (7,)."""
    written = {
        str(name): f"{100 * share:.0f}%"
        for name, share in zip(REGION_NAMES.values(), np.asarray(shares), strict=True)
    }
    return listed(Text("各部位的質量", "Mass in each part"), written)
