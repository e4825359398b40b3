-- Accounts that people open by themselves, the companies that they open, and what they subscribe to. Nothing here is
-- evidence: a subscription's invoices are entries of the operator's own ledger.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = accounts, pg_temp;

ALTER TABLE users
  ADD COLUMN operator boolean NOT NULL DEFAULT false,            -- runs this installation: the console, and no books
  ADD COLUMN confirmed_at timestamptz DEFAULT now(),             -- the address answered; made by code, it is taken as good
  ADD COLUMN terms_version text NOT NULL DEFAULT '',             -- of the general terms that the person accepted
  ADD COLUMN terms_at timestamptz,
  ADD COLUMN plan text NOT NULL DEFAULT '',                      -- chosen at sign-up; it begins with the first company
  ADD COLUMN rhythm text NOT NULL DEFAULT 'month' CHECK (rhythm IN ('month', 'year')),
  ADD COLUMN lookalike text;                                     -- the user name as an eye confuses it
CREATE UNIQUE INDEX ON users (lookalike);

-- Who is an operator is not the pages' to say. A later column that they write is granted by its own migration.
REVOKE INSERT, UPDATE ON users FROM probant_web;
GRANT INSERT (id, username, email, password, active, fs_uniquifier, confirmed_at, terms_version, terms_at, plan, rhythm,
              lookalike),
      UPDATE (username, email, password, active, fs_uniquifier, created_at, confirmed_at, terms_version, terms_at, plan,
              rhythm, lookalike)
   ON users TO probant_web;

-- Accounts whose address was never confirmed, so many days later: the only users that are ever removed.
CREATE FUNCTION forget_newcomers(days integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = accounts, pg_temp SET standard_conforming_strings = on AS $$
  DELETE FROM users WHERE confirmed_at IS NULL AND created_at < now() - make_interval(days => days)
$$;
REVOKE ALL ON FUNCTION forget_newcomers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_newcomers TO probant_job;

CREATE TABLE subscriptions (                                     -- one for a person: her companies share it
  id uuid PRIMARY KEY,
  user_id uuid UNIQUE REFERENCES users ON DELETE SET NULL,       -- who decides on it
  billed_id uuid NOT NULL,                                       -- the company that its invoices name
  next_plan text NOT NULL DEFAULT '',                            -- takes over when the period is over; empty: the same
  next_rhythm text NOT NULL DEFAULT '' CHECK (next_rhythm IN ('', 'month', 'year')),
  ends_on date,                                                  -- its last day, once it was given up
  payment text NOT NULL DEFAULT 'transfer' CHECK (payment IN ('transfer', 'mandate')),
  mandate text NOT NULL DEFAULT ''                               -- unique reference of the SEPA mandate
);

CREATE TABLE subscription_periods (                              -- what was in force and due, one after the other
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  subscription_id uuid NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
  from_on date NOT NULL,
  to_on date NOT NULL CHECK (to_on >= from_on - 1),              -- both included; cut short when another plan takes over
  paid_to_on date NOT NULL CHECK (paid_to_on >= to_on),          -- what `net_cents` is the price of
  anchor integer NOT NULL CHECK (anchor BETWEEN 1 AND 31),       -- the day of the month that periods begin on
  plan text NOT NULL,                                            -- plans are data of the program
  rhythm text NOT NULL CHECK (rhythm IN ('month', 'year')),
  net_cents bigint NOT NULL CHECK (net_cents >= 0),              -- price of the whole period, without VAT
  deducted_cents bigint NOT NULL DEFAULT 0 CHECK (deducted_cents BETWEEN 0 AND net_cents),
  deducted text NOT NULL DEFAULT '',                             -- what for, as the invoice says
  document_id uuid,                                              -- of the invoice in the operator's ledger
  number text NOT NULL DEFAULT '',
  gross_cents bigint
);
CREATE INDEX ON subscription_periods (subscription_id, from_on DESC, to_on DESC);
CREATE INDEX ON subscription_periods (subscription_id) WHERE document_id IS NULL;

CREATE TABLE companies (                                         -- what a ledger's company is to its installation
  company_id uuid PRIMARY KEY,
  siren_hash bytea UNIQUE CHECK (octet_length(siren_hash) = 32), -- HMAC: one live ledger for a SIREN, told to nobody
  subscription_id uuid REFERENCES subscriptions ON DELETE SET NULL  -- none: opened by the operator, nothing limits it
);
CREATE INDEX ON companies (subscription_id);

CREATE TABLE openings (                                          -- a company that a person asked for, until it is there
  company_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  asked jsonb,                                                   -- identity and settings; blanked when done
  problem text NOT NULL DEFAULT '',                              -- why it was not opened
  asked_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
CREATE INDEX ON openings (user_id);

GRANT SELECT, INSERT, UPDATE ON subscriptions, subscription_periods, companies, openings TO probant_web, probant_job;
GRANT DELETE ON subscriptions, companies, openings TO probant_job;

-- How many documents of a month count towards a plan is asked at each issue.
CREATE INDEX entry_counted ON ledger.entry (company_id, recorded_at) WHERE type IN ('invoice.issued', 'quote.sent');

RESET ROLE;
