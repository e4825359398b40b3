-- Links that show one document to whoever holds them, without an account. The token of a link stands nowhere: only its
-- SHA-256 does. What a link did (seen, downloaded) is kept here; what its holder decides is an entry of the ledger.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = accounts, pg_temp;

CREATE TABLE links (
  company_id uuid NOT NULL,
  id uuid NOT NULL,
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  kind text NOT NULL CHECK (kind IN ('quote', 'invoice')),       -- a credit note is an invoice here
  document_id uuid NOT NULL,
  revision integer NOT NULL CHECK (revision > 0),                -- of a quote: the offer that it shows, no later one
  client_id uuid NOT NULL,                                       -- whom the ledger names as « client:<id> »
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
  revoked_at timestamptz,
  seen_at timestamptz,                                           -- last shown to a person, not to a scanner of mails
  downloads integer NOT NULL DEFAULT 0,
  downloaded_at timestamptz,                                     -- the last time
  PRIMARY KEY (company_id, id)
);
CREATE INDEX ON links (company_id, document_id);
ALTER TABLE links ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_company ON links USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
CREATE POLICY all_companies ON links FOR SELECT TO probant_owner USING (true);                     -- for `link`
GRANT SELECT, INSERT ON links TO probant_web, probant_job;
GRANT UPDATE (revoked_at, seen_at, downloads, downloaded_at) ON links TO probant_web;

-- The link of one token, while it is good; before the company is known, so it is asked for by nothing but the hash.
CREATE FUNCTION link(hash bytea) RETURNS TABLE
  (company_id uuid, id uuid, kind text, document_id uuid, revision integer, client_id uuid, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = accounts, pg_temp SET standard_conforming_strings = on AS $$
  SELECT l.company_id, l.id, l.kind, l.document_id, l.revision, l.client_id, l.expires_at
    FROM links l
   WHERE l.token_hash = hash AND l.revoked_at IS NULL AND l.expires_at > now()
$$;
REVOKE ALL ON FUNCTION link FROM PUBLIC;
GRANT EXECUTE ON FUNCTION link TO probant_web;

-- Whoever is erased is shown no more, in the transaction of `subject.erased`.
CREATE FUNCTION forget_links() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = accounts, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
  UPDATE links SET revoked_at = now()
   WHERE company_id = NEW.company_id AND revoked_at IS NULL
     AND client_id = (NEW.line::jsonb -> 'data' ->> 'subject_id')::uuid;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION forget_links FROM PUBLIC;
CREATE TRIGGER forget_links AFTER INSERT ON ledger.entry FOR EACH ROW
  WHEN (NEW.type = 'subject.erased') EXECUTE FUNCTION forget_links();
ALTER TABLE ledger.entry ENABLE ALWAYS TRIGGER forget_links;

-- A fingerprint on paper is looked up by its first 16 bytes, which are what a person can read there.
CREATE INDEX entry_printed ON ledger.entry (company_id, (substring(hash FROM 1 FOR 16)))
  WHERE type IN ('invoice.issued', 'quote.sent');

RESET ROLE;
