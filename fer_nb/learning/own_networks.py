"""Networks of one's own: each function of `own_networks.py` that returns a Keras model is a recipe.

    # own_networks.py, beside the notebooks or in the folder that one works in
    def my_cnn():
        return keras.Sequential([keras.Input((48, 48, 1)), ..., keras.layers.Dense(7)])

Everything else has a default; `my_cnn.recipe = {"epochs": 40}` behind the function changes settings of it.
"""

import inspect
import re
import runpy
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras

from fer_nb.errors import InputError, known_name
from fer_nb.learning.loading import without_softmax
from fer_nb.learning.models.complexity import multiply_adds
from fer_nb.learning.models.registry import ARCHITECTURES, CLASSES, IMAGE_SIZE
from fer_nb.learning.recipe import Recipe

NAME = "own_networks.py"
FILES = (Path(__file__).parents[2] / NAME, Path(NAME), Path("notebooks", NAME))
"""Where it is looked for: in a hand-in's folder, here, beside the notebooks."""

DEFAULTS = {
    "epochs": 20,
    "optimizer": "adamw",
    "weight_decay": 0.01,
    "schedule": "cosine",
    "warmup_epochs": 1.0,
    "normalization": "standardized",
    "augmentation": "compact",
    "selection": "best",
}
"""How a network of one's own is trained unless it says otherwise: settings that most small networks take."""

_REGISTERED: dict[str, Recipe] = {}
_READ: dict[Path, tuple[bytes, dict[str, Recipe]]] = {}


def own_recipes() -> dict[str, Recipe]:
    """Return the recipes of the functions in `own_networks.py`, and of those given to `own_network`.

    Raises:
        InputError: The file does not run, or a function returns no network for 48x48 grey and 7 classes.
    """
    found = dict(_REGISTERED)
    for path in FILES:
        if path.is_file():
            found |= _recipes_of(path.resolve(), path.read_bytes())
    return found


def find_own(architecture: str) -> Path | None:
    """Return the file with the function of a network of one's own, None for a network of the project.

    Raises:
        InputError: There is no such network.
    """
    if hasattr(ARCHITECTURES.get(architecture), "own") or architecture not in ARCHITECTURES:
        own_recipes()
    function = getattr(ARCHITECTURES[known_name("network", architecture, ARCHITECTURES)], "own", None)
    return None if function is None else Path(function.__code__.co_filename)


def own_network(function: Callable[..., keras.Model]) -> Callable[..., keras.Model]:
    """Make a function that returns a Keras model a recipe of this process by its name; usable as a decorator.

    Args:
        function: Takes keyword-only options with defaults, or nothing. The model takes (48, 48, 1), grey
            levels as the recipe's normalization leaves them, and returns 7 logits; a softmax at its end is
            taken off, for training adds it.

    Raises:
        InputError: It returns something else.
    """
    _REGISTERED[function.__name__] = _recipe(function, where="own network")
    return function


def _recipes_of(path: Path, code: bytes) -> dict[str, Recipe]:
    """Return the recipes of a file, which is run again whenever its code is another than the last time."""
    if _READ.get(path, (b"",))[0] == code:
        return _READ[path][1]
    try:
        names = runpy.run_path(str(path))
    except (Exception, SystemExit) as error:
        raise _told(path.name, path, error) from None
    functions = [
        value
        for name, value in names.items()
        if inspect.isfunction(value) and value.__code__.co_filename == str(path) and not name.startswith("_")
    ]
    recipes = {function.__name__: _recipe(function, where=path.name) for function in functions}
    _READ[path] = code, recipes
    return recipes


