"""Sentences on what drives filters and deceives the network, made from the measured numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import softmax
from fer_nb.findings.filters.study import Ascent, LayerStudy
from fer_nb.findings.sentences import enumerated, joined, listed, percent
from fer_nb.language import EMOTIONS, Text

SMOOTH = 0.1  # share of high-frequency power below which an image is called smooth


def field_sentence(study: LayerStudy) -> Text:
    """Say how many filters a layer has, how many are shown, and how much of an image one unit sees."""
    rows, columns = study.field
    sees = Text(f"看到 {rows}×{columns} 個像素", f"sees {rows}×{columns} pixels")
    if study.field == (48, 48):
        sees = Text("看得到整張影像", "sees the whole image")
    return Text(
        f"{study.name} 有 {study.total} 個濾波器，這裡看其中 {len(study.channels)} 個；一個單元{sees.zh}。",
        f"{study.name} has {study.total} filters, {len(study.channels)} of them shown; one unit {sees.en}.",
    )


def merit_sentence(study: LayerStudy) -> Text:
    """Say whether the regularized images are smooth and whether they drive the filters as faces do."""
    naive, regularized = (float(np.median(made.high_frequency)) for made in (study.naive, study.regularized))
    enough, count = int(study.regularized.enough.sum()), len(study.channels)
    smoother = regularized < naive
    told = Text(
        f"{study.name}：正則化影像的高頻能量中位數是 {regularized:.2f}，"
        f"{'低於' if smoother else '並不低於'}單純上升的 {naive:.2f}；"
        f"{count} 個濾波器中有 {enough} 個達到資料集最大值的八成。",
        f"{study.name}: the median high-frequency energy of the regularized images is {regularized:.2f}, "
        f"{'below' if smoother else 'not below'} the {naive:.2f} of the naive ones; {enough} of {count} "
        "filters reach 0.8 of the data set's maximum.",
    )
    if regularized >= SMOOTH:
        return joined(
            told,
            Text(
                f"高頻能量沒有降到 {SMOOTH} 以下，圖樣裡仍有不少雜訊。",
                f"It is not below {SMOOTH}: there is a good deal of noise in these patterns.",
            ),
        )
    if 2 * enough <= count:
        return joined(
            told,
            Text(
                "多數濾波器從真實的臉得到的激發還比較強，這些圖樣不足以代表它們。",
                "Most filters are driven more by a face of the data: the patterns do not stand for them.",
            ),
        )
    if (study.naive.ratio or 0) > (study.regularized.ratio or 0) and smoother:
        return joined(told, _stronger_noise(study.naive.ratio or 0, study.regularized.ratio or 0))
    return told


def _stronger_noise(naive: float, regularized: float) -> Text:
    """Say that the noisier images drive the filters more."""
    return Text(
        f"單純上升的激發更強（最大值的 {naive:.1f} 倍對 {regularized:.1f} 倍）：激發得強，不表示看得懂。",
        f"Naive images drive them more ({naive:.1f} times the maximum against {regularized:.1f}): what "
        "drives a filter hardest need not be what can be read.",
    )


def groups_sentence(groups: Sequence[NDArray[Any]], name: str) -> Text:
    """Say how many filters say nearly the same as another one: report B's observation, measured."""
    total, twins = sum(map(len, groups)), sum(len(group) for group in groups if len(group) > 1)
    if not twins:
        return Text(
            f"{name} 的 {total} 個濾波器裡，沒有任何兩個的輸出相關超過 0.95：報告 B 的觀察（許多濾波器幾乎"
            "一樣）在這一層看不到。",
            f"No two of the {total} filters of {name} have outputs that correlate above 0.95: report B's "
            "observation that many are nearly the same is not borne out in this layer.",
        )
    return Text(
        f"{name} 的 {total} 個濾波器裡，有 {twins} 個與另一個幾乎相同（輸出的相關超過 0.95），合併後剩下 "
        f"{len(groups)} 種：報告 B 說用不到那麼多濾波器，這裡可以省下 {total - len(groups)} 個。",
        f"Of the {total} filters of {name}, {twins} are nearly the same as another one (outputs correlate "
        f"above 0.95), which leaves {len(groups)} kinds: as report B holds, fewer would do, here "
        f"{total - len(groups)} fewer.",
    )


