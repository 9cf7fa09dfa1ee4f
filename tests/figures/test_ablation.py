import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from fer_nb.figures import ablation
from fer_nb.language import Text
from fer_nb.learning.transforms import AugmentationSettings

PLAIN, BOTH = Text("都不做", "neither"), Text("都做", "both")
HELD_OUT = Text("驗證集", "validation")


@pytest.fixture
def subplots():
    made = []

    def make(*shape):
        figure, axes = plt.subplots(*shape, squeeze=False)
        made.append(figure)
        return axes

    yield make
    for figure in made:
        plt.close(figure)


def test_accuracies_on_a_split_and_on_training_images_stand_on_one_line_a_variant(subplots):
    ax = subplots(1, 1)[0, 0]
    alt = ablation.accuracy_gaps(
        ax, {PLAIN: np.array([0.4, 0.5]), BOTH: np.array([0.6])}, {PLAIN: 1.0, BOTH: 0.7}, split=HELD_OUT
    )
    assert "驗證集影像 validation images" in [text.get_text() for text in ax.texts]
    assert alt.en == "Validation and training accuracy: neither 45.0% / 100.0%; both 60.0% / 70.0%."
    assert list(ax.lines[0].get_xdata()) == pytest.approx([45, 100])
    assert list(ax.lines[1].get_xdata()) == pytest.approx([40, 50])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["都不做\nneither", "都做\nboth"]


def test_training_losses_stand_left_and_validation_losses_right(subplots):
    history = pd.DataFrame({"epoch": [1, 2], "loss": [2.0, 1.0], "validation_loss": [2.0, 2.5]})
    axes = subplots(1, 2)[0]
    alt = ablation.loss_curves(axes, {PLAIN: history, BOTH: history}, alike=[PLAIN], compared=[PLAIN, BOTH])
    assert [len(ax.lines) for ax in axes] == [1, 2]
    assert list(axes[1].lines[1].get_ydata()) == [2.0, 2.5]
    assert alt.en == "last training loss: neither 1.00; last validation loss: neither 2.50, both 2.50"


def test_the_face_as_it_is_stands_before_its_draws(subplots):
    axes = subplots(2, 3)
    image = np.arange(48, dtype=np.uint8)[None].repeat(48, 0)
    flip, nothing = AugmentationSettings(flip=1.0), AugmentationSettings()
    alt = ablation.augmented_faces(axes, image, {PLAIN: nothing, BOTH: flip}, seed=1)
    pixels = [[ax.images[0].get_array() for ax in row] for row in axes]
    assert all(np.array_equal(picture, image) for picture in [*pixels[0], pixels[1][0]])
    assert np.allclose(pixels[1][2], image[:, ::-1])
    assert alt.en == "One face after neither, both."
