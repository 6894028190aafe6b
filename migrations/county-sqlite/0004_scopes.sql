-- Scopes of devices change, and records come into scopes and leave them.

-- Scopes that were taken from a device; `gone` once it has confirmed that nothing of them is left on it.
CREATE TABLE device_former (
    device INTEGER NOT NULL REFERENCES device,
    scope BLOB NOT NULL,
    gone INTEGER NOT NULL,
    PRIMARY KEY (device, scope)
) STRICT, WITHOUT ROWID;

-- Records that left a scope, each with its place in that scope's feed, until they come back.
CREATE TABLE feed_left (
    scope BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    record BLOB NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (scope, sequence)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX feed_left_by_record ON feed_left (record, scope);

-- What goes wherever a person or a family goes is found by them: also what was taken in before.
INSERT OR IGNORE INTO tie (target, kind, record)
SELECT unhex(json_extract(fields, '$.family'), '-'), kind, id
FROM record
WHERE kind = 'membership' AND length(unhex(json_extract(fields, '$.family'), '-')) = 16;
INSERT OR IGNORE INTO tie (target, kind, record)
SELECT unhex(json_extract(fields, '$.person'), '-'), kind, id
FROM record
WHERE kind = 'notice_shown' AND length(unhex(json_extract(fields, '$.person'), '-')) = 16;
INSERT OR IGNORE INTO tie (target, kind, record)
SELECT unhex(json_extract(fields, '$.about'), '-'), kind, id
FROM record
WHERE kind = 'concern' AND length(unhex(json_extract(fields, '$.about'), '-')) = 16;

-- Who asked by name for a family that their device does not hold: that it was asked, and what came
-- of it; never the name.
CREATE TABLE asked (
    number INTEGER NOT NULL PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    device INTEGER NOT NULL,
    author BLOB NOT NULL,
    family BLOB
) STRICT;
CREATE INDEX asked_by_device ON asked (device, at_ms);

-- Whoever is asked for is looked for by the day of birth.
CREATE INDEX record_by_birth_date ON record (json_extract(fields, '$.birth_date')) WHERE kind = 'person';
