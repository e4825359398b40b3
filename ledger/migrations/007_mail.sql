-- Mails on their way out, and for a while what became of them. Addresses and texts stand here in clear, not in the ledger
-- and not in jobs: thirty days after a mail was settled `blank_mails` empties them, at once when the person is erased.
-- That a document was sent, to whom and as which message, is the entry `document.sent`.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = jobs, pg_temp;

CREATE TABLE mail (
  company_id uuid NOT NULL,
  id uuid NOT NULL,                                              -- the sending; of the command that asked for it
  document_id uuid NOT NULL,
  revision integer NOT NULL,                                     -- of a quote: which offer of it; else 1
  kind text NOT NULL,                                            -- of the document: quote, invoice, credit_note…
  number text NOT NULL,
  client_id uuid NOT NULL,
  actor text NOT NULL,                                           -- who asked
  language text NOT NULL,                                        -- of the words around the text
  subjects uuid[] NOT NULL,                                      -- the person behind each recipient: contact, else client
  recipients text[] NOT NULL,                                    -- addresses, in the same order; empty: blanked
  subject text NOT NULL,
  body text NOT NULL,
  link text NOT NULL DEFAULT '',                                 -- the client's page of the document; empty: none
  attached boolean NOT NULL,                                     -- whether the frozen file goes with it
  copy integer NOT NULL DEFAULT 0,                               -- which « duplicata » that is; 0: the first to leave
  message_id text NOT NULL DEFAULT '',                           -- made before the first try, kept by the next ones
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN
    ('waiting',     -- for its turn, for the frozen file, or for a server that said « later »
     'held',        -- no mail server is set
     'sending',     -- handed to the server, whose answer is not known; nobody at it any more: uncertain
     'sent',        -- taken by the server, and in the ledger
     'uncertain',   -- perhaps sent: a person decides whether to send it again
     'refused',     -- by the server for good, or given up
     'bounced',     -- taken, then returned
     'withdrawn')), -- by a person before it left
  told text NOT NULL DEFAULT '',                                 -- why it waits or was refused: the server's words or a code of ours
  refusals jsonb NOT NULL DEFAULT '{}',                          -- address → the server's words, of a mail that others got
  tries integer NOT NULL DEFAULT 0,
  asked_at timestamptz NOT NULL DEFAULT now(),
  tried_at timestamptz,
  settled_at timestamptz,                                        -- when it came to its state, if nothing more is to come by itself
  PRIMARY KEY (company_id, id)
);
CREATE INDEX ON mail (company_id, asked_at DESC);
CREATE INDEX ON mail (company_id, document_id);
CREATE INDEX ON mail (settled_at) WHERE recipients <> '{}';
ALTER TABLE mail ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_company ON mail USING (company_id = nullif(current_setting('probant.company', true), '')::uuid);
GRANT SELECT, INSERT ON mail TO probant_web;
GRANT UPDATE (state, told, tries, settled_at) ON mail TO probant_web;      -- sent again, withdrawn
GRANT SELECT, INSERT, UPDATE ON mail TO probant_job;

-- Whoever is erased is erased here too, in the transaction of `subject.erased`; what had not left does not leave.
CREATE FUNCTION forget_mail() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = jobs, pg_temp AS $$
BEGIN
  UPDATE mail
     SET recipients = '{}', subject = '', body = '', link = '', told = '', refusals = '{}',
         state = CASE WHEN state IN ('waiting', 'held') THEN 'withdrawn' ELSE state END,
         settled_at = coalesce(settled_at, now())
   WHERE company_id = NEW.company_id
     AND (NEW.line::jsonb -> 'data' ->> 'subject_id')::uuid = ANY (subjects || client_id);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION forget_mail FROM PUBLIC;
CREATE TRIGGER forget_mail AFTER INSERT ON ledger.entry FOR EACH ROW
  WHEN (NEW.type = 'subject.erased') EXECUTE FUNCTION forget_mail();
ALTER TABLE ledger.entry ENABLE ALWAYS TRIGGER forget_mail;

RESET ROLE;
