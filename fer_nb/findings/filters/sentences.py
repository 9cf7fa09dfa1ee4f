"""What drives the filters of a network, and what deceives it: sentences, captions and a table, bilingual."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fer_nb.analysis.ascent import Sine, similar_groups, white_noise
from fer_nb.findings import names
from fer_nb.findings.filters.study import STRONGEST, Ascent, LayerStudy
from fer_nb.findings.saliency.regions import REGION_NAMES
from fer_nb.findings.sentences import capital, enumerated, joined, listed, percent
from fer_nb.language import EMOTIONS, Text

NOTHING = Text("看不出", "none shows")
STAYED = 0.9  # correlation with the start from which an image is called still the same noise
KINDS = {
    "horizontal": Text("橫紋", "horizontal stripes"),
    "vertical": Text("直紋", "vertical stripes"),
    "diagonal": Text("斜紋", "diagonal stripes"),
    "spot": Text("不分方向的小點", "spots of no orientation"),
    "brightness": Text("整片明暗", "plain brightness"),
}
TABLE = Text(
    "驅動各濾波器的部位與表情。激發減少：該部位沒有表情時，最強的 25 張臉失去多少超出平均的激發。",
    "Part and expression that drive each filter. Lost: of what its 25 strongest faces exceed others by.",
)
CLASSES = Text(
    "最能推高各類別 logit 的影像（正則化上升；0 黑到 255 白）。",
    "Images that drive the logit of each class (regularized ascent; 0 black to 255 white).",
)
TWO_NETWORKS = Text(
    "最後一個卷積層的濾波器，訓練完成與訓練不足的網路（正則化上升）。",
    "Filters of the last convolution, of the network and of a worse one (regularized ascent).",
)


def sheet_caption(study: LayerStudy) -> Text:
    """Say what stands in a layer's sheet."""
    name = names.layer(study.name)
    return Text(
        f"{name.zh}的濾波器：直接梯度上升、正則化上升，以及激發最強的 9 張臉，裁成一個單元的感受野；"
        "都畫成 0 黑到 255 白。",
        f"Filters of {name.en}: naive ascent, regularized ascent, and the 9 faces that drive each most, "
        "cropped to what a unit sees; all from 0 black to 255 white.",
    )


def outputs_caption(study: LayerStudy) -> Text:
    """Say what stands in the figure of kernels and outputs."""
    name = names.layer(study.name)
    return Text(
        f"{name.zh}：上為權重（紅正藍負），標題是最能激發它的正弦波；下為它對左側影像的輸出（活化函數之前，"
        "各自從最低畫到最高）。",
        f"{capital(name.en)}: weights above (red positive, blue negative) with the wave that drives them "
        "most; below, their outputs for the face (before the activation, each from lowest to highest).",
    )


def sine_title(sine: Sine) -> str:
    """Return how a wave is named over a kernel: its stripes, and pixels from one to the next."""
    if sine.kind == "brightness":
        return "明暗 level"
    signs = {"horizontal": "─", "vertical": "│", "spot": "○"}
    sign = signs.get(sine.kind) or ("╱" if sine.angle < 90 else "╲")
    return f"{sign} {sine.period:.1f} px"


def kinds_text(sines: Sequence[Sine]) -> Text:
    """Count the filters by the waves that drive them, the commonest first."""
    counted = Counter(sine.kind for sine in sines).most_common()
    return Text(
        "、".join(f"{count} 個{KINDS[kind].zh}" for kind, count in counted),
        ", ".join(f"{count} {KINDS[kind].en}" for kind, count in counted),
    )


def parts_text(study: LayerStudy) -> Text:
    """Count the filters by the part without which they lose most, the commonest first."""
    found = [study.part(number) for number in range(len(study.channels))]
    counted = Counter(part for part in found if part is not None).most_common()
    zh = [f"{count} 個由{REGION_NAMES[part].zh}激發" for part, count in counted]
    en = [f"{count} driven by the {REGION_NAMES[part].en}" for part, count in counted]
    if missing := found.count(None):
        zh.append(f"{missing} 個看不出部位")
        en.append(
            f"{missing} by no part that shows" if counted else f"{missing} driven by no part that shows"
        )
    return Text("、".join(zh), ", ".join(en))


