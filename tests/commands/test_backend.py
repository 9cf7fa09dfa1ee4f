"""The start of what trains and answers."""

import os

import pytest

from fer_nb.commands.backend import WITHOUT_GPU, start_networks
from fer_nb.learning import precision


@pytest.mark.parametrize(("use_gpu", "hidden"), [(False, WITHOUT_GPU), (True, {})])
def test_a_process_that_leaves_the_gpu_to_others_hides_it_while_it_starts_and_from_itself_alone(
    use_gpu, hidden, monkeypatch
):
    seen = {}
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    monkeypatch.delenv("JAX_PLATFORMS", raising=False)
    monkeypatch.setattr(precision, "start_backend", lambda: seen.update(os.environ))
    start_networks(use_gpu=use_gpu)
    expected = {"CUDA_VISIBLE_DEVICES": "0"} | hidden
    assert {name: seen[name] for name in WITHOUT_GPU if name in seen} == expected
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "0" and "JAX_PLATFORMS" not in os.environ
