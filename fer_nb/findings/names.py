"""What networks, arms, settings and layers are called in print, in both languages; no key of the program.

A name that is not known here, a student's own network for one, stands for itself.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from fer_nb.data.faces import SIZE
from fer_nb.language import GLOSSARY, Text
from fer_nb.learning.recipes import RECIPES

if TYPE_CHECKING:
    from fer_nb.learning.recipe import Recipe
    from fer_nb.learning.transforms import AugmentationSettings

_SHOWN_CHANGES = ("epochs", "normalization", "augmentation", "learning_rate", "batch_size", "optimizer")
_NAMES: dict[str, dict[str, Text]] = {
    kind: {key: GLOSSARY[name] if isinstance(name, str) else Text(**name) for key, name in names.items()}
    for kind, names in yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")).items()
}
_GAPS = _NAMES["gaps"]
_LAYER = re.compile(
    r"(?:stage(?P<stage>\d+)_)?(?:block(?P<block>\d+)|(?P<stem>stem)|dense(?P<dense>\d+))?_?"
    r"(?P<kind>[a-z_]*?)(?P<number>\d*)"
)


def _named(kind: str, key: str) -> Text:
    return _NAMES[kind].get(key, Text(key, key))


def network(label: str) -> Text:
    """Return the name of a network from its label.

    Args:
        label: A recipe's name, a variant behind a slash ("practice_cnn/dropout=0.4", "practice_dnn/none",
            the latter an augmentation) or a number of epochs in brackets ("practice_cnn (1)").
    """
    recipe, _, variant = label.partition("/")
    recipe, _, epochs = recipe.removesuffix(")").partition(" (")
    name = _named("networks", recipe)
    if epochs:
        unit = "epoch" if epochs == "1" else "epochs"
        name = _GAPS["trained for"].format(name=name, epochs=epochs, unit=unit)
    if not variant:
        return name
    how: Text | list[Text]
    if "=" in variant:
        changes = [change.split("=", 1) for change in re.split(r"\+(?=[a-z_]\w*=)", variant)]
        how = [changed(option.strip(), value.strip()) for option, value in changes]
    else:
        how = ablation_variant(variant) if "+" in variant else augmentation(variant)
    return _GAPS["variant"].format(name=name, how=how)


def trained(recipe: "Recipe") -> Text:
    """Return the name of a network with what was changed of the settings that its recipe has by default."""
    known, settings = RECIPES.get(recipe.name, recipe).settings(), recipe.settings()
    changed = [f"{key}={settings[key]}" for key in _SHOWN_CHANGES if settings[key] != known[key]]
    return network(f"{recipe.name}/{'+'.join(changed)}".rstrip("/"))


def ablation_variant(key: str) -> Text:
    """Return the name of a variant "normalization+augmentation": what is done, of the two."""
    first, _, second = key.partition("+")
    done = [name(one) for name, one in ((normalization, first), (augmentation, second)) if one != "none"]
    return _GAPS[("neither", "only", "both")[len(done)]].format(done=done)


def normalization(key: str) -> Text:
    """Return the name of a normalization, a key of `fer_nb.learning.transforms.NORMALIZATIONS`."""
    return _named("normalizations", key)


def augmentation(key: str) -> Text:
    """Return the name of a preset, of a part of one ("compact/flip"), or of one with a strength ("*2")."""
    plain, _, strength = key.partition("*")
    preset, _, alone = plain.partition("/")
    name = _GAPS["part alone"].format(part=part(alone)) if alone else _named("augmentations", preset)
    return _GAPS["strength"].format(name=name, strength=strength) if strength else name


def part(key: str) -> Text:
    """Return the name of a part of an augmentation, one of `fer_nb.learning.transforms.PARTS`."""
    return _named("parts", key)


def part_range(settings: "AugmentationSettings", part: str) -> Text | str:
    """Return the range of a part of an augmentation with its unit."""
    value = getattr(settings, part)
    if part in ("flip", "erase"):
        return _GAPS["probability"].format(share=100 * value)
    if part in ("shift", "crop_shift"):
        return _GAPS["pixels"].format(pixels=value if part == "crop_shift" else SIZE * value)
    if part == "zoom":
        return _GAPS["zoom"].format(low=value[0], high=value[1])
    return f"±{value:g}°" if part in ("rotation", "shear") else f"±{100 * value:g}%"


def protocol(key: str) -> Text:
    """Return the name of a semi-supervised protocol; "+transductive" behind its key is said as well."""
    plain, plus, _ = key.partition("+")
    name = _named("protocols", plain)
    return _GAPS["transductive"].format(name=name) if plus else name


def split(key: str) -> Text:
    """Return the name of a split: "validation", "test", ..., or a usage such as "PublicTest"."""
    return GLOSSARY.get(key, Text(key, key))


def views(key: str) -> Text:
    """Return over which views of an image a network answers, "flip" or "ten-crop"."""
    return _named("views", key)


def setting(key: str) -> Text:
    """Return the name of a recipe's setting or of an architecture's option."""
    return _named("settings", key)


def written(value: str) -> str:
    """Return the value of a setting as it is printed: "Leaky ReLU" for "leaky_relu"; others as they are."""
    return str(_named("values", value))


def layer_class(layer: object, size: str = "") -> Text:
    """Return what a kind of Keras layer is called in a table, and a number behind it: "conv 4-1"."""
    name = _named("layer classes", type(layer).__name__)
    return Text(f"{name.zh} {size}".rstrip(), f"{name.en} {size}".rstrip())


def changed(key: str, value: str) -> Text:
    """Return a setting and its value, as a variant or a table of trials names it."""
    name, value = setting(key), written(value)
    return Text(f"{name.zh} {value}", f"{name.en} {value}")


def layer(name: str) -> Text:
    """Return the name of a layer of a network: "block4_conv1" is convolution 1 of block 4."""
    if name in _NAMES["single layers"]:
        return _NAMES["single layers"][name]
    found = _LAYER.fullmatch(name)
    if not found or (found["kind"] and found["kind"] not in _NAMES["kinds"]):
        return Text(name, name)
    places = [_GAPS[of].format(number=found[of]) for of in ("stage", "block", "stem", "dense") if found[of]]
    place = Text("".join(one.zh for one in places), ", ".join(one.en for one in places))
    if not found["kind"]:
        return place if found["dense"] else Text(name, name)
    gaps = _GAPS["numbered layer" if found["number"] else "layer"]
    called = gaps.format(place=place, kind=_NAMES["kinds"][found["kind"]], number=found["number"])
    return Text(called.zh.removeprefix("的"), called.en.removeprefix(", "))
