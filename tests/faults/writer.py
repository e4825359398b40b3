"""A program that issues as fast as it can, and writes down each number once it was given an answer for it.

`python -m tests.faults.writer DATA SEED TOLD THREADS COUNT COMPANY…`, with SERIES in the environment
"""

import os
import random
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

from ledger import postgres
from ledger.books import Books
from ledger.settings import Settings
from tests.ledger.example import KEY, USER, ExampleMapper, issue_new


def main(data: str, seed: str, told: str, threads: str, count: str, *companies: str) -> None:
    server = postgres.start(Settings.from_env({"PROBANT_DATA": data}))
    with (
        postgres.pool(server, "probant_web", min_size=1, max_size=6, timeout=300) as pool,
        Path(told).open("ab", buffering=0) as file,
        ThreadPoolExecutor(int(threads)) as crowd,
    ):
        books = Books(pool, ExampleMapper(), KEY)
        work = [
            crowd.submit(write, books, f"{seed}.{n}", file.write, range(int(count)), companies)
            for n in range(int(threads))
        ]
        for done in work:
            done.result()


def write(books: Books, seed: str, tell, tries: Iterable[int], companies: tuple[str, ...]) -> None:
    """Each command is asked twice now and then, as by a double click."""
    chance = random.Random(seed)
    for _ in tries:
        company, series = chance.choice(companies), chance.choice(os.environ["SERIES"].split())
        command, ticket = (UUID(int=random.getrandbits(128), version=4) for _ in range(2))
        for _ in range(chance.choice((1, 1, 2))):
            number = books.do(
                issue_new, UUID(company), command, USER, ticket_id=ticket, client_id=ticket, series=series
            )
        tell(f"{company} {number}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
