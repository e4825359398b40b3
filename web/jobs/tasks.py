"""What makes a function a task: a name, which is also its queue, how often it is tried, or when it is due."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from web.jobs.workshop import Workshop

LONGEST = 600  # seconds between two tries


class Interrupted(Exception):
    """The worker is to end, and the task stopped halfway: it is done again from the start, by the next worker."""


@dataclass(frozen=True)
class Task:
    """`function(workshop, **ids)`. `cron`: when it is due by itself, without ids, in UTC; empty: when asked for."""

    name: str
    function: Callable[..., None]
    tries: int
    cron: str

    def __call__(self, workshop: Workshop, **ids: str) -> None:
        """Names that end in `_id` come as UUIDs."""
        typed = {name: UUID(text) if name.endswith("_id") else text for name, text in ids.items()}
        self.function(workshop.of(self.name), **typed)


def task(name: str, *, tries: int = 12, cron: str = "") -> Callable[[Callable[..., None]], Task]:
    """Makes a function a task. It enters the worker by being in `worker.TASKS`.

    What it raises is logged, and tried again after 1, 2, 4… seconds, then every ten minutes (12 times: 26 minutes).
    """
    return lambda function: Task(name, function, tries, cron)


class Patience(BaseRetryStrategy):
    """Waits longer each time; gives up after `tries`. An interruption does not wait."""

    def __init__(self, tries: int) -> None:
        self.tries = tries

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> Any:
        if isinstance(exception, Interrupted):
            return RetryDecision(retry_in={"seconds": 0})
        if job.attempts + 1 >= self.tries:
            return None
        return RetryDecision(retry_in={"seconds": min(LONGEST, 2**job.attempts)})
