-- What a mail reminds of, so that it is looked at again just before it leaves; and what users are told, each once.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = jobs, pg_temp;

ALTER TABLE mail ADD COLUMN notice_id uuid;                      -- the formal notice whose PDF goes with it

CREATE TABLE reminder (                                          -- a mail of kind `reminder`: what it asks for
  company_id uuid NOT NULL,
  mail_id uuid NOT NULL,
  invoice_id uuid NOT NULL,
  level text NOT NULL CHECK (level IN ('before', 'first', 'second', 'last')),
  due_on date NOT NULL,                                          -- of the first instalment that was not paid
  due_cents bigint NOT NULL,
  interest_cents bigint NOT NULL,                                -- as its text says, 0 where it says none
  fee_cents bigint NOT NULL,
  asked_on date NOT NULL,                                        -- the day that the text speaks of
  PRIMARY KEY (company_id, mail_id, invoice_id),
  FOREIGN KEY (company_id, mail_id) REFERENCES mail
);
CREATE INDEX ON reminder (company_id, invoice_id);
ALTER TABLE reminder ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_company ON reminder USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
GRANT SELECT, INSERT ON reminder TO probant_web, probant_job;

SET LOCAL search_path = accounts, pg_temp;

-- What a user is told of a company: which entry or thing, never its words, so that nobody's name stands here.
CREATE TABLE notification (
  company_id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  key text NOT NULL,                                             -- what it is about, so that it is told once
  kind text NOT NULL,
  about uuid NOT NULL,                                           -- the document, client or mail that it opens
  pos bigint NOT NULL DEFAULT 0,                                 -- the entry that says it; 0: none does
  at timestamptz NOT NULL,
  shown boolean NOT NULL,                                        -- on the page too; false: by mail only
  read_at timestamptz,
  PRIMARY KEY (company_id, user_id, key)
);
CREATE INDEX ON notification (company_id, user_id, at DESC);
CREATE INDEX ON notification (company_id, user_id) WHERE shown AND read_at IS NULL;
ALTER TABLE notification ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_company ON notification
  USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
GRANT SELECT, UPDATE (read_at) ON notification TO probant_web;
GRANT SELECT, INSERT, DELETE ON notification TO probant_job;

CREATE TABLE notification_choice (                               -- a kind without a row is as the program has it
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  kind text NOT NULL,
  shown boolean NOT NULL,
  mailed boolean NOT NULL,
  PRIMARY KEY (user_id, kind)
);
GRANT SELECT, INSERT, UPDATE ON notification_choice TO probant_web;
GRANT SELECT ON notification_choice TO probant_job;

CREATE TABLE notification_cursor (                               -- the last entry that was looked at, of each company
  company_id uuid PRIMARY KEY,
  pos bigint NOT NULL
);
ALTER TABLE notification_cursor ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_company ON notification_cursor
  USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
CREATE POLICY all_companies ON notification_cursor TO probant_owner USING (true);                  -- for what follows
GRANT SELECT, INSERT, UPDATE ON notification_cursor TO probant_job;
INSERT INTO notification_cursor SELECT company_id, pos FROM ledger.companies();

RESET ROLE;
