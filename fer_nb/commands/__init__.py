"""The command line: one file a group, imported when it is called, so that help answers at once."""

import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click
import yaml

from fer_nb.errors import InputError, printable

COMMANDS = yaml.safe_load(Path(__file__).with_name("commands.yaml").read_text(encoding="utf-8"))
"""Name of a command: the module in which it is, and its line in the help."""

CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "show_default": True}
INTERRUPTED = 130  # what a shell expects after Ctrl-C
GO_ON = "the same command goes on; what is finished is kept, and nothing half-written is left"


class OneLineGroup(click.Group):
    """A group that prints bad input or usage as one line, and exits with status 2."""

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        """Parse the options before the command."""
        try:
            return super().make_context(*args, **options)
        except click.UsageError as error:
            _refuse(error)

    def invoke(self, ctx: click.Context) -> Any:
        """Parse and run a command."""
        with warnings.catch_warnings(), _interrupts() as interrupts:
            warnings.showwarning = _print_warning  # type: ignore[assignment]
            try:
                return super().invoke(ctx)
            except (InputError, click.UsageError) as error:
                _refuse(error)
            except (KeyboardInterrupt, click.Abort) as stop:
                _stop(str(stop))
            except BrokenPipeError:  # `| head` has read enough, which click takes silently
                raise
            except OSError as error:  # a full disk, a folder without permission, no temporary folder
                wanted, found = "files that can be read and written", error.strerror or error
                _refuse(InputError.expected(error.filename or "the system", wanted, found))
            except Exception:
                if not interrupts:
                    raise
                _stop()


class LazyGroup(OneLineGroup):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"{__name__}.{COMMANDS[cmd_name][0]}")
        return getattr(module, cmd_name.replace("-", "_"))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands into the help without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _refuse(error: InputError | click.UsageError) -> NoReturn:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        raise error
    message = error.format_message() if isinstance(error, click.UsageError) else str(error)
    click.echo(printable(f"error: {message}"), err=True)
    sys.exit(2)


def _stop(told: str = "") -> NoReturn:
    click.echo("\n" + printable(f"interrupted: {told or GO_ON}"), err=True)
    sys.exit(INTERRUPTED)


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Note each Ctrl-C: out of TensorFlow's C code it may come as a TypeError."""
    noted: list[int] = []
    usual = signal.default_int_handler

    def note(number: int, frame: Any) -> None:
        noted.append(number)
        usual(number, frame)

    # A group within a group has noted already; what runs in a thread hears no signal.
    hears = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is usual
    if hears:
        signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        if hears:
            signal.signal(signal.SIGINT, usual)


def _print_warning(message: Warning | str, *_: Any) -> None:
    click.echo(printable(f"warning: {message}"), err=True)


@click.group(cls=LazyGroup, context_settings=CONTEXT)
@click.version_option(package_name="fer-nb", prog_name="fer_nb")
def main() -> None:
    """Facial-expression recognition on FER2013, from the data to the report.

    Example: python -m fer_nb data info fer2013.csv
    """
