-- Who may come in, as whom, into which company; and what editors keep between two saves.
-- Nothing here is evidence: the ledger is. Secrets live here and never in the ledger.

CREATE SCHEMA accounts AUTHORIZATION probant_owner;
CREATE SCHEMA scratch AUTHORIZATION probant_owner;
SET LOCAL ROLE probant_owner;
GRANT USAGE ON SCHEMA accounts TO probant_web, probant_job;
GRANT USAGE ON SCHEMA scratch TO probant_web;

CREATE TABLE accounts.users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),                 -- the ledger knows a user as « user:<id> »
  username text NOT NULL CHECK (username ~ '^[^@[:cntrl:]]{3,40}$'),  -- no « @ »: a name never looks like an address
  email text NOT NULL CHECK (email ~ '^[^@[:cntrl:][:space:]]+@[^@[:cntrl:][:space:]]+$'),
  password text NOT NULL,                                        -- argon2id
  active boolean NOT NULL DEFAULT true,
  fs_uniquifier text NOT NULL UNIQUE,                            -- changing it ends every session
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX ON accounts.users (lower(username));
CREATE UNIQUE INDEX ON accounts.users (lower(email));

CREATE TABLE accounts.memberships (
  company_id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES accounts.users ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'collaborator', 'accountant', 'inspector')),
  from_at timestamptz NOT NULL DEFAULT now(),
  until_at timestamptz CHECK (until_at > from_at),
  PRIMARY KEY (company_id, user_id)
);
CREATE INDEX ON accounts.memberships (user_id);

CREATE TABLE accounts.sessions (                                 -- one row per sign-in: the browser holds the reference
  ref bytea PRIMARY KEY,                                         -- SHA-256 of that reference
  user_id uuid NOT NULL REFERENCES accounts.users ON DELETE CASCADE,
  company_id uuid,                                               -- the company that is open in this session
  opened_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  address text NOT NULL,
  agent text NOT NULL
);
CREATE INDEX ON accounts.sessions (user_id);

CREATE UNLOGGED TABLE accounts.limits (                          -- counters of attempts; losing them in a crash is harmless
  key text PRIMARY KEY,
  hits integer NOT NULL,
  until timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON accounts.users, accounts.memberships TO probant_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts.sessions, accounts.limits TO probant_web;
GRANT SELECT, INSERT, UPDATE ON accounts.users, accounts.memberships TO probant_job;

CREATE TABLE scratch.drafts (                                    -- keystrokes not yet saved; never in the ledger
  company_id uuid NOT NULL,
  document_id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES accounts.users ON DELETE CASCADE,
  content jsonb NOT NULL,
  base_version integer NOT NULL,                                 -- version of the stream that the person was looking at
  saved_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, document_id, user_id)
);
ALTER TABLE scratch.drafts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON scratch.drafts
  USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON scratch.drafts TO probant_web;

RESET ROLE;
