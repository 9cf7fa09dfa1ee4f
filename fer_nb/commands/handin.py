"""`python -m fer_nb handin`: the folder that the homework asks for."""

from pathlib import Path

import click
import numpy as np

from fer_nb.commands import options
from fer_nb.commands.backend import start_networks
from fer_nb.errors import InputError


@click.command()
@click.argument("dest", type=options.PATH)
@click.option("--public", type=options.PATH, required=True, help="What answers the public test.")
@click.option("--private", type=options.PATH, required=True, help="What answers the private test.")
@options.TTA
@options.COMBINE
@options.RUNS
@options.QUIET
def handin(
    dest: Path, *, public: Path, private: Path, tta: str, combine: str, runs: Path, quiet: bool
) -> None:
    """Write the folder DEST to hand in: hw3_train.sh, hw3_test.sh, the weights and the code they need.

    --public and --private are run folders or text files of `weight path` lines. The scripts run anywhere with
    the Python packages in requirements.txt, and answer with the same file, to the byte, as `predict`.
    What would take more than 8 minutes for the 7,178 test images on this machine is refused.

    Example: python -m fer_nb handin hw3 --public models.txt --private runs/compact_cnn-0123456789ab
    """
    from tqdm import tqdm

    start_networks()
    from fer_nb.learning.prediction import handin as folders
    from fer_nb.learning.prediction.answer_files import estimate_seconds
    from fer_nb.learning.prediction.ensemble import open_ensemble

    folders.refuse_filled(dest)
    ensembles = {"public": open_ensemble([public], runs=runs), "private": open_ensemble([private], runs=runs)}
    noise = np.random.default_rng(0).integers(0, 256, (1, 48, 48)).astype(np.uint8)
    for test, those in ensembles.items():
        shown = tqdm(those, desc=f"timing {test}", disable=quiet or None, leave=False)
        seconds = estimate_seconds(shown, noise, tta=tta, count=folders.TEST_IMAGES)
        if seconds > folders.LIMIT_SECONDS:
            raise InputError(
                f"--{test}: expected at most {folders.LIMIT_SECONDS:.0f} s for {folders.TEST_IMAGES:,} "
                f"images, found about {seconds:,.0f} s with {len(those)} networks and --tta {tta}"
            )
        click.echo(f"{test}: about {seconds:,.0f} s for {folders.TEST_IMAGES:,} images here")
    folders.write_handin(dest, ensembles, tta=tta, combine=combine)
    click.echo(f"written: {dest}")
