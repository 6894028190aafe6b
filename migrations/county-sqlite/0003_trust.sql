-- What lets devices trust what they hold: a count and a sum for each scope, how far a backup
-- reaches, and which devices are copies of another.

-- Each entry's share of its scope's sum, and the scope's count and sum of them. None until the
-- program has worked them out, which SQL cannot.
ALTER TABLE feed ADD COLUMN mark BLOB;
ALTER TABLE scope ADD COLUMN held INTEGER;
ALTER TABLE scope ADD COLUMN sum BLOB;

-- The device's last transaction that is in a backup, and the device of which it was a copy.
ALTER TABLE device ADD COLUMN backed_up INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN copy_of INTEGER;

-- `copied`: this file is a backup and becomes another epoch when it is opened to be used.
-- `numbers_after`: device numbers up to this one may have been given after the backup was made.
ALTER TABLE origin ADD COLUMN copied INTEGER NOT NULL DEFAULT 0;
ALTER TABLE origin ADD COLUMN numbers_after INTEGER NOT NULL DEFAULT 0;

-- ================================================================ erasure

-- Erasing people: the log of what was removed, what is kept of it and why, and who has confirmed.

-- An erasure that was carried out. `told` is what its certificate says of the order and of what
-- went, without a name or the person's id; `sequence` its last place in the urgent feed.
CREATE TABLE erasure (
    id BLOB NOT NULL PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    told TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The devices that held a scope concerned, and when each said that nothing is left in its files.
CREATE TABLE erasure_holder (
    erasure BLOB NOT NULL,
    device INTEGER NOT NULL,
    confirmed_ms INTEGER,
    PRIMARY KEY (erasure, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_holder_waiting ON erasure_holder (device) WHERE confirmed_ms IS NULL;

-- The removal log: each removed record by the HMAC of its id, for ever; the id itself until every
-- holder has confirmed or is revoked.
CREATE TABLE removal (
    keyed BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    erasure BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    record BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX removal_by_erasure ON removal (erasure);
CREATE INDEX removal_by_sequence ON removal (sequence) WHERE record IS NOT NULL;

-- What is left of removed records: without identity for figures, or because of a legal ground.
CREATE TABLE kept (
    keyed BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    erasure BLOB NOT NULL,
    why TEXT NOT NULL,
    fields TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_by_erasure ON kept (erasure);
