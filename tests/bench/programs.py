"""A program run for its time and its memory."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence

from ledger.settings import Settings

# A process counts the memory of whoever forked it until it becomes its program: so a small one forks it.
LAUNCH = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
sys.exit(code)
"""


def run(command: Sequence[str], settings: Settings) -> tuple[float, float]:
    """Seconds, and megabytes at most. Errors: `CalledProcessError`."""
    at = time.perf_counter()
    launched = [sys.executable, "-c", LAUNCH, *command]
    told = subprocess.run(
        launched, env=os.environ | settings.environ(), stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    return time.perf_counter() - at, float(told)
