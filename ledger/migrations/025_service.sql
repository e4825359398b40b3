-- What the service does with the data of those whom it serves: companies that nobody is left in, requests for help that
-- fall silent, subscriptions that are not paid, large files on their way in.

SET LOCAL ROLE probant_owner;

-- Whether somebody may come in again is asked before the persons of a company without members are erased.
GRANT SELECT ON accounts.invitations TO probant_job;

-- What the operator decided of a subscription.
ALTER TABLE accounts.subscriptions
  ADD COLUMN unpaid boolean NOT NULL DEFAULT false,              -- ended by the operator: nothing is chosen until it is paid
  ADD COLUMN mandate_on date;                                    -- since when the operator holds the signed mandate

-- Companies that a word finds: of each its name, its SIREN, or the beginning of its id. Each is asked for under its own
-- row-level security, in one exchange.
CREATE FUNCTION support.named(asked text) RETURNS SETOF uuid
LANGUAGE plpgsql SET search_path = support, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
  one uuid;
BEGIN
  FOR one IN SELECT c.company_id FROM companies() c LOOP
    PERFORM set_config('probant.company', one::text, true);
    IF starts_with(one::text, asked) OR EXISTS (
         SELECT FROM read.companies r
          WHERE r.company_id = one AND strpos(replace(lower(r.name || r.siren), ' ', ''), asked) > 0) THEN
      RETURN NEXT one;
    END IF;
  END LOOP;
  PERFORM set_config('probant.company', '', true);
END $$;
REVOKE ALL ON FUNCTION support.named FROM PUBLIC;
GRANT EXECUTE ON FUNCTION support.named TO probant_web;

-- The rows of a file that was just sent, as JSON: the worker lays them out as lines, which takes seconds for a large one.
ALTER TABLE scratch.import ADD COLUMN content bytea;

-- Requests for help: three years after their last word, whatever their status, they are gone.
CREATE OR REPLACE FUNCTION support.forget_old() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = support, pg_temp SET standard_conforming_strings = on AS $$
  DELETE FROM ticket t WHERE t.changed_at < now() - interval '3 years';
$$;

-- Whoever asks to be forgotten: an operator erases a request, and with it, for somebody without an account, all that came
-- from that address. How many went.
CREATE FUNCTION support.erase_ticket(asked uuid) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = support, pg_temp SET standard_conforming_strings = on AS $$
  WITH one AS (SELECT id, user_id, lower(email) AS email FROM ticket WHERE ticket.id = asked AND operates()),
       gone AS (DELETE FROM ticket t USING one
                 WHERE t.id = one.id OR one.user_id IS NULL AND t.user_id IS NULL AND lower(t.email) = one.email
                RETURNING t.id)
  SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION support.erase_ticket FROM PUBLIC;
GRANT EXECUTE ON FUNCTION support.erase_ticket TO probant_web;

RESET ROLE;
