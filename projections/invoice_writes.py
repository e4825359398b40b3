"""The statements that a batch of invoices is written by, each fed by `Tx.gather`.

A document that was drafted and issued in the same batch has no row of its draft: its line says where it came from.
"""

ISSUED = """
    INSERT INTO read.invoices AS i (
           company_id, id, kind, state, number, client_id, subject, subject_seal, credits, quote_id, issued_on, due_on,
           net_cents, gross_cents, apart_cents, payable_cents, left_cents, saved_at, version, copied_from, replaces)
    SELECT %(company)s, id, kind, 'issued', number, client_id, subject, seal, credits, quote_id, issued_on, due_on,
           net_cents, gross_cents, apart_cents, payable_cents, left_cents, saved_at, r.version,
           (drafted.data ->> 'copied_from')::uuid, coalesce((drafted.data ->> 'replaces')::boolean, false)
      FROM unnest(%(id)b::uuid[], %(kind)b::text[], %(number)b::text[], %(client_id)b::uuid[], %(subject)b::text[],
                  %(seal)b::text[], %(credits)b::uuid[], %(quote_id)b::uuid[], %(issued_on)b::date[],
                  %(due_on)b::date[], %(net_cents)b::bigint[], %(gross_cents)b::bigint[], %(apart_cents)b::bigint[],
                  %(payable_cents)b::bigint[], %(left_cents)b::bigint[], %(saved_at)b::timestamptz[],
                  %(version)b::bigint[])
           AS r (id, kind, number, client_id, subject, seal, credits, quote_id, issued_on, due_on, net_cents,
                 gross_cents, apart_cents, payable_cents, left_cents, saved_at, version)
      LEFT JOIN LATERAL (SELECT line::jsonb -> 'data' AS data FROM ledger.entry e
                          WHERE e.company_id = %(company)s AND e.stream_id = r.id AND e.version = 1) AS drafted ON true
        ON CONFLICT (company_id, id) DO UPDATE
       SET state = excluded.state, number = excluded.number, client_id = excluded.client_id,
           subject = excluded.subject, subject_seal = excluded.subject_seal, quote_id = excluded.quote_id,
           issued_on = excluded.issued_on, due_on = excluded.due_on, net_cents = excluded.net_cents,
           gross_cents = excluded.gross_cents, apart_cents = excluded.apart_cents,
           payable_cents = excluded.payable_cents, left_cents = excluded.left_cents,
           saved_at = excluded.saved_at, version = excluded.version
    """
INSTALMENTS = """
    INSERT INTO read.instalments (company_id, invoice_id, rank, due_on, cents, to_cents)
    SELECT %(company)s, invoice_id, rank, due_on, cents, to_cents
      FROM unnest(%(invoice_id)b::uuid[], %(rank)b::integer[], %(due_on)b::date[], %(cents)b::bigint[],
                  %(to_cents)b::bigint[]) AS r (invoice_id, rank, due_on, cents, to_cents)
    """
SETTLED = """
    UPDATE read.invoices i
       SET settled_cents = settled_cents + r.settled, cash_cents = cash_cents + r.cash,
           credited_cents = credited_cents + r.credited, lost_cents = lost_cents + r.lost,
           due_on = (SELECT min(due_on) FROM read.instalments n
                      WHERE n.company_id = i.company_id AND n.invoice_id = i.id
                        AND n.to_cents > i.settled_cents + r.settled)
      FROM (SELECT invoice_id, sum(settled) AS settled, sum(cash) AS cash, sum(credited) AS credited, sum(lost) AS lost
              FROM unnest(%(invoice_id)b::uuid[], %(settled)b::bigint[], %(cash)b::bigint[], %(credited)b::bigint[],
                          %(lost)b::bigint[]) AS r (invoice_id, settled, cash, credited, lost)
             GROUP BY invoice_id) AS r
     WHERE i.company_id = %(company)s AND i.id = r.invoice_id
    """
TAKEN = """
    UPDATE read.invoices i SET left_cents = left_cents - r.cents
      FROM (SELECT id, sum(cents) AS cents FROM unnest(%(id)b::uuid[], %(cents)b::bigint[]) AS r (id, cents)
             GROUP BY id) AS r
     WHERE i.company_id = %(company)s AND i.id = r.id
    """
FORGOTTEN = """
    UPDATE read.invoices i SET subject = ''
      FROM unnest(%(client_id)b::text[], %(at)b::timestamptz[]) AS r (client_id, at)
     WHERE i.company_id = %(company)s AND i.client_id = r.client_id::uuid
       AND i.subject_seal <> '' AND i.saved_at <= r.at
    """  # also what the law keeps sealed: the file shows it, lists and searches no more
