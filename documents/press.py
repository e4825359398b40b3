"""The press: a warm process that prints each page in a child of its own, with hard limits.

Started by `pressroom.py` as `python -P -m documents.press`, with a socket as standard input, on which each page's own
line comes. Importing xhtml2pdf costs a second, so it is done once; a fork of this process, which has one thread, no
network and no secret, costs a millisecond. For each page there is a clerk, who speaks on its line, and the printer, who
stands in the folder of the fonts, writes no file, and takes nothing with it when it hangs, grows or crashes.
"""

import ctypes
import os
import resource
import signal
import socket
import sys
from typing import NoReturn

from documents.copies import marked
from documents.fonts import FOLDER
from documents.renderer import convert, warm
from documents.wire import ANSWERS, JOBS, WALL_SECONDS, Answer, Copy, Job, receive, send

LIMITS = {
    resource.RLIMIT_CPU: 20,
    resource.RLIMIT_AS: 512 * 2**20,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # linux/sched.h


def main() -> None:
    """Gives each page to a clerk until the caller hangs up."""
    leave_network()
    os.chdir(FOLDER)
    warm()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # clerks need no burial
    with socket.socket(fileno=sys.stdin.fileno()) as caller:
        while lines := socket.recv_fds(caller, 1, 1)[1]:
            if not os.fork():
                caller.close()
                _serve(lines[0])
            os.close(lines[0])


def printed(job: Job | Copy) -> Answer:
    """Prints one page in a child; a child over its limits is killed."""
    theirs, ours = os.pipe()
    child = os.fork()
    if not child:
        os.close(theirs)
        _print(job, ours)
    os.close(ours)
    try:
        return receive(theirs, ANSWERS, WALL_SECONDS)
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


def _serve(line: int) -> NoReturn:
    """The clerk of one page."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        send(line, printed(receive(line, JOBS)))
    finally:  # a caller who is gone needs no answer
        os._exit(0)


def _print(job: Job | Copy, ours: int) -> NoReturn:
    try:
        for what, most in LIMITS.items():
            resource.setrlimit(what, (most, most))
        answer = Answer(pdf=convert(job) if isinstance(job, Job) else marked(job.original, job.words, job.beside))
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
