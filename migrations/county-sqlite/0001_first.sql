-- The county server's embedded store. Records are kept whole, as (id, kind, fields with versions);
-- what the server itself asks for by something else than the id has a table of its own.
-- Ids are BLOB(16).

-- What was made with the store: its epoch, the key of its tokens and codes, the restricted keys.
CREATE TABLE origin (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    epoch BLOB NOT NULL,
    secret BLOB NOT NULL,
    restricted_epoch INTEGER NOT NULL,
    restricted_public BLOB NOT NULL,
    restricted_private BLOB NOT NULL
) STRICT;

CREATE TABLE device (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    centre BLOB NOT NULL,
    public_key BLOB NOT NULL,
    enrolled_ms INTEGER NOT NULL,
    revoked_ms INTEGER,
    -- The transaction that is expected next.
    expected INTEGER NOT NULL,
    audit_entries INTEGER NOT NULL,
    audit_head BLOB
) STRICT;

-- Which scopes a device holds.
CREATE TABLE device_scope (
    device INTEGER NOT NULL REFERENCES device,
    scope BLOB NOT NULL,
    PRIMARY KEY (device, scope)
) STRICT, WITHOUT ROWID;

-- One-time codes for enrolment: the HMAC of the code, never the code.
CREATE TABLE enrolment_code (
    digest BLOB NOT NULL PRIMARY KEY,
    centre BLOB NOT NULL,
    restricted INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_by INTEGER REFERENCES device
) STRICT, WITHOUT ROWID;

-- Wrong codes, by the HMAC of their first characters.
CREATE TABLE enrolment_attempt (
    selector BLOB NOT NULL PRIMARY KEY,
    wrong INTEGER NOT NULL,
    since_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- `sequence` is the last one given in the scope's feed. The nil scope is the urgent feed.
CREATE TABLE scope (
    id BLOB NOT NULL PRIMARY KEY,
    sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- `versions` as in porch_sync::Versions; `fields` the plain values by name.
CREATE TABLE record (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    fields TEXT NOT NULL,
    versions TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE record_scope (
    record BLOB NOT NULL,
    scope BLOB NOT NULL,
    PRIMARY KEY (record, scope)
) STRICT, WITHOUT ROWID;

-- What consent asks for: decisions, withdrawals and authorities by whom they are about, ends by
-- their authority, a photo's subjects by photo and by person.
CREATE TABLE tie (
    target BLOB NOT NULL,
    kind TEXT NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (target, kind, record)
) STRICT, WITHOUT ROWID;

-- Each record at its latest place only.
CREATE TABLE feed (
    scope BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (scope, sequence)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX feed_by_record ON feed (record, scope);

-- What became of each transaction that a device sent; `digest` tells a clone from the original.
CREATE TABLE received (
    device INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    digest BLOB NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (device, sequence)
) STRICT, WITHOUT ROWID;

-- Transactions that were not understood or broke a rule, as they came, for a person.
CREATE TABLE quarantine (
    device INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    reason TEXT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (device, sequence)
) STRICT, WITHOUT ROWID;

-- Content that was removed or not taken in: it does not come back.
CREATE TABLE removed (
    record BLOB NOT NULL PRIMARY KEY,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (
    id BLOB NOT NULL PRIMARY KEY,
    photo BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    chunks INTEGER NOT NULL,
    complete INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_by_photo ON blob (photo);

CREATE TABLE blob_chunk (
    number INTEGER NOT NULL PRIMARY KEY,
    blob BLOB NOT NULL,
    chunk INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX blob_chunk_by_place ON blob_chunk (blob, chunk);
