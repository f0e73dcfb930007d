"""Where tests keep their files: in memory, where the machine has room there.

Thousands of databases are made and thrown away, and each commit of each waits for the disk: a quarter of the
suite's time on a machine whose disk is shared. What a test says does not change: the calls are the same ones.
"""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
"""Linux's file system in memory."""
ROOM = 6 * 2**30
"""Bytes that must be free; a whole run has come to 1.5 GB."""


def keep_files_in_memory() -> None:
    """Once a process, before the first file. A `TMPDIR` that is set stays."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return
    folder = MEMORY / f"titian-tests-{os.getuid()}"
    folder.mkdir(mode=0o755, exist_ok=True)  # PostgreSQL, which root runs as another user, passes through it
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None  # ask anew
