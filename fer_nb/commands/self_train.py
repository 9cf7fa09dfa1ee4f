"""`python -m fer_nb self-train`: learn from labelled and unlabelled images, beside supervised training."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from fer_nb.commands.options import DATA, JSON, PATH, QUIET, RUNS, SETTINGS, print_accuracies, print_limit
from fer_nb.commands.start import start_networks
from fer_nb.data import load
from fer_nb.learning.recipes import get_recipe
from fer_nb.learning.semi.protocols import PROTOCOLS, TRANSDUCTIVE, get_protocol


@click.command("self-train")
@click.argument("recipe")
@DATA
@click.option("--protocol", default="report_b", show_default=True, help=f"One of {', '.join(PROTOCOLS)}.")
@click.option("--labels", type=float, help="Share of labels kept, 0 to 1; the protocol's own by default.")
@click.option("--epochs", type=int, help="Passes before the first pseudo-labels, and of a fresh student.")
@click.option("--more-epochs", type=int, help="Passes by which the network goes on (report_b).")
@click.option("--threshold", type=float, help="Probability that a pseudo-label needs, 0 to 1.")
@click.option("--unlabelled-ratio", type=int, help="Unlabelled images for each labelled one (fixmatch).")
@click.option("--predictor", type=PATH, help="Run or .keras file that labels instead (report_c).")
@click.option(
    "--transductive", is_flag=True, help="Learn from the test images, too; compares with no other training."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the division and everything random.")
@SETTINGS
@RUNS
@QUIET
@JSON
def self_train(
    recipe: str,
    *,
    data: str,
    protocol: str,
    labels: float | None,
    epochs: int | None,
    more_epochs: int | None,
    threshold: float | None,
    unlabelled_ratio: int | None,
    predictor: Path | None,
    transductive: bool,
    seed: int,
    settings: tuple[str, ...],
    runs: Path,
    quiet: bool,
    as_json: bool,
) -> None:
    """Hide labels of --data and train RECIPE without them, by a protocol, and with the same labels alone.

    The hidden labels only tell, in the end, how many pseudo-labels are right. Training that was interrupted
    goes on from its last checkpoint.

    Example: python -m fer_nb self-train compact_cnn --data fer2013.csv --protocol report_b --epochs 8
    """
    chosen = get_recipe(recipe, settings)
    suffix = TRANSDUCTIVE if transductive and not protocol.endswith(TRANSDUCTIVE) else ""
    plan = get_protocol(protocol + suffix).replace(
        hidden=None if labels is None else 1 - labels,
        epochs=epochs,
        more_epochs=more_epochs,
        threshold=threshold,
        unlabelled_ratio=unlabelled_ratio,
    )
    everything = load(data, cache=runs / "cache", seed=max(seed, 0), quiet=quiet)
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
    progress = "none" if quiet else None
    outcome = run_protocol(
        plan, chosen, faces, validation, seed=seed, runs=runs, labelling=labelling, progress=progress
    )
    counts = count(outcome.pseudo)
    test = None if plan.transductive else asdict(against_control(outcome, faces, validation))
    if as_json:
        answer = {
            "protocol": plan.name,
            "transductive": plan.transductive,
            "runs": {arm: str(run.folder) for arm, run in outcome.runs.items()},
            "steps": {arm: outcome.steps(arm) for arm in outcome.runs},
            "metrics": {arm: run.facts["metrics"] for arm, run in outcome.runs.items()},
            "pseudo_labels": asdict(counts),
            "mcnemar": test,
        }
        click.echo(json.dumps(answer))
        return
    for arm, run in outcome.runs.items():
        click.echo(f"{arm:<8}  {run.folder}  ({outcome.steps(arm):,} steps)")
        print_accuracies(run.facts["metrics"], indent="  ")
    kept, right = sum(counts.kept), sum(counts.right)
    click.echo(f"pseudo-labels: {kept:,} of {sum(counts.pool):,} images kept, {right:,} of them right")
    if test is None:
        click.echo(
            "transductive: the student learned from test images, so it compares with no other training"
        )
    else:
        click.echo(f"student less control: {100 * test['difference']:+.2f} points, p = {test['p_value']:.3f}")
    print_limit(faces.source)