def classes_text(study: LayerStudy) -> Text:
    """Say how many filters favour a class, and which."""
    found = [study.favoured(number) for number in range(len(study.channels))]
    counted = Counter(label for label in found if label is not None).most_common()
    if not counted:
        return Text("沒有一個偏好某種表情", "none with a favoured expression")
    which = enumerated(
        Text(f"{EMOTIONS[label].zh} {count}", f"{EMOTIONS[label].en} {count}") for label, count in counted
    )
    favouring = sum(count for _, count in counted)
    return Text(
        f"{favouring} 個偏好一種表情（{which.zh}）", f"{favouring} with a favoured expression ({which.en})"
    )


def finding_sentence(studies: Sequence[LayerStudy]) -> Text:
    """Say what drives the filters, of the layer looked at last first: parts and expressions, or waves."""
    told = []
    for study in reversed(studies):
        name, count = names.layer(study.name), len(study.sines or study.channels)
        if study.sines:
            found = kinds_text(study.sines)
        else:
            parts, classes = parts_text(study), classes_text(study)
            found = Text(f"{parts.zh}；{classes.zh}", f"{parts.en}; {classes.en}")
        told.append(
            Text(
                f"{name.zh}的 {count} 個濾波器：{found.zh}。",
                f"Of {count} filters of {name.en}: {found.en}.",
            )
        )
    return joined(*told)


def front_sentence(studies: Sequence[LayerStudy]) -> Text:
    """Say for the first page what drives most filters of the layer looked at last, the number first."""
    study = studies[-1]
    name, of = names.layer(study.name), len(study.sines or study.channels)
    found = [study.part(number) for number in range(len(study.channels))]
    parts = [
        Text(REGION_NAMES[part].zh, f"the {REGION_NAMES[part].en}") for part in found if part is not None
    ]
    drivers = [KINDS[sine.kind] for sine in study.sines] or parts
    if not drivers:
        return Text(
            f"0/{of}：{name.zh}沒有一個濾波器看得出由哪個部位激發。",
            f"0 of {of} filters of {name.en} are driven by a part that shows.",
        )
    ((driver, count),) = Counter(drivers).most_common(1)
    more = Text("", "") if study.sines else classes_text(study)
    zh, en = (f"；{more.zh}", f"; {more.en}") if more.zh else ("", "")
    return Text(
        f"{count}/{of}：{name.zh}的濾波器由{driver.zh}激發{zh}。",
        f"{count} of {of} filters of {name.en} are driven by {driver.en}{en}.",
    )


def reason_sentence(studies: Sequence[LayerStudy], *, redrawn: bool) -> Text:
    """Say how much of a face a unit of each layer sees, and how the parts were found.

    Args:
        studies: The layers.
        redrawn: Whether a part was redrawn without its expression, else blurred.
    """
    sees = [(names.layer(study.name), study.field.size) for study in studies]
    zh = "、".join(f"{name.zh} {rows}×{columns} 像素" for name, (rows, columns) in sees)
    en = ", ".join(f"{rows}×{columns} pixels in {name.en}" for name, (rows, columns) in sees)
    told = Text(f"感受野決定能看什麼：{zh}。", f"A unit can look for no more than it sees: {en}.")
    if all(study.sines for study in studies):
        return told
    lost = [study.losses[number, part] for study in studies for number in range(len(study.channels))
            if study.losses is not None and (part := study.part(number)) is not None]  # fmt: skip
    if not lost:
        return joined(told, Text("看不出任何部位是激發的原因。", "No part could be shown to drive a filter."))
    how = Text("重畫成沒有表情", "redrawn at rest") if redrawn else Text("抹糊", "blurred")
    share = percent(float(np.median(lost)))
    return joined(
        told,
        Text(
            f"把部位{how.zh}，最強的 {STRONGEST} 張臉超出平均的激發少了 {share}（中位數）。",
            f"With that part {how.en}, the {STRONGEST} strongest faces lose {share} (median) of what they "
            "have above the average face.",
        ),
    )


