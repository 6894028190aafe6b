-- Scopes of devices change, and records come into scopes and leave them. The same tables as
-- migrations/county-sqlite, and the same meaning.

-- Scopes that were taken from a device; `gone` once it has confirmed that nothing of them is left on it.
CREATE TABLE device_former (
    device BIGINT NOT NULL REFERENCES device,
    scope UUID NOT NULL,
    gone BOOLEAN NOT NULL,
    PRIMARY KEY (device, scope)
);

-- Records that left a scope, each with its place in that scope's feed, until they come back.
CREATE TABLE feed_left (
    scope UUID NOT NULL,
    sequence BIGINT NOT NULL,
    record UUID NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (scope, sequence)
);
CREATE UNIQUE INDEX feed_left_by_record ON feed_left (record, scope);

-- What goes wherever a person or a family goes is found by them: also what was taken in before. The
-- fields are searched as text (see 0002).
INSERT INTO tie (target, kind, record)
SELECT found.target::uuid, found.kind, found.id
FROM (
    SELECT
        r.id,
        r.kind,
        substring(
            r.fields FROM '"' || tied.field || '":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"'
        ) AS target
    FROM record r
    JOIN (VALUES ('membership', 'family'), ('notice_shown', 'person'), ('concern', 'about')) AS tied (kind, field)
        ON tied.kind = r.kind
) found
WHERE found.target IS NOT NULL
ON CONFLICT DO NOTHING;

-- Who asked by name for a family that their device does not hold: that it was asked, and what came
-- of it; never the name.
CREATE TABLE asked (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    device BIGINT NOT NULL,
    author UUID NOT NULL,
    family UUID
);
CREATE INDEX asked_by_device ON asked (device, at_ms);

-- Whoever is asked for is looked for by the day of birth.
CREATE INDEX record_by_birth_date
ON record (substring(fields FROM '"birth_date":"([0-9]{4}-[0-9]{2}-[0-9]{2})"'))
WHERE kind = 'person';
