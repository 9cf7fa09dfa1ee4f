"""Runs the real command line in processes of their own, and tells how each ended.

Most cases run in a fork of the campaign's worker, which has imported the command line and Keras and has
computed nothing: what a start costs is paid once. The kind `surroundings` starts Python anew for every case,
since it asks what a start depends on.
"""

import contextlib
import ctypes
import fcntl
import gc
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 240  # of a clock on the wall; a command that takes longer hangs
MEMORY = 3 * 2**30  # bytes that a command may hold, TensorFlow's own 0.6 GB among them
LONGEST = 300  # characters of a refusal
INTERRUPTED = 130  # of a command that Ctrl-C reached when it had ended, as a shell tells it
MOST = 2**20  # bytes that are read of what a command prints
OVERRIDES = (1, 2)  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: no permission holds back who has them
PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pickle.find_class")
"""Events of Python that data must never bring about."""


class FaultError(AssertionError):
    """A case that ended neither right nor refused."""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its status, negative for a signal, None where it hung; and what it left."""

    status: int | None
    out: str
    error: str
    memory: int = 0  # bytes at most; of a fresh Python without its last milliseconds
    events: str = ""  # of PROGRAMS, a line each

    def outcome(self, *, harmed: bool = False) -> str:
        """Return "right" or "refused".

        Args:
            harmed: Whether it was sent a signal, or deprived of something: then it may end by the signal.

        Raises:
            FaultError: It ended in another way.
        """
        if self.status is None:
            raise FaultError(f"hangs for more than {SECONDS} s")
        if self.memory > MEMORY:
            raise FaultError(f"holds {self.memory / 2**30:.1f} GiB")
        if self.events:
            raise FaultError(f"data made it do {self.events.splitlines()[0]}")
        lines = [line for line in self.error.splitlines() if not line.startswith("warning: ")]
        if "Traceback" in self.error:
            raise FaultError(f"prints a traceback, status {self.status}: {self.error[-600:]!r}")
        if harmed and self.status not in (0, 2):
            return "killed"
        if self.status == 0:
            if lines:
                raise FaultError(f"succeeds, and prints {lines[0]!r}")
            return "right"
        if self.status != 2:
            raise FaultError(f"ends with status {self.status}: {self.error[-600:]!r} {self.out[-300:]!r}")
        if len(lines) != 1 or len(lines[0]) > LONGEST or not lines[0].isprintable():
            raise FaultError(f"refuses not in one line of {LONGEST} characters: {self.error[-600:]!r}")
        return "refused"


@dataclass
class Command:
    """`python -m fer_nb` with arguments, to be started in a folder.

    Attributes:
        arguments: Behind `python -m fer_nb`.
        folder: The current folder of the process.
        environment: Variables to set; None takes one away.
        limits: Resource of the module `resource` -> its most.
        held_back: Whether permissions hold it back, also where it is run by root.
        fresh: Whether Python starts anew.
        checkout: The checkout whose code a fresh one runs.
        data_only: Whether nothing may be started, as data would have it.
        before: Called in a fork before the command.
    """

    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str | None] = field(default_factory=dict)
    limits: Mapping[int, int] = field(default_factory=dict)
    held_back: bool = False
    fresh: bool = False
    checkout: Path = ROOT
    data_only: bool = True
    before: Callable[[], None] = lambda: None

    def start(self) -> "Started":
        """Start it, in a session of its own, so that Ctrl-C reaches it and whatever it started."""
        pipes = {name: os.pipe() for name in ("out", "error", "events", "replaced")}
        for ends in pipes.values():
            fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, MOST)  # what it prints waits there until it has ended
        child = os.fork()
        if child == 0:
            try:
                _work(self, {name: ends[1] for name, ends in pipes.items()})
            finally:  # a Ctrl-C in its last lines must not let it go on as a second one of this process
                os._exit(INTERRUPTED)
        for ends in pipes.values():
            os.close(ends[1])
        replaced = pipes.pop("replaced")[0]
        os.read(replaced, 1)  # ends when the child has let go of this process's memory, or keeps it for good
        os.close(replaced)
        for ends in pipes.values():
            os.set_blocking(ends[0], False)
        return Started(child, {name: ends[0] for name, ends in pipes.items()}, self.fresh)

    def run(self) -> Ended:
        """Start it and wait until it ends."""
        return self.start().wait()


@dataclass
class Started:
    """A process that runs."""

    process: int
    pipes: Mapping[str, int]
    fresh: bool
    began: float = field(default_factory=time.monotonic)
    memory: int = 0  # bytes at most until now; of a fresh Python alone

    def harm(self, number: int, after: float) -> Ended:
        """Send a signal after some seconds, Ctrl-C to the whole session; and wait until it ends."""
        ended = self.poll(until=self.began + after)
        if ended is None:
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if number == signal.SIGINT else os.kill)(self.process, number)
            return self.wait()
        return ended

    def wait(self) -> Ended:
        """Wait until it ends, or hangs and is ended."""
        ended = self.poll(until=self.began + SECONDS)
        if ended is None:
            os.killpg(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            return self._told(None, 0)
        return ended

    def poll(self, *, until: float) -> Ended | None:
        """Wait until it ends, or until a time of the clock; return None where it runs on."""
        while True:
            over = time.monotonic() >= until
            if self.fresh:
                self.memory = _most_held(self.process) or self.memory
            ended, status, used = os.wait4(self.process, os.WNOHANG)
            if ended:
                # Behind an exec, the system counts for a process also what its parent held.
                memory = self.memory if self.fresh else used.ru_maxrss * 1024
                return self._told(os.waitstatus_to_exitcode(status), memory)
            if over:
                return None
            time.sleep(0.002)

    def _told(self, status: int | None, memory: int) -> Ended:
        texts = dict.fromkeys(self.pipes, "")
        for name, pipe in self.pipes.items():
            with contextlib.suppress(BlockingIOError):  # a program that it started holds the other end
                texts[name] = os.read(pipe, MOST).decode(errors="replace")
            os.close(pipe)
        return Ended(status, texts["out"], texts["error"], memory, texts["events"])


def _most_held(process: int) -> int:
    """Return the most bytes that a process has held since its exec; 0 where it has ended."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def _work(command: Command, pipes: Mapping[str, int]) -> None:
    """Become the command; never returns."""
    status: Any = 1
    try:
        os.setsid()
        os.dup2(pipes["out"], 1)
        os.dup2(pipes["error"], 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(command.folder)
        changes = {"PYTHONPATH": str(command.checkout)} | dict(command.environment)
        for name, value in changes.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        for what, most in command.limits.items():
            resource.setrlimit(what, (most, most))
        if command.held_back and os.getuid() == 0:
            _give_up_overrides()
        if command.fresh:
            os.execv(sys.executable, [sys.executable, "-m", "fer_nb", *command.arguments])
        os.close(pipes["replaced"])
        gc.callbacks.clear()  # hypothesis measures there; a Ctrl-C would be told as its own
        if command.data_only:
            sys.addaudithook(_Watch(pipes["events"]))
        tempfile.tempdir = None
        command.before()
        from fer_nb.commands import main

        main(list(command.arguments), prog_name="fer_nb")
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException as error:  # what Python would print: it is the fault that is sought
        places = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
        if not isinstance(error, KeyboardInterrupt) or any("/fer_nb/" in place for place in places):
            traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _give_up_overrides() -> None:
    """Give up what lets root read and write whatever the permissions say; for good, see capset(2)."""
    system = ctypes.CDLL(None, use_errno=True)
    for capability in OVERRIDES:
        system.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP: a program that is started has them neither
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    system.capget(header, sets)
    for place in range(3):  # effective, permitted, inheritable
        sets[place] &= ~sum(1 << capability for capability in OVERRIDES)
    if system.capset(header, sets):
        raise OSError(ctypes.get_errno(), "capset")


class _Watch:
    """Notes what starts a program, runs pickled code, or calls another machine."""

    def __init__(self, events: int) -> None:
        self.events = events

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note an event that data must not bring about."""
        called = event == "socket.connect" and isinstance(arguments[1], tuple)
        if event in PROGRAMS or (called and not str(arguments[1][0]).startswith(("127.", "::1"))):
            os.write(self.events, f"{event} {str(arguments)[:200]}\n".encode())


def in_fork(work: Callable[[], None]) -> None:
    """Do something with Keras in a fork, so that this process computes nothing.

    Raises:
        RuntimeError: It failed; the campaign is wrong, not what it tries.
    """
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # TensorFlow greets
            work()
            status = 0
        except BaseException:
            traceback.print_exc(file=sys.stdout)
        finally:
            sys.stdout.flush()
            os._exit(status)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise RuntimeError(f"{work} failed")
