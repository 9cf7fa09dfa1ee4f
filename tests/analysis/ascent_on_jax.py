"""The second backend's half of `test_ascent.py`: `KERAS_BACKEND=jax python ascent_on_jax.py FOLDER`."""

import sys
from pathlib import Path

import keras
import numpy as np

from fer_nb.analysis import ascent

folder = Path(sys.argv[1])
assert keras.backend.backend() == "jax"
model = keras.models.load_model(folder / "model.keras", compile=False)
objective, channels = ascent.channel_objective(model, -1), np.arange(6)
naive = ascent.naive_ascent(objective, channels, ascent.white_noise(6, seed=0), steps=5)
fourier = ascent.fourier_ascent(objective, channels, steps=30, total_variation=0, seed=0)
np.savez(folder / "found.npz", naive=naive, fourier=fourier)
