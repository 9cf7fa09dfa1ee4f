"""Facial-expression recognition on FER2013: the library behind the seven notebooks.

Importing the package does one thing: it asks TensorFlow for one inter-op thread, before TensorFlow starts.
With more, two equal training runs on a CPU end with different weights; with one they are equal to the bit,
at no loss of speed, because a network of this kind is a chain and each operation uses all cores anyway.
"""

import os

os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
