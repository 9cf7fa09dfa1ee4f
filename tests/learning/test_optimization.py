import keras
import numpy as np
import pytest

from fer_nb.learning.training.optimization import (
    MUON_ADAM_SHARE,
    ConvolutionMuon,
    Plateau,
    learning_rate,
    optimizer,
)


def rates(recipe, steps, *, steps_per_epoch=10):
    """The rate at each of `steps`, counted from 0."""
    rate = learning_rate(recipe, steps_per_epoch=steps_per_epoch)
    return [float(rate(step)) if callable(rate) else rate for step in steps]


def test_a_constant_rate_is_constant(tiny):
    assert rates(tiny.recipe(learning_rate=0.5), [0, 29]) == [0.5, 0.5]


def test_warm_up_climbs_in_equal_steps_and_ends_at_the_rate(tiny):
    recipe = tiny.recipe(learning_rate=0.5, warmup_epochs=1.0)
    assert rates(recipe, [0, 4, 9, 10, 29]) == pytest.approx([0.05, 0.25, 0.5, 0.5, 0.5])


def test_cosine_falls_from_the_rate_over_its_half_to_zero(tiny):
    recipe = tiny.recipe(learning_rate=0.8, schedule="cosine", epochs=4)
    assert rates(recipe, [0, 20, 40, 50]) == pytest.approx([0.8, 0.4, 0.0, 0.0], abs=1e-7)


def test_cosine_after_warm_up_begins_where_the_climb_ends_and_reaches_zero_at_the_end(tiny):
    recipe = tiny.recipe(learning_rate=0.8, schedule="cosine", epochs=5, warmup_epochs=1.0)
    assert rates(recipe, [0, 9, 10, 30, 50]) == pytest.approx([0.08, 0.8, 0.8, 0.4, 0.0], abs=1e-7)


def test_step_multiplies_by_its_factor_every_so_many_epochs(tiny):
    recipe = tiny.recipe(
        learning_rate=1.0, schedule="step", schedule_factor=0.1, schedule_patience=2, epochs=6
    )
    assert rates(recipe, [0, 19, 20, 39, 40, 59]) == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])


def test_one_cycle_climbs_for_three_tenths_from_a_twentyfifth_and_falls_to_zero(tiny):
    recipe = tiny.recipe(learning_rate=1.0, schedule="one_cycle", epochs=10)
    assert rates(recipe, [0, 15, 30, 65, 100]) == pytest.approx([0.04, 0.52, 1.0, 0.5, 0.0], abs=1e-6)


def test_one_cycle_climbs_for_the_warm_up_where_there_is_one(tiny):
    recipe = tiny.recipe(learning_rate=1.0, schedule="one_cycle", epochs=10, warmup_epochs=5.0)
    assert rates(recipe, [0, 50, 75, 100]) == pytest.approx([0.04, 1.0, 0.5, 0.0], abs=1e-6)


def test_one_cycle_of_a_single_step_has_a_rate(tiny):
    recipe = tiny.recipe(learning_rate=1.0, schedule="one_cycle", epochs=1)
    assert rates(recipe, [0], steps_per_epoch=1) == pytest.approx([0.04])


def test_a_plateau_lowers_the_rate_after_its_patience_and_counts_anew(tiny):
    recipe = tiny.recipe(learning_rate=1.0, schedule="plateau", schedule_factor=0.1, schedule_patience=2)
    state, scales = Plateau(), []
    for loss in (1.0, 0.9, 0.95, 0.89995, 0.95, 0.8, 0.9, 0.9):
        state = state.after(loss, recipe)
        scales.append(state.scale)
    # 0.89995 is no improvement on 0.9: it must be by more than 0.0001, as in Keras.
    assert scales == pytest.approx([1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.01])
    assert state.rate(5, recipe) == pytest.approx(0.01)


def test_a_plateau_agrees_with_kerass_own_callback(tiny):
    recipe = tiny.recipe(learning_rate=1.0, schedule="plateau", schedule_factor=0.5, schedule_patience=3)
    callback = keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=3)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(1.0))
    callback.set_model(model)
    callback.on_train_begin()
    state = Plateau()
    for loss in np.random.default_rng(0).uniform(0.5, 1.0, 40):
        callback.on_epoch_end(0, {"loss": loss})
        state = state.after(loss, recipe)
        assert state.rate(0, recipe) == pytest.approx(float(model.optimizer.learning_rate))


