-- The same life of an entry at less cost: `data` is parsed once, a second key is looked for by PostgreSQL's own parser,
-- and the pen and the streams come by one call.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = ledger, pg_temp;

-- Has no object of `data` a key twice? Before PostgreSQL 16: the parser drops it, and writes all the rest at the same
-- length plus the spaces between tokens. (What `replace` takes out of strings, it takes out of both texts.)
DO $do$
BEGIN
    IF current_setting('server_version_num')::int >= 160000 THEN
        CREATE FUNCTION keys_once(data text, parsed jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
            'SELECT data IS JSON OBJECT WITH UNIQUE KEYS';
    ELSE
        CREATE FUNCTION keys_once(data text, parsed jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
            SELECT octet_length(replace(replace(parsed::text, ', ', ','), ': ', ':'))
                       = octet_length(replace(replace(data, ', ', ','), ': ', ':'))
        $$;
    END IF;
END $do$;

-- `data` as it reads, or null when it is not in the profile of §2: all of it but sorted keys and NFC, which are the
-- writer's duties. In order of cost:
-- 1. Token by token: keys, whole numbers, shortest escapes, no white space. What follows a value ends its token.
-- 2. The rest of JSON's grammar, by PostgreSQL's parser; no key twice.
-- 3. Levels, amounts, `schema`, seals.
CREATE FUNCTION profiled(data text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    parsed jsonb;
BEGIN
    IF data !~ '^\{(?:[][{},]|"[a-z][a-z0-9_]*":|"(?:[^"\\\u0001-\u001f]|\\["\\bfnrt]|\\u00(?:0[1-7bef]|1[0-9a-f]))*"[],}]|(?:true|false|0|-?[1-9][0-9]{0,14})[],}])*$' THEN
        RETURN NULL;
    END IF;
    BEGIN
        parsed := data::jsonb;
    EXCEPTION WHEN data_exception OR statement_too_complex THEN       -- not JSON; thousands of brackets
        RETURN NULL;
    END;
    RETURN CASE WHEN
        ledger.keys_once(data, parsed)
        AND NOT jsonb_path_exists(parsed, 'strict $.**{16} ? (@.type() == "array" || @.type() == "object")')
        AND data !~ '_(?:cents|bp)":[^-0-9]'
        AND (strpos(data, '"schema":') = 0 OR coalesce(parsed -> 'schema' >= '2' AND jsonb_typeof(parsed -> 'schema') = 'number', true))
        AND (strpos(data, '"sealed":') = 0
             OR regexp_count(data, '"sealed":') = regexp_count(data, '\{"sealed":"[0-9a-f]{64}"\}'))
        THEN parsed END;
END $$;
CREATE OR REPLACE FUNCTION in_profile(data text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT ledger.profiled(data) IS NOT NULL
$$;

-- One transaction's entries: given their place, checked, composed, linked. The arrays have one element per event.
CREATE OR REPLACE FUNCTION record(company uuid, actor text, command uuid, request bytea, result jsonb,
                       streams uuid[], versions bigint[], types text[], datas text[], clock timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    h      head;
    opened boolean;
    next   bigint;
    line   text;
    parsed jsonb;
    fiscal boolean;
BEGIN
    PERFORM set_config('probant.company', company::text, true);
    SELECT * INTO h FROM head WHERE company_id = company FOR UPDATE;
    opened := FOUND;
    IF (actor ~ '^(?:(?:user|client):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|job:[a-z0-9_-]{1,40}|system)$'
        AND cardinality(versions) = cardinality(streams) AND cardinality(types) = cardinality(streams)
        AND cardinality(datas) = cardinality(streams)) IS NOT TRUE THEN
        RAISE EXCEPTION 'actor % or the events are not in the format', actor USING ERRCODE = 'PB003';
    ELSIF NOT opened THEN
        IF types[1] IS DISTINCT FROM 'ledger.opened' THEN
            RAISE EXCEPTION 'no ledger %', company USING ERRCODE = 'PB002';
        END IF;
        parsed := profiled(datas[1]);
        IF parsed IS NOT NULL THEN
            h := founded(company, parsed);
        END IF;
    ELSIF (h.frozen AND types[1] IS DISTINCT FROM 'ledger.restored')
          OR (h.at > clock + interval '1 hour' AND types[1] IS DISTINCT FROM 'clock.declared') THEN
        RAISE EXCEPTION 'ledger % is read-only: %', company, CASE WHEN h.frozen THEN 'restored' ELSE 'clock' END
            USING ERRCODE = 'PB008';
    END IF;
    IF h.at < clock OR types[1] = 'clock.declared' THEN
        h.at := clock;
    END IF;

    FOR i IN 1 .. cardinality(streams) LOOP
        parsed := CASE WHEN length(types[i]) <= 64 AND types[i] ~ '^[a-z][a-z_]*\.[a-z][a-z_]*$'
                            AND octet_length(datas[i]) <= 4194304 THEN profiled(datas[i]) END;
        IF parsed IS NULL THEN
            RAISE EXCEPTION 'event % (%) is not in the format', i, left(types[i], 64) USING ERRCODE = 'PB003';
        END IF;

        IF i > 1 AND streams[i] = streams[i - 1] THEN
            next := next + 1;
        ELSE
            SELECT coalesce(max(version), 0) + 1 INTO next FROM entry WHERE company_id = company AND stream_id = streams[i];
        END IF;
        IF streams[i] IS NULL OR versions[i] IS DISTINCT FROM next THEN
            RAISE EXCEPTION 'stream % goes on with version %, not %', streams[i], next, versions[i] USING ERRCODE = 'PB004';
        END IF;

        h.pos := h.pos + 1;
        fiscal := types[i] IN ('invoice.issued', 'invoice.imported', 'payment.recorded', 'payment.reversed', 'refund.recorded',
                               'allocation.recorded', 'allocation.reversed', 'debt.doubted', 'debt.written_off',
                               'debt.recovered', 'entry.posted');
        IF fiscal THEN
            h.day := fiscal_day(h, parsed);
            IF types[i] = 'invoice.issued' THEN
                h.series := with_number(company, h.series, parsed, parsed ->> 'kind', iso_date(parsed ->> 'issued_on'), h.pos);
            END IF;
        ELSIF types[i] IN ('quote.sent', 'series.opened', 'fiscal_year.defined')
              OR starts_with(types[i], 'ledger.') OR starts_with(types[i], 'clock.') THEN
            h := turned(h, types[i], parsed, streams[i]);
        END IF;
        IF strpos(datas[i], '"sealed":') > 0 THEN
            PERFORM stand(company, datas[i], streams[i], h.pos, CASE WHEN fiscal THEN term(h.fiscal_years, h.day) END);
        END IF;

        line := compose(h.at, actor, datas[i], company, h.pos, streams[i], types[i], versions[i]);
        IF octet_length(line) > 4194304 THEN
            RAISE EXCEPTION 'event % is longer than a line may be', i USING ERRCODE = 'PB003';
        END IF;
        h.hash := link(h.hash, line);
        INSERT INTO entry VALUES (company, h.pos, streams[i], versions[i], types[i], h.at, line, h.hash);
    END LOOP;

    IF NOT opened THEN
        INSERT INTO head SELECT h.*;
    ELSIF cardinality(streams) > 0 THEN
        UPDATE head SET pos = h.pos, hash = h.hash, at = h.at, origin = h.origin, day = h.day, suspected_on = h.suspected_on,
                        frozen = h.frozen, series = h.series, fiscal_years = h.fiscal_years
         WHERE company_id = company;
    END IF;
    IF command IS NOT NULL THEN
        INSERT INTO command VALUES (company, command, request, h.pos, result);
    END IF;
    RETURN h.pos;
END $$;

-- What a use case reads of some streams: their lines in order, the lines of others that speak of them (`subjects` has
-- one element per line of `mentions`), what opens the seals of their lines.
CREATE FUNCTION streams(company uuid, ids uuid[], OUT lines text[], OUT subjects uuid[], OUT mentions text[],
                        OUT digests text[], OUT openings text[])
LANGUAGE plpgsql AS $$
BEGIN
    SELECT array_agg(e.line ORDER BY e.stream_id, e.version) INTO lines
      FROM ledger.entry e WHERE e.company_id = company AND e.stream_id = ANY (ids);
    SELECT array_agg(m.subject_id ORDER BY m.pos), array_agg(e.line ORDER BY m.pos) INTO subjects, mentions
      FROM ledger.mention m JOIN ledger.entry e USING (company_id, pos)
     WHERE m.company_id = company AND m.subject_id = ANY (ids);
    SELECT array_agg(encode(v.digest, 'hex')), array_agg(v.value) INTO digests, openings
      FROM ledger.seal s JOIN ledger.sealed v USING (company_id, digest)
     WHERE s.company_id = company AND s.stream_id = ANY (ids);
END $$;

-- Takes the pen, then reads: each query sees what was committed before the pen was given.
CREATE FUNCTION take(company uuid, command uuid, ids uuid[], OUT pos bigint, OUT day date, OUT training boolean,
                     OUT series jsonb, OUT known bytea, OUT result jsonb, OUT lines text[], OUT subjects uuid[],
                     OUT mentions text[], OUT digests text[], OUT openings text[])
LANGUAGE plpgsql AS $$
BEGIN
    SELECT o.pos, o.day, o.training, o.series, o.known, o.result INTO pos, day, training, series, known, result
      FROM ledger.open(company, command) o;
    SELECT s.lines, s.subjects, s.mentions, s.digests, s.openings INTO lines, subjects, mentions, digests, openings
      FROM ledger.streams(company, ids) s;
END $$;

REVOKE ALL ON FUNCTION keys_once, profiled, streams, take FROM PUBLIC;
GRANT EXECUTE ON FUNCTION streams, take TO probant_web, probant_job;

RESET ROLE;
