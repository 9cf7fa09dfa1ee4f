"""Values and gradients of a score by its input, on TensorFlow and JAX: the one place that knows the backend.

A score is compiled when it is first asked for, and kept as long as it lives: hold on to the object, for a
function made anew is compiled anew. On TensorFlow no number of rows compiles it again. On JAX every batch is
filled up to `batch_size` once there is more than one, so that only another number of rows below it does.
"""

import weakref
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike, NDArray

BATCH_SIZE = 64

Score = Callable[..., Any]
"""score(x, *arguments): a batch (n, ...) and what goes with its rows to a tensor (n,), by `keras.ops`."""


@dataclass(frozen=True, eq=False)
class ModelScore:
    """What is read off a model's answer; the model's weights may change between two calls.

    A plain function over a model would do on TensorFlow, but JAX keeps what a function closes over as it was
    when it was compiled. Here the weights are arguments of what is compiled.

    Attributes:
        model: Called with `training=False`.
        read: read(answer, *arguments) -> (n,), with `keras.ops`; by default the answer as it is.
    """

    model: keras.Model
    read: Callable[..., Any] = lambda answer: answer

    def __call__(self, x: Any, *arguments: Any) -> Any:
        """Return what is read off the model's answer to `x`."""
        return self.read(self.model(x, training=False), *arguments)


def of_class(answer: Any, classes: Any) -> Any:
    """Return each row's entry of its class, float32 (n,), of answers (n, classes); reads a `ModelScore`."""
    chosen = ops.one_hot(classes, answer.shape[-1], dtype="float32")
    return ops.sum(ops.cast(answer, "float32") * chosen, axis=-1)


def value_and_grad(
    score: Score, x: ArrayLike, *arguments: ArrayLike, batch_size: int = BATCH_SIZE
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the score of each row and the gradient of their sum by `x`, float32.

    The rows must not mix inside the score, as they do not in a network that predicts: then row i of the
    gradient is that of score i.

    Args:
        score: A `ModelScore` or a function; it is held weakly, so no bound method.
        x: (N, ...), taken as float32.
        *arguments: What goes with the rows, (N, ...) each: classes, channels, positions.
        batch_size: Rows at a time; bounds the memory.

    Returns:
        Values (N,) and gradient, shaped like `x`.
    """
    values, gradient = _in_batches(score, x, arguments, batch_size, with_gradient=True)
    return values, gradient


def values(score: Score, x: ArrayLike, *arguments: ArrayLike, batch_size: int = BATCH_SIZE) -> NDArray[Any]:
    """Return the score of each row, without gradient; here a score may also be an array a row, (N, ...).

    Args:
        score: As for `value_and_grad`.
        x: (N, ...), taken as float32.
        *arguments: What goes with the rows, (N, ...) each.
        batch_size: Rows at a time; bounds the memory.
    """
    return _in_batches(score, x, arguments, batch_size, with_gradient=False)[0]


_compiled: "weakref.WeakKeyDictionary[Score, dict[Hashable, Callable[..., Any]]]" = (
    weakref.WeakKeyDictionary()
)


def _in_batches(
    score: Score, x: ArrayLike, arguments: Sequence[ArrayLike], batch_size: int, *, with_gradient: bool
) -> list[NDArray[Any]]:
    rows = [np.asarray(x, np.float32), *(np.asarray(argument) for argument in arguments)]
    rows = [part.astype(_DTYPES.get(part.dtype.kind, part.dtype), copy=False) for part in rows]
    signature = tuple((part.shape[1:], part.dtype.name) for part in rows)
    known = _compiled.setdefault(score, {})
    if (with_gradient, signature) not in known:
        make = _for_jax if keras.backend.backend() == "jax" else _for_tensorflow
        known[with_gradient, signature] = make(weakref.ref(score), signature, with_gradient)
    run, count = known[with_gradient, signature], len(rows[0])
    found = []
    for start in range(0, max(count, 1), batch_size):
        batch = [part[start : start + batch_size] for part in rows]
        missing = min(batch_size, count) - len(batch[0])
        if missing and keras.backend.backend() == "jax":
            batch = [np.concatenate([part, np.repeat(part[-1:], missing, axis=0)]) for part in batch]
        answers = run(*batch)
        found.append([np.asarray(answer)[: count - start] for answer in answers])
    return [np.concatenate(parts) for parts in zip(*found, strict=True)]


_DTYPES = {"f": np.dtype(np.float32), "i": np.dtype(np.int32), "u": np.dtype(np.int32)}


def _for_tensorflow(score: Callable[[], Any], signature: Any, with_gradient: bool) -> Callable[..., Any]:
    import tensorflow as tf

    shapes = [tf.TensorSpec((None, *shape), dtype) for shape, dtype in signature]

    @tf.function(input_signature=shapes, autograph=False)
    def run(x: Any, *arguments: Any) -> Any:
        if not with_gradient:
            return (score()(x, *arguments),)
        with tf.GradientTape() as tape:
            tape.watch(x)
            scores = score()(x, *arguments)
        return scores, tape.gradient(scores, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)

    return run


def _for_jax(score: Callable[[], Any], signature: Any, with_gradient: bool) -> Callable[..., Any]:
    import jax

    def variables() -> list[Any]:
        return getattr(getattr(score(), "model", None), "variables", [])

    @jax.jit
    def run(weights: Any, x: Any, *arguments: Any) -> Any:
        def total(x: Any) -> Any:
            with keras.StatelessScope(state_mapping=list(zip(variables(), weights, strict=True))):
                scores = score()(x, *arguments)
            return ops.sum(scores), scores

        if not with_gradient:
            return (total(x)[1],)
        (_, scores), gradient = jax.value_and_grad(total, has_aux=True)(x)
        return scores, gradient

    return lambda *rows: run([variable.value for variable in variables()], *rows)
