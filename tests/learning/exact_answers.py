"""Prints a digest of the answer file of several recipes: `exact_answers.py FOLDER BATCH_SIZE...`.

The first call makes the networks in the folder, the later ones, in another process, find them there.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np

from fer_nb.learning.models import build
from fer_nb.learning.prediction.answer_files import write_answers
from fer_nb.learning.prediction.blending import chosen, combined, member_scores
from fer_nb.learning.prediction.ensemble import Member
from fer_nb.learning.recipes import get_recipe
from fer_nb.learning.transforms import fit_normalization

NAMES = ("practice_cnn", "practice_dnn", "compact_cnn")
IMAGES = np.random.default_rng(0).integers(0, 256, (24, 48, 48)).astype(np.uint8)


def main(folder, batch_sizes):
    ensemble = []
    for name in NAMES:
        path = folder / f"{name}.keras"
        if not path.exists():
            recipe = get_recipe(name)
            normalization = fit_normalization(recipe.normalization, IMAGES)
            build(recipe.architecture, normalization=normalization, seed=0).save(path)
        ensemble.append(Member(path))
    for batch_size in batch_sizes:
        stack = member_scores(ensemble, IMAGES, batch_size=batch_size)
        blend = combined(stack, [1, 1, 1], combine="probabilities")
        for name, scores in zip((*NAMES, "blend"), (*stack, blend), strict=True):
            write_answers(folder / "answers.csv", np.arange(len(IMAGES)), chosen(scores))
            print(name, hashlib.sha256((folder / "answers.csv").read_bytes()).hexdigest())


if __name__ == "__main__":
    main(Path(sys.argv[1]), map(int, sys.argv[2:]))
