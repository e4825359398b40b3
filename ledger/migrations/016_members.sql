-- Members who only read; invitations; second factors, passkeys; what a person began and must end in time.
-- No secret stands here as it is: codes and references as SHA-256, the seed of TOTP encrypted under a key of the installation.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = accounts, pg_temp;

ALTER TABLE memberships DROP CONSTRAINT memberships_role_check;
ALTER TABLE memberships ADD CONSTRAINT memberships_role_check
  CHECK (role IN ('owner', 'collaborator', 'accountant', 'inspector', 'reader'));

ALTER TABLE users ADD COLUMN totp text NOT NULL DEFAULT '';             -- the encrypted seed; empty: no second factor
ALTER TABLE users ADD COLUMN totp_counter bigint NOT NULL DEFAULT 0;    -- of the last code that was taken: none counts twice

CREATE TABLE recovery_codes (                                           -- each opens once, instead of a code of the telephone
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),                  -- SHA-256 of 99 bits made by chance
  PRIMARY KEY (user_id, hash)
);

CREATE TABLE passkeys (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL,                                                   -- as its owner calls it
  credential_id bytea NOT NULL UNIQUE,
  public_key bytea NOT NULL,                                            -- COSE
  sign_count bigint NOT NULL,                                           -- grows with each use, where the device counts
  made_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz
);
CREATE INDEX ON passkeys (user_id);

CREATE TABLE steps (                                                    -- begun here, to be ended once and in time
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),               -- SHA-256 of what a browser or a mail holds
  kind text NOT NULL CHECK (kind IN
    ('code',       -- the password was right, a second factor is awaited
     'totp',       -- a seed is shown, its first code is awaited
     'email',      -- a new address is to be confirmed
     'passkey')),  -- a challenge is to be signed
  user_id uuid REFERENCES users ON DELETE CASCADE,                      -- none: whoever signs the challenge says who
  fact text NOT NULL DEFAULT '',                                        -- the encrypted seed, the address, the challenge
  until_at timestamptz NOT NULL
);
CREATE INDEX ON steps (user_id);

CREATE TABLE invitations (
  company_id uuid NOT NULL,
  id uuid NOT NULL,
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  email text NOT NULL,                                                  -- emptied when the invitation is over
  role text NOT NULL CHECK (role IN ('owner', 'collaborator', 'accountant', 'reader')),
  invited_by uuid NOT NULL,
  invited_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  withdrawn_at timestamptz,
  PRIMARY KEY (company_id, id)
);
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_company ON invitations USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
CREATE POLICY all_companies ON invitations FOR SELECT TO probant_owner USING (true);               -- for `invitation`

-- The invitation of one token, while it is good; before the company is known, so it is asked for by nothing but the hash.
CREATE FUNCTION invitation(hash bytea) RETURNS TABLE (company_id uuid, id uuid, email text, role text, invited_by uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = accounts, pg_temp SET standard_conforming_strings = on AS $$
  SELECT i.company_id, i.id, i.email, i.role, i.invited_by
    FROM invitations i
   WHERE i.token_hash = hash AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > now()
$$;

-- An account goes with all that hangs on it, once no company is open to it any more. Its entries keep its id, which
-- then names nobody.
CREATE FUNCTION forget_user(gone uuid) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = accounts, pg_temp SET standard_conforming_strings = on AS $$
  DELETE FROM users u
   WHERE u.id = gone
     AND NOT EXISTS (SELECT FROM memberships m WHERE m.user_id = gone AND (m.until_at IS NULL OR m.until_at > now()))
  RETURNING true
$$;
REVOKE ALL ON FUNCTION invitation, forget_user FROM PUBLIC;
GRANT EXECUTE ON FUNCTION invitation, forget_user TO probant_web;

GRANT UPDATE (totp, totp_counter) ON users TO probant_web;
GRANT SELECT, INSERT, DELETE ON recovery_codes, steps TO probant_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON passkeys TO probant_web;
GRANT SELECT, INSERT ON invitations TO probant_web;
GRANT UPDATE (email, accepted_at, withdrawn_at) ON invitations TO probant_web;

RESET ROLE;
