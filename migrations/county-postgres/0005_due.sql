-- When something comes due of a record: a decision ends, a withdrawal that was reported is to be upheld. The same table as
-- migrations/county-sqlite, and the same meaning.

CREATE TABLE due (
    record UUID PRIMARY KEY,
    at_ms BIGINT NOT NULL
);
CREATE INDEX due_by_moment ON due (at_ms);

-- Also of what was taken in before. The fields are searched as text (see 0002); of one that grants nothing it is
-- found later that there is nothing to do.
INSERT INTO due (record, at_ms)
SELECT found.id, (1000 * extract(epoch FROM found.until::timestamptz))::bigint
FROM (
    SELECT
        id,
        substring(fields FROM '"valid_until":"([0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9])[.]') || 'Z' AS until
    FROM record
    WHERE kind = 'decision'
) found
WHERE found.until IS NOT NULL;
