"""Two languages: a text in both, the seven emotions, and the glossary that fixes each term once."""

from dataclasses import dataclass

LANGUAGES = ("zh", "en")
HTML_LANGUAGE = {"zh": "zh-Hant-TW", "en": "en"}


@dataclass(frozen=True)
class Text:
    """The same text in Traditional Chinese (Taiwan) and in English."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Both languages, as a figure label shows them; once where they are equal."""
        return self.zh if self.zh == self.en else f"{self.zh} {self.en}"

    def by_language(self) -> dict[str, str]:
        """Return {"zh": ..., "en": ...}, as `say(**text.by_language())` takes it."""
        return {"zh": self.zh, "en": self.en}

    def of(self, language: str) -> str:
        """Return the text in `language`, one of LANGUAGES."""
        return self.by_language()[language]


EMOTIONS = (
    Text("生氣", "angry"),
    Text("厭惡", "disgust"),
    Text("恐懼", "fear"),
    Text("高興", "happy"),
    Text("難過", "sad"),
    Text("驚訝", "surprise"),
    Text("中立", "neutral"),
)
"""The seven classes; a label is an index into this tuple (0 angry to 6 neutral)."""

GLOSSARY = {
    "accuracy": Text("準確率", "accuracy"),
    "augmentation": Text("資料增強", "augmentation"),
    "batch size": Text("批次大小", "batch size"),
    "class": Text("類別", "class"),
    "confidence interval": Text("信賴區間", "confidence interval"),
    "epoch": Text("epoch", "epoch"),
    "epochs": Text("epoch 數", "epochs"),
    "image": Text("影像", "image"),
    "images": Text("影像數", "images"),
    "input shape": Text("輸入形狀", "input shape"),
    "label smoothing": Text("標籤平滑", "label smoothing"),
    "layer": Text("層", "layer"),
    "learning rate": Text("學習率", "learning rate"),
    "loss": Text("損失", "loss"),
    "multiply-adds": Text("乘加運算數", "multiply-adds"),
    "network": Text("網路", "network"),
    "normalization": Text("正規化", "normalization"),
    "optimizer": Text("最佳化器", "optimizer"),
    "output shape": Text("輸出形狀", "output shape"),
    "overfitting": Text("過擬合", "overfitting"),
    "parameters": Text("參數量", "parameters"),
    "practice faces": Text("練習臉", "practice faces"),
    "precision": Text("精確率", "precision"),
    "private": Text("私有測試集", "private test"),
    "public": Text("公開測試集", "public test"),
    "recall": Text("召回率", "recall"),
    "recipe": Text("訓練配方", "recipe"),
    "schedule": Text("學習率排程", "schedule"),
    "seconds": Text("秒", "seconds"),
    "seed": Text("隨機種子", "seed"),
    "test": Text("測試集", "test"),
    "training": Text("訓練集", "training"),
    "validation": Text("驗證集", "validation"),
    "weight decay": Text("權重衰減", "weight decay"),
}
"""Terms as every notebook, figure and table writes them."""
