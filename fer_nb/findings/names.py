"""What networks, arms, settings and layers are called in print, in both languages; no key of the program.

A name that is not known here, a student's own network for one, stands for itself.
"""

import re
from typing import TYPE_CHECKING

from fer_nb.language import GLOSSARY, Text

if TYPE_CHECKING:
    from fer_nb.learning.transforms import AugmentationSettings

IMAGE_SIDE = 48  # pixels
_NETWORKS = {
    "vgg16_dropout": Text("VGG16（加 dropout）", "VGG16 with dropout"),
    "vgg16_mini": Text("小型 VGG", "small VGG"),
    "leaky_cnn": Text("四區塊 CNN", "four-block CNN"),
    "shallow_cnn": Text("淺層 CNN", "shallow CNN"),
    "shallow_dnn": Text("淺層 DNN", "shallow DNN"),
    "three_block_cnn": Text("三區塊 CNN", "three-block CNN"),
    "pyramid_dnn": Text("四層 DNN", "four-layer DNN"),
    "two_block_cnn": Text("雙區塊 CNN", "two-block CNN"),
    "five_conv_cnn": Text("五層卷積 CNN", "five-convolution CNN"),
    "wide_dnn": Text("寬 DNN", "wide DNN"),
    "compact_cnn": Text("輕量 CNN", "compact CNN"),
    "laptop_cnn": Text("筆電 CNN", "laptop CNN"),
    "practice_cnn": Text("小型 CNN", "small CNN"),
    "practice_dnn": Text("小型 DNN", "small DNN"),
    "champion_vgg": Text("深層 VGG", "deep VGG"),
    "champion_resnet": Text("ResNet18", "ResNet18"),
    "logits": Text("所給的 logit", "the given logits"),
}
_NORMALIZATIONS = {
    "none": Text("原始灰階", "raw grey levels"),
    "unit": Text("除以 255", "division by 255"),
    "mean_then_unit": Text("減平均再除以 255", "mean subtracted, division by 255"),
    "standardized": Text("標準化", "standardization"),
    "per_image": Text("逐張標準化", "standardization image by image"),
}
_AUGMENTATIONS = {
    "none": Text("無增強", "no augmentation"),
    "flip": Text("翻轉增強", "flips"),
    "shift_flip": Text("平移翻轉增強", "shifts and flips"),
    "affine_nearest": Text("大幅仿射增強", "wide affine augmentation"),
    "affine_constant": Text("仿射增強（補黑邊）", "affine augmentation with black borders"),
    "balanced": Text("平衡類別的仿射增強", "class-balancing affine augmentation"),
    "compact": Text("小幅仿射增強", "mild affine augmentation"),
    "champion": Text("仿射、光線與擦除增強", "affine, lighting and erasing augmentation"),
    "practice": Text("翻轉與平移增強", "flips and shifts"),
}
_PARTS = {
    "flip": Text("翻轉", "flips"),
    "shift": Text("平移", "shifts"),
    "rotation": Text("旋轉", "rotations"),
    "shear": Text("剪切", "shears"),
    "zoom": Text("縮放", "zooms"),
    "crop_shift": Text("隨機裁切", "random crops"),
    "brightness": Text("亮度變化", "brightness"),
    "contrast": Text("對比變化", "contrast"),
    "erase": Text("隨機擦除", "random erasing"),
}
_PROTOCOLS = {
    "report_b": Text("自訓練（偽標籤，接續訓練）", "self-training (pseudo-labels, training goes on)"),
    "report_c": Text("自訓練（偽標籤，重新訓練）", "self-training (pseudo-labels, trained afresh)"),
    "iterated": Text("多輪自訓練（各類別按比例）", "iterated self-training (by class share)"),
    "fixmatch": Text("FixMatch", "FixMatch"),
}
_SPLITS = {
    "Training": GLOSSARY["training"],
    "PublicTest": GLOSSARY["public"],
    "PrivateTest": GLOSSARY["private"],
    "unlabelled": Text("無標籤影像", "unlabelled images"),
}
_SETTINGS = {
    "architecture": Text("架構", "architecture"),
    "options": Text("架構選項", "options"),
    "epochs": Text("epoch 數", "epochs"),
    "batch_size": GLOSSARY["batch size"],
    "optimizer": GLOSSARY["optimizer"],
    "learning_rate": GLOSSARY["learning rate"],
    "schedule": GLOSSARY["schedule"],
    "weight_decay": GLOSSARY["weight decay"],
    "label_smoothing": GLOSSARY["label smoothing"],
    "normalization": GLOSSARY["normalization"],
    "augmentation": GLOSSARY["augmentation"],
    "augmentation_strength": Text("增強強度", "augmentation strength"),
    "flipped_copies": Text("加入翻轉的副本", "flipped copies"),
    "crop": Text("中央裁切", "centre crop"),
    "small_share": Text("使用小影像的 epoch 比例", "share of epochs on small images"),
    "small_size": Text("小影像的邊長", "side of small images"),
    "validation": GLOSSARY["validation"],
    "warmup_epochs": Text("暖身 epoch 數", "warm-up epochs"),
    "schedule_factor": Text("學習率的倍率", "factor of the rate"),
    "schedule_patience": Text("降低學習率前的 epoch 數", "epochs before the rate falls"),
    "mixup": Text("mixup", "mixup"),
    "averaging": Text("權重的移動平均", "moving average of weights"),
    "early_stopping": Text("提前停止的 epoch 數", "epochs before an early stop"),
    "selection": Text("保留的 epoch", "epoch kept"),
    "snapshots": Text("保留的快照數", "snapshots"),
    "precision": Text("數值精度", "arithmetic"),
    "unlabelled_ratio": Text("無標籤與有標籤影像的比例", "unlabelled images a labelled one"),
    "confidence": Text("偽標籤的信心門檻", "confidence of a pseudo-label"),
    "dropout": Text("dropout", "dropout"),
    "activation": Text("活化函數", "activation"),
    "late_activation": Text("最後的活化函數", "last activation"),
    "depth": Text("深度", "depth"),
}
_VALUES = {
    "adadelta": "Adadelta",
    "adam": "Adam",
    "adamw": "AdamW",
    "muon": "Muon",
    "sgd_nesterov": "SGD (Nesterov)",
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "prelu": "PReLU",
    "mixed_bfloat16": "bfloat16",
}
_KINDS = {
    "conv": Text("卷積層", "convolution"),
    "norm": Text("批次正規化層", "batch normalization"),
    "relu": Text("ReLU", "ReLU"),
    "leaky": Text("Leaky ReLU", "leaky ReLU"),
    "activation": Text("活化函數", "activation"),
    "pool": Text("池化層", "pooling"),
    "dropout": Text("dropout", "dropout"),
    "add": Text("相加", "sum"),
    "shortcut_conv": Text("捷徑卷積層", "shortcut convolution"),
    "shortcut_norm": Text("捷徑批次正規化層", "shortcut batch normalization"),
}
_SINGLE_LAYERS = {
    "image": Text("輸入影像", "input image"),
    "normalization": Text("輸入正規化層", "input normalization"),
    "center_crop": Text("中央裁切", "centre crop"),
    "flatten": Text("展平", "flattening"),
    "average": Text("全域平均池化", "global average pooling"),
    "dropout": Text("dropout", "dropout"),
    "logits": Text("輸出層", "output layer"),
}
_LAYER = re.compile(
    r"(?:stage(?P<stage>\d+)_)?(?:block(?P<block>\d+)|(?P<stem>stem)|dense(?P<dense>\d+))?_?"
    r"(?P<kind>[a-z_]*?)(?P<number>\d*)"
)


