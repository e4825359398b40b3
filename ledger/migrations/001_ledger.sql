-- The ledger. What a line, a hash and a seal are: ledger-format.md. Here is who may write them, and when.
-- Read it from the end: `append` (what the application calls), then `record` (the life of an entry), then the rest.
--
-- SQLSTATEs: PB001 change refused · PB002 no such ledger · PB003 not in the format · PB004 version · PB005 number or
-- series · PB006 day · PB007 seal or opening · PB008 read-only · PB009 this role may not append that.

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['probant_owner', 'probant_web', 'probant_job', 'probant_audit'] LOOP
        IF to_regrole(role) IS NULL THEN
            EXECUTE format('CREATE ROLE %I', role);
        END IF;
    END LOOP;
END $$;
ALTER ROLE probant_owner NOLOGIN;   -- owns every object; nobody logs in as it
ALTER ROLE probant_web   LOGIN;     -- the web: appends as a user or a client, and only the types that are the web's
ALTER ROLE probant_job   LOGIN;     -- jobs and the system: closes, erases, opens ledgers
ALTER ROLE probant_audit LOGIN;     -- verification: reads one company at a time, writes nothing
GRANT probant_owner TO CURRENT_USER;

-- A program that hangs with the pen in hand must not stop its company.
ALTER ROLE probant_web SET idle_in_transaction_session_timeout = '15s';
ALTER ROLE probant_web SET lock_timeout = '10s';
ALTER ROLE probant_job SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE probant_job SET lock_timeout = '60s';

CREATE SCHEMA ledger AUTHORIZATION probant_owner;
CREATE SCHEMA read   AUTHORIZATION probant_owner;     -- read models: anything here can be rebuilt
SET LOCAL ROLE probant_owner;
GRANT USAGE ON SCHEMA ledger, read TO probant_web, probant_job, probant_audit;
SET LOCAL search_path = ledger, pg_temp;

CREATE TABLE migration (
    number int   PRIMARY KEY,
    name   text  NOT NULL,
    sha256 bytea NOT NULL,
    run_at timestamptz NOT NULL DEFAULT now()
);

-- Tables -------------------------------------------------------------------------------------------------------------

-- The pen: whoever holds this row writes. What append must know of the past lives here, so that it costs nothing.
CREATE TABLE head (
    company_id   uuid PRIMARY KEY,
    pos          bigint NOT NULL,
    hash         bytea  NOT NULL CHECK (octet_length(hash) = 32),
    at           timestamptz NOT NULL,
    origin       text NOT NULL,
    time_zone    text NOT NULL,
    training     boolean NOT NULL,
    day          date,                                -- of the last fiscal event
    suspected_on date,                                -- of the last `clock.suspected`
    frozen       boolean NOT NULL DEFAULT false,      -- restored from a backup: read-only until `ledger.restored`
    series       jsonb NOT NULL DEFAULT '{}',         -- name -> {kinds, pattern, last, issued_on, closed}
    fiscal_years jsonb NOT NULL DEFAULT '{}'          -- first day -> last day
) WITH (fillfactor = 50);                             -- room for HOT updates

CREATE TABLE entry (
    company_id  uuid   NOT NULL,
    pos         bigint NOT NULL,
    stream_id   uuid   NOT NULL,
    version     bigint NOT NULL,
    type        text   NOT NULL,
    recorded_at timestamptz NOT NULL,
    line        text   NOT NULL,                      -- the record; the columns above only index it
    hash        bytea  NOT NULL,
    PRIMARY KEY (company_id, pos),
    UNIQUE (company_id, stream_id, version)
);

-- Numbers given, unique in the ledger whatever their series.
CREATE TABLE number (
    company_id uuid   NOT NULL,
    number     text   NOT NULL,
    pos        bigint NOT NULL,
    PRIMARY KEY (company_id, number)
);

-- Digests that stand in an entry, for ever: each in one only, and none comes back into the vault.
CREATE TABLE seal (
    company_id uuid   NOT NULL,
    digest     bytea  NOT NULL,
    stream_id  uuid   NOT NULL,
    pos        bigint NOT NULL,
    PRIMARY KEY (company_id, digest)
);
CREATE INDEX ON seal (company_id, stream_id);

