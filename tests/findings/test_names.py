import re

import pytest

from fer_nb.findings import names
from fer_nb.language import Text
from fer_nb.learning.models import ARCHITECTURES, build_shapes
from fer_nb.learning.recipe import RANGES
from fer_nb.learning.recipes import RECIPES
from fer_nb.learning.semi.protocols import PROTOCOLS
from fer_nb.learning.transforms import NORMALIZATIONS, PRESETS


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        (names.network, RECIPES),
        (names.normalization, NORMALIZATIONS),
        (names.augmentation, PRESETS),
        (names.protocol, PROTOCOLS),
        (names.split, ("training", "validation", "public", "private", "test", "unlabelled")),
        (names.setting, RECIPES["practice_cnn"].settings()),
    ],
)
def test_everything_that_the_program_knows_by_a_key_has_a_name_of_its_own(name, keys):
    named = {key: name(key) for key in keys if key not in ("name", "mixup")}
    assert not [key for key, text in named.items() if "_" in str(text) or text.zh == key]
    assert len(set(map(str, named.values()))) == len(named)


def test_every_optimizer_is_written_as_its_authors_write_it():
    assert [names.written(key) for key in RANGES["recipe"]["optimizer"]] == [
        "Adadelta",
        "Adam",
        "AdamW",
        "Muon",
        "SGD (Nesterov)",
    ]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_layer_of_every_network_has_a_name_of_its_own(architecture):
    layers = [layer.name for layer in build_shapes(architecture).layers]
    named = [names.layer(layer) for layer in layers]
    assert not [text for text in named if re.search(r"_|[a-z]\d", text.en)]
    assert len(set(named)) == len(layers)


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("block4_conv1", "第 4 區塊第 1 個卷積層", "block 4, convolution 1"),
        ("block1_pool", "第 1 區塊的池化層", "block 1, pooling"),
        (
            "stage2_block1_shortcut_conv",
            "第 2 階段第 1 區塊的捷徑卷積層",
            "stage 2, block 1, shortcut convolution",
        ),
        ("dense2", "第 2 個全連接層", "dense layer 2"),
        ("dense2_norm", "第 2 個全連接層的批次正規化層", "dense layer 2, batch normalization"),
        ("stem_conv", "起始部分的卷積層", "stem, convolution"),
        ("logits", "輸出層", "output layer"),
        ("my_layer7", "my_layer7", "my_layer7"),
    ],
)
def test_a_layer_is_named_by_its_place(key, zh, en):
    assert names.layer(key) == Text(zh, en)


@pytest.mark.parametrize(
    ("label", "zh", "en"),
    [
        ("practice_cnn/dropout=0.4", "小型 CNN（dropout 0.4）", "small CNN (dropout 0.4)"),
        (
            "vgg16_mini/activation=leaky_relu",
            "小型 VGG（活化函數 Leaky ReLU）",
            "small VGG (activation Leaky ReLU)",
        ),
        (
            "practice_cnn/learning_rate=1e-3+batch_size=32",
            "小型 CNN（學習率 1e-3、批次大小 32）",
            "small CNN (learning rate 1e-3, batch size 32)",
        ),
        ("practice_dnn/none", "小型 DNN（無增強）", "small DNN (no augmentation)"),
        ("practice_cnn/none+none", "小型 CNN（都不做）", "small CNN (neither)"),
        ("practice_cnn (1)", "只訓練 1 個 epoch 的小型 CNN", "small CNN after 1 epoch"),
        ("my_cnn", "my_cnn", "my_cnn"),
    ],
)
def test_a_network_is_named_with_what_is_special_about_it(label, zh, en):
    assert names.network(label) == Text(zh, en)


@pytest.mark.parametrize(
    ("key", "zh"),
    [
        ("none+none", "都不做"),
        ("standardized+none", "只做標準化"),
        ("none+flip", "只做翻轉增強"),
        ("standardized+flip", "標準化＋翻轉增強"),
        ("standardized+compact/rotation", "標準化＋旋轉增強"),
        ("none+flip*2", "只做翻轉增強（2 倍）"),
    ],
)
def test_a_variant_says_what_is_done(key, zh):
    assert names.ablation_variant(key).zh == zh


def test_a_protocol_that_learns_from_test_images_says_so():
    assert names.protocol("report_c+transductive").zh.endswith("含測試影像")
