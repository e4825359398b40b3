-- Verifications under way, and what the finished ones found: what a person watches. The result that counts is the entry
-- `chain.verified` in the ledger; these rows may be lost.

CREATE SCHEMA jobs AUTHORIZATION probant_owner;
SET LOCAL ROLE probant_owner;
GRANT USAGE ON SCHEMA jobs TO probant_web, probant_job;

CREATE TABLE jobs.verification (
  company_id uuid NOT NULL,
  id uuid NOT NULL,                                              -- of the command that asked for it
  done bigint NOT NULL DEFAULT 0,                                -- entries examined
  total bigint NOT NULL,                                         -- entries there were when it began
  findings jsonb NOT NULL DEFAULT '[]',                          -- the first of them: position, code, facts
  found integer NOT NULL DEFAULT 0,                              -- how many there are
  head text NOT NULL DEFAULT '',                                 -- the hash it came to, in hex
  failed boolean NOT NULL DEFAULT false,                         -- it broke down: nothing is known
  recorded boolean NOT NULL DEFAULT false,                       -- the ledger took the entry
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,                                       -- null and nobody holds its lock: interrupted
  PRIMARY KEY (company_id, id)
);
CREATE INDEX ON jobs.verification (company_id, started_at DESC);
ALTER TABLE jobs.verification ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_company ON jobs.verification
  USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
GRANT SELECT ON jobs.verification TO probant_web;
GRANT SELECT, INSERT, UPDATE ON jobs.verification TO probant_job;

RESET ROLE;
