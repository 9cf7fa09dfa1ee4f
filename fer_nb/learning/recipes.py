"""How each network is trained: the recipes of the five reports, and our own.

A recipe is plain Python that states its source, the accuracy that the source claims, and its cost. Importing
this room needs no Keras.
"""

import ast
from typing import Any

from fer_nb.errors import InputError, unknown_name
from fer_nb.language import Text
from fer_nb.learning.recipe import Recipe

_REPORT_A: dict[str, Any] = {
    "source": Text("報告 A", "report A"),
    "epochs": 100,
    "optimizer": "adam",
    "learning_rate": 1e-4,
    "schedule": "plateau",
    "schedule_factor": 0.1,
    "schedule_patience": 25,
    "normalization": "mean_then_unit",
    "augmentation": "affine_nearest",
}
_REPORT_B: dict[str, Any] = {
    "source": Text("報告 B", "report B"),
    "epochs": 25,
    "optimizer": "adadelta",
    "learning_rate": 1.0,  # Keras's default then; with the 0.001 of Keras 3 neither network learns
    "flipped_copies": True,
}
_REPORT_C: dict[str, Any] = {
    "source": Text("報告 C", "report C"),
    "epochs": 20,
    "optimizer": "adam",
    "augmentation": "shift_flip",
}
_REPORT_E: dict[str, Any] = {
    "source": Text(
        "報告 E；沒有寫出批次大小與訓練週期數，只說大約第 250 個週期開始過擬合",
        "report E; it states neither batch size nor epochs, only that overfitting begins at about epoch 250",
    ),
    "epochs": 300,
    "optimizer": "adam",
    "normalization": "standardized",
}
_PRACTICE: dict[str, Any] = {
    "source": Text("本專案為練習臉設計", "this project, for the practice faces"),
    "cost": Text("雙核心 CPU 每個訓練週期數秒", "2 CPU cores: seconds an epoch"),
    "epochs": 8,
    "batch_size": 64,
    "optimizer": "adamw",
    "weight_decay": 0.01,
    "schedule": "one_cycle",
    "normalization": "standardized",
    "augmentation": "practice",
    "selection": "best",
}
_CHAMPION: dict[str, Any] = {
    "epochs": 150,
    "optimizer": "sgd_nesterov",
    "schedule": "cosine",
    "warmup_epochs": 5.0,
    "normalization": "standardized",
    "augmentation": "champion",
    "crop": 44,
    "label_smoothing": 0.1,
    "averaging": 0.999,
    "selection": "best",
    "precision": "auto",
}