def range_sentence(study: LayerStudy) -> Text:
    """Compare both ascents by what they reach within the same range of grey."""
    naive, regularized = study.naive.ratio, study.regularized.ratio
    if naive is None or regularized is None:
        return Text(
            "沒有一個濾波器的激發大於 0，無從比較兩種上升。",
            "No filter answers above 0: there is nothing to compare.",
        )
    told = Text(
        f"在同樣的 0 到 255 灰階內，直接梯度上升的激發是任何一張臉最大值的 {naive:.1f} 倍，"
        f"正則化上升是 {regularized:.1f} 倍（中位數）",
        f"Within the same grey levels, 0 to 255, naive images reach {naive:.1f} times what any face does "
        f"and regularized ones {regularized:.1f} times (medians)",
    )
    if naive > regularized:
        return Text(
            f"{told.zh}：激發最強的是雜訊般的圖樣，不是臉。",
            f"{told.en}: what drives a filter most is a noisy pattern, not a face.",
        )
    return Text(f"{told.zh}。", f"{told.en}.")


def worse_sentence(study: LayerStudy, worse: LayerStudy, *, label: str) -> Text:
    """Say how the filters of a worse network differ: by the expressions that they favour and by parts."""
    name, own = names.network(label), classes_text(study)
    parts, classes = parts_text(worse), classes_text(worse)
    return Text(
        f"{name.zh} 的同一層，{parts.zh}；{classes.zh}。訓練完成的網路：{own.zh}。",
        f"Of the same layer of the {name.en}, {parts.en}; {classes.en}. Of the network itself: {own.en}.",
    )


def bonus_sentence(made: Ascent, answers: NDArray[np.floating], deceived: Text) -> Text:
    """Say how many class images a network takes for their class, and beside it what deceives the network.

    Args:
        made: The images and their logits.
        answers: The network's logits for them, (7, 7).
        deceived: Of `adversarial_sentence`.
    """
    right = int((answers.argmax(axis=1) == np.arange(len(answers))).sum())
    beyond = int((made.activation > made.maximum).sum())
    told = Text(
        f"{len(answers)} 張類別影像有 {right} 張被認成所求的類別，{beyond} 張的 logit 超過每一張臉。",
        f"Of {len(answers)} class images {right} are taken for their class; {beyond} exceed every face's "
        "logit.",
    )
    return joined(told, deceived)


def adversarial_sentence(levels: NDArray[np.integer], *, most: int, shuffled: int) -> Text:
    """Say how few grey levels change the network's answer, and what the same change does when shuffled.

    Args:
        levels: Of images that were answered rightly, (N,); -1 where `most` were not enough.
        most: Levels at which the search gave up.
        shuffled: How many of the images that were turned are answered otherwise with their change shuffled.
    """
    found = levels[levels > 0]
    if not len(found):
        return Text(
            f"{len(levels)} 張答對的影像，每個像素改動 {most} 個灰階以內都騙不過網路。",
            f"Of {len(levels)} images answered rightly none is turned within {most} grey levels a pixel.",
        )
    return Text(
        f"對抗影像：{len(levels)} 張答對的影像，有 {len(found)} 張每個像素改動至多 {most} 個灰階就答錯"
        f"（中位數 {np.median(found):g} 個，共 256 個）；同樣的改動打亂位置，答錯的有 {shuffled} 張。",
        f"Adversarial images: of {len(levels)} answered rightly {len(found)} are turned by at most {most} "
        f"grey levels a pixel (median {np.median(found):g} of 256); with the pixels of the change shuffled, "
        f"{shuffled}.",
    )


def limit_sentence(*, on_practice_faces: bool) -> Text:
    """Say how far it reaches."""
    if on_practice_faces:
        return Text(
            "只看了一個網路、一個種子；練習臉上的濾波器不能代表看過真實人臉的網路。",
            "One network and one seed; filters of practice faces say nothing about networks of real ones.",
        )
    return Text(
        "只看了一個網路、一個種子；換一個種子，濾波器的編號與圖樣都會不同。",
        "One network and one seed: with another, numbers and patterns of the filters differ.",
    )


def filter_labels(study: LayerStudy) -> list[str]:
    """Return what stands beside each filter: its number, its part, and the expression that it favours."""
    parts, labels = _found(study)
    return [
        "\n".join([str(channel), *(name.zh for name in (part, label) if name is not NOTHING)])
        for channel, part, label in zip(study.channels, parts, labels, strict=True)
    ]