def _recipe(function: Callable[..., keras.Model], *, where: str) -> Recipe:
    """Register the function as an architecture; return its recipe."""
    name = function.__name__
    where = f"{where}: {name}"

    def architecture(images: keras.KerasTensor, **options: Any) -> keras.KerasTensor:
        return _logits(_checked(function, options, where), images)

    parameters = inspect.signature(function).parameters.values()
    if wrong := [p.name for p in parameters if p.default is p.empty]:
        wanted = "a default for each argument, or of a helper a name that begins with _"
        raise InputError.expected(where, wanted, wrong[0])
    options = [p.replace(kind=p.KEYWORD_ONLY) for p in parameters]
    architecture.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter("images", inspect.Parameter.POSITIONAL_ONLY), *options]
    )
    if name in ARCHITECTURES and not hasattr(ARCHITECTURES[name], "own"):
        raise InputError.expected(where, "a name that no network of the project has", name)
    architecture.own = function  # type: ignore[attr-defined]
    ARCHITECTURES[name] = architecture
    cost = multiply_adds(_checked(function, {}, where))
    try:
        return Recipe(name=name, multiply_adds=cost, **DEFAULTS | getattr(function, "recipe", {}))
    except (TypeError, InputError) as error:
        raise InputError(f"{where}: recipe: {error}") from None


def _checked(function: Callable[..., keras.Model], options: dict[str, Any], where: str) -> keras.Model:
    """Return what the function makes, if that is a network for these images and classes."""
    try:
        model = function(**options)
    except Exception as error:
        raise _told(where, Path(function.__code__.co_filename), error) from None
    if not isinstance(model, keras.Model):
        raise InputError.expected(where, "a keras.Model returned", type(model).__name__)
    shapes = ((None, IMAGE_SIZE, IMAGE_SIZE, 1), (None, CLASSES))
    for what, shape in zip(("input", "output"), shapes, strict=True):
        found = getattr(model, f"{what}_shape", None) if model.built else None
        if found != shape:
            raise InputError.expected(where, f"{what} shape {shape[1:]}", _shape(found))
    for layer in model.layers:
        if not type(layer).__module__.startswith("keras.") or isinstance(layer, keras.layers.Lambda):
            found = f"{type(layer).__name__} {layer.name!r}"
            raise InputError.expected(where, "Keras's own layers that hold no code", found)
    return model


def _shape(shape: Any) -> str:
    return "none: give the model a keras.Input" if shape is None else str(shape[1:])


def _logits(model: keras.Model, images: keras.KerasTensor) -> keras.KerasTensor:
    """Return what the model's layers make of the images, without a softmax at their end.

    Layers that the function did not name are called by kind and number: Keras counts through a whole
    process, and the name decides the starting weights and is part of the run's key.
    """
    _name_layers(model)
    model = without_softmax(model)
    if isinstance(model.layers[-1], keras.layers.Dense):
        model.layers[-1].name = "logits"
    return keras.Function(model.inputs[0], model.outputs[0]).call(images)


def _name_layers(model: keras.Model) -> None:
    """Call what nobody named by kind and number, in a network within it as well."""
    taken, counts = {layer.name for layer in model.layers}, Counter[str]()
    for layer in model._layers:  # `layers` leaves a Sequential's input out, which is in its JSON
        wrapped = [layer.layer] if isinstance(layer, keras.layers.Wrapper) else []
        for one in (layer, *wrapped):
            if isinstance(one, keras.Model):
                _name_layers(one)
            kind = re.sub(
                "([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z]+)", r"\1_\2", type(one).__name__)
            )
            if re.fullmatch(rf"{kind.lower()}(_\d+)?", one.name):
                kind = _KINDS.get(kind.lower(), kind.lower())
                counts[kind] += 1
                while f"{kind}{counts[kind]}" in taken:
                    counts[kind] += 1
                one.name = f"{kind}{counts[kind]}"


_KINDS = {
    "conv2d": "conv",
    "batch_normalization": "norm",
    "max_pooling2d": "pool",
    "average_pooling2d": "pool",
    "re_lu": "relu",
    "leaky_re_lu": "leaky",
}  # as the project's own layers are called, which have names for people


def _told(where: str, path: Path, error: BaseException) -> InputError:
    """Return an error of somebody's code in one line: where it is, and what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno or 0 for frame in frames if frame.filename == str(path)]
    line = error.lineno if isinstance(error, SyntaxError) else max(lines, default=0)
    said = " ".join(str(error).split())[:200]
    return InputError(f"{where}, line {line}: {type(error).__name__}: {said}")
