-- The proof: nodes of the Merkle tree that never change any more, and the signed notes made of it. All of it follows from
-- the entries and the keys: it is written by the job, once, and grows only.

SET LOCAL ROLE probant_owner;
SET LOCAL search_path = ledger, pg_temp;

-- Node `index` of level k is the root over the 256^k leaves from `index` × 256^k on; leaves (level 0) follow from
-- `entry.hash`. One row for 256 entries.
CREATE TABLE tree_node (
    company_id uuid     NOT NULL,
    level      smallint NOT NULL CHECK (level > 0),
    index      bigint   NOT NULL,
    hash       bytea    NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (company_id, level, index)
);

-- Checkpoints as they were signed (ledger-format.md § 5).
CREATE TABLE checkpoint (
    company_id uuid   NOT NULL,
    size       bigint NOT NULL CHECK (size > 0),
    note       text   NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (company_id, size)
);

-- What others said of them: a witness's signature line, a time-stamp token (RFC 3161, DER).
CREATE TABLE cosignature (
    company_id uuid   NOT NULL,
    size       bigint NOT NULL,
    witness    text   NOT NULL,
    line       text   NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (company_id, size, witness),
    FOREIGN KEY (company_id, size) REFERENCES checkpoint
);
CREATE TABLE time_stamp (
    company_id uuid   NOT NULL,
    size       bigint NOT NULL,
    authority  text   NOT NULL,
    token      bytea  NOT NULL,
    stamped_at timestamptz NOT NULL,                  -- as the authority says
    PRIMARY KEY (company_id, size, authority),
    FOREIGN KEY (company_id, size) REFERENCES checkpoint
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['tree_node', 'checkpoint', 'cosignature', 'time_stamp'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format($f$CREATE POLICY own_company ON %I
            USING (company_id = nullif(current_setting('probant.company', true), '')::uuid)$f$, name);
        EXECUTE format('CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON %I EXECUTE FUNCTION refuse()', name);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I EXECUTE FUNCTION refuse()', name);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER no_change, ENABLE ALWAYS TRIGGER no_truncate', name);
        EXECUTE format('GRANT SELECT ON %I TO probant_web, probant_job, probant_audit', name);
        EXECUTE format('GRANT INSERT ON %I TO probant_job', name);
    END LOOP;
END $$;

RESET ROLE;
