import keras
import numpy as np
import pytest

from fer_nb.errors import InputError
from fer_nb.learning.models import build
from fer_nb.learning.training import find_or_train
from fer_nb.learning.training.loop import make_objective
from fer_nb.learning.training.objective import smaller
from fer_nb.learning.training.plan import check_recipe, make_plan


def test_the_smaller_network_answers_with_the_same_weights(tiny):
    network = build(tiny.NAME, seed=1, average=True)
    small = smaller(network, 32)
    assert small.input_shape == (None, 32, 32, 1)
    assert {id(weight) for weight in small.weights} == {id(weight) for weight in network.weights}
    grey = np.full((1, 48, 48, 1), 100.0, np.float32)
    network.get_layer("conv").set_weights([np.zeros((5, 5, 1, 4)), np.ones(4)])
    whole, part = network.predict_on_batch(grey), small.predict_on_batch(grey[:, :32, :32])
    np.testing.assert_allclose(whole, part, rtol=1e-5)


def test_a_dense_layer_over_places_takes_no_smaller_images(tiny):
    with pytest.raises(InputError, match="expected one that takes images of 32 pixels"):
        smaller(build(tiny.NAME, seed=1), 32)
    with pytest.raises(InputError, match="expected one that takes images of 32 pixels"):
        check_recipe(tiny.recipe(small_share=0.5))


def test_the_first_epochs_see_small_images_and_the_rest_whole_ones(tiny, faces, tmp_path, monkeypatch):
    seen = []
    resize = keras.ops.image.resize

    def noted(images, size, **options):
        seen.append(size)
        return resize(images, size, **options)

    monkeypatch.setattr("fer_nb.learning.training.objective.ops.image.resize", noted)
    recipe = tiny.recipe(epochs=3, small_share=0.4, small_size=24, options={"average": True})
    run = find_or_train(recipe, faces, seed=1, runs=tmp_path, progress="none")
    assert set(seen) == {(24, 24)}  # once for each time the graph is made: for the small epochs only
    assert run.history()["epoch"].tolist() == [1, 2, 3]
    assert run.network().input_shape == (None, 48, 48, 1)


def test_without_small_images_there_is_no_second_network(tiny, faces):
    objective, _ = make_objective(make_plan(tiny.recipe(), faces, seed=1))
    assert objective.small is None
