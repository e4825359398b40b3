-- A person says where she keeps an archive: `archive.kept` is one of the types that the web may append.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = ledger, pg_temp;

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
           OR (session_user <> 'probant_job' AND type !~ '^(?:(?:company|client|product|quote|payment|refund|allocation|debt|reminder|security|parameter)\.|(?:series\.opened|fiscal_year\.defined|books\.configured|books\.closed|invoice\.drafted|invoice\.revised|invoice\.discarded|invoice\.issued|entry\.posted|document\.copied|archive\.kept)$)') THEN
            RAISE EXCEPTION '% may not append %', session_user, left(type, 64) USING ERRCODE = 'PB009';
        END IF;
    END LOOP;
    RETURN record(company, actor, command, request, result, streams, versions, types, datas, clock_timestamp());
END $$;

RESET ROLE;
