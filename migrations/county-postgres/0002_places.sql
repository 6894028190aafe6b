-- A person's places in families bear on whether their own decision counts, so they are found by
-- the person: also those that were taken in before. The fields are searched as text, since
-- PostgreSQL's JSON refuses what a device may have written in others of them (U+0000).

INSERT INTO tie (target, kind, record)
SELECT place.person::uuid, 'membership', place.id
FROM (
    SELECT id, substring(fields FROM '"person":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"') AS person
    FROM record
    WHERE kind = 'membership'
) place
WHERE place.person IS NOT NULL
ON CONFLICT DO NOTHING;