def test_a_plateau_warms_up_by_epochs(tiny):
    recipe = tiny.recipe(learning_rate=1.0, schedule="plateau", warmup_epochs=4.0)
    assert [Plateau().rate(epoch, recipe) for epoch in range(5)] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert learning_rate(recipe, steps_per_epoch=10) == 1.0


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("adadelta", keras.optimizers.Adadelta),
        ("adam", keras.optimizers.Adam),
        ("adamw", keras.optimizers.AdamW),
        ("muon", ConvolutionMuon),
        ("sgd_nesterov", keras.optimizers.SGD),
    ],
)
def test_each_optimizer_is_kerass_own_with_the_recipes_rate_decay_and_averaging(tiny, name, kind):
    made = optimizer(tiny.recipe(optimizer=name, weight_decay=0.1, averaging=0.9), steps_per_epoch=10)
    assert type(made) is kind
    assert (made.weight_decay, made.use_ema, made.ema_momentum) == (0.1, True, 0.9)
    assert float(made.learning_rate) == pytest.approx(0.01)
    plain = optimizer(tiny.recipe(optimizer=name), steps_per_epoch=10)
    assert (plain.weight_decay or 0, plain.use_ema) == (0, False)


def test_sgd_is_nesterovs_with_momentum(tiny):
    made = optimizer(tiny.recipe(optimizer="sgd_nesterov", learning_rate=0.5), steps_per_epoch=10)
    weight = keras.Variable(np.float32(1.0))
    made.build([weight])
    made.apply([np.float32(1.0)])  # velocity -0.5; nesterov looks ahead: 1 + 0.9 * -0.5 - 0.5
    assert float(weight) == pytest.approx(0.05)


def test_weight_decay_takes_its_share_off_kernels_and_leaves_biases_and_scales(tiny):
    recipe = tiny.recipe(optimizer="sgd_nesterov", learning_rate=0.5, weight_decay=0.2)
    made = optimizer(recipe, steps_per_epoch=10)
    variables = [keras.Variable(np.float32(1.0), name=name) for name in ("kernel", "bias", "gamma", "beta")]
    made.build(variables)
    made.apply([np.float32(0.0)] * 4)
    assert [float(variable) for variable in variables] == pytest.approx([0.9, 1, 1, 1])


def test_muon_evens_out_the_directions_of_a_kernel_and_leaves_the_rest_to_adam(tiny):
    made = optimizer(tiny.recipe(optimizer="muon", learning_rate=0.5), steps_per_epoch=10)
    shapes = {"kernel": (1, 1, 4, 2), "first": (1, 1, 1, 2), "dense": (2, 2), "bias": (2,)}
    variables = [keras.Variable(np.zeros(shape, np.float32), name=name) for name, shape in shapes.items()]
    made.build(variables)
    gradients = [np.ones(shape, np.float32) for shape in shapes.values()]
    gradients[0] = np.zeros((1, 1, 4, 2), np.float32)
    gradients[0][0, 0, 0, 0], gradients[0][0, 0, 1, 1] = 3.0, 1.0  # two directions, one three times the other
    made.apply(gradients)
    kernel, *others = [keras.ops.convert_to_numpy(variable) for variable in variables]
    first, second = -kernel[0, 0, 0, 0], -kernel[0, 0, 1, 1]
    np.testing.assert_allclose(np.delete(kernel.ravel(), [0, 3]), 0, atol=1e-7)
    assert 1 <= first / second < 1.6 or 1 <= second / first < 1.6
    assert first == pytest.approx(
        0.5 * 0.2 * 4**0.5, rel=0.4
    )  # rate, root mean square, root of the longer side
    for other in others:
        np.testing.assert_allclose(other, -0.5 * MUON_ADAM_SHARE, rtol=1e-3)


def test_muon_decays_kernels_by_either_rule_and_no_bias(tiny):
    recipe = tiny.recipe(optimizer="muon", learning_rate=0.5, weight_decay=0.2)
    made = optimizer(recipe, steps_per_epoch=10)
    shapes = {"kernel": (1, 1, 2, 2), "dense": (2, 2), "bias": (2,)}
    variables = [keras.Variable(np.ones(shape, np.float32), name=name) for name, shape in shapes.items()]
    made.build(variables)
    made.apply([np.zeros(shape, np.float32) for shape in shapes.values()])
    assert [float(np.array(variable).ravel()[0]) for variable in variables] == pytest.approx([0.9, 0.9, 1.0])