_ALL = (
    Recipe(
        name="vgg16_dropout",
        architecture="vgg16_dropout",
        multiply_adds=720_941_056,
        cost=Text("GPU 數小時；雙核心 CPU 約一週", "a GPU: hours; 2 CPU cores: a week"),
        stated={"public": 0.68904, "private": 0.68403},
        **_REPORT_A,
    ),
    Recipe(
        name="vgg16_mini",
        architecture="vgg16_mini",
        multiply_adds=275_034_112,
        cost=Text("GPU 約一小時；雙核心 CPU 數天", "a GPU: an hour; 2 CPU cores: days"),
        stated={"public": 0.68292, "private": 0.68069},
        **_REPORT_A,
    ),
    Recipe(
        name="leaky_cnn",
        architecture="leaky_cnn",
        multiply_adds=218_648_064,
        cost=Text("GPU 約一小時；雙核心 CPU 數天", "a GPU: an hour; 2 CPU cores: days"),
        stated={"public": 0.71022, "private": 0.70799},
        **_REPORT_A,
    ),
    Recipe(
        name="shallow_cnn",
        architecture="shallow_cnn",
        multiply_adds=90_742_784,
        cost=Text("雙核心 CPU 約四小時", "2 CPU cores: about 4 hours"),
        **_REPORT_B,
    ),
    Recipe(
        name="shallow_dnn",
        architecture="shallow_dnn",
        multiply_adds=3_149_312,
        cost=Text("雙核心 CPU 數分鐘", "2 CPU cores: minutes"),
        **_REPORT_B,
    ),
    Recipe(
        name="three_block_cnn",
        architecture="three_block_cnn",
        multiply_adds=150_520_256,
        validation=2400,
        cost=Text("雙核心 CPU 約一小時", "2 CPU cores: about an hour"),
        stated={"validation": 0.6438, "public": 0.6506},
        **_REPORT_C,
    ),
    Recipe(
        name="pyramid_dnn",
        architecture="pyramid_dnn",
        multiply_adds=1_836_800,
        validation=0.1,
        cost=Text("雙核心 CPU 數分鐘", "2 CPU cores: minutes"),
        stated={"validation": 0.3842, "public": 0.3801},
        **_REPORT_C,
    ),
    Recipe(
        name="two_block_cnn",
        architecture="two_block_cnn",
        multiply_adds=216_023_936,
        source=Text("報告 D", "report D"),
        epochs=250,
        augmentation="balanced",
        cost=Text("GPU 數小時；雙核心 CPU 數天", "a GPU: hours; 2 CPU cores: days"),
        stated={"public": 0.66},
    ),
    Recipe(
        name="five_conv_cnn",
        architecture="five_conv_cnn",
        multiply_adds=454_577_664,
        augmentation="affine_constant",
        cost=Text("GPU 約一小時；雙核心 CPU 數天", "a GPU: an hour; 2 CPU cores: days"),
        stated={"validation": 0.695, "public": 0.71914, "private": 0.70660},
        **_REPORT_E,
    ),
    Recipe(
        name="wide_dnn",
        architecture="wide_dnn",
        multiply_adds=5_770_752,
        cost=Text("雙核心 CPU 約一小時", "2 CPU cores: an hour"),
        stated={"validation": 0.43},
        **_REPORT_E,
    ),
    Recipe(
        name="compact_cnn",
        architecture="compact_cnn",
        multiply_adds=55_164_904,
        source=Text(
            "本專案為筆電設計：前一半的週期用 32 像素的影像，Muon、暖身後餘弦衰減、標籤平滑",
            "this project, for a laptop: half of the epochs at 32 pixels, Muon, a cosine schedule "
            "with warm-up, label smoothing",
        ),
        cost=Text("雙核心 CPU 約十分鐘", "2 CPU cores: about ten minutes"),
        epochs=16,
        small_share=0.5,
        optimizer="muon",
        learning_rate=6e-3,
        weight_decay=0.1,
        schedule="cosine",
        warmup_epochs=1.0,
        label_smoothing=0.1,
        normalization="standardized",
        augmentation="compact",
        selection="best",
        precision="auto",
    ),
    Recipe(
        name="practice_cnn",
        architecture="practice_cnn",
        multiply_adds=4_170_800,
        learning_rate=3e-3,
        **_PRACTICE,
    ),
    Recipe(
        name="practice_dnn",
        architecture="practice_dnn",
        multiply_adds=152_000,
        learning_rate=1e-3,
        **_PRACTICE,
    ),
    Recipe(
        name="champion_vgg",
        architecture="champion_vgg",
        multiply_adds=400_258_048,
        source=Text(
            "本專案，仿照公開的 VGG 專案（自述公開測試集 73.06%）",
            "this project, after a public VGG that states 73.06% on the public test",
        ),
        cost=Text("GPU 約一小時；雙核心 CPU 數週", "a GPU: an hour; 2 CPU cores: weeks"),
        batch_size=64,
        learning_rate=0.01,
        weight_decay=1e-4,
        **_CHAMPION,
    ),
    Recipe(
        name="champion_resnet",
        architecture="champion_resnet",
        multiply_adds=1_096_094_208,
        source=Text(
            "本專案，仿照公開的 ResNet18 專案（arXiv 1512.03385，小影像用的起始層，mixup）",
            "this project, after a public ResNet18 (arXiv 1512.03385, a stem for small images, mixup)",
        ),
        cost=Text("GPU 約一小時；雙核心 CPU 數週", "a GPU: an hour; 2 CPU cores: weeks"),
        batch_size=128,
        learning_rate=0.1,
        weight_decay=5e-4,
        mixup=1.0,
        **_CHAMPION,
    ),
)

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in _ALL}
"""Every recipe by its name."""


def get_recipe(name: str) -> Recipe:
    """Return the recipe of this name.

    Raises:
        InputError: There is none; the message names the nearest.
    """
    if name not in RECIPES:
        raise unknown_name("recipe", name, RECIPES)
    return RECIPES[name]


def arm(recipe: Recipe, option: str) -> Recipe:
    """Return a recipe with one option of its network changed, as report A compares activations and dropout.

    Args:
        recipe: The recipe to vary.
        option: "name=value", for example "activation=leaky_relu"; the network checks name and value.

    Raises:
        InputError: There is no equals sign, or no name before it.
    """
    name, sign, text = option.partition("=")
    if not sign or not name.strip():
        raise InputError(f"arm of {recipe.name!r}: expected option=value, found {option!r}")
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError):
        value = text.strip()
    return recipe.replace(options={**recipe.options, name.strip(): value})


def dnn_otherwise(cnn: str, dnn: str) -> dict[str, Recipe]:
    """Return {label: the DNN trained the other way}, lest a comparison favour the CNN.

    That is without augmentation where it has some, else with the CNN's; empty where neither has any.

    Args:
        cnn: Name of the CNN's recipe.
        dnn: Name of the DNN's.
    """
    own, other = get_recipe(dnn), "none"
    if own.augmentation == "none":
        other = get_recipe(cnn).augmentation
    return {} if other == own.augmentation else {f"{dnn}/{other}": own.replace(augmentation=other)}


def ablation_arm(recipe: Recipe, arm: str) -> Recipe:
    """Return a recipe with another normalization and augmentation.

    Args:
        recipe: The recipe to vary.
        arm: "normalization+augmentation", for example "standardized+flip"; both are checked when it trains.

    Raises:
        InputError: There is no plus sign.
    """
    normalization, sign, augmentation = arm.partition("+")
    if not sign:
        raise InputError(f"arm of {recipe.name!r}: expected normalization+augmentation, found {arm!r}")
    return recipe.replace(normalization=normalization, augmentation=augmentation)
