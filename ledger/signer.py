"""The installation's checkpoint key, Ed25519, made once and kept outside the database.

Only its public half is used so far: `ledger.opened` names the verifier key (C2SP) that later checkpoints
of this ledger will be signed with.
"""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.settings import write_once


def checkpoint_key(folder: Path) -> Ed25519PrivateKey:
    """The key of the data folder `folder`, made at the first call; 32 bytes in a file only we can read."""
    path = folder / "keys" / "checkpoint.ed25519"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        write_once(path, Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def verifier_key(origin: str, key: Ed25519PrivateKey) -> str:
    """The C2SP vkey of `key` under the name `origin`: `<origin>+<key id>+<base64(0x01 ‖ public key)>`."""
    public = b"\x01" + key.public_key().public_bytes_raw()
    key_id = sha256(origin.encode() + b"\n" + public).hexdigest()[:8]
    return f"{origin}+{key_id}+{b64encode(public).decode()}"
