-- Invoices of recurrences that could not be issued or drafted, and why: what the dashboard tells. These rows may be lost.
-- Then files of clients and articles on their way in: what was read of them, line by line, until they are thrown away.

SET LOCAL ROLE probant_owner;

CREATE TABLE jobs.recurring_refusal (
  company_id uuid NOT NULL,
  recurring_id uuid NOT NULL,
  due_on date NOT NULL,
  invoice_id uuid,                                               -- the draft that stays; null: not even that
  told text NOT NULL,                                            -- a French sentence
  refused_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, recurring_id, due_on)
);
ALTER TABLE jobs.recurring_refusal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_company ON jobs.recurring_refusal
  USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
GRANT SELECT ON jobs.recurring_refusal TO probant_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.recurring_refusal TO probant_job;

GRANT USAGE ON SCHEMA scratch TO probant_job;

CREATE TABLE scratch.import (
  company_id uuid NOT NULL,
  id uuid NOT NULL,                                              -- of the command that sent the file
  user_id uuid NOT NULL REFERENCES accounts.users ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('clients', 'products')),
  file_name text NOT NULL,
  columns text[] NOT NULL,                                       -- the file's own heads, in its order
  fields text[] NOT NULL,                                        -- what each column is taken for; empty: left out
  doubles boolean NOT NULL DEFAULT false,                        -- whether what looks like a duplicate is made too
  state text NOT NULL DEFAULT 'judging' CHECK (state IN ('judging', 'shown', 'running', 'done', 'undoing', 'undone')),
  lines integer NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (company_id, id)
);
CREATE TABLE scratch.import_line (
  company_id uuid NOT NULL,
  import_id uuid NOT NULL,
  line integer NOT NULL,                                         -- of the file, its heads being 1
  cells text[] NOT NULL,
  verdict text NOT NULL DEFAULT '' CHECK (verdict IN ('', 'good', 'duplicate', 'bad')),
  told text NOT NULL DEFAULT '',                                 -- what is wrong with it, or whom it duplicates
  keys text[] NOT NULL DEFAULT '{}',                             -- what it may be the duplicate of another line by
  made_id uuid,                                                  -- what it became
  result text NOT NULL DEFAULT '' CHECK (result IN ('', 'made', 'refused', 'archived', 'kept')),
  PRIMARY KEY (company_id, import_id, line),
  FOREIGN KEY (company_id, import_id) REFERENCES scratch.import ON DELETE CASCADE
);
CREATE INDEX ON scratch.import_line (company_id, import_id, verdict, line);

ALTER TABLE scratch.import ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE scratch.import_line ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON scratch.import
  USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
CREATE POLICY company ON scratch.import_line
  USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON scratch.import, scratch.import_line TO probant_web, probant_job;

RESET ROLE;
