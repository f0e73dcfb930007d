"""Servers that start in a few milliseconds, so that many can be killed: imported once, then forked.

``python -m tests.crash.nursery``: each line on standard input is a command line of ``titian``; it is run in a
fork, whose process id is answered. The environment holds the settings. Whoever asked for them ends them.
"""

import importlib
import os
import signal
import sys
from dataclasses import replace

from webapp import create_app
from webapp.auth.passwords import prepare_passwords
from webapp.cli import main
from webapp.config import read_settings


def breed() -> None:
    """Fork a process for every line, until there are no more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody has to wait for them
    app = create_app(replace(read_settings(), demo=True))  # it has no connection to the database yet
    prepare_passwords()
    importlib.import_module("webapp.cli.main").create_app = lambda settings: app
    for line in sys.stdin:
        if (pid := os.fork()) == 0:
            _run(line.split())
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _run(arguments: list[str]) -> None:
    """What `titian` does with these arguments, in this process. It is to be killed, not to end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ["PGAPPNAME"] = arguments[0]  # PostgreSQL's name for its sessions
    sys.stdin.close()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os._exit(main(arguments, standalone_mode=False) or 0)


if __name__ == "__main__":
    breed()
