-- The county server's store on PostgreSQL, for a county with several server processes. The same
-- tables as migrations/county-sqlite, and the same meaning. JSON is kept as TEXT, byte for byte:
-- JSONB writes numbers anew and refuses U+0000, and nothing that a device wrote may change here.
-- Unsigned numbers up to 2^63 are BIGINT.

-- What was made with the store: its epoch, the restricted public key, and, sealed under the servers'
-- key file, the key of tokens and codes and the restricted private key.
CREATE TABLE origin (
    only_row BOOLEAN PRIMARY KEY CHECK (only_row),
    epoch UUID NOT NULL,
    restricted_epoch BIGINT NOT NULL,
    restricted_public BYTEA NOT NULL,
    sealed BYTEA NOT NULL
);

CREATE TABLE device (
    number BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    centre UUID NOT NULL,
    public_key BYTEA NOT NULL,
    enrolled_ms BIGINT NOT NULL,
    revoked_ms BIGINT,
    -- The transaction that is expected next.
    expected BIGINT NOT NULL,
    audit_entries BIGINT NOT NULL,
    audit_head BYTEA
);

-- Which scopes a device holds.
CREATE TABLE device_scope (
    device BIGINT NOT NULL REFERENCES device,
    scope UUID NOT NULL,
    PRIMARY KEY (device, scope)
);

-- One-time codes for enrolment: the HMAC of the code, never the code.
CREATE TABLE enrolment_code (
    digest BYTEA PRIMARY KEY,
    centre UUID NOT NULL,
    restricted BOOLEAN NOT NULL,
    expires_ms BIGINT NOT NULL,
    used_by BIGINT REFERENCES device
);

-- Wrong codes, by the HMAC of their first characters.
CREATE TABLE enrolment_attempt (
    selector BYTEA PRIMARY KEY,
    wrong BIGINT NOT NULL,
    since_ms BIGINT NOT NULL
);

-- `sequence` is the last one given in the scope's feed. The nil scope is the urgent feed.
CREATE TABLE scope (
    id UUID PRIMARY KEY,
    sequence BIGINT NOT NULL
);

-- `versions` as in porch_sync::Versions; `fields` the plain values by name.
CREATE TABLE record (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    fields TEXT NOT NULL,
    versions TEXT NOT NULL
);

CREATE TABLE record_scope (
    record UUID NOT NULL,
    scope UUID NOT NULL,
    PRIMARY KEY (record, scope)
);

-- What consent asks for: decisions, withdrawals and authorities by whom they are about, ends by
-- their authority, a photo's subjects by photo and by person.
CREATE TABLE tie (
    target UUID NOT NULL,
    kind TEXT NOT NULL,
    record UUID NOT NULL,
    PRIMARY KEY (target, kind, record)
);

-- Each record at its latest place only.
CREATE TABLE feed (
    scope UUID NOT NULL,
    sequence BIGINT NOT NULL,
    record UUID NOT NULL,
    PRIMARY KEY (scope, sequence)
);
CREATE UNIQUE INDEX feed_by_record ON feed (record, scope);

-- What became of each transaction that a device sent; `digest` tells a clone from the original.
CREATE TABLE received (
    device BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (device, sequence)
);

-- Transactions that were not understood or broke a rule, as they came, for a person.
CREATE TABLE quarantine (
    device BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    reason TEXT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (device, sequence)
);

-- Content that was removed or not taken in: it does not come back.
CREATE TABLE removed (
    record UUID PRIMARY KEY,
    at_ms BIGINT NOT NULL
);

CREATE TABLE blob (
    id UUID PRIMARY KEY,
    photo UUID NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    chunks BIGINT NOT NULL,
    complete BOOLEAN NOT NULL
);
CREATE INDEX blob_by_photo ON blob (photo);

-- Each blob's own key, sealed under the servers' key file. PostgreSQL leaves deleted bytes lying in
-- its files for a while, so a removal deletes the key, and this small table is then written anew.
CREATE TABLE blob_key (
    blob UUID PRIMARY KEY,
    sealed BYTEA NOT NULL
);

-- `bytes` are sealed under the blob's key.
CREATE TABLE blob_chunk (
    blob UUID NOT NULL,
    chunk BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (blob, chunk)
);
ALTER TABLE blob_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;
