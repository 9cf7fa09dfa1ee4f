"""`python -m benchmarks`: without a name, the speed of training."""

import click

from benchmarks.speed import speed


@click.group(invoke_without_command=True)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Measure speed, side by side in one run."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(speed)


main.add_command(speed)

if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
