-- Mails of the service itself: confirmations, invitations, answers, notices. What they say may hold a secret link: it is
-- emptied as soon as the mail server took it. And one place that says which entries the web may append.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = jobs, pg_temp;

CREATE TABLE notice (
  id uuid PRIMARY KEY,
  key text UNIQUE,                                               -- what it is about, if it is to leave once at most
  recipient text NOT NULL,                                       -- empty: blanked
  subject text NOT NULL,
  body text NOT NULL,
  link_label text NOT NULL,
  link text NOT NULL,
  reply_to text NOT NULL,
  in_reply_to text NOT NULL,                                     -- Message-ID of the mail that it answers
  file_name text NOT NULL,
  file bytea,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'held', 'sent', 'refused')),
  told text NOT NULL DEFAULT '',                                 -- the mail server's words
  tries integer NOT NULL DEFAULT 0,
  asked_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz
);
CREATE INDEX ON notice (asked_at) WHERE state <> 'sent';
GRANT INSERT ON notice TO probant_web;                           -- and read nothing: an address tells who has an account
GRANT SELECT (id, key, state, told, tries, asked_at, settled_at) ON notice TO probant_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON notice TO probant_job;

SET LOCAL search_path = ledger, pg_temp;

CREATE FUNCTION web_may_append(type text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = ledger, pg_temp AS $$
    SELECT type ~ '^(?:(?:company|client|product|quote|payment|refund|allocation|debt|reminder|recurring|security|parameter)\.|(?:series\.opened|fiscal_year\.defined|books\.configured|books\.closed|invoice\.drafted|invoice\.revised|invoice\.discarded|invoice\.issued|entry\.posted|document\.copied|archive\.kept)$)'
$$;
REVOKE ALL ON FUNCTION web_may_append FROM PUBLIC;

CREATE OR REPLACE FUNCTION append(company uuid, actor text, command uuid, request bytea, result jsonb,
                                  streams uuid[], versions bigint[], types text[], datas text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    type text;
BEGIN
    IF session_user <> 'probant_job' AND actor !~ '^(?:user|client):' THEN
        RAISE EXCEPTION '% may not append as %', session_user, actor USING ERRCODE = 'PB009';
    END IF;
    FOREACH type IN ARRAY types LOOP
        IF (session_user = 'probant_job' AND type IN ('subject.erased', 'clock.suspected', 'clock.declared'))
           OR (session_user <> 'probant_job' AND NOT web_may_append(type)) THEN
            RAISE EXCEPTION '% may not append %', session_user, left(type, 64) USING ERRCODE = 'PB009';
        END IF;
    END LOOP;
    RETURN record(company, actor, command, request, result, streams, versions, types, datas, clock_timestamp());
END $$;

RESET ROLE;
