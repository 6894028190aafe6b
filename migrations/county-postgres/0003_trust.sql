-- What lets devices trust what they hold: a count and a sum for each scope, how far a backup
-- reaches, and which devices are copies of another.

-- Each entry's share of its scope's sum, and the scope's count and sum of them, modulo 2^128. None
-- until the program has worked them out, which SQL cannot. From here on nothing is written without
-- them: a server of before this migration that still runs is refused, not believed.
ALTER TABLE feed ADD COLUMN mark NUMERIC(39, 0);
ALTER TABLE feed ADD CONSTRAINT feed_has_mark CHECK (mark IS NOT NULL) NOT VALID;
ALTER TABLE scope ADD COLUMN held BIGINT;
ALTER TABLE scope ADD COLUMN sum NUMERIC(39, 0);
ALTER TABLE scope ADD CONSTRAINT scope_has_tally CHECK (held IS NOT NULL AND sum IS NOT NULL) NOT VALID;

-- The device's last transaction that is in a backup, and the device of which it was a copy.
ALTER TABLE device ADD COLUMN backed_up BIGINT NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN copy_of BIGINT;

-- Device numbers up to this one may have been given after a backup that was restored.
ALTER TABLE origin ADD COLUMN numbers_after BIGINT NOT NULL DEFAULT 0;

-- ================================================================ erasure

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
