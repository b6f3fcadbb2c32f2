"""The programs of a benchmark: each is started on its processor, and all are ended."""

import itertools
import os
import pathlib
import subprocess
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).parent
# One processor for what is measured, the other for load and upstream.
SUBJECT_CORE, LOAD_CORE = "0", "1"
ROLE = "arn:aws:iam::123456123456:role/test"


def release_programs():
    """The folder with release builds of the programs: the one of BENCH_PROGRAMS, or they are built."""
    build = [REPOSITORY / "Scripts/build", "release"]
    named = os.environ.get("BENCH_PROGRAMS")
    return pathlib.Path(named or subprocess.run(build, stdout=subprocess.PIPE, text=True, check=True).stdout.strip())


class Processes:
    """What a benchmark has started, with a folder that goes when it ends: `with Processes() as processes:`"""

    def __init__(self):
        self._temporary = tempfile.TemporaryDirectory(prefix="bench-")
        self.folder, self._children = pathlib.Path(self._temporary.name), []
        self._numbers = itertools.count()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for child in reversed(self._children):
            end(child)
        self._temporary.cleanup()

    def new_path(self, name):
        """A path in the folder that nobody else has."""
        return self.folder / f"{next(self._numbers)}-{name}"

    def start(self, *command, core=None, environment=None, output=None):
        """`core` is a processor's number or a list of them; None leaves it to the system."""
        log = open(self.new_path("log"), "w")
        pinned = ["taskset", "--cpu-list", core] if core else []
        child = subprocess.Popen(
            [*pinned, *map(str, command)], stdout=output or log, stderr=log, env={**os.environ, **(environment or {})})
        child.log = log.name
        self._children.append(child)
        return child

    def start_on_port(self, *command, core=LOAD_CORE):
        """Starts a program that prints its port, and returns it with the port."""
        ready = self.new_path("port")
        child = self.start(*command, core=core, output=open(ready, "w"))
        return child, int(self.await_file(ready, child))

    def await_file(self, path, child):
        """What the program writes to `path` when it is ready."""
        until = time.monotonic() + 30
        while time.monotonic() < until and child.poll() is None:
            if path.exists() and (text := path.read_text()):
                return text
            time.sleep(0.002)
        raise SystemExit(f"a program did not start: {pathlib.Path(child.log).read_text()}")

    def compiled(self, name, *libraries):
        """The program of a C file of this folder."""
        program = self.folder / name
        if not program.exists():
            source = HERE / f"{name}.c"
            subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source, *libraries], check=True)
        return program


def end(child):
    child.terminate()
    try:
        child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