def classes_sentence(answers: NDArray[np.floating], label: str, maker: str) -> Text:
    """Say how many class images a network takes for the class that they were made for.

    Args:
        answers: Its logits for the seven class images, (7, 7).
        label: The network that answers.
        maker: The network that they were made with.
    """
    right = answers.argmax(axis=1) == np.arange(len(answers))
    missed = enumerated(EMOTIONS[number] for number in np.flatnonzero(~right))
    if label == maker:
        told = Text(
            f"{label} 把自己的 {len(right)} 張類別影像中的 {int(right.sum())} 張認成所求的類別",
            f"{label} takes {int(right.sum())} of its own {len(right)} class images for the class asked for",
        )
    else:
        told = Text(
            f"{maker} 的 {len(right)} 張類別影像，{label} 認出 {int(right.sum())} 張",
            f"Of the {len(right)} class images made with {maker}, {label} recognizes {int(right.sum())}",
        )
    if right.all():
        return Text(f"{told.zh}。", f"{told.en}.")
    return Text(f"{told.zh}，沒認出的是{missed.zh}。", f"{told.en}; missed: {missed.en}.")


def logits_sentence(made: Ascent, label: str) -> Text:
    """Say by how much the class images exceed the largest logit of any face."""
    beyond = int((made.activation > made.maximum).sum())
    ratio = made.ratio
    told = Text(
        f"{label} 的 {len(made.images)} 張類別影像中，有 {beyond} 張的 logit 超過資料集裡任何一張臉",
        f"The logits of {beyond} of {len(made.images)} class images of {label} exceed those of every face in "
        "the data",
    )
    if ratio is None or 2 * beyond <= len(made.images):
        return Text(f"{told.zh}。", f"{told.en}.")
    return Text(
        f"{told.zh}（中位數是最大值的 {ratio:.1f} 倍）："
        "網路最有把握的影像並不是臉，高 logit 不等於看到了表情。",
        f"{told.en} (median {ratio:.1f} times the largest): what the network is surest of is no face, and a "
        "high logit is no proof of an expression.",
    )


def adversarial_sentence(levels: NDArray[np.integer], *, most: int, shuffled: int) -> Text:
    """Say how few grey levels change the network's answer, and what the same change does when shuffled.

    Args:
        levels: Of images that were answered rightly, (N,); -1 where `most` were not enough.
        most: Levels at which the search gave up.
        shuffled: How many of the images that were turned are answered otherwise with their change shuffled.
    """
    if not len(levels):
        return Text(
            "沒有一張影像答對，也就沒有可以騙過的答案。",
            "No image is answered rightly: there is nothing to turn.",
        )
    found = levels[levels > 0]
    if not len(found):
        return Text(
            f"{len(levels)} 張答對的影像，每個像素改動 {most} 個灰階以內都騙不過網路。",
            f"Of {len(levels)} images answered rightly none is turned within {most} grey levels a pixel.",
        )
    told = Text(
        f"{len(levels)} 張答對的影像中，有 {len(found)} 張只要每個像素改動至多 {most} 個灰階就會答錯；"
        f"所需的灰階數（共 256 階）中位數是 {np.median(found):g}，最少是 {found.min()}。",
        f"Of {len(levels)} images answered rightly {len(found)} are turned by at most {most} grey levels a "
        f"pixel (of 256; median {np.median(found):g}, least {found.min()}).",
    )
    if shuffled >= len(found) / 2:
        why = Text(
            f"但同樣大小的改動把像素打亂之後仍騙過 {shuffled} 張：這個網路連一般的雜訊都受不了。",
            f"But shuffled over the pixels the same change still turns {shuffled}: this network cannot stand "
            "plain noise.",
        )
    else:
        why = Text(
            f"同樣大小的改動把像素打亂之後，答錯的有 {shuffled} 張：要緊的是方向，不只是大小。",
            f"With its pixels shuffled the same change turns {shuffled}: its direction matters, not its size "
            "alone.",
        )
    return joined(told, why)


