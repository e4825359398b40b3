-- Which entries speak of a document beside its own stream: what settles, credits, refunds or continues it. An index of
-- the lines, kept as they are written: « what later entries did to this invoice » costs one look, in any company.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = ledger, pg_temp;

CREATE TABLE mention (
    company_id uuid   NOT NULL,
    subject_id uuid   NOT NULL,                       -- the stream spoken of
    pos        bigint NOT NULL,                       -- the entry that speaks of it
    PRIMARY KEY (company_id, subject_id, pos)
);
ALTER TABLE mention ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_company ON mention USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
CREATE TRIGGER no_change   BEFORE UPDATE OR DELETE ON mention EXECUTE FUNCTION refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE         ON mention EXECUTE FUNCTION refuse();
ALTER TABLE mention ENABLE ALWAYS TRIGGER no_change;
ALTER TABLE mention ENABLE ALWAYS TRIGGER no_truncate;
GRANT SELECT ON mention TO probant_web, probant_job, probant_audit;

-- Ids of other documents in a line. A text cannot feign one: its quotes are escaped.
CREATE FUNCTION mentioned(line text) RETURNS SETOF uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT DISTINCT found[1]::uuid
      FROM regexp_matches(line, '"(?:(?:invoice|payment|quote|allocation)_)?id":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"', 'g') AS found
$$;

CREATE FUNCTION mention() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    INSERT INTO mention SELECT NEW.company_id, id, NEW.pos FROM mentioned(NEW.line) AS id WHERE id <> NEW.stream_id;
    RETURN NULL;
END $$;
CREATE TRIGGER mention AFTER INSERT ON entry FOR EACH ROW
    WHEN (NEW.type IN ('invoice.issued', 'payment.reversed', 'payment.recorded', 'refund.recorded', 'allocation.recorded',
                       'allocation.reversed', 'debt.doubted', 'debt.written_off', 'debt.recovered'))
    EXECUTE FUNCTION mention();
ALTER TABLE entry ENABLE ALWAYS TRIGGER mention;
REVOKE ALL ON FUNCTION mentioned(text), mention() FROM PUBLIC;

RESET ROLE;
