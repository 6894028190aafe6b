-- A person's places in families bear on whether their own decision counts, so they are found by
-- the person: also those that were taken in before.

INSERT OR IGNORE INTO tie (target, kind, record)
SELECT unhex(json_extract(fields, '$.person'), '-'), kind, id
FROM record
WHERE kind = 'membership' AND length(unhex(json_extract(fields, '$.person'), '-')) = 16;
