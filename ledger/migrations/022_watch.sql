-- What watches: verification from the last place that is vouched for outside the database, sessions that ended by themselves.

SET LOCAL ROLE probant_owner;

ALTER TABLE jobs.verification
  ADD COLUMN whole boolean NOT NULL DEFAULT true,                -- false: it may begin after the last verified place
  ADD COLUMN first bigint NOT NULL DEFAULT 1;                    -- the first entry that it read

-- What a verification that begins in the middle must know of the entries before, and would read all of them for.
CREATE INDEX landmark ON ledger.entry (company_id, pos) WHERE type IN ('series.opened', 'ledger.restored');

-- What each checkpoint and each reader of one asks for: the keys that were declared, the restores.
CREATE INDEX signer ON ledger.entry (company_id, pos) WHERE type = 'signer.declared';
CREATE INDEX restored ON ledger.entry (company_id, pos) WHERE type = 'ledger.restored';

-- Sessions that nobody ended and that are over: taken away, told once. The same hours as in `web/accounts/sessions.py`.
CREATE FUNCTION accounts.end_sessions() RETURNS TABLE (user_id uuid, company_id uuid, ended_at timestamptz)
LANGUAGE sql SECURITY DEFINER SET search_path = accounts, pg_temp SET standard_conforming_strings = on AS $$
  DELETE FROM sessions s
   WHERE s.seen_at < now() - interval '8 hours' OR s.opened_at < now() - interval '30 days'
  RETURNING s.user_id, s.company_id, least(s.seen_at + interval '8 hours', s.opened_at + interval '30 days')
$$;
REVOKE ALL ON FUNCTION accounts.end_sessions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts.end_sessions TO probant_job;

RESET ROLE;
