import os
import subprocess
import sys

SCRIPT = """
import os
from fer_nb.commands.backend import WITHOUT_GPU, start_networks
before = dict(os.environ)
start_networks(use_gpu=False)
from fer_nb.learning.precision import gpus
assert gpus() == []
assert all(os.environ.get(name) == before.get(name) for name in WITHOUT_GPU)
"""


def test_a_process_that_leaves_the_gpu_to_others_hides_it_from_itself_alone():
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": "0"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
