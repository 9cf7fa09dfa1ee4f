"""A network that learned practice faces reads the part that carries the emotion."""

import numpy as np
import pytest

from fer_nb.data.faces import concatenate
from fer_nb.data.synthetic import REGIONS, as_faces, draw_faces, specify
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.recipes import get_recipe
from fer_nb.learning.training import find_or_train

NEUTRAL = 6


@pytest.mark.slow
def test_accuracy_falls_more_when_the_part_that_carries_the_emotion_is_at_rest_than_when_another_is(tmp_path):
    settings = {"difficulty": "easy", "wrong_labels": 0.0}
    training = as_faces(specify({"Training": 1800}, seed=1, **settings))
    drawn = specify({"PublicTest": 300}, seed=2, **settings)
    drawn = drawn[drawn.emotions != NEUTRAL]
    run = find_or_train(
        get_recipe("practice_cnn").replace(epochs=6),
        concatenate([training, as_faces(drawn)], source=training.source),
        seed=1,
        runs=tmp_path,
        progress="none",
    )
    images = draw_faces(drawn)
    redrawn = np.stack([draw_faces(drawn, neutral=region) for region in REGIONS])
    changes = np.abs(redrawn.astype(int) - images).sum(axis=(2, 3))
    carrying, other = changes.argmax(axis=0), changes.argsort(axis=0)[-2]
    faces = np.arange(len(drawn))

    def accuracy(images):
        return (predict_logits(run.network(), images).argmax(axis=1) == drawn.labels).mean()

    whole, without, without_other = map(accuracy, (images, redrawn[carrying, faces], redrawn[other, faces]))
    print(f"whole {whole:.3f}, without the carrying part {without:.3f}, without another {without_other:.3f}")
    assert whole > 0.6
    assert without < without_other - 0.05 < whole - 0.05
