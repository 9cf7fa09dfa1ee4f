"""Facial-expression recognition on FER2013: the library behind the seven notebooks.

Importing the package does one thing: it sets, where the user has not, what TensorFlow reads when it starts.
One inter-op thread and deterministic operations make two equal training runs on a CPU end with equal
weights, to the bit. It costs nothing there: a network of this kind is a chain, and each of its operations
uses all cores. The third setting keeps TensorFlow's start-up notices out of notebooks and terminals.
"""

import os

os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
