-- A job costs its row and nothing more: each issue of an invoice enqueues one. Same jobs as before, inserted plainly, and
-- without procrastinate's event « deferred », which nobody reads.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = jobs, pg_temp;

CREATE OR REPLACE FUNCTION defer(company uuid, tasks text[], ids jsonb[], day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = jobs, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    task text;
BEGIN
    FOREACH task IN ARRAY tasks LOOP
        IF task !~ '^[a-z][a-z_]{0,63}$' THEN
            RAISE EXCEPTION 'a job is a name and identifiers' USING ERRCODE = '22023';
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM unnest(ids) AS one, jsonb_each(one) AS arg
                WHERE jsonb_typeof(arg.value) <> 'string' OR arg.value #>> '{}' !~ '^[A-Za-z0-9:_-]{1,64}$') THEN
        RAISE EXCEPTION 'a job is a name and identifiers' USING ERRCODE = '22023';
    END IF;
    INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args)
    SELECT asked.task, asked.task, least(0, defer.day - current_date), one || jsonb_build_object('company_id', company)
      FROM unnest(tasks, ids) AS asked (task, one);
END $$;

ALTER TABLE procrastinate_jobs DISABLE TRIGGER procrastinate_trigger_status_events_insert_v1;

RESET ROLE;