def answer_sentence(study: LayerStudy) -> Text:
    """Answer the question in one sentence: what drives the filters of the layer looked at last."""
    naive, regularized = (float(np.median(made.high_frequency)) for made in (study.naive, study.regularized))
    enough, count = int(study.regularized.enough.sum()), len(study.channels)
    return Text(
        f"從白雜訊直接做梯度上升，{study.name} 的影像高頻能量是 {naive:.2f}；改在頻率上做並加上微小移動，"
        f"則是 {regularized:.2f}，{count} 個濾波器中有 {enough} 個達到資料集最大激發的八成。",
        f"Plain gradient ascent from white noise gives {study.name} images with a high-frequency energy of "
        f"{naive:.2f}; on frequencies and with small moves it is {regularized:.2f}, and {enough} of {count} "
        "filters reach 0.8 of the largest activation in the data.",
    )


def limit_sentence(*, on_practice_faces: bool) -> Text:
    """Say how far such images reach."""
    if on_practice_faces:
        return Text(
            "這個網路只見過畫出來的練習臉，它的濾波器說明不了看過真實人臉的網路。",
            "This network has seen drawn practice faces alone: its filters say nothing about one that "
            "has seen real faces.",
        )
    return Text(
        "這些影像屬於這一個網路、這一個種子；換一個種子，濾波器的編號與圖樣都會不同。",
        "These images belong to this network and this seed; with another seed numbers and patterns differ.",
    )


def sheet_caption(study: LayerStudy) -> Text:
    """Say what stands in a layer's sheet, and on which scale."""
    weights = (
        Text("權重（0 為白）、", "weights (white at 0), ") if study.kernels is not None else Text("", "")
    )
    return Text(
        f"{study.name} 的濾波器：{weights.zh}單純上升（各自從最低畫到最高）、正則化上升與資料集的影像"
        "（0 黑到 255 白）。",
        f"Filters of {study.name}: {weights.en}naive ascent (from lowest to highest each), regularized "
        "ascent and images of the data (0 black to 255 white).",
    )


def sheet_alt(study: LayerStudy) -> Text:
    """Describe a layer's sheet: for each filter the smoothness and the reach of its regularized image."""
    made = study.regularized
    values = {
        str(channel): f"{energy:.2f}, {activation:.3g} / {maximum:.3g}"
        for channel, energy, activation, maximum in zip(
            study.channels, made.high_frequency, made.activation, made.maximum, strict=True
        )
    }
    what = Text(
        "各濾波器的正則化影像：高頻能量、激發與資料集最大值",
        "Regularized image of each filter: high-frequency energy, activation and the data set's maximum",
    )
    return listed(what, values)


def outputs_alt(maps: NDArray[np.floating], name: str) -> Text:
    """Describe the outputs (rows, columns, filters) of a layer for one image."""
    rows, columns, count = maps.shape
    positive = 100 * np.mean(maps > 0)
    return Text(
        f"{name} 的 {count} 張輸出，每張 {rows}×{columns}；所有數值中有 {positive:.0f}% 大於 0。",
        f"{count} outputs of {name}, {rows}×{columns} each; {positive:.0f}% of all values are above 0.",
    )


def ascents_alt(made: Mapping[str, Ascent]) -> Text:
    """Describe rows of regularized images, a network each."""
    values = {
        name: f"{np.median(found.high_frequency):.2f}, {int(found.enough.sum())} / {len(found.images)}"
        for name, found in made.items()
    }
    what = Text(
        "各網路的高頻能量中位數、達到資料集最大值八成的張數",
        "For each network the median high-frequency energy, and the images that reach 0.8 of the maximum",
    )
    return listed(what, values)


def answer_titles(before: NDArray[np.floating], after: NDArray[np.floating]) -> list[tuple[str, str]]:
    """Return for each image what the network answers before and after, with its probability.

    Args:
        before: Logits, (N, 7).
        after: Likewise.
    """
    return [
        (_answer(one), _answer(other)) for one, other in zip(softmax(before), softmax(after), strict=True)
    ]


def _answer(shares: NDArray[np.floating]) -> str:
    name = EMOTIONS[int(shares.argmax())]
    return f"{name.zh} {name.en}\n{percent(float(shares.max()))}"
