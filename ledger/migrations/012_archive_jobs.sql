-- Archives asked for on a page, under way and done: what a person watches and downloads. The trace that counts is the
-- entry `archive.created`; these rows may be lost.

SET LOCAL ROLE probant_owner;

CREATE TABLE jobs.archive (
  company_id uuid NOT NULL,
  id uuid NOT NULL,                                              -- of the command that asked for it
  first_on date NOT NULL,                                        -- days of recording, both included
  last_on date NOT NULL,
  done bigint NOT NULL DEFAULT 0,                                -- entries written
  total bigint NOT NULL,                                         -- entries there were when it was asked for
  problem text NOT NULL DEFAULT '',                              -- why there is no file: empty, cancelled, failed
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  cancelled boolean NOT NULL DEFAULT false,                      -- asked for by a person; the worker looks at it
  PRIMARY KEY (company_id, id)
);
ALTER TABLE jobs.archive ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_company ON jobs.archive
  USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
GRANT SELECT, INSERT ON jobs.archive TO probant_web;
GRANT UPDATE (cancelled) ON jobs.archive TO probant_web;
GRANT SELECT, INSERT, UPDATE ON jobs.archive TO probant_job;

RESET ROLE;
