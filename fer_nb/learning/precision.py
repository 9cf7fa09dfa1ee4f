"""Which arithmetic a network computes in, whether XLA compiles its graph, and its weights as arrays."""

import platform
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

CPUINFO = Path("/proc/cpuinfo")


def start_backend() -> None:
    """Start the backend, and TensorFlow, which Keras imports under JAX too, to write down a layer."""
    gpus()
    with suppress(ImportError):
        import tensorflow  # noqa: F401


def gpus() -> list[str]:
    """Return the names of the GPUs that the backend sees."""
    # Asked for GPUs by name, JAX raises where there is none; asked for devices, it tells GPUs first.
    return [name for name in keras.distribution.list_devices() if name.startswith(("gpu", "cuda"))]


def gpu_name() -> str:
    """Return the model of the first GPU; there has to be one."""
    return str(_gpu_details()["name"])


def cpu_name() -> str:
    """Return the model of the CPU, or its kind where the system does not tell."""
    lines = CPUINFO.read_text(encoding="utf-8").splitlines() if CPUINFO.exists() else []
    told = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return told[0] if told and told[0] else platform.machine()


def resolve_precision(precision: str) -> str:
    """Return "float32" or "mixed_bfloat16" for a recipe's precision.

    "auto" is a rule, not a race: the same machine always gets the same answer, so the same seed gives the
    same weights. Measured with `nox -s bench`: on TensorFlow mixed bfloat16 trains 1.4 times as fast as
    float32 on an AMD CPU with AVX-512's bfloat16 instructions, 0.7 times as fast on an Intel CPU that has
    them and no matrix units (AMX), and slower on a CPU without; JAX on a CPU is slower with it in every
    case. NVIDIA's matrix units know bfloat16 from compute capability 8 on.

    Args:
        precision: "auto", "float32" or "mixed_bfloat16".
    """
    if precision != "auto":
        return precision
    if gpus():
        faster = _gpu_details()["compute_capability"] >= (8, 0)
    else:
        faster = keras.backend.backend() == "tensorflow" and _cpu_gains_by_bfloat16()
    return "mixed_bfloat16" if faster else "float32"


def use_xla() -> bool:
    """Return whether to compile with XLA: on JAX always, on TensorFlow never.

    On a CPU, TensorFlow's plain graph is 1.4 times as fast as XLA's, and Keras itself takes XLA on a GPU
    alone; but the resampling of images has no XLA kernel in TensorFlow.
    """
    return keras.backend.backend() == "jax"


def float64_arithmetic() -> AbstractContextManager[None]:
    """Let float64 networks be made and used inside; JAX rounds to float32 unless it is told."""
    if keras.backend.backend() != "jax":
        return nullcontext()
    import jax

    return jax.enable_x64(True)


def in_precision(network: keras.Model, dtype: str) -> keras.Model:
    """Return a copy of a network with the same weights, every layer computing in `dtype`.

    Args:
        network: Of Keras's own layers.
        dtype: "float32", or "float64" inside `float64_arithmetic`.
    """
    copy = type(network).from_config(_with_dtype(network.get_config(), dtype))
    copy.set_weights(network_weights(network))
    return copy


def value_of(variable: keras.Variable) -> NDArray[Any]:
    """Return a copy of a variable's value; Keras's own `numpy()` warns with NumPy 2 on TensorFlow."""
    return np.copy(np.asarray(keras.ops.convert_to_tensor(variable)))


def network_weights(network: keras.Model) -> list[NDArray[Any]]:
    """Return copies of the network's weights."""
    return [value_of(weight) for weight in network.weights]


def _with_dtype(config: Any, dtype: str) -> Any:
    if isinstance(config, dict):
        return {
            name: dtype if name == "dtype" else _with_dtype(value, dtype) for name, value in config.items()
        }
    if isinstance(config, list | tuple):
        return type(config)(_with_dtype(value, dtype) for value in config)
    return config


def _gpu_details() -> dict[str, Any]:
    """Return "name" and "compute_capability", two numbers, of the first GPU."""
    if keras.backend.backend() == "jax":
        import jax

        device = jax.devices("gpu")[0]
        major, minor = str(device.compute_capability).split(".")
        return {"name": device.device_kind, "compute_capability": (int(major), int(minor))}
    import tensorflow as tf

    details = tf.config.experimental.get_device_details(tf.config.list_physical_devices("GPU")[0])
    return {"name": details.get("device_name", "GPU"), "compute_capability": (0, 0)} | details


def _cpu_gains_by_bfloat16() -> bool:
    text = CPUINFO.read_text(encoding="utf-8") if CPUINFO.exists() else ""
    return "amx_bf16" in text or ("avx512_bf16" in text and "AuthenticAMD" in text)
