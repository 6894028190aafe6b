-- Erasing people: the log of what was removed, what is kept of it and why, and who has confirmed.
-- The same tables as migrations/county-sqlite, and the same meaning.

-- An erasure that was carried out. `told` is what its certificate says of the order and of what
-- went, without a name or the person's id; `sequence` its last place in the urgent feed.
CREATE TABLE erasure (
    id UUID PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    told TEXT NOT NULL
);

-- The devices that held a scope concerned, and when each said that nothing is left in its files.
CREATE TABLE erasure_holder (
    erasure UUID NOT NULL,
    device BIGINT NOT NULL,
    confirmed_ms BIGINT,
    PRIMARY KEY (erasure, device)
);
CREATE INDEX erasure_holder_waiting ON erasure_holder (device) WHERE confirmed_ms IS NULL;

-- The removal log: each removed record by the HMAC of its id, for ever; the id itself until every
-- holder has confirmed or is revoked.
CREATE TABLE removal (
    keyed BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    erasure UUID NOT NULL,
    sequence BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    record UUID
);
CREATE INDEX removal_by_erasure ON removal (erasure);
CREATE INDEX removal_by_sequence ON removal (sequence) WHERE record IS NOT NULL;

-- What is left of removed records: without identity for figures, or because of a legal ground.
CREATE TABLE kept (
    keyed BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    erasure UUID NOT NULL,
    why TEXT NOT NULL,
    fields TEXT NOT NULL
);
CREATE INDEX kept_by_erasure ON kept (erasure);
