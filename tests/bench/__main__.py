"""`make bench`: every measurement of this folder, as one table."""

from tests.bench import commits, documents, growth, pages, proof, reads, verify
from tests.bench.ground import ground


def say(what: str, value: str, ratio: str) -> None:
    print(f"| {what} | {value} | {ratio} |", flush=True)


def main() -> None:
    print("| what | measured | ratio |\n|---|---|---|")
    with ground() as (_, server):
        commits.measure(server, say)
    with ground() as (_, server):
        growth.measure(server, say)
    with ground() as (settings, server):
        pages.measure(settings, server, say)
    with ground() as (_, server):
        reads.measure(server, say)
    with ground() as (settings, server):
        verify.measure(settings, server, say)
    with ground() as (settings, server):
        proof.measure(settings, server, say)
    documents.measure(say)


if __name__ == "__main__":
    main()
