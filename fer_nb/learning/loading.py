"""Networks from files: those of this project and those of somebody else, read without running their code."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import h5py
import keras
from keras import layers

from fer_nb.errors import InputError
from fer_nb.language import EMOTIONS

INPUT_SHAPE = (48, 48, 1)
OWN_INPUTS = ("image", "grey_levels")
"""What the inputs of this project's networks are called, and of those that it has fitted to itself."""

_FIRST = (layers.InputLayer, layers.Resizing, layers.Concatenate, layers.ZeroPadding2D, layers.Identity)
_SCALING = (layers.Rescaling, layers.Normalization, layers.LayerNormalization)
_LONGEST = 120  # characters of a reason that Keras gives


def load_network(path: Path) -> keras.Model:
    """Return the network in a `.keras` or `.h5` file: grey levels (batch, 48, 48, 1) to logits (batch, 7).

    Raises:
        InputError: As `load_any`; or it has another input, or does not tell how it wants grey levels:
            `fer_nb.learning.foreign` gets over both.
    """
    network = load_any(path)
    if network.input_shape[1:] != INPUT_SHAPE:
        wanted = f"a network from {INPUT_SHAPE} to {len(EMOTIONS)} logits"
        raise InputError.expected(path, wanted, f"one from {network.input_shape[1:]}; `fer_nb adopt` fits it")
    if network.inputs[0]._keras_history.operation.name not in OWN_INPUTS and not scales_itself(network):
        wanted = "a network of this project, or one that scales grey levels in its first layers"
        raise InputError.expected(path, wanted, "neither; `fer_nb adopt` finds out what it takes")
    return network


def scales_itself(network: keras.Model) -> bool:
    """Return whether the network begins with a layer that scales grey levels, so that it takes 0 to 255."""
    first = next((layer for layer in network.layers if not isinstance(layer, _FIRST)), None)
    return isinstance(first, _SCALING)


def load_any(path: Path) -> keras.Model:
    """Return the network in a file, one from images of any size to seven classes; never runs code from it.

    A softmax at its end is undone, once and here: everything else takes what a network puts out for logits.

    Raises:
        InputError: No such file, no Keras model, a model of layers that are not Keras's own, or one from
            something else than an image, or to something else than seven numbers.
    """
    if not path.is_file():
        raise InputError.expected(path, "a .keras file", "a folder" if path.is_dir() else "nothing")
    try:
        if foreign := foreign_layer(_description(path)):
            raise TypeError(f"a layer that is not Keras's own, {foreign}; code in a file is never run")
        network = keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises whatever the archive's content provokes
        raise InputError.expected(path, "a Keras model", f"something else ({_reason(error)})") from None
    try:
        ends = [*network.inputs, *network.outputs]
    except (AttributeError, TypeError):
        raise InputError.expected(path, "a network", f"{type(network).__name__} without an input") from None
    shapes = [tuple(end.shape) for end in ends]
    whole = len(shapes) == 2 and keras.backend.is_float_dtype(ends[1].dtype)
    if not whole or not _is_image(shapes[0]) or shapes[1] != (None, len(EMOTIONS)):
        wanted = f"a network from {INPUT_SHAPE} to {len(EMOTIONS)} logits"
        found = " to ".join(f"{shape[1:]} {end.dtype}" for shape, end in zip(shapes, ends, strict=True))
        raise InputError.expected(path, wanted, f"one from {found}")
    return without_softmax(network)


def foreign_layer(described: Any) -> str | None:
    """Return the first name in a model's description that stands for code of the file or of another package.

    Keras before 3.11.3 runs a Lambda from an .h5 file, and imports the module that a .keras file names.

    Args:
        described: What Keras wrote of the model and its layers: nested dicts and lists.
    """
    if isinstance(described, dict) and "class_name" in described:
        name, module = str(described["class_name"]), str(described.get("module") or "keras")
        registered = ">" in str(described.get("registered_name"))  # under a package of somebody's own
        inside = module.split(".", maxsplit=1)[0] in ("keras", "builtins")
        if "lambda" in name.lower() or registered or not inside:
            return name.rpartition(">")[2]
    if not isinstance(described, (dict, list)):
        return None
    inner = described.values() if isinstance(described, dict) else described
    return next(filter(None, map(foreign_layer, inner)), None)


def _description(path: Path) -> Any:
    """Return what a file says of its model, without what it was compiled with, which is not read."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read("config.json")) | {"compile_config": None}
    with h5py.File(path) as file:
        return json.loads(file.attrs["model_config"])


def _reason(error: Exception) -> str:
    """Return in one short line why a file is refused."""
    text = " ".join(str(error).split()) or type(error).__name__
    if own := re.search(r"(?:Could not locate class|Unknown layer:) '(?:[\w.]+>)?(\w+)'", text):
        return f"a layer that is not Keras's own, {own[1]}; code in a file is never run"
    return text[:_LONGEST]


def _is_image(shape: tuple[int | None, ...]) -> bool:
    return len(shape) == 4 and shape[0] is None and shape[-1] in (1, 3)


def without_softmax(network: keras.Model) -> keras.Model:
    """Return a network whose answer is a softmax as one of logits, with the same weights."""
    history = network.outputs[0]._keras_history
    last = history.operation
    while isinstance(last, keras.Model):
        last = last.outputs[0]._keras_history.operation
    if getattr(last, "activation", None) is keras.activations.softmax:
        last.activation = keras.activations.linear
    elif type(last).__name__ == "Softmax" and last is history.operation:
        before = last._inbound_nodes[history.node_index].input_tensors[0]
        return keras.Model(network.inputs[0], before, name=network.name)
    elif type(last).__name__ == "Softmax":
        # The logarithm of a softmax is logits less a number that is the same for all classes.
        shares = keras.ops.maximum(network.outputs[0], keras.config.epsilon() ** 4)
        return keras.Model(network.inputs[0], keras.ops.log(shares), name=network.name)
    return network
