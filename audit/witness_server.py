"""`probant witness`: a witness over HTTP, for whoever wants to keep one; behind a proxy to be seen from outside."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.refusal import Refusal
from audit.witness import Answer, Witness
from ledger import keyfile
from ledger.errors import KeyLocked
from ledger.note import Key, NoteRefused
from ledger.settings import Settings

LONGEST = 128 * 1024  # bytes of a request
PATIENCE = 10  # seconds that a client may be silent


def server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """A server that listens, and answers once it is told to `serve_forever`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version, sys_version = "probant-witness", ""
        timeout = PATIENCE

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint":
                self.close_connection = True
                self.answer(Answer(404, "no such thing\n"))
            elif not length.isdecimal() or int(length) > LONGEST:
                self.close_connection = True
                self.answer(Answer(413, "too long, or of unknown length\n"))
            else:
                self.answer(witness.add(self.rfile.read(int(length))))

        def do_GET(self) -> None:
            self.answer(witness.last(self.path.removeprefix("/last/")))

        def answer(self, answer: Answer) -> None:
            body = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return ThreadingHTTPServer((host, port), Handler)


@click.command()
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="Dossier du témoin.")
@click.option("--name", required=True, help="Nom du témoin, par exemple temoin.cabinet.example.")
@click.option("--log", "logs", multiple=True, required=True, help="Clé d’un registre à suivre ; autant que voulu.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse d’écoute.")
@click.option("--port", default=8100, show_default=True, type=int, help="Port ; 0 : un port libre.")
def witness(*, folder: Path, name: str, logs: tuple[str, ...], host: str, port: int) -> None:
    """Tient un témoin : il garde le dernier point de contrôle de chaque registre et refuse toute autre histoire."""
    try:
        listening = server(Witness(folder, name, _key(folder), [Key.read(log) for log in logs]), host, port)
    except NoteRefused as error:
        raise Refusal(f"Cette clé n’est pas lisible : {error}.") from error
    except KeyLocked as error:
        raise Refusal(f"La clé {error.file} ne s’ouvre pas.") from error
    except OSError as error:
        raise Refusal(f"Le port {port} de {host} ou le dossier {folder} n’est pas utilisable : {error}.") from error
    where = f"http://{host}:{listening.server_address[1]}"
    public = Key(name, 4, _key(folder).public_key().public_bytes_raw())
    click.echo(f"Témoin : {where}/\nPROBANT_WITNESS_URL={where}#{public}\n(Ctrl-C pour arrêter)")
    with listening:
        listening.serve_forever()


def _key(folder: Path) -> Ed25519PrivateKey:
    """Made at the first start; encrypted when there is a passphrase file. Errors: `KeyLocked`."""
    file, word = folder / "witness.pem", Settings.from_env().keys_passphrase_file
    passphrase = word.read_bytes().strip() if word else None
    keyfile.make(file, Ed25519PrivateKey.generate(), passphrase)
    return keyfile.load(file, passphrase)
