"""The Merkle tree of a ledger in its database: nodes that never change are kept, the leaves follow from the hashes."""

from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.merkle import TILE, Tree, leaf, perfect

LEAVES = """
    SELECT hash FROM ledger.entry
     WHERE company_id = %(company)s AND pos BETWEEN %(first)s + 1 AND %(first)s + 256 ORDER BY pos
    """
NODES = """
    SELECT hash FROM ledger.tree_node
     WHERE company_id = %(company)s AND level = %(level)s AND index BETWEEN %(first)s AND %(first)s + 255 ORDER BY index
    """
KEPT = "SELECT coalesce(max(index) + 1, 0) FROM ledger.tree_node WHERE company_id = %s AND level = %s"
KEEP = """
    INSERT INTO ledger.tree_node (company_id, level, index, hash) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
    """


class Nodes:
    """What a tree reads, of the ledger that the connection sees (`probant.company`). What is not kept is computed."""

    def __init__(self, conn: Connection[TupleRow], company: UUID) -> None:
        self.conn, self.company = conn, company

    def __call__(self, level: int, index: int) -> list[bytes]:
        if level == 0:
            return [leaf(hash_) for (hash_,) in self._rows(LEAVES, level, index)]
        found = [node for (node,) in self._rows(NODES, level, index)]
        while len(found) < TILE and len(below := self(level - 1, index * TILE + len(found))) == TILE:
            found.append(perfect(below))
        return found

    def kept(self, level: int) -> int:
        """How many nodes of a level are kept."""
        row = self.conn.execute(KEPT, (self.company, level)).fetchone()
        return int(row[0]) if row else 0

    def _rows(self, query: str, level: int, index: int) -> list[TupleRow]:
        asked = {"company": self.company, "level": level, "first": index * TILE}
        return self.conn.execute(query.encode(), asked).fetchall()


def tree(conn: Connection[TupleRow], company: UUID) -> Tree:
    """The tree of a ledger, of whatever size its entries allow."""
    return Tree(Nodes(conn, company))


def grow(conn: Connection[TupleRow], company: UUID, size: int) -> None:
    """Keeps what is complete among the first `size` entries: a row for each 256 of them. As the job."""
    nodes, level, count = Nodes(conn, company), 0, size
    while count >= TILE:
        for at in range(nodes.kept(level + 1), count // TILE):
            conn.execute(KEEP, (company, level + 1, at, perfect(nodes(level, at))))
        level, count = level + 1, count // TILE
