-- Attestations asked for on a page, until they are made: what a person watches. What counts is the entry
-- `certificate.issued`; `asked` (who signs for the company, since when it has the program) is blanked once the file is made.

SET LOCAL ROLE probant_owner;

CREATE TABLE jobs.certificate (
  company_id uuid NOT NULL,
  id uuid NOT NULL,                                              -- of the command that asked for it
  asked jsonb,                                                   -- the second part of the model, as typed
  problem text NOT NULL DEFAULT '',                              -- why there is no file: altered, refused, failed
  found integer NOT NULL DEFAULT 0,                              -- defects of an altered ledger
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (company_id, id)
);
ALTER TABLE jobs.certificate ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_company ON jobs.certificate
  USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
GRANT SELECT, INSERT ON jobs.certificate TO probant_web;
GRANT SELECT, INSERT, UPDATE ON jobs.certificate TO probant_job;

RESET ROLE;
