-- When something comes due of a record: a decision ends, a withdrawal that was reported is to be upheld.

CREATE TABLE due (
    record BLOB NOT NULL PRIMARY KEY,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX due_by_moment ON due (at_ms);

-- Also of what was taken in before.
INSERT INTO due (record, at_ms)
SELECT id, 1000 * unixepoch(json_extract(fields, '$.valid_until'))
FROM record
WHERE kind = 'decision'
    AND json_array_length(fields, '$.granted') > 0
    AND unixepoch(json_extract(fields, '$.valid_until')) IS NOT NULL;
