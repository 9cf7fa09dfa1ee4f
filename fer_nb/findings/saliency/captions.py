"""What stands beside the figures of 05, and what those who cannot see them should know."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import softmax
from fer_nb.findings.saliency.regions import REGION_NAMES, RegionShares
from fer_nb.findings.sentences import listed, percent
from fer_nb.language import EMOTIONS, Text

if TYPE_CHECKING:
    from fer_nb.findings.saliency.images import Shown


def titles(shown: "Shown", logits: NDArray[np.floating]) -> list[str]:
    """Return what stands above each image: predicted class, probability, the true class where another."""
    written = []
    for label, share in zip(shown.labels, softmax(logits), strict=True):
        guess = int(share.argmax())
        wrong = f"\n真實{EMOTIONS[label].zh}\ntrue {EMOTIONS[label].en}" if label not in (guess, -1) else ""
        written.append(f"{EMOTIONS[guess].zh}\n{EMOTIONS[guess].en} {100 * share.max():.0f}%{wrong}")
    return written


def views_caption(method: Text, kept: float) -> Text:
    """Describe the views; `kept` is the share of the pixels that the masked image keeps."""
    return Text(
        f"每個預測類別一張臉（上方是機率）與{method.zh}的顯著圖：越黑越支持該類別，各圖獨立正規化顯示。"
        f"疊圖的框與遮罩影像是平滑後最高的 {kept:.0%}；末列是同類答對的臉的平均。",
        f"A face of each predicted class, its probability above, and its map by {method.en}: dark speaks "
        f"for the class, each map on its own scale. Outline and masked image hold the top {kept:.0%} after "
        "smoothing; last, the mean over rightly answered faces of the class.",
    )


def views_alt(found: RegionShares) -> Text:
    """Say for each class which part has most of the relevance."""
    what = Text("各類佔比最高的部位", "Part with the largest share, by class")
    return listed(what, _largest(found.means(found.shares), percent))


def matrix_caption(method: Text, *, redrawn: bool) -> Text:
    """Describe the matrices of class and part."""
    zh, en = ("把部位重畫成沒有表情", "redrawn at rest") if redrawn else ("把部位抹糊", "blurred")
    return Text(
        f"左：{method.zh}的顯著度佔比（%），本網路 / 三個未訓練網路的平均，多出越多越深。"
        f"右：{zh}，該類的 logit 平均下降多少。",
        f"Left: share of the saliency by {method.en} in %, this network / mean of three untrained ones, dark "
        f"where it has more. Right: mean fall of the class's logit with the part {en}.",
    )


def matrix_alt(found: RegionShares) -> Text:
    """Say for each class which part's ablation takes most off the logit."""
    what = Text("消融後 logit 下降最多的部位", "Part whose ablation takes most off the logit")
    return listed(what, _largest(found.means(found.drops), "{:.1f}".format))


def methods_caption(network: Text, count: int, *, known: bool) -> Text:
    """Describe the table of methods, measured on `count` faces; `known` is whether the true regions are."""
    zh, en = "", ""
    if known:
        zh = "佔比與命中率以表情真正牽動的部位計算。"
        en = " Mass and pointing game are of the parts that the expression truly moved."
    return Text(
        f"{network.zh}在 {count} 張臉上的顯著圖；等級相關 0.5 以上視為未通過隨機化檢驗（本報告的選擇）。{zh}",
        f"Maps of the {network.en} on {count} faces; a rank correlation of 0.5 or more fails the "
        f"randomization test (our choice).{en}",
    )


def _largest(means: Mapping[int, NDArray[np.float64]], written: Callable[[float], str]) -> dict[str, str]:
    """Return class -> the region with the largest value, and the value."""
    return {
        str(EMOTIONS[label]): f"{REGION_NAMES[row.argmax()]} {written(float(row.max()))}"
        for label, row in means.items()
    }
