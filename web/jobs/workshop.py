"""What a task works with."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import UUID

from ledger.books import Books
from ledger.postgres import Pool, Server
from ledger.settings import Settings
from projections.engine import Engine
from projections.tx import Tx


@dataclass(frozen=True)
class Workshop:
    """`pool`, `books` and `engine` are the job role's; `actor` is `job:<task>`; `stopping` is set when the worker is to
    end: a task that takes longer than a few seconds looks at it, and raises `Interrupted`.
    """

    settings: Settings
    server: Server
    pool: Pool
    books: Books
    engine: Engine
    stopping: threading.Event
    actor: str = "job:worker"

    def of(self, task: str) -> Self:
        return replace(self, actor=f"job:{task.replace('_', '-')}")

    def do(self, use_case: Callable[..., Any], company_id: UUID, command_id: UUID, **facts: Any) -> Any:
        """As `Books.do`: once, under that id, however often the task is done."""
        return self.books.do(use_case, company_id, command_id, self.actor, **facts)

    def read(self, company_id: UUID) -> AbstractContextManager[Tx]:
        """The read models of a company, caught up, in one read-only transaction."""
        return self.engine.read(company_id)

    def companies(self) -> list[UUID]:
        """Every ledger that lives here, for a task that is due by itself."""
        with self.pool.connection() as conn:
            return [company_id for (company_id,) in conn.execute("SELECT company_id FROM ledger.living()")]
