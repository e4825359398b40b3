"""The press: a warm process that prints each page in a child of its own, with hard limits.

Started by `pdf.py` as `python -P -m documents.press`, with a socket as standard input. Importing xhtml2pdf costs a
second, so it is done once; a fork of this process, which has one thread, no network and no secret, costs a
millisecond. A child stands in the folder of the fonts, writes no file, and takes nothing with it when it hangs, grows
or crashes.
"""

import ctypes
import os
import resource
import signal
import sys
from typing import NoReturn

from documents.fonts import FOLDER
from documents.renderer import convert
from documents.wire import WALL_SECONDS, Answer, Job, receive, send

LIMITS = {
    resource.RLIMIT_CPU: 20,
    resource.RLIMIT_AS: 512 * 2**20,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # linux/sched.h


def main() -> None:
    """Prints jobs until the caller hangs up."""
    leave_network()
    os.chdir(FOLDER)
    convert(Job("<p>é</p>", 0))  # what xhtml2pdf imports late, every child has already
    line = sys.stdin.fileno()
    while True:
        try:
            send(line, printed(receive(line, Job)))
        except (EOFError, OSError):
            return


def printed(job: Job) -> Answer:
    """Prints one page in a child; a child over its limits is killed."""
    theirs, ours = os.pipe()
    child = os.fork()
    if not child:
        os.close(theirs)
        _print(job, ours)
    os.close(ours)
    try:
        return receive(theirs, Answer, WALL_SECONDS)
    except TimeoutError:
        os.kill(child, signal.SIGKILL)
        return Answer(refusal="time")
    except EOFError:
        return Answer(refusal=_cause(child))
    finally:
        os.close(theirs)
        os.waitpid(child, 0)


def leave_network() -> None:
    """Moves this process to a network of its own, where nothing answers.

    Where the system forbids it, the closed resource policy of `renderer.py` stands alone.
    """
    unshare = ctypes.CDLL(None).unshare
    if unshare(_NEW_NET) != 0:
        unshare(_NEW_USER | _NEW_NET)


def _print(job: Job, ours: int) -> NoReturn:
    try:
        for what, most in LIMITS.items():
            resource.setrlimit(what, (most, most))
        os.close(sys.stdin.fileno())  # the line is the parent's
        answer = Answer(pdf=convert(job))
    except MemoryError:
        answer = Answer(refusal="memory")
    except BaseException as failure:  # noqa: BLE001 - whatever a renderer may raise is an answer
        answer = Answer(refusal=f"{type(failure).__name__}: {failure}"[:500])
    try:
        send(ours, answer)
    finally:
        os._exit(0)


def _cause(child: int) -> str:
    """Why a child said nothing: the kernel stops it with SIGXCPU or SIGKILL when its seconds are over."""
    ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    return "time" if ended and ended.si_status in (signal.SIGXCPU, signal.SIGKILL) else "crash"


if __name__ == "__main__":
    main()
