-- Inspectors come by invitation as members do, until a day; a changed address can be taken back; wrong passwords make the
-- next try wait; changed bank details are shown for a day; what is over keeps no address.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = accounts, pg_temp;

ALTER TABLE invitations DROP CONSTRAINT invitations_role_check;
ALTER TABLE invitations
  ADD COLUMN until_at timestamptz,                                      -- when the access that it gives ends
  ADD CHECK (role IN ('owner', 'collaborator', 'accountant', 'reader', 'inspector')),
  ADD CHECK ((role = 'inspector') = (until_at IS NOT NULL));

DROP FUNCTION invitation(bytea);
CREATE FUNCTION invitation(hash bytea)
RETURNS TABLE (company_id uuid, id uuid, email text, role text, invited_by uuid, until_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = accounts, pg_temp SET standard_conforming_strings = on AS $$
  SELECT i.company_id, i.id, i.email, i.role, i.invited_by, i.until_at
    FROM invitations i
   WHERE i.token_hash = hash AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > now()
$$;

-- The address of an invitation whose time is over goes, as it does when one is taken or withdrawn.
CREATE POLICY blank ON invitations FOR UPDATE TO probant_owner USING (true) WITH CHECK (true);
CREATE FUNCTION blank_invitations() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = accounts, pg_temp SET standard_conforming_strings = on AS $$
  UPDATE invitations SET email = '' WHERE expires_at <= now() AND email <> ''
$$;

-- Accounts that were made for an inspection alone, so many days after the last of their accesses ended.
CREATE FUNCTION forget_inspectors(days integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = accounts, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    gone uuid;
BEGIN
    FOR gone IN
        SELECT u.id FROM users u
         WHERE NOT u.operator AND u.plan = ''
           AND EXISTS (SELECT FROM memberships m WHERE m.user_id = u.id)
           AND NOT EXISTS (SELECT FROM memberships m
                            WHERE m.user_id = u.id
                              AND (m.role <> 'inspector' OR m.until_at IS NULL
                                   OR m.until_at > now() - make_interval(days => days)))
           AND NOT EXISTS (SELECT FROM openings o WHERE o.user_id = u.id)
           AND NOT EXISTS (SELECT FROM subscriptions s WHERE s.user_id = u.id)
    LOOP
        PERFORM support.forget(gone);
        DELETE FROM users WHERE id = gone;
    END LOOP;
END $$;

-- The inspectors of before had a password that an owner was shown, who could have set a factor with it: none of it opens any
-- more. This one is a digest of nothing, and « Mot de passe oublié » gives each her own.
UPDATE users u SET password = '$argon2id$v=19$m=19456,t=2,p=1$gFBcvhhMVvmAeVJPcZtMVg$ig8H0pqRpvr0pkWlR00pUQeEUN2UFVIhAzBdiQ55r/A',
                   totp = '', fs_uniquifier = gen_random_uuid()::text
 WHERE u.lookalike IS NULL AND u.plan = '' AND NOT u.operator
   AND EXISTS (SELECT FROM memberships m WHERE m.user_id = u.id AND m.role = 'inspector')
   AND NOT EXISTS (SELECT FROM memberships m WHERE m.user_id = u.id AND m.role <> 'inspector');
DELETE FROM passkeys p USING users u
 WHERE u.id = p.user_id
   AND u.password = '$argon2id$v=19$m=19456,t=2,p=1$gFBcvhhMVvmAeVJPcZtMVg$ig8H0pqRpvr0pkWlR00pUQeEUN2UFVIhAzBdiQ55r/A';
DELETE FROM sessions s USING users u
 WHERE u.id = s.user_id
   AND u.password = '$argon2id$v=19$m=19456,t=2,p=1$gFBcvhhMVvmAeVJPcZtMVg$ig8H0pqRpvr0pkWlR00pUQeEUN2UFVIhAzBdiQ55r/A';

ALTER TABLE steps DROP CONSTRAINT steps_kind_check;
ALTER TABLE steps ADD CONSTRAINT steps_kind_check CHECK (kind IN
    ('code', 'totp', 'email', 'passkey',
     'revert'));                                                        -- the address before may come back

CREATE UNLOGGED TABLE tries (                                           -- at an account; losing them in a crash is harmless
  key text PRIMARY KEY,
  hits integer NOT NULL,
  next_at timestamptz NOT NULL,                                         -- before it nothing is tried
  until timestamptz NOT NULL                                            -- then they are forgotten
);
GRANT SELECT, INSERT, UPDATE, DELETE ON tries TO probant_web;

CREATE OR REPLACE FUNCTION forget_limits() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = accounts, pg_temp SET standard_conforming_strings = on AS $$
  DELETE FROM limits WHERE until < now();
  DELETE FROM tries WHERE until < now();
$$;

CREATE TABLE bank_changes (                                             -- of a company's own account: every member sees it
  company_id uuid PRIMARY KEY,
  changed_by text NOT NULL,                                             -- as the ledger names her
  changed_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE bank_changes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_company ON bank_changes
  USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON bank_changes TO probant_web, probant_job;

REVOKE ALL ON FUNCTION invitation, blank_invitations, forget_inspectors FROM PUBLIC;
GRANT EXECUTE ON FUNCTION invitation TO probant_web;
GRANT EXECUTE ON FUNCTION blank_invitations, forget_inspectors TO probant_job;

RESET ROLE;
