"""Sentences on which images are looked at, and where the network looks, in both languages."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fer_nb.findings.saliency.belief import spaced
from fer_nb.findings.saliency.truth import REGION_NAMES
from fer_nb.findings.sentences import joined, percent
from fer_nb.language import EMOTIONS, Text

SAME_RANKS = 0.95  # rank correlation from which two maps are called the same
NEAR_RANKS = 0.8  # and from which nearly the same
SMALL_ERROR = 0.05  # of the change of the logit; a larger completeness error asks for more steps

NO_TRUTH = Text(
    "這些不是練習臉，沒有人知道表情牽動了哪些像素，所以這項檢查在這裡做不了。",
    "These are no practice faces: nobody knows what the expressions moved, and this check cannot be made.",
)


def network_sentence(label: str, share: float | None, count: int) -> Text:
    """Say which network is looked into, and its accuracy on the images to choose from, None if unknown."""
    if share is None:
        return Text(
            f"網路是 {label}，影像從 {count:,} 張沒有標籤的影像中選。",
            f"The network is {label}; images are chosen from {count:,} without a label.",
        )
    return Text(
        f"網路是 {label}，在可選的 {count:,} 張影像上答對 {percent(share)}。",
        f"The network is {label}; it gets {percent(share)} of the {count:,} images to choose from right.",
    )


def images_sentence(names: Sequence[str], classes: NDArray[np.integer], *, chosen: bool) -> Text:
    """Say which images are shown and how they were chosen; `classes` are the predicted ones."""
    listed = "、".join(names), ", ".join(names)
    if not chosen:
        return Text(f"以下是指定的影像：{listed[0]}。", f"The images named are shown: {listed[1]}.")
    missing = [emotion for label, emotion in enumerate(EMOTIONS) if label not in classes]
    told = Text(
        f"每個預測類別取網路最有把握的一張，只看 logit，不看顯著圖，也不看標籤：{listed[0]}。",
        "Of each predicted class the image of which the network is surest, by the logits alone, not by map "
        f"or label: {listed[1]}.",
    )
    if not missing:
        return told
    return joined(
        told,
        Text(
            f"沒有影像被預測為{'、'.join(emotion.zh for emotion in missing)}。",
            f"No image is predicted to be {' or '.join(emotion.en for emotion in missing)}.",
        ),
    )


def completeness_sentence(name: Text, error: NDArray[np.float64], change: NDArray[np.float64]) -> Text:
    """Say whether integrated gradients add up to the change of the logit, as they should."""
    missed, whole = float(np.abs(error).mean()), float(np.abs(change).mean())
    share = missed / max(whole, 1e-12)
    told = Text(
        f"{name.zh}加總與 logit 的變化平均相差 {missed:.3f}（變化平均 {whole:.2f} 的 {percent(share)}）",
        f"{name.en[0].upper()}{name.en[1:]} miss the change of the logit by {missed:.3f} on average "
        f"({percent(share)} of {whole:.2f})",
    )
    if share < SMALL_ERROR:
        return Text(f"{told.zh}，步數足夠。", f"{told.en}: the steps are enough.")
    return Text(
        f"{told.zh}，誤差偏大，步數應該增加。", f"{told.en}: that is much, and more steps would be better."
    )


def perturbation_sentence(with_loss: NDArray[np.float64], with_logit: NDArray[np.float64]) -> Text:
    """Say how report C's map goes with the gradient.

    Args:
        with_loss: Rank correlation with the squared gradient of the loss, one an image.
        with_logit: Rank correlation with the absolute gradient of the logit.
    """
    loss, logit = float(np.mean(with_loss)), float(np.mean(with_logit))
    verdict = Text("兩者並不相同。", "they are not the same. ")
    if loss >= SAME_RANKS:
        verdict = Text(
            "兩者是同一張圖，一次反向傳播就能得到。", "they are one map, which a single backward pass gives. "
        )
    elif loss >= NEAR_RANKS:
        verdict = Text(
            "大致是同一張圖，差別來自一個灰階的步長與捨入。",
            "nearly one map; a step of a whole grey level, and rounding, make the difference. ",
        )
    return Text(
        f"擾動圖與損失梯度的平方，等級相關是 {loss:.2f}："
        + verdict.zh
        + f"與 logit 梯度的等級相關是 {logit:.2f}；損失還牽涉其他類別。",
        f"The map by perturbation and the squared gradient of the loss correlate by rank at {loss:.2f}: "
        + verdict.en
        + f"With the gradient of the logit it is {logit:.2f}; the loss involves the other classes as well.",
    )


def looks_sentence(
    method: Text | None, shares: NDArray[np.float64], areas: NDArray[np.float64], *, approximate: bool
) -> Text:
    """Say where the network looks: the answer to the question.

    Args:
        method: Whose maps they are; None where none passed its check.
        shares: Share of the relevance in each region, (N, 7).
        areas: Share of the image that each region covers, (7,).
        approximate: Whether the regions are those of a fixed template.
    """
    if method is None:
        return Text(
            "沒有任何方法通過隨機權重檢查，因此不能說網路看哪裡。",
            "No method passes the check with random weights: where the network looks cannot be said.",
        )
    mean, names = shares.mean(axis=0), list(REGION_NAMES.values())
    density = mean / areas
    first, second = (int(index) for index in np.argsort(-density)[:2])
    outside, beyond = (max(0.0, 1 - float(part.sum())) for part in (mean, areas))
    warned = Text(
        "，部位取自固定模板（只是近似）", ", with the regions of a fixed template (an approximation),"
    )
    zh, en = (warned.zh, warned.en) if approximate else ("", "")
    if density[first] <= 1:
        return Text(
            spaced(f"依{method.zh}{zh}，沒有一個部位比它的面積更受注意，看不出網路專看哪裡。"),
            f"By {method.en}{en} no part of the face draws more attention than its area: the network looks "
            "nowhere in particular.",
        )
    told = [
        Text(
            f"{names[index].zh}（質量 {percent(float(mean[index]))}，面積的 {density[index]:.1f} 倍）",
            f"the {names[index].en} ({percent(float(mean[index]))} of the mass, {density[index]:.1f} times "
            "the area's share)",
        )
        for index in (first, second)
        if density[index] > 1
    ]
    return Text(
        spaced(f"依{method.zh}{zh}，網路最注意{'，其次是'.join(text.zh for text in told)}；")
        + f"有 {percent(outside)} 的質量落在所有部位之外（佔面積的 {percent(beyond)}）。",
        f"By {method.en}{en} the network looks most at {', then at '.join(text.en for text in told)}; "
        f"{percent(outside)} of the mass lies outside all parts, on {percent(beyond)} of the area.",
    )


def step_sentence(ratios: NDArray[np.float64]) -> Text:
    """Say whether small steps along the gradient change the logit as the gradient says.

    Args:
        ratios: Measured over expected change, (N,).
    """
    low, high = float(np.min(ratios)), float(np.max(ratios))
    holds = max(abs(low - 1), abs(high - 1)) <= SMALL_ERROR
    return Text(
        f"實際變化與預期之比在 {low:.3f} 到 {high:.3f} 之間，"
        + ("梯度正確。" if holds else "有影像超出 5%：網路在那裡彎得很急，或梯度有誤。"),
        f"Measured over expected change lies between {low:.3f} and {high:.3f}: "
        + (
            "the gradients are right."
            if holds
            else "more than 5% off, where the network bends or a gradient errs."
        ),
    )


def reach_sentence(count: int, *, on_practice_faces: bool) -> Text:
    """Say how far the findings reach; `count` is the number of faces that they were measured on."""
    where = Text("練習臉，不能推論到 FER2013", "practice faces and say nothing about FER2013")
    if not on_practice_faces:
        where = Text("測試臉，只適用於這個網路", "test faces, and hold for this network alone")
    return Text(f"這些數字來自 {count} 張{where.zh}。", f"The figures come from {count} {where.en}.")
