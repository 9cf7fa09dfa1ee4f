"""Architectures by name, and `build`, which turns one into an uncompiled Keras model."""

import inspect
import zlib
from collections.abc import Callable
from typing import Any

import keras
from keras import layers

from fer_nb.errors import InputError, known_name

IMAGE_SIZE = 48
CLASSES = 7

# Left in float32 in every precision: what a user's image meets first, and what the loss reads.
_FLOAT32_LAYERS = {"normalization", "center_crop", "logits"}

Architecture = Callable[..., keras.KerasTensor]
ARCHITECTURES: dict[str, Architecture] = {}


def architecture(function: Architecture) -> Architecture:
    """Register `function(images, **options) -> logits` under its own name.

    Args:
        function: Takes the normalized images, a float32 KerasTensor (batch, size, size, 1), and keyword-only
            options that all have a default. Returns the logits (batch, 7), best from `logits`.
    """
    ARCHITECTURES[function.__name__] = function
    return function


def architecture_options(name: str) -> dict[str, Any]:
    """Return the options of an architecture and their defaults.

    Raises:
        InputError: No architecture has this name.
    """
    function = ARCHITECTURES[known_name("network", name, ARCHITECTURES)]
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}


def logits(features: keras.KerasTensor) -> keras.KerasTensor:
    """Return the last layer of every network: dense, linear, one output a class, named "logits"."""
    return layers.Dense(CLASSES, name="logits")(features)


def convolution(
    x: keras.KerasTensor, filters: int, size: int = 3, *, name: str, strides: int = 1
) -> keras.KerasTensor:
    """Convolution without bias, which the batch normalization behind it would cancel."""
    options: dict[str, Any] = {"padding": "same", "use_bias": False, "kernel_initializer": "he_uniform"}
    return layers.Conv2D(filters, size, strides=strides, name=name, **options)(x)


def build(
    name: str,
    *,
    normalization: keras.layers.Layer | None = None,
    crop: int | None = None,
    seed: int,
    dtype: str = "float32",
    **options: Any,
) -> keras.Model:
    """Build a network: raw grey levels in, logits out.

    The model is functional and flat: input "image", layer "normalization" (where one is given), layer
    "center_crop" (where asked for), the architecture's own layers, dense layer "logits".

    Every weight and every dropout mask is drawn from a seed made of `seed` and the layer's name. Two networks
    of one seed thus start with equal weights wherever their layers agree, whatever else differs between
    them (normalization, dropout, precision), and the model's own JSON says how it was initialised.

    Args:
        name: A key of `ARCHITECTURES`.
        normalization: Layer from `fer_nb.learning.transforms.fit_normalization`; it is copied, so that one
            layer serves many networks. None passes the raw grey levels 0 to 255 on.
        crop: Side in pixels of the centre crop that the network sees, 32 to 48. None leaves 48.
        seed: Non-negative integer; no global random state has a part in the weights.
        dtype: "float32", or "mixed_bfloat16": bfloat16 arithmetic on float32 weights. Logits are float32.
        **options: The architecture's own, see `architecture_options`; and for every architecture a number
            as `dropout`, the rate of all its dropout layers where it has no such option of its own.

    Returns:
        Uncompiled model called `name`; float32 (batch, 48, 48, 1), grey levels 0 to 255, to float32
        (batch, 7).

    Raises:
        InputError: Unknown network, option, or value of an option.
    """
    known = architecture_options(name)
    dropout = None
    if not isinstance(options.get("dropout", ""), str) and not isinstance(known.get("dropout"), float):
        dropout = _rate(options.pop("dropout"))
    for option, value in options.items():
        if option not in known:
            raise InputError(
                f"{option!r} is neither a setting of a recipe nor an option of network {name!r}: "
                f"expected {', '.join(sorted({*known, 'dropout'}))}, or a setting such as learning_rate"
            )
        if isinstance(known[option], bool) and not isinstance(value, bool):
            raise InputError.expected(f"network {name!r}: {option}", "true or false", repr(value))

    images = keras.Input((IMAGE_SIZE, IMAGE_SIZE, 1), dtype="float32", name="image")
    x = images
    if normalization is not None:
        x = _configured(normalization, name="normalization")(x)
    if crop is not None:
        before = (IMAGE_SIZE - crop) // 2
        margins = (before, IMAGE_SIZE - crop - before)
        x = layers.Cropping2D((margins, margins), name="center_crop")(x)
    try:
        model = keras.Model(images, ARCHITECTURES[name](x, **options), name=name)
    except (TypeError, ValueError) as error:  # a layer refuses what an option set, a rate of 2 for example
        if isinstance(error, InputError) or not (options or hasattr(ARCHITECTURES[name], "own")):
            raise
        raise InputError(f"network {name!r} with {options}: {str(error).splitlines()[0]}") from error

    def configured(layer: keras.layers.Layer) -> keras.layers.Layer:
        policy = "float32" if layer.name in _FLOAT32_LAYERS else dtype
        rate = {"rate": dropout} if dropout is not None and isinstance(layer, layers.Dropout) else {}
        return _configured(layer, seed=zlib.crc32(f"{seed}/{layer.name}".encode()), dtype=policy, **rate)

    return keras.models.clone_model(model, clone_function=configured)


def build_shapes(name: str, **options: Any) -> keras.Model:
    """As `build`, with weights that have shapes and no values: quickly made where they are only counted."""
    with keras.StatelessScope(initialize_variables=False):
        return build(name, seed=0, **options)


def _rate(dropout: Any) -> float:
    if isinstance(dropout, bool) or not isinstance(dropout, int | float) or not 0 <= dropout < 1:
        raise InputError.expected("dropout", "a rate from 0 to below 1", repr(dropout))
    return float(dropout)


def _configured(layer: keras.layers.Layer, **changes: Any) -> keras.layers.Layer:
    """Return a fresh copy of the layer with changed settings; a seed goes to whatever in it draws numbers."""
    config = layer.get_config()
    seed = changes.pop("seed", None)
    config.update(changes)
    if seed is not None:
        parts = [config, *(v["config"] for v in config.values() if isinstance(v, dict) and "config" in v)]
        for part in parts:
            for key, inner in part.items():  # of a network or a wrapper, the layers inside
                _seed(inner, seed, key)
        for part in parts:
            if "seed" in part:
                part["seed"] = seed
    return type(layer).from_config(config)


def _seed(part: Any, seed: int, path: str) -> None:
    """Give whatever draws numbers below a part of a configuration a seed by its place."""
    places = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for place, inner in places:
        if place == "seed":
            part[place] = zlib.crc32(f"{seed}/{path}".encode())
        else:
            _seed(inner, seed, f"{path}/{place}")
