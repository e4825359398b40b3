-- What people and the operator say to each other: requests for help and their thread, announcements, ideas and votes.
-- Nothing here is evidence: the ledger is. It is personal data: `forget` erases a person's, `forget_old` what is long over.
--
-- A person sees her own requests only, whatever a page asks for: `probant.person` says who is there, in each transaction,
-- and `accounts.users` says whether that is an operator.

CREATE SCHEMA support AUTHORIZATION probant_owner;
SET LOCAL ROLE probant_owner;
GRANT USAGE ON SCHEMA support TO probant_web, probant_job;
SET LOCAL search_path = support, pg_temp;

CREATE TABLE ticket (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES accounts.users ON DELETE CASCADE,      -- null: somebody without an account
  company_id uuid,                                               -- the one it is about; null: none
  name text NOT NULL,
  email text NOT NULL,                                           -- where answers go
  subject text NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN
    ('open',       -- waits for the operator
     'answered',   -- waits for the person
     'closed')),   -- over; another message opens it again
  opened_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now()                  -- last message or status
);
CREATE INDEX ON ticket (user_id);
CREATE INDEX ON ticket (lower(email));
CREATE INDEX ON ticket (status, changed_at DESC);

CREATE TABLE message (
  id uuid PRIMARY KEY,                                           -- an answer's is also that of the mail that carries it
  ticket_id uuid NOT NULL REFERENCES ticket ON DELETE CASCADE,
  side text NOT NULL CHECK (side IN ('person', 'operator')),
  author_id uuid REFERENCES accounts.users ON DELETE SET NULL,   -- who wrote it on a page
  sender text NOT NULL DEFAULT '',                               -- the address that it came from by mail
  message_id text NOT NULL DEFAULT '',                           -- of that mail
  body text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON message (ticket_id, at);
CREATE INDEX ON message (author_id);
CREATE UNIQUE INDEX ON message (message_id) WHERE message_id <> '';    -- the same mail twice is one message

CREATE TABLE announcement (                                      -- shown to all who are signed in, until they have read it
  id uuid PRIMARY KEY,
  title text NOT NULL,
  body text NOT NULL,
  from_at timestamptz NOT NULL DEFAULT now(),
  until_at timestamptz NOT NULL CHECK (until_at >= from_at)
);
CREATE TABLE reading (
  announcement_id uuid NOT NULL REFERENCES announcement ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES accounts.users ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (announcement_id, user_id)
);
CREATE INDEX ON reading (user_id);

CREATE TABLE idea (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES accounts.users ON DELETE SET NULL,     -- shown to nobody; null: gone
  title text NOT NULL,
  body text NOT NULL,
  status text NOT NULL DEFAULT 'proposed' CHECK (status IN ('proposed', 'planned', 'done', 'declined', 'hidden')),
  answer text NOT NULL DEFAULT '',
  proposed_at timestamptz NOT NULL DEFAULT now(),
  decided_at timestamptz
);
CREATE INDEX ON idea (user_id);
CREATE TABLE vote (
  idea_id uuid NOT NULL REFERENCES idea ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES accounts.users ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (idea_id, user_id)
);
CREATE INDEX ON vote (user_id);

-- Who is there -------------------------------------------------------------------------------------------------------

CREATE FUNCTION person() RETURNS uuid
LANGUAGE sql STABLE SET search_path = support, pg_temp AS $$
  SELECT nullif(current_setting('probant.person', true), '')::uuid
$$;
CREATE FUNCTION operates() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = support, pg_temp SET standard_conforming_strings = on AS $$
  SELECT EXISTS (SELECT FROM accounts.users u WHERE u.id = person() AND u.operator AND u.active)
$$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['ticket', 'message', 'announcement', 'reading', 'idea', 'vote'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY house ON %I TO probant_owner, probant_job USING (true)', name);
    EXECUTE format('GRANT SELECT ON %I TO probant_web, probant_job', name);
  END LOOP;
END $$;

CREATE POLICY own ON ticket TO probant_web USING (user_id = person() OR operates());
CREATE POLICY seen ON message FOR SELECT TO probant_web USING (EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id));
CREATE POLICY written ON message FOR INSERT TO probant_web WITH CHECK (
  author_id = person() AND sender = '' AND message_id = ''
  AND EXISTS (SELECT FROM ticket t WHERE t.id = ticket_id AND (side = 'operator' OR t.user_id = person()))
  AND (side = 'person' OR operates()));
CREATE POLICY seen ON announcement FOR SELECT TO probant_web USING (true);
CREATE POLICY written ON announcement FOR INSERT TO probant_web WITH CHECK (operates());
CREATE POLICY ended ON announcement FOR UPDATE TO probant_web USING (operates());
CREATE POLICY own ON reading TO probant_web USING (user_id = person());
CREATE POLICY seen ON idea FOR SELECT TO probant_web USING (status <> 'hidden' OR user_id = person() OR operates());
CREATE POLICY proposed ON idea FOR INSERT TO probant_web WITH CHECK (user_id = person() AND status = 'proposed' AND answer = '');
CREATE POLICY decided ON idea FOR UPDATE TO probant_web USING (operates());
CREATE POLICY counted ON vote FOR SELECT TO probant_web USING (true);
CREATE POLICY given ON vote FOR INSERT TO probant_web WITH CHECK (user_id = person());
CREATE POLICY withdrawn ON vote FOR DELETE TO probant_web USING (user_id = person());

GRANT UPDATE (status, changed_at) ON ticket TO probant_web, probant_job;
GRANT INSERT (id, ticket_id, side, author_id, body) ON message TO probant_web;
GRANT INSERT ON message TO probant_job;
GRANT INSERT ON announcement TO probant_web;
GRANT UPDATE (until_at) ON announcement TO probant_web;
GRANT INSERT (announcement_id, user_id) ON reading TO probant_web;
GRANT INSERT (id, user_id, title, body) ON idea TO probant_web;
GRANT UPDATE (status, answer, decided_at) ON idea TO probant_web;
GRANT INSERT (idea_id, user_id), DELETE ON vote TO probant_web;

-- What strangers, the operator and the end of an account need --------------------------------------------------------

-- A request and its first message, of whoever asks; the same id twice is one request. `mail` is the Message-ID, if it came
-- by mail. Who has no account cannot read it again: answers come by mail.
CREATE FUNCTION open_ticket(id uuid, user_id uuid, company_id uuid, name text, email text, subject text, body text,
                            mail text DEFAULT '') RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = support, pg_temp SET standard_conforming_strings = on AS $$
#variable_conflict use_column
BEGIN
  IF mail <> '' AND EXISTS (SELECT FROM message m WHERE m.message_id = mail) THEN
    RETURN false;
  END IF;
  INSERT INTO ticket (id, user_id, company_id, name, email, subject)
  VALUES (open_ticket.id, open_ticket.user_id, open_ticket.company_id, open_ticket.name, open_ticket.email,
          open_ticket.subject)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO message (id, ticket_id, side, author_id, sender, message_id, body)
  VALUES (open_ticket.id, open_ticket.id, 'person', open_ticket.user_id,
          CASE WHEN mail <> '' THEN open_ticket.email ELSE '' END, mail, open_ticket.body);
  RETURN true;
END $$;

-- Every ledger as the operator sees it: that it is there and how long it is, not what it says.
CREATE FUNCTION companies() RETURNS TABLE
  (company_id uuid, pos bigint, at timestamptz, training boolean, frozen boolean, checkpoint_size bigint, checkpoint_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = support, pg_temp SET standard_conforming_strings = on AS $$
  SELECT h.company_id, h.pos, h.at, h.training, h.frozen, c.size, c.made_at
    FROM ledger.head h
    LEFT JOIN LATERAL (SELECT size, made_at FROM ledger.checkpoint k WHERE k.company_id = h.company_id
                        ORDER BY size DESC LIMIT 1) c ON true
   WHERE operates()
   ORDER BY h.at DESC, h.company_id
$$;
CREATE POLICY all_companies ON ledger.checkpoint FOR SELECT TO probant_owner USING (true);      -- for `companies`

-- How the service is: counts and names of tasks, no content of anything.
CREATE FUNCTION workers() RETURNS TABLE (id bigint, seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = support, pg_temp SET standard_conforming_strings = on AS $$
  SELECT w.id, w.last_heartbeat FROM jobs.procrastinate_workers w WHERE operates() ORDER BY w.last_heartbeat DESC
$$;
CREATE FUNCTION queue() RETURNS TABLE (task text, status text, jobs bigint, due_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = support, pg_temp SET standard_conforming_strings = on AS $$
  SELECT j.task_name, j.status::text, count(*), min(j.scheduled_at)
    FROM jobs.procrastinate_jobs j
   WHERE operates() AND j.status IN ('todo', 'doing', 'failed')
   GROUP BY 1, 2 ORDER BY 1, 2
$$;
CREATE FUNCTION failures() RETURNS TABLE (id bigint, task text, company_id uuid, attempts integer, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = support, pg_temp SET standard_conforming_strings = on AS $$
  SELECT j.id, j.task_name, (j.args ->> 'company_id')::uuid, j.attempts,
         (SELECT max(e.at) FROM jobs.procrastinate_events e WHERE e.job_id = j.id)
    FROM jobs.procrastinate_jobs j
   WHERE operates() AND j.status = 'failed'
   ORDER BY j.id DESC LIMIT 50
$$;
CREATE FUNCTION mails() RETURNS TABLE (company_id uuid, state text, mails bigint, last_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = support, pg_temp SET standard_conforming_strings = on AS $$
  SELECT m.company_id, m.state, count(*), max(coalesce(m.settled_at, m.tried_at, m.asked_at))
    FROM jobs.mail m
   WHERE operates() AND m.state IN ('waiting', 'held', 'uncertain', 'refused', 'bounced')
   GROUP BY 1, 2 ORDER BY 4 DESC LIMIT 50
$$;
CREATE POLICY all_companies ON jobs.mail FOR SELECT TO probant_owner USING (true);              -- for `mails`
CREATE FUNCTION schema_version() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = support, pg_temp SET standard_conforming_strings = on AS $$
  SELECT max(number) FROM ledger.migration
$$;

-- A person is gone: her requests with their threads, her votes and readings; her ideas stay, nobody's.
CREATE FUNCTION forget(person_id uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = support, pg_temp SET standard_conforming_strings = on AS $$
  DELETE FROM ticket t
   WHERE t.user_id = person_id
      OR t.user_id IS NULL AND lower(t.email) = (SELECT lower(u.email) FROM accounts.users u WHERE u.id = person_id);
  DELETE FROM vote v WHERE v.user_id = person_id;
  DELETE FROM reading r WHERE r.user_id = person_id;
  UPDATE message SET author_id = NULL WHERE author_id = person_id;
  UPDATE idea SET user_id = NULL WHERE user_id = person_id;
$$;

-- Requests that have been over for three years.
CREATE FUNCTION forget_old() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = support, pg_temp SET standard_conforming_strings = on AS $$
  DELETE FROM ticket t WHERE t.status = 'closed' AND t.changed_at < now() - interval '3 years';
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA support FROM PUBLIC;
GRANT EXECUTE ON FUNCTION person, operates, open_ticket, forget TO probant_web, probant_job;
GRANT EXECUTE ON FUNCTION companies, workers, queue, failures, mails, schema_version TO probant_web;
GRANT EXECUTE ON FUNCTION forget_old TO probant_job;

RESET ROLE;
