"""Facial-expression recognition on FER2013: the library behind the seven notebooks.

Importing the package does one thing: it sets, where the user has not, what TensorFlow reads when it starts.
One inter-op thread and deterministic operations make two equal training runs on a CPU end with equal
weights, to the bit. It costs nothing there: a network of this kind is a chain, and each of its operations
uses all cores. oneDNN's kernels are on: TensorFlow leaves them off on processors with AVX2 alone, where they
train these networks 1.3 to 4 times as fast. TensorFlow's log stays out of notebooks and terminals, its level
"error" too: what goes wrong comes as an exception, and what is logged beside it is notices of start-up, of
new graphs and of operations that oneDNN leaves to another kernel.
"""

import logging
import os

os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# A filter and no level: where Python is interactive, as a notebook's is, TensorFlow sets its own level.
logging.getLogger("tensorflow").addFilter(lambda record: record.levelno >= logging.ERROR)
