-- With a document comes its client, whom nearly every command on it needs: an exchange less.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = ledger, pg_temp;

-- Takes the pen, then reads: each query sees what was committed before the pen was given. A text cannot feign a client:
-- its quotes are escaped.
CREATE OR REPLACE FUNCTION take(company uuid, command uuid, ids uuid[], OUT pos bigint, OUT day date, OUT training boolean,
                     OUT series jsonb, OUT known bytea, OUT result jsonb, OUT lines text[], OUT subjects uuid[],
                     OUT mentions text[], OUT digests text[], OUT openings text[])
LANGUAGE plpgsql AS $$
DECLARE
    clients uuid[];
BEGIN
    SELECT o.pos, o.day, o.training, o.series, o.known, o.result INTO pos, day, training, series, known, result
      FROM ledger.open(company, command) o;
    SELECT s.lines, s.subjects, s.mentions, s.digests, s.openings INTO lines, subjects, mentions, digests, openings
      FROM ledger.streams(company, ids) s;
    SELECT array_agg(DISTINCT id::uuid) INTO clients
      FROM unnest(lines) AS line, left(split_part(line, '"client_id":"', 2), 36) AS id
     WHERE CASE WHEN id ~ '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN id::uuid <> ALL (ids) END;
    IF clients IS NOT NULL THEN
        SELECT take.lines || s.lines, take.subjects || s.subjects, take.mentions || s.mentions,
               take.digests || s.digests, take.openings || s.openings
          INTO lines, subjects, mentions, digests, openings
          FROM ledger.streams(company, clients) s;
    END IF;
END $$;

RESET ROLE;
