"""A program that issues as fast as it can, and writes down each number once it was given an answer for it.

`python -m tests.faults.writer DATA SEED TOLD THREADS COUNT COMPANY…`
"""

import random
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

from domain.registry import AGGREGATES
from ledger import postgres
from ledger.books import Books
from ledger.codec import EventMapper
from ledger.settings import Settings
from tests.faults.trade import KEY, LINES, USER, draft, issue, issue_new


def main(data: str, seed: str, told: str, threads: str, count: str, *companies: str) -> None:
    server = postgres.start(Settings.from_env({"PROBANT_DATA": data}))
    with (
        postgres.pool(server, "probant_web", min_size=1, max_size=6, timeout=300) as pool,
        Path(told).open("ab", buffering=0) as file,
        ThreadPoolExecutor(int(threads)) as crowd,
    ):
        books = Books(pool, EventMapper(*AGGREGATES), KEY)
        work = [
            crowd.submit(write, books, f"{seed}.{n}", file.write, range(int(count)), companies)
            for n in range(int(threads))
        ]
        for done in work:
            done.result()


def write(books: Books, seed: str, tell, tries: Iterable[int], companies: tuple[str, ...]) -> None:
    """Documents are made by one command or by two; the last is asked twice now and then, as by a double click."""
    chance = random.Random(seed)
    for _ in tries:
        company, kind, use_case = chance.choice(companies), chance.choice([*LINES]), chance.choice((issue_new, issue))
        command, drafted, document = (UUID(int=random.getrandbits(128), version=4) for _ in range(3))
        if use_case is issue:
            books.do(draft, UUID(company), drafted, USER, kind=kind, document_id=document)
        for _ in range(chance.choice((1, 1, 2))):
            number = books.do(use_case, UUID(company), command, USER, kind=kind, document_id=document)
        tell(f"{company} {number}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
