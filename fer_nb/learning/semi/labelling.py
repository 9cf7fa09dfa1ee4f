"""A labelling model from a file, and what it may have seen."""

import json
from pathlib import Path

import keras

from fer_nb.data.faces import Faces, fingerprints
from fer_nb.learning.loading import load_network
from fer_nb.learning.runs import FACTS, MODEL


def open_labelling_model(path: Path, *, labelled: Faces, everything: Faces) -> tuple[keras.Model, str]:
    """Return the network in a file, and a warning where it may have seen hidden labels, else "".

    Pseudo-labels of such a network are copies of the hidden labels, and what is gained by them is no gain.
    Report C's labelling model had apparently been trained on all labels.

    Args:
        path: A `.keras` file or a run's folder.
        labelled: The faces that training gets, with hidden labels taken away.
        everything: The faces before that.

    Raises:
        InputError: There is no network of ours.
    """
    file = path / MODEL if path.is_dir() else path
    network = load_network(file)
    try:
        data = json.loads((file.parent / FACTS).read_text(encoding="utf-8"))["data"]
        seen, count = data["fingerprints"]["Training"], data["counts"]["Training"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return network, f"{path}: nothing tells what it was trained on; it may have seen hidden labels."
    if seen == fingerprints(labelled)["Training"]:
        return network, ""
    if seen == fingerprints(everything)["Training"]:
        seen_all = f"{path}: trained on all {count:,} Training faces"
        return network, f"{seen_all}, so it has seen the hidden labels, and no gain counts."
    own = labelled.counts()["Training"]
    others = f"{path}: trained on {count:,} faces that are not the {own:,} labelled ones"
    return network, f"{others}; it may have seen hidden labels."
