-- What goes with a person beside the openings of her seals: what somebody typed about her and did not save. (Mails and
-- links: 007, 008; the files of her documents, once their term is over: `ledger.drop_files`, 021.)

SET LOCAL ROLE probant_owner;

-- In the transaction of `subject.erased`: drafts of her documents, and those that name her.
CREATE FUNCTION scratch.forget_drafts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scratch, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
  subject text := NEW.line::jsonb -> 'data' ->> 'subject_id';
BEGIN
  DELETE FROM drafts d
   WHERE d.company_id = NEW.company_id
     AND (strpos(d.content::text, subject) > 0
          OR EXISTS (SELECT FROM ledger.entry e WHERE e.company_id = d.company_id AND e.stream_id = d.document_id
                        AND strpos(e.line, subject) > 0));
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION scratch.forget_drafts FROM PUBLIC;
CREATE TRIGGER forget_drafts AFTER INSERT ON ledger.entry FOR EACH ROW
  WHEN (NEW.type = 'subject.erased') EXECUTE FUNCTION scratch.forget_drafts();
ALTER TABLE ledger.entry ENABLE ALWAYS TRIGGER forget_drafts;

-- Counters of attempts that count no longer: their keys hold network addresses.
CREATE FUNCTION accounts.forget_limits() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = accounts, pg_temp SET standard_conforming_strings = on AS $$
  DELETE FROM limits WHERE until < now();
$$;
REVOKE ALL ON FUNCTION accounts.forget_limits FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts.forget_limits TO probant_job;

SET LOCAL search_path = ledger, pg_temp;

-- The erasures of a company are few among its entries: they are looked up by the job each day, by each archive.
CREATE INDEX entry_erased ON entry (company_id, pos) WHERE type = 'subject.erased';

-- Persons who were erased while the law kept a part of them, of whom a part has come to its term.
CREATE FUNCTION due_subjects(company uuid) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    PERFORM set_config('probant.company', company::text, true);
    RETURN QUERY
    SELECT DISTINCT (e.line::jsonb -> 'data' ->> 'subject_id')::uuid
      FROM entry e
      JOIN head h ON h.company_id = e.company_id
     WHERE e.company_id = company AND e.type = 'subject.erased'
       AND EXISTS (SELECT FROM sealed v
                    WHERE v.company_id = company AND v.subject_id = (e.line::jsonb -> 'data' ->> 'subject_id')::uuid
                      AND v.kept_until < (clock_timestamp() AT TIME ZONE h.time_zone)::date);
END $$;

REVOKE ALL ON FUNCTION due_subjects FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_subjects TO probant_job;

RESET ROLE;
