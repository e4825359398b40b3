import io
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from xhtml2pdf.config.resources import PERMISSIVE_POLICY
from xhtml2pdf.document import pisaDocument

from documents.page import Page, screen
from documents.paper import Party, Seller
from documents.pdf import RenderFailed, print_page, render
from documents.pressroom import press
from tests.documents.reading import text
from tests.documents.samples import paper

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 24)


class Canary(ThreadingHTTPServer):
    """Counts who comes."""

    hits = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/oiseau.png"


class _Song(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.hits += 1
        self.send_error(404)

    def log_message(self, *_):
        pass


@pytest.fixture
def canary() -> Iterator[Canary]:
    with Canary(("127.0.0.1", 0), _Song) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def hostile(url: str) -> tuple[str, ...]:
    return (
        f'<img src="{url}">', f'<link rel="stylesheet" href="{url}">', f"<style>@import url({url});</style>",
        f'<div style="background-image:url({url})">x</div>', '<img src="file:///etc/passwd">',
        '<pdf:nextpage/><a href="file:///etc/passwd">y</a>', "{{ paper }}{% include 'paper.css' %}",
        "</td></tr></table><script>alert(1)</script>", '"><b>&amp;', "</style></title>",
    )  # fmt: skip


def test_text_is_only_text_wherever_it_stands_and_nothing_is_fetched(canary):
    for words in hostile(canary.url):
        buyer = Party(name=words, address=(words,), details=(words,))
        sample = paper(2, buyer=buyer, subject=words, notes=words, mentions=(words,), payment=words, number=words)
        printed = text(render(sample)).replace(" ", "")
        assert printed.count(words.replace(" ", "")) == 8  # number in the head, buyer thrice…
    assert canary.hits == 0


def test_on_screen_text_is_only_text_too():
    for words in hostile("http://127.0.0.1/"):
        html = screen(paper(2, buyer=Party(name=words), subject=words, notes=words, mentions=(words,)))
        assert words not in html or "<" not in words
        assert html.count("<script") == html.count("<style") == html.count("<link") == 0


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="{}">', '<style>@import url("{}");</style>', '<link rel="stylesheet" href="{}">',
        '<style>@font-face {{ font-family: X; src: url("{}") }} p {{ font-family: X }}</style>',
        '<style>@page {{ background-image: url("{}") }}</style>',
    ],
)  # fmt: skip
def test_even_a_page_that_asks_for_it_fetches_nothing(canary, tag):
    html = f"<html><body>{tag.format(canary.url)}<p>é</p></body></html>"
    pisaDocument(html, resource_policy=PERMISSIVE_POLICY)  # an open renderer does go there: the trap works
    came = canary.hits
    assert came > 0
    with pytest.raises(RenderFailed):
        print_page(Page(html), DAY)
    assert canary.hits == came


@pytest.mark.parametrize("url", ["/etc/passwd", "file:///etc/passwd", "../../requirements.txt"])
def test_no_file_but_our_fonts_can_be_read(url):
    with pytest.raises(RenderFailed):
        print_page(Page(f'<img src="{url}"><p>é</p>'), DAY)


def test_a_missing_font_is_an_error_and_never_silently_another_one():
    with pytest.raises(RenderFailed):
        print_page(Page('<p style="font-family: Inconnue">é</p>'), DAY)


def picture(kind: str, size: tuple[int, int]) -> bytes:
    Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3)).save(out := io.BytesIO(), kind)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "size"), [("PNG", (60, 60)), ("PNG", (400, 400)), ("JPEG", (900, 300))])
def test_a_logo_is_drawn_and_a_broken_one_refused(kind, size):
    logo = picture(kind, size)
    assert len(PdfReader(io.BytesIO(render(paper(1, seller=Seller(name="A", logo=logo))))).pages[0].images) == 1
    with pytest.raises(RenderFailed):
        render(paper(1, seller=Seller(name="A", logo=logo[:40])))


def answer_of_a_press(limit: str, most: int, html: str) -> str:
    """What a press with a smaller limit than ours says."""
    script = (
        "import resource; from documents import press; from documents.wire import Job;"
        f"press.LIMITS[resource.{limit}] = {most}; print(press.printed(Job({html}, 0)).refusal)"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    return run.stdout.strip()


def test_a_page_that_never_ends_is_stopped_by_its_seconds():
    assert answer_of_a_press("RLIMIT_CPU", 1, "'<div>' * 5000") == "time"


def test_a_page_that_grows_without_end_is_stopped_by_its_memory():
    assert answer_of_a_press("RLIMIT_AS", 200 * 2**20, "'<p>' + 'a' * 80_000_000") == "memory"


def test_a_press_that_was_killed_is_replaced():
    before = render(paper(1))
    press.process.kill()
    press.process.wait()
    assert render(paper(1)) == before


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def killed_soon(pids: Callable[[], list[int]]) -> None:
    def kill() -> None:
        for pid in pids():
            os.kill(pid, signal.SIGKILL)

    threading.Timer(0.5, kill).start()


def test_a_page_whose_press_dies_at_work_is_printed_all_the_same_and_the_next_by_a_new_press():
    expected = render(paper(1_000))
    before = press.process
    killed_soon(lambda: [before.pid])
    assert render(paper(1_000)) == expected
    assert before.wait(1) == -signal.SIGKILL
    assert render(paper(1))
    assert press.process is not before


def test_a_page_whose_clerk_dies_at_work_is_printed_by_another():
    expected = render(paper(1_000))
    clerks: list[int] = []
    killed_soon(lambda: clerks.extend(children(press.process.pid)) or clerks)
    assert render(paper(1_000)) == expected
    assert len(clerks) == 1


def test_without_any_press_there_is_an_error_and_later_a_press_again(monkeypatch):
    render(paper(1))
    press.stop()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RenderFailed):
        render(paper(1))
    monkeypatch.undo()
    assert render(paper(1))


def test_a_forked_process_has_a_press_of_its_own():
    render(paper(1))
    mine = press.process.pid
    child = os.fork()
    if not child:
        done = render(paper(1)) and press.process.pid != mine
        press.stop()
        os._exit(0 if done else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert press.process.pid == mine


def test_several_threads_share_the_press():
    expected = [render(paper(at)) for at in range(1, 5)]
    found: dict[int, bytes] = {}
    threads = [threading.Thread(target=lambda at=at: found.update({at: render(paper(at))})) for at in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[at] for at in range(1, 5)] == expected
