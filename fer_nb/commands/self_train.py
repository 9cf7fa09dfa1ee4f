"""`python -m fer_nb self-train`: learn from labelled and unlabelled images, beside supervised training."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from fer_nb.commands import options
from fer_nb.commands.backend import start_networks
from fer_nb.data import load
from fer_nb.learning.recipes import get_recipe
from fer_nb.learning.semi.protocols import PROTOCOLS, TRANSDUCTIVE, get_protocol


@click.command("self-train")
@click.argument("recipe")
@options.DATA
@click.option("--protocol", default="report_b", help=f"One of {', '.join(PROTOCOLS)}.")
@click.option("--labels", type=float, help="Share of labels kept, 0 to 1; the protocol's own by default.")
@click.option("--epochs", type=int, help="Passes before the first pseudo-labels, and of a fresh student.")
@click.option("--more-epochs", type=int, help="Passes by which the network goes on (report_b).")
@click.option("--threshold", type=float, help="Probability that a pseudo-label needs, 0 to 1.")
@click.option("--unlabelled-ratio", type=int, help="Unlabelled images for each labelled one (fixmatch).")
@click.option("--predictor", type=options.PATH, help="Run or .keras file that labels instead (report_c).")
@click.option(
    "--transductive", is_flag=True, help="Learn from the test images, too; compares with no other training."
)
@click.option("--seed", type=click.IntRange(0), default=0, help="Of the division and everything random.")
@options.SETTINGS
@options.RUNS
@options.QUIET
@options.answer
def self_train(
    recipe: str, *, data: str, protocol: str, labels: float | None, predictor: Path | None,
    transductive: bool, seed: int, settings: tuple[str, ...], runs: Path, quiet: bool,
    **changes: float | None,
) -> tuple[object, Iterator[str]]:  # fmt: skip
    """Hide labels of --data and train RECIPE without them, by a protocol, and with the same labels alone.

    The hidden labels only tell, in the end, how many pseudo-labels are right. Training that was interrupted
    goes on from its last checkpoint.

    Example: python -m fer_nb self-train compact_cnn --data fer2013.csv --protocol report_b --epochs 8
    """
    chosen = get_recipe(recipe, settings)
    suffix = TRANSDUCTIVE if transductive and not protocol.endswith(TRANSDUCTIVE) else ""
    plan = get_protocol(protocol + suffix).replace(hidden=None if labels is None else 1 - labels, **changes)
    everything = load(data, cache=runs / "cache", seed=seed, quiet=quiet)
    start_networks()
    from fer_nb.learning.semi.labelling import open_labelling_model
    from fer_nb.learning.semi.self_training import against_control, run_protocol
    from fer_nb.learning.semi.splitting import labelled_split

    faces, validation, count = labelled_split(everything, plan, chosen, seed=seed)
    labelling = None
    if predictor is not None:
        labelling, warning = open_labelling_model(predictor, labelled=faces, everything=everything)
        if warning:
            click.echo(f"warning: {warning}", err=True)
    outcome = run_protocol(
        plan, chosen, faces, validation, seed=seed, runs=runs, labelling=labelling,
        progress="none" if quiet else None,
    )  # fmt: skip
    found = {
        "protocol": plan.name,
        "transductive": plan.transductive,
        "runs": {arm: str(run.folder) for arm, run in outcome.runs.items()},
        "steps": {arm: outcome.steps(arm) for arm in outcome.runs},
        "metrics": {arm: run.facts["metrics"] for arm, run in outcome.runs.items()},
        "pseudo_labels": asdict(count(outcome.pseudo)),
        "mcnemar": None if plan.transductive else asdict(against_control(outcome, faces, validation)),
    }
    return found, _lines(found, faces.source)


def _lines(found: dict[str, Any], source: str) -> Iterator[str]:
    for arm, folder in found["runs"].items():
        yield f"{arm:<8}  {folder}  ({found['steps'][arm]:,} steps)"
        yield from options.accuracies(found["metrics"][arm], indent="  ")
    pool, kept, right = (sum(found["pseudo_labels"][name]) for name in ("pool", "kept", "right"))
    yield f"pseudo-labels: {kept:,} of {pool:,} images kept, {right:,} of them right"
    if (test := found["mcnemar"]) is None:
        yield "transductive: the student learned from test images, so it compares with no other training"
    else:
        yield f"student less control: {100 * test['difference']:+.2f} points, p = {test['p_value']:.3f}"
    yield from options.limit(source)