def network(label: str) -> Text:
    """Return the name of a network from its label.

    Args:
        label: A recipe's name, a variant behind a slash ("practice_cnn/dropout=0.4", "practice_dnn/none",
            the latter an augmentation) or a number of epochs in brackets ("practice_cnn (1)").
    """
    recipe, _, variant = label.partition("/")
    recipe, _, epochs = recipe.removesuffix(")").partition(" (")
    name = _NETWORKS.get(recipe, Text(recipe, recipe))
    if epochs:
        unit = "epoch" if epochs == "1" else "epochs"
        name = Text(f"只訓練 {epochs} 個 epoch 的{name.zh}", f"{name.en} after {epochs} {unit}")
    if not variant:
        return name
    if "=" in variant:
        changes = [change.split("=", 1) for change in re.split(r"\+(?=[a-z_]+=)", variant)]
        said = [(setting(option.strip()), written(value.strip())) for option, value in changes]
        zh, en = (
            "、".join(f"{one.zh} {to}" for one, to in said),
            ", ".join(f"{one.en} {to}" for one, to in said),
        )
        return Text(f"{name.zh}（{zh}）", f"{name.en} ({en})")
    how = ablation_variant(variant) if "+" in variant else augmentation(variant)
    return Text(f"{name.zh}（{how.zh}）", f"{name.en} ({how.en})")


