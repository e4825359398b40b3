"""How far the making of an archive is: what a bar shows, and where a cancellation is heard."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
Progress = Callable[[float], None]


class Work:
    """Steps of unlike kind (entries read or written, files copied) counted alike. `progress` hears which share is done,
    0 to 1, never less than before; it may raise.
    """

    def __init__(self, steps: int, progress: Progress) -> None:
        self.steps, self.done, self.share, self.progress = steps, 0, 0.0, progress

    def left(self, steps: int) -> None:
        """So many are still to come, whatever was foreseen."""
        self.steps = self.done + steps

    def each(self, things: Iterable[T]) -> Iterator[T]:
        """The same things, a step each."""
        for thing in things:
            yield thing
            self.done += 1
            self.share = max(self.share, min(self.done / self.steps, 1.0))
            self.progress(self.share)