-- The vault: openings of sealed values. Losing a row loses the value, never the proof.
CREATE TABLE sealed (
    company_id uuid  NOT NULL,
    digest     bytea NOT NULL,
    subject_id uuid  NOT NULL,
    salt       text  NOT NULL CHECK (salt ~ '^[0-9a-f]{64}$'),
    value      text  NOT NULL,
    kept_until date,                                  -- a fiscal event needs it until then, that day included
    PRIMARY KEY (company_id, digest),
    CHECK (digest = sha256(convert_to(E'probant-seal-v1\n' || company_id::text || E'\n' || subject_id::text || E'\n'
                                      || salt || E'\n' || value || E'\n', 'UTF8')))
);
CREATE INDEX ON sealed (company_id, subject_id);

-- One row per finished command: the same id with the same request gets the same answer.
CREATE TABLE command (
    company_id uuid   NOT NULL,
    command_id uuid   NOT NULL,
    request    bytea  NOT NULL,                       -- HMAC of the request, its actor included
    last_pos   bigint NOT NULL,
    result     jsonb,                                 -- no personal data
    done_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, command_id)
);

CREATE TABLE blob (
    company_id uuid  NOT NULL,
    sha256     bytea NOT NULL CHECK (sha256 = pg_catalog.sha256(bytes)),
    bytes      bytea NOT NULL,
    kept_until date  NOT NULL,
    PRIMARY KEY (company_id, sha256)
);
ALTER TABLE blob ALTER bytes SET STORAGE EXTERNAL;    -- PDF is compressed already

-- The format: pure functions -----------------------------------------------------------------------------------------