def ablation_variant(key: str) -> Text:
    """Return the name of a variant "normalization+augmentation": what is done, of the two."""
    first, _, second = key.partition("+")
    normalized, augmented = normalization(first), augmentation(second)
    match first, second:
        case "none", "none":
            return Text("都不做", "neither")
        case _, "none":
            return Text(f"只做{normalized.zh}", f"{normalized.en} only")
        case "none", _:
            return Text(f"只做{augmented.zh}", f"{augmented.en} only")
    return Text(f"{normalized.zh}＋{augmented.zh}", f"{normalized.en} + {augmented.en}")


def normalization(key: str) -> Text:
    """Return the name of a normalization, a key of `fer_nb.learning.transforms.NORMALIZATIONS`."""
    return _NORMALIZATIONS.get(key, Text(key, key))


def augmentation(key: str) -> Text:
    """Return the name of a preset, of a part of one ("compact/flip"), or of one with a strength ("*2")."""
    plain, _, strength = key.partition("*")
    preset, _, alone = plain.partition("/")
    if alone:
        name = Text(f"{part(alone).zh}增強", part(alone).en)
    else:
        name = _AUGMENTATIONS.get(preset, Text(preset, preset))
    return Text(f"{name.zh}（{strength} 倍）", f"{name.en} × {strength}") if strength else name


def part(key: str) -> Text:
    """Return the name of a part of an augmentation, one of `fer_nb.learning.transforms.PARTS`."""
    return _PARTS.get(key, Text(key, key))


def part_range(settings: "AugmentationSettings", part: str) -> Text | str:
    """Return the range of a part of an augmentation with its unit."""
    value = getattr(settings, part)
    if part in ("flip", "erase"):
        return Text(f"機率 {100 * value:g}%", f"probability {100 * value:g}%")
    if part in ("shift", "crop_shift"):
        pixels = value if part == "crop_shift" else IMAGE_SIDE * value
        return Text(f"±{pixels:g} 像素", f"±{pixels:g} px")
    if part == "zoom":
        return Text(f"{value[0]:g} 至 {value[1]:g} 倍", f"{value[0]:g} to {value[1]:g} times")
    return f"±{value:g}°" if part in ("rotation", "shear") else f"±{100 * value:g}%"


def protocol(key: str) -> Text:
    """Return the name of a semi-supervised protocol; "+transductive" behind its key is said as well."""
    plain, plus, _ = key.partition("+")
    name = _PROTOCOLS.get(plain, Text(plain, plain))
    return Text(f"{name.zh}，含測試影像", f"{name.en}, with test images") if plus else name


def split(key: str) -> Text:
    """Return the name of a split: "validation", "test", ..., or a usage such as "PublicTest"."""
    return _SPLITS.get(key) or GLOSSARY.get(key) or Text(key, key)


def setting(key: str) -> Text:
    """Return the name of a recipe's setting or of an architecture's option."""
    return _SETTINGS.get(key, Text(key, key))


def written(value: str) -> str:
    """Return the value of a setting as it is printed: "Leaky ReLU" for "leaky_relu"; others as they are."""
    return _VALUES.get(value, value)


def layer(name: str) -> Text:
    """Return the name of a layer of a network: "block4_conv1" is convolution 1 of block 4."""
    if name in _SINGLE_LAYERS:
        return _SINGLE_LAYERS[name]
    found = _LAYER.fullmatch(name)
    if not found or (found["kind"] and found["kind"] not in _KINDS):
        return Text(name, name)
    zh, en = _place(found)
    if not found["kind"]:
        return Text(zh, en) if found["dense"] else Text(name, name)
    kind, number = _KINDS[found["kind"]], found["number"]
    if number:
        return Text(f"{zh}第 {number} 個{kind.zh}", f"{en}, {kind.en} {number}".removeprefix(", "))
    return Text(f"{zh}的{kind.zh}".removeprefix("的"), f"{en}, {kind.en}".removeprefix(", "))


def _place(found: re.Match[str]) -> tuple[str, str]:
    zh, en = [], []
    if found["stage"]:
        zh.append(f"第 {found['stage']} 階段")
        en.append(f"stage {found['stage']}")
    if found["block"]:
        zh.append(f"第 {found['block']} 區塊")
        en.append(f"block {found['block']}")
    if found["stem"]:
        zh.append("起始部分")
        en.append("stem")
    if found["dense"]:
        zh.append(f"第 {found['dense']} 個全連接層")
        en.append(f"dense layer {found['dense']}")
    return "".join(zh), ", ".join(en)
