"""Which arithmetic a network is trained in, and whether its graph is compiled by XLA."""

from pathlib import Path

import keras

BFLOAT16_FLAGS = ("avx512_bf16", "amx_bf16")


def gpus() -> list[str]:
    """Return the names of the GPUs that the backend sees."""
    # Asked for GPUs by name, JAX raises where there is none; asked for devices, it tells GPUs first.
    return [name for name in keras.distribution.list_devices() if name.startswith(("gpu", "cuda"))]


def resolve_precision(precision: str) -> str:
    """Return "float32" or "mixed_bfloat16" for a recipe's precision.

    "auto" is a rule, not a race: the same machine always gets the same answer, so the same seed gives the
    same weights. Measured with `nox -s bench`: on TensorFlow mixed bfloat16 trains 1.4 times as fast as
    float32 on a CPU with bfloat16 instructions, and slower than float32 on a CPU without; JAX on a CPU is
    slower with it in either case. NVIDIA's matrix units know bfloat16 from compute capability 8 on.

    Args:
        precision: "auto", "float32" or "mixed_bfloat16".
    """
    if precision != "auto":
        return precision
    if gpus():
        return "mixed_bfloat16" if _gpu_has_bfloat16() else "float32"
    on_tensorflow = keras.backend.backend() == "tensorflow"
    return "mixed_bfloat16" if on_tensorflow and _cpu_has_bfloat16() else "float32"


def use_xla() -> bool:
    """Return whether to compile with XLA: on JAX always, on TensorFlow never.

    On a CPU, TensorFlow's plain graph is 1.4 times as fast as the XLA that Keras takes by default
    (`nox -s bench` measures it again); and the resampling of images has no XLA kernel in TensorFlow.
    """
    return keras.backend.backend() == "jax"


def _gpu_has_bfloat16() -> bool:
    if keras.backend.backend() == "jax":
        import jax

        return float(jax.devices("gpu")[0].compute_capability) >= 8
    import tensorflow as tf

    details = tf.config.experimental.get_device_details(tf.config.list_physical_devices("GPU")[0])
    return details.get("compute_capability", (0, 0))[0] >= 8


def _cpu_has_bfloat16() -> bool:
    described = Path("/proc/cpuinfo")
    if not described.exists():
        return False
    text = described.read_text(encoding="utf-8")
    return any(flag in text for flag in BFLOAT16_FLAGS)