-- Is `data` in the profile of §2? All of it but sorted keys and NFC, which are the writer's duties. In order of cost:
-- 1. Token by token: keys, whole numbers, shortest escapes, no white space. What follows a value ends its token.
-- 2. The rest of JSON's grammar, by PostgreSQL's parser.
-- 3. No key twice: PostgreSQL drops those, and writes all the rest at the same length plus the spaces between tokens.
--    (What `replace` takes out of strings, it takes out of both texts.)
CREATE FUNCTION in_profile(data text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    parsed jsonb;
BEGIN
    IF data !~ '^\{(?:[][{},]|"[a-z][a-z0-9_]*":|"(?:[^"\\\u0001-\u001f]|\\["\\bfnrt]|\\u00(?:0[1-7bef]|1[0-9a-f]))*"[],}]|(?:true|false|0|-?[1-9][0-9]{0,14})[],}])*$' THEN
        RETURN false;
    END IF;
    BEGIN
        parsed := data::jsonb;
    EXCEPTION WHEN data_exception OR statement_too_complex THEN       -- not JSON; thousands of brackets
        RETURN false;
    END;
    RETURN octet_length(replace(replace(parsed::text, ', ', ','), ': ', ':'))
               = octet_length(replace(replace(data, ', ', ','), ': ', ':'))
       AND NOT jsonb_path_exists(parsed, 'strict $.**{16} ? (@.type() == "array" || @.type() == "object")')
       AND data !~ '_(?:cents|bp)":[^-0-9]'
       AND (strpos(data, '"schema":') = 0 OR coalesce(parsed -> 'schema' >= '2' AND jsonb_typeof(parsed -> 'schema') = 'number', true))
       AND (strpos(data, '"sealed":') = 0
            OR regexp_count(data, '"sealed":') = regexp_count(data, '\{"sealed":"[0-9a-f]{64}"\}'));
END $$;

-- A sealed value is any value of the profile, without a seal inside. The roles that INSERT call this by its CHECK: it is
-- as careful with their settings as the functions at the end.
CREATE FUNCTION value_in_profile(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
    SELECT in_profile('{"value":' || value || '}') AND strpos(value, '"sealed":') = 0
       AND (SELECT count(*) FROM jsonb_object_keys(('{"value":' || value || '}')::jsonb)) = 1
$$;
ALTER TABLE sealed ADD CHECK (ledger.value_in_profile(value));

-- Line and hash, letter by letter as §1 and §3.
CREATE FUNCTION instant(at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
CREATE FUNCTION compose(at timestamptz, actor text, data text, company uuid, pos bigint, stream uuid, type text, version bigint)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT '{"at":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","by":"' || actor
        || '","data":' || data || ',"ledger":"' || company || '","pos":' || pos || ',"stream":"' || stream
        || '","type":"' || type || '","version":' || version || '}'
$$;
CREATE FUNCTION genesis(company uuid) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(E'probant-ledger-v1\n' || company::text || E'\n', 'UTF8'))
$$;
CREATE FUNCTION link(previous bytea, line text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(encode(previous, 'hex') || E'\n' || line || E'\n', 'UTF8'))
$$;

-- A date as §2 writes it, else null (a day that no month has raises 22008).
CREATE FUNCTION iso_date(text) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN $1 ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
                THEN make_date(left($1, 4)::int, substr($1, 6, 2)::int, right($1, 2)::int) END
$$;

-- `seq` in a pattern: the one run of # becomes the number, padded with zeros to its length.
CREATE FUNCTION numbered(pattern text, seq bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(pattern, '#+', lpad(seq::text, greatest(length(seq::text), regexp_count(pattern, '#')), '0'))
$$;

-- Guards -------------------------------------------------------------------------------------------------------------

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the ledger only grows', TG_OP, TG_TABLE_NAME USING ERRCODE = 'PB001';
END $$;

-- The head follows its entries. Time goes back only where a clock was declared, the origin changes and the freeze ends
-- only where a restored ledger says so; no series is lost, changed or opened again.
CREATE FUNCTION head_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last text;
BEGIN
    IF NEW.pos = OLD.pos AND NOT OLD.frozen AND NEW.frozen THEN
        OLD.frozen := true;                                           -- the only change without an entry
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    SELECT e.type INTO last FROM ledger.entry e
     WHERE e.company_id = NEW.company_id AND e.pos = NEW.pos AND e.hash = NEW.hash;
    IF last IS NULL OR NEW.pos <= OLD.pos OR NEW.company_id <> OLD.company_id
       OR NEW.time_zone <> OLD.time_zone OR NEW.training <> OLD.training
       OR (last <> 'clock.declared' AND (NEW.at < OLD.at OR NEW.day < OLD.day OR (NEW.day IS NULL AND OLD.day IS NOT NULL)))
       OR (last <> 'ledger.restored' AND (NEW.origin <> OLD.origin OR NEW.frozen <> OLD.frozen))
       OR (NEW.series <> OLD.series AND EXISTS (
            SELECT FROM jsonb_each(OLD.series) o
             WHERE NOT coalesce(
                (NEW.series -> o.key) - '{last,issued_on,closed}'::text[] = o.value - '{last,issued_on,closed}'::text[]
                AND (NEW.series -> o.key ? 'closed' OR NOT o.value ? 'closed')
                AND (NEW.series #> ARRAY[o.key, 'last'])::bigint >= (o.value -> 'last')::bigint
                AND coalesce(NEW.series #>> ARRAY[o.key, 'issued_on'] >= o.value ->> 'issued_on', NOT o.value ? 'issued_on'),
                false))) THEN
        RAISE EXCEPTION 'the head of % may only grow', OLD.company_id USING ERRCODE = 'PB001';
    END IF;
    RETURN NEW;
END $$;

-- Openings and blobs change in one way only, their term grows; they go after it, commands after 90 days.
CREATE FUNCTION only_kept_longer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    longer date := NEW.kept_until;
BEGIN
    NEW.kept_until := OLD.kept_until;
    IF NEW IS DISTINCT FROM OLD OR longer IS NULL OR longer < OLD.kept_until THEN
        RAISE EXCEPTION 'UPDATE on % is refused: only its term may grow', TG_TABLE_NAME USING ERRCODE = 'PB001';
    END IF;
    NEW.kept_until := longer;
    RETURN NEW;
END $$;
CREATE FUNCTION only_after_its_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.kept_until > (now() AT TIME ZONE 'UTC')::date THEN
        RAISE EXCEPTION 'DELETE on % is refused: kept until %', TG_TABLE_NAME, OLD.kept_until USING ERRCODE = 'PB001';
    END IF;
    RETURN OLD;
END $$;
CREATE FUNCTION only_after_90_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.done_at > now() - interval '90 days' THEN
        RAISE EXCEPTION 'DELETE on % is refused: done at %', TG_TABLE_NAME, OLD.done_at USING ERRCODE = 'PB001';
    END IF;
    RETURN OLD;
END $$;
CREATE FUNCTION never_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger.seal s WHERE s.company_id = NEW.company_id AND s.digest = NEW.digest) THEN
        RAISE EXCEPTION 'an opening comes before its entry, or never' USING ERRCODE = 'PB007';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER no_change  BEFORE UPDATE OR DELETE ON entry   EXECUTE FUNCTION refuse();
CREATE TRIGGER no_change  BEFORE UPDATE OR DELETE ON number  EXECUTE FUNCTION refuse();
CREATE TRIGGER no_change  BEFORE UPDATE OR DELETE ON seal    EXECUTE FUNCTION refuse();
CREATE TRIGGER no_change  BEFORE UPDATE           ON command EXECUTE FUNCTION refuse();
CREATE TRIGGER no_delete  BEFORE DELETE           ON head    EXECUTE FUNCTION refuse();
CREATE TRIGGER only_grows BEFORE UPDATE ON head    FOR EACH ROW EXECUTE FUNCTION head_only_grows();
CREATE TRIGGER term       BEFORE UPDATE ON sealed  FOR EACH ROW EXECUTE FUNCTION only_kept_longer();
CREATE TRIGGER term       BEFORE UPDATE ON blob    FOR EACH ROW EXECUTE FUNCTION only_kept_longer();
CREATE TRIGGER due        BEFORE DELETE ON sealed  FOR EACH ROW EXECUTE FUNCTION only_after_its_term();
CREATE TRIGGER due        BEFORE DELETE ON blob    FOR EACH ROW EXECUTE FUNCTION only_after_its_term();
CREATE TRIGGER due        BEFORE DELETE ON command FOR EACH ROW EXECUTE FUNCTION only_after_90_days();
CREATE TRIGGER once       BEFORE INSERT ON sealed  FOR EACH ROW EXECUTE FUNCTION never_again();

DO $$
DECLARE
    name text;
    guard record;
BEGIN
    FOREACH name IN ARRAY ARRAY['head', 'entry', 'number', 'seal', 'sealed', 'command', 'blob'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format($f$CREATE POLICY own_company ON %I
            USING (company_id = nullif(current_setting('probant.company', true), '')::uuid)$f$, name);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I EXECUTE FUNCTION refuse()', name);
        EXECUTE format('GRANT SELECT ON %I TO probant_web, probant_job, probant_audit', name);
    END LOOP;
    FOR guard IN SELECT tgname, tgrelid::regclass AS name FROM pg_trigger
                  WHERE tgrelid::regclass::text IN ('head', 'entry', 'number', 'seal', 'sealed', 'command', 'blob')
                    AND NOT tgisinternal LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', guard.name, guard.tgname);     -- replicas too
    END LOOP;
END $$;
CREATE POLICY all_companies ON head FOR SELECT TO probant_owner USING (true);                    -- for `companies`
GRANT INSERT (company_id, digest, subject_id, salt, value) ON sealed TO probant_web, probant_job;
GRANT INSERT ON blob TO probant_web, probant_job;

-- What an event does to the head -------------------------------------------------------------------------------------

-- A new ledger, before its first entry.
CREATE FUNCTION founded(company uuid, data jsonb) RETURNS head LANGUAGE plpgsql AS $$
DECLARE
    h head;
BEGIN
    IF (data -> 'format' = '1' AND data ->> 'mode' IN ('live', 'training')
        AND data ->> 'origin' ~ ('^[a-z0-9.-]+/' || company || '$')
        AND data ->> 'time_zone' IN (SELECT name FROM pg_timezone_names)) IS NOT TRUE THEN
        RAISE EXCEPTION 'ledger.opened needs format 1, mode, time_zone and the origin of this ledger'
            USING ERRCODE = 'PB003';
    END IF;
    h.company_id := company;
    h.pos := 0;
    h.hash := genesis(company);
    h.at := '-infinity';
    h.origin := data ->> 'origin';
    h.time_zone := data ->> 'time_zone';
    h.training := data ->> 'mode' = 'training';
    h.frozen := false;
    h.series := '{}';
    h.fiscal_years := '{}';
    RETURN h;
END $$;

CREATE FUNCTION with_series(series jsonb, data jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    first jsonb := coalesce(data -> 'first', '1');
BEGIN
    IF (jsonb_typeof(data -> 'series') = 'string' AND data ->> 'series' ~ '^[A-Z0-9-]{1,16}$'
        AND data ->> 'pattern' ~ '^[A-Za-z0-9/_+-]*#+[A-Za-z0-9/_+-]*$' AND length(data ->> 'pattern') <= 35
        AND jsonb_typeof(data -> 'kinds') = 'array' AND data -> 'kinds' <> '[]'
        AND data -> 'kinds' <@ '["invoice","deposit","progress","final","credit_note","debit_note","quote"]'
        AND jsonb_typeof(first) = 'number' AND first >= '1') IS NOT TRUE THEN
        RAISE EXCEPTION 'series.opened: series, pattern, kinds or first is not in the format' USING ERRCODE = 'PB003';
    ELSIF series ? (data ->> 'series') THEN
        RAISE EXCEPTION 'series % is known: it is never opened again', data ->> 'series' USING ERRCODE = 'PB005';
    END IF;
    RETURN series || jsonb_build_object(data ->> 'series', jsonb_build_object(
        'kinds', data -> 'kinds', 'pattern', data -> 'pattern', 'last', first::bigint - 1));
END $$;

-- A number is the next of an open series, written in its pattern, new in the ledger, and not dated before the last one.
CREATE FUNCTION with_number(company uuid, series jsonb, data jsonb, kind text, issued_on date, pos bigint)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    name text  := data ->> 'series';
    s    jsonb := series -> name;
BEGIN
    IF s IS NULL OR jsonb_typeof(data -> 'series') <> 'string' OR s ? 'closed' OR (s -> 'kinds' ? kind) IS NOT TRUE THEN
        RAISE EXCEPTION 'series % is not open for %', name, kind USING ERRCODE = 'PB005';
    ELSIF (jsonb_typeof(data -> 'seq') = 'number' AND (data -> 'seq')::bigint = (s -> 'last')::bigint + 1
           AND data -> 'number' = to_jsonb(numbered(s ->> 'pattern', (data -> 'seq')::bigint))
           AND length(data ->> 'number') <= 35
           AND issued_on >= coalesce((s ->> 'issued_on')::date, '-infinity')) IS NOT TRUE THEN
        RAISE EXCEPTION 'number % of % does not follow % of %', data ->> 'number', issued_on, s ->> 'last', s ->> 'issued_on'
            USING ERRCODE = 'PB005';
    END IF;
    INSERT INTO number VALUES (company, data ->> 'number', pos) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'number % was given already', data ->> 'number' USING ERRCODE = 'PB005';
    END IF;
    RETURN jsonb_set(series, ARRAY[name], s || jsonb_build_object('last', data -> 'seq', 'issued_on', issued_on));
END $$;

-- Series whose last document is dated after `day` (all of them when it is null) take no number any more.
CREATE FUNCTION closed_after(series jsonb, day date) RETURNS jsonb LANGUAGE sql AS $$
    SELECT coalesce(jsonb_object_agg(s.key, CASE WHEN day IS NULL OR (s.value ->> 'issued_on')::date > day
                                                 THEN s.value || '{"closed": true}' ELSE s.value END), '{}')
      FROM jsonb_each(series) s
$$;

-- End of the fiscal year of `day` plus ten years. Unknown, the year may last 24 months: the longest that the law allows.
CREATE FUNCTION term(fiscal_years jsonb, day date) RETURNS date LANGUAGE sql AS $$
    SELECT (coalesce((SELECT max(y.value #>> '{}')::date FROM jsonb_each(fiscal_years) y
                       WHERE y.key::date <= day AND (y.value #>> '{}')::date >= day), day + interval '2 years')
            + interval '10 years')::date
$$;

-- The day of a fiscal event: today's in a live ledger; in a training ledger its own choice, but never an earlier one.
CREATE FUNCTION fiscal_day(h head, data jsonb) RETURNS date LANGUAGE plpgsql AS $$
DECLARE
    told date := iso_date(data ->> 'day');
BEGIN
    IF told IS NULL THEN
        RAISE EXCEPTION 'a fiscal event has its day' USING ERRCODE = 'PB003';
    ELSIF (h.training AND told < h.day) OR (NOT h.training AND told <> (h.at AT TIME ZONE h.time_zone)::date) THEN
        RAISE EXCEPTION 'day % is not that of the ledger', told USING ERRCODE = 'PB006';
    END IF;
    RETURN told;
END $$;

-- The digests of `data` stand from now on at `pos`: each there only, its opening in the vault, kept for the given term.
CREATE FUNCTION stand(company uuid, data text, stream uuid, pos bigint, kept date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    digests bytea[] := ARRAY(SELECT decode(m[1], 'hex') FROM regexp_matches(data, '\{"sealed":"([0-9a-f]{64})"\}', 'g') m);
    n       bigint;
BEGIN
    INSERT INTO seal SELECT company, digest, stream, pos FROM unnest(digests) digest ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n < cardinality(digests) THEN
        RAISE EXCEPTION 'a digest stands in one entry only, once' USING ERRCODE = 'PB007';
    END IF;
    SELECT count(*) INTO n FROM sealed s WHERE s.company_id = company AND s.digest = ANY (digests);
    IF n < cardinality(digests) THEN
        RAISE EXCEPTION 'the vault has no opening of a digest' USING ERRCODE = 'PB007';
    END IF;
    IF kept IS NOT NULL THEN
        UPDATE sealed s SET kept_until = kept
         WHERE s.company_id = company AND s.digest = ANY (digests) AND (s.kept_until < kept OR s.kept_until IS NULL);
    END IF;
END $$;

-- The life of an entry -----------------------------------------------------------------------------------------------

-- One transaction's entries: given their place, checked, composed, linked. The arrays have one element per event.
CREATE FUNCTION record(company uuid, actor text, command uuid, request bytea, result jsonb,
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
        ELSIF in_profile(datas[1]) THEN
            h := founded(company, datas[1]::jsonb);
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
        IF (length(types[i]) <= 64 AND types[i] ~ '^[a-z][a-z_]*\.[a-z][a-z_]*$'
            AND octet_length(datas[i]) <= 4194304 AND in_profile(datas[i])) IS NOT TRUE THEN
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
            parsed := datas[i]::jsonb;
            h.day := fiscal_day(h, parsed);
            IF types[i] = 'invoice.issued' THEN
                h.series := with_number(company, h.series, parsed, parsed ->> 'kind', iso_date(parsed ->> 'issued_on'), h.pos);
            END IF;
        ELSIF types[i] IN ('quote.sent', 'series.opened', 'fiscal_year.defined')
              OR starts_with(types[i], 'ledger.') OR starts_with(types[i], 'clock.') THEN
            h := turned(h, types[i], datas[i]::jsonb, streams[i]);
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

-- The head after an event of the ledger's own life, or after a quote's number. `h.pos` is already the event's.
CREATE FUNCTION turned(h head, type text, data jsonb, stream uuid) RETURNS head LANGUAGE plpgsql AS $$
DECLARE
    today date := (h.at AT TIME ZONE h.time_zone)::date;
BEGIN
    CASE type
    WHEN 'quote.sent' THEN
        IF data -> 'revision' > '1' THEN                              -- a revised offer keeps its number
            IF NOT EXISTS (SELECT FROM number n JOIN entry e USING (company_id, pos)
                            WHERE company_id = h.company_id AND n.number = data ->> 'number' AND e.stream_id = stream) THEN
                RAISE EXCEPTION 'number % is not that of this quote', data ->> 'number' USING ERRCODE = 'PB005';
            END IF;
        ELSE
            h.series := with_number(h.company_id, h.series, data, 'quote', iso_date(data ->> 'sent_on'), h.pos);
        END IF;
    WHEN 'series.opened' THEN
        h.series := with_series(h.series, data);
    WHEN 'fiscal_year.defined' THEN
        IF (iso_date(data ->> 'from') <= iso_date(data ->> 'to')) IS NOT TRUE THEN
            RAISE EXCEPTION 'fiscal_year.defined: from or to is not in the format' USING ERRCODE = 'PB003';
        END IF;
        h.fiscal_years := h.fiscal_years || jsonb_build_object(data ->> 'from', data ->> 'to');
    WHEN 'clock.suspected' THEN
        h.suspected_on := today;
    WHEN 'clock.declared' THEN
        h.day := NULL;
        h.series := closed_after(h.series, today);
    WHEN 'ledger.restored' THEN
        IF NOT h.frozen OR (data ->> 'kept_head' = encode(h.hash, 'hex') AND data -> 'kept_pos' = to_jsonb(h.pos - 1)
                            AND data ->> 'origin' = regexp_replace(h.origin, '^([^/]+/[^/]+).*$', '\1/')
                                || coalesce(nullif(split_part(h.origin, '/', 3), '')::int, 1) + 1) IS NOT TRUE THEN
            RAISE EXCEPTION 'ledger.restored: not frozen, or kept_pos, kept_head or origin is wrong' USING ERRCODE = 'PB003';
        END IF;
        h.frozen := false;
        h.origin := data ->> 'origin';
        h.series := closed_after(h.series, NULL);
    WHEN 'ledger.opened' THEN
        IF h.pos > 1 THEN
            RAISE EXCEPTION 'ledger.opened stands at position 1 only' USING ERRCODE = 'PB003';
        END IF;
    ELSE
    END CASE;
    RETURN h;
END $$;

-- What the roles may call: each SECURITY DEFINER, so as the owner --------------------------------------------------------

-- Take the pen until the end of the transaction, and say whether this command was done already. `pos` is 0 and the rest
-- null for a ledger that does not exist yet: two who open it wait for each other.
CREATE FUNCTION open(company uuid, command uuid, OUT pos bigint, OUT day date, OUT training boolean, OUT series jsonb,
                     OUT known bytea, OUT result jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    h head;
BEGIN
    PERFORM set_config('probant.company', company::text, true);
    SELECT * INTO h FROM head WHERE company_id = company FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(company::text, 0));
        SELECT * INTO h FROM head WHERE company_id = company FOR UPDATE;
    END IF;
    pos := coalesce(h.pos, 0);
    training := h.training;
    series := h.series;
    day := (greatest(h.at, clock_timestamp()) AT TIME ZONE h.time_zone)::date;
    IF h.training THEN
        day := greatest(day, h.day);
    END IF;
    SELECT c.request, c.result INTO known, result FROM command c WHERE c.company_id = company AND c.command_id = command;
END $$;

-- The only way in for the application. The role is that of the connection: no setting can change it.
CREATE FUNCTION append(company uuid, actor text, command uuid, request bytea, result jsonb,
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
           OR (session_user <> 'probant_job' AND type !~ '^(?:(?:company|client|product|quote|payment|refund|allocation|debt|reminder|security|parameter)\.|(?:series\.opened|fiscal_year\.defined|books\.configured|books\.closed|invoice\.drafted|invoice\.revised|invoice\.discarded|invoice\.issued|entry\.posted|document\.copied)$)') THEN
            RAISE EXCEPTION '% may not append %', session_user, left(type, 64) USING ERRCODE = 'PB009';
        END IF;
    END LOOP;
    RETURN record(company, actor, command, request, result, streams, versions, types, datas, clock_timestamp());
END $$;

-- Erase a person: the openings that no term protects go, the lines stay. It never refuses. Asked again when the term of
-- the others has passed, it erases them.
CREATE FUNCTION erase_subject(company uuid, subject uuid, reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    today   date;
    digests text;
BEGIN
    PERFORM set_config('probant.company', company::text, true);
    SELECT (clock_timestamp() AT TIME ZONE time_zone)::date INTO today FROM head WHERE company_id = company FOR UPDATE;
    WITH gone AS (DELETE FROM sealed WHERE company_id = company AND subject_id = subject
                     AND (kept_until IS NULL OR kept_until < today) RETURNING digest)
    SELECT coalesce(string_agg('"' || encode(digest, 'hex') || '"', ',' ORDER BY digest), '') INTO digests FROM gone;
    RETURN record(company, 'system', NULL, NULL, NULL, ARRAY[gen_random_uuid()], '{1}', '{subject.erased}',
        ARRAY[format('{"digests":[%s],"reason":%s,"subject_id":"%s"}', digests, to_json(reason), subject)], clock_timestamp());
END $$;

-- While the last `at` is ahead of the clock: one entry a day. Returns its position, or null when there is nothing to say.
CREATE FUNCTION suspect_clock(company uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    clock timestamptz := clock_timestamp();
    h     head;
BEGIN
    PERFORM set_config('probant.company', company::text, true);
    SELECT * INTO h FROM head WHERE company_id = company FOR UPDATE;
    IF h.at <= clock OR h.suspected_on = (h.at AT TIME ZONE h.time_zone)::date THEN
        RETURN NULL;
    END IF;
    RETURN record(company, 'system', NULL, NULL, NULL, ARRAY[gen_random_uuid()], '{1}', '{clock.suspected}',
        ARRAY[format('{"clock":"%s","last":"%s"}', instant(clock), instant(h.at))], clock);
END $$;

-- The clock is right and the ledger's time was not: time starts afresh. Only when it is more than one hour ahead.
CREATE FUNCTION declare_clock(company uuid, actor text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    clock timestamptz := clock_timestamp();
    last  timestamptz;
BEGIN
    PERFORM set_config('probant.company', company::text, true);
    SELECT at INTO last FROM head WHERE company_id = company FOR UPDATE;
    IF (last > clock + interval '1 hour') IS NOT TRUE THEN
        RAISE EXCEPTION 'the time of ledger % is not ahead of the clock', company USING ERRCODE = 'PB001';
    END IF;
    RETURN record(company, actor, NULL, NULL, NULL, ARRAY[gen_random_uuid()], '{1}', '{clock.declared}',
        ARRAY[format('{"clock":"%s","last":"%s"}', instant(clock), instant(last))], clock);
END $$;

-- A backup was restored: read-only until `ledger.restored`.
CREATE FUNCTION freeze(company uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    PERFORM set_config('probant.company', company::text, true);
    UPDATE head SET frozen = true WHERE company_id = company AND NOT frozen;
END $$;

-- Commands done so long ago are forgotten: their ids would be done again. The guard keeps 90 days.
CREATE FUNCTION purge_commands(company uuid, older_than interval) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    gone bigint;
BEGIN
    PERFORM set_config('probant.company', company::text, true);
    DELETE FROM command WHERE company_id = company AND done_at < now() - older_than;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;

-- The term of a blob grows, its end removes it.
CREATE FUNCTION keep_blob(company uuid, digest bytea, until date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    PERFORM set_config('probant.company', company::text, true);
    UPDATE blob SET kept_until = until WHERE company_id = company AND sha256 = digest AND kept_until < until;
END $$;
CREATE FUNCTION drop_blobs(company uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    gone bigint;
BEGIN
    PERFORM set_config('probant.company', company::text, true);
    DELETE FROM blob WHERE company_id = company AND kept_until < (now() AT TIME ZONE 'UTC')::date;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;

CREATE FUNCTION companies() RETURNS TABLE (company_id uuid, pos bigint, at timestamptz, training boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ledger, pg_temp SET standard_conforming_strings = on AS $$
    SELECT h.company_id, h.pos, h.at, h.training FROM head h ORDER BY h.company_id
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open, append, keep_blob TO probant_web, probant_job;
GRANT EXECUTE ON FUNCTION erase_subject, suspect_clock, declare_clock, freeze, purge_commands, drop_blobs TO probant_job;
GRANT EXECUTE ON FUNCTION companies TO probant_audit, probant_job;
GRANT EXECUTE ON FUNCTION value_in_profile TO probant_web, probant_job;   -- run by the CHECK at their INSERT

RESET ROLE;