def filter_table(study: LayerStudy) -> pd.DataFrame:
    """Return a row a filter: the part that drives it, what it loses without, and its commonest class."""
    rows = []
    for number, (channel, part, label) in enumerate(zip(study.channels, *_found(study), strict=True)):
        lost = None if study.losses is None else percent(study.losses[number].max())
        counts = study.counts[number]
        rows.append((str(channel), part, lost, label, f"{counts.max()} / {counts.sum()}"))
    columns = [
        Text("濾波器", "filter"),
        Text("部位", "part"),
        Text("少了它，激發減少", "lost without it"),
        Text("偏好的表情", "favoured expression"),
        Text("最強的臉中最多的一類", "commonest class of the strongest"),
    ]
    return pd.DataFrame(rows, columns=columns)


def filters_alt(study: LayerStudy) -> Text:
    """Describe a layer's sheet: for each filter its part and class."""
    values = {
        str(channel): f"{part}, {label}"
        for channel, part, label in zip(study.channels, *_found(study), strict=True)
    }
    return listed(Text("各濾波器的部位與表情", "Part and expression of each filter"), values)


def sines_alt(study: LayerStudy) -> Text:
    """Describe the first layer: the wave that drives each filter."""
    values = {str(number): sine_title(sine) for number, sine in enumerate(study.sines)}
    return listed(Text("各濾波器的正弦波", "Sine wave of each filter"), values)


def ratios_alt(made: Mapping[Text, Ascent]) -> Text:
    """Describe rows of regularized images: what each row reaches."""
    values = {str(name): "—" if one.ratio is None else f"{one.ratio:.1f}" for name, one in made.items()}
    return listed(Text("激發與臉的最大值之比", "Activation over the largest of any face"), values)


def numbers(study: LayerStudy) -> dict[str, Any]:
    """Return what `results.json` says of a layer."""
    parts, labels = _found(study)
    return {
        "channels": study.channels,
        "parts": list(parts),
        "favoured": list(labels),
        "counts": study.counts,
        "losses": study.losses,
        "ratio": {"naive": study.naive.ratio, "regularized": study.regularized.ratio},
        "sines": [vars(sine) | {"period": str(round(sine.period, 1))} for sine in study.sines],
    }


def claims(study: LayerStudy, *, seed: int) -> list[dict[str, Any]]:
    """Return report B's claims on a first layer beside what was measured, as `record(claims=[...])` takes.

    Args:
        study: The layer.
        seed: Of its naive ascent.
    """
    inner = np.s_[:, 8:-8, 8:-8]  # away from the padding, where a unit sees less
    pairs = zip(study.naive.images[inner], white_noise(len(study.channels), seed=seed)[inner], strict=True)
    stayed = sum(np.corrcoef(made.ravel(), start.ravel())[0, 1] > STAYED for made, start in pairs)
    groups, of, total = similar_groups(study.found.correlation), len(study.channels), len(study.sines)
    twins = sum(len(group) for group in groups if len(group) > 1)
    noise = Text("第一層的影像多半還是白雜訊", "Most images of the first layer stay white noise")
    alike = Text("第一層的許多輸出幾乎一樣", "Many outputs of the first layer are nearly the same")
    return [
        _claim("noise", noise, Text(f"{of} 個中的 {stayed} 個", f"{stayed} of {of}"), 2 * stayed > of),
        _claim("alike", alike, Text(f"{total} 個中的 {twins} 個", f"{twins} of {total}"), 2 * twins > total),
    ]


def _claim(key: str, claim: Text, measured: Text, holds: bool) -> dict[str, Any]:
    verdict = "confirmed" if holds else "not confirmed"
    return {"report": "B", "key": f"filters_{key}", "claim": claim, "measured": measured, "verdict": verdict}


def _found(study: LayerStudy) -> tuple[Iterable[Text], Iterable[Text]]:
    numbers = range(len(study.channels))
    parts = [NOTHING if (part := study.part(n)) is None else REGION_NAMES[part] for n in numbers]
    return parts, [NOTHING if (label := study.favoured(n)) is None else EMOTIONS[label] for n in numbers]
