-- Ledgers that were opened again from their archives: whole, read-only for ever, apart from those that live here. Only the
-- administrator puts one in: no role of the application gains a way to write entries.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = ledger, pg_temp;

CREATE TABLE reopened (
    company_id uuid PRIMARY KEY,
    first_on   date NOT NULL,                         -- days of recording that the archives hold, both included
    last_on    date NOT NULL,
    opened_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE reopened ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_company ON reopened USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
CREATE POLICY all_companies ON reopened FOR SELECT TO probant_owner USING (true);                -- for `living`
CREATE TRIGGER no_change   BEFORE UPDATE OR DELETE ON reopened EXECUTE FUNCTION refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE         ON reopened EXECUTE FUNCTION refuse();
ALTER TABLE reopened ENABLE ALWAYS TRIGGER no_change, ENABLE ALWAYS TRIGGER no_truncate;
GRANT SELECT ON reopened TO probant_web, probant_job, probant_audit;

-- Whatever asks for it, nothing is added to it: its life goes on where it was made, or is over.
CREATE FUNCTION archives_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger.reopened r WHERE r.company_id = OLD.company_id) THEN
        RAISE EXCEPTION 'ledger % was opened from its archives: read-only', OLD.company_id USING ERRCODE = 'PB008';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER archives_end BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION archives_end();
ALTER TABLE head ENABLE ALWAYS TRIGGER archives_end;

-- The ledgers that live here: what jobs work on.
CREATE FUNCTION living() RETURNS TABLE (company_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
    SELECT h.company_id FROM head h
     WHERE NOT EXISTS (SELECT FROM reopened r WHERE r.company_id = h.company_id) ORDER BY h.company_id
$$;

-- One more piece of an archive, whose openings are in the vault already: the head after it. `h` = the head before, null at
-- first; the arrays have one element per entry. Lines and hashes are composed here again: whoever calls compares the hash.
CREATE FUNCTION reopen(h head, company uuid, ats timestamptz[], actors text[], streams uuid[], versions bigint[],
                       types text[], datas text[]) RETURNS head LANGUAGE plpgsql AS $$
DECLARE
    parsed  jsonb;
    line    text;
    digests bytea[];
BEGIN
    FOR i IN 1 .. cardinality(streams) LOOP
        parsed := datas[i]::jsonb;
        IF h.pos IS NULL THEN
            h := founded(company, parsed);
        END IF;
        h.pos := h.pos + 1;
        h.at := ats[i];
        h.frozen := types[i] = 'ledger.restored';     -- as it was, until it said so
        digests := ARRAY(SELECT decode(m[1], 'hex') FROM regexp_matches(datas[i], '\{"sealed":"([0-9a-f]{64})"\}', 'g') m);
        INSERT INTO seal SELECT company, digest, streams[i], h.pos FROM unnest(digests) digest;
        IF types[i] IN ('invoice.issued', 'invoice.imported', 'payment.recorded', 'payment.reversed', 'refund.recorded',
                        'allocation.recorded', 'allocation.reversed', 'debt.doubted', 'debt.written_off',
                        'debt.recovered', 'entry.posted') THEN
            h.day := fiscal_day(h, parsed);
            UPDATE sealed s SET kept_until = term(h.fiscal_years, h.day)
             WHERE s.company_id = company AND s.digest = ANY (digests);
            IF types[i] = 'invoice.issued' THEN
                h.series := with_number(company, h.series, parsed, parsed ->> 'kind', iso_date(parsed ->> 'issued_on'), h.pos);
            END IF;
        ELSIF types[i] IN ('quote.sent', 'series.opened', 'fiscal_year.defined')
              OR starts_with(types[i], 'ledger.') OR starts_with(types[i], 'clock.') THEN
            h := turned(h, types[i], parsed, streams[i]);
        END IF;
        line := compose(h.at, actors[i], datas[i], company, h.pos, streams[i], types[i], versions[i]);
        h.hash := link(h.hash, line);
        INSERT INTO entry VALUES (company, h.pos, streams[i], versions[i], types[i], h.at, line, h.hash);
    END LOOP;
    RETURN h;
END $$;

-- Files that an archive holds go; the guard of blobs refuses those whose term is not over.
CREATE FUNCTION drop_files(company uuid, files bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    PERFORM set_config('probant.company', company::text, true);
    DELETE FROM blob WHERE company_id = company AND sha256 = ANY (files);
END $$;

REVOKE ALL ON FUNCTION archives_end, living, reopen, drop_files FROM PUBLIC;
GRANT EXECUTE ON FUNCTION living TO probant_audit, probant_job;
GRANT EXECUTE ON FUNCTION drop_files TO probant_job;

RESET ROLE;
