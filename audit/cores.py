"""Work for all cores, told in the order in which it was given."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

T = TypeVar("T")
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
AHEAD = 2 * CORES  # tasks under way or done, not yet told: what bounds the memory


def processes() -> ProcessPoolExecutor:
    """One process for each core. Spawned: a fork would copy open connections and threads."""
    return ProcessPoolExecutor(CORES, mp_context=get_context("spawn"))


def in_order(pool: Executor, work: Callable[..., T], tasks: Iterable[tuple[Any, ...]]) -> Iterator[T]:
    """`work(*task)` for each of the tasks, a few of them ahead."""
    under_way: deque[Future[T]] = deque()
    for task in tasks:
        under_way.append(pool.submit(work, *task))
        if len(under_way) > AHEAD:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()
