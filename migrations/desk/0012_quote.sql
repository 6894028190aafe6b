-- Quotes: words are the content of a photo, with a media type of their own (docs/consent.md).

-- For a quote: whose name stands under it there.
ALTER TABLE publication ADD COLUMN attribution TEXT;

-- ---------------------------------------------------------------- what content rests on

-- What becomes of a photo or a quote because of one person in it: as before, and words rest on consent to quote.
DROP VIEW photo_subject_fate;
CREATE VIEW photo_subject_fate AS
SELECT
    s.photo,
    s.person,
    CASE
        WHEN d.id IS NULL THEN 'suspended'
        WHEN EXISTS (
            SELECT 1 FROM same_record r JOIN consent_stop x ON x.subject = r.other
            WHERE r.one = d.subject AND x.purpose = d.purpose
        ) THEN 'removed'
        WHEN NOT EXISTS (
            SELECT 1 FROM json_each(d.granted) c
            WHERE NOT EXISTS (
                SELECT 1 FROM consent_withdrawn x WHERE x.decision = d.id AND x.channel = c.value AND x.verified
            )
        ) THEN 'removed'
        WHEN EXISTS (SELECT 1 FROM misrecording m WHERE m.decision = d.id) THEN 'suspended'
        WHEN EXISTS (
                SELECT 1 FROM same_record r JOIN permission p ON p.subject = r.other
                WHERE r.one = d.subject AND p.purpose = d.purpose
            )
            AND EXISTS (
                SELECT 1 FROM json_each(d.granted) c
                WHERE NOT EXISTS (SELECT 1 FROM consent_withdrawn x WHERE x.decision = d.id AND x.channel = c.value)
            )
        THEN 'stands'
        WHEN NOT EXISTS (
            SELECT 1
            FROM same_record r
            JOIN consent_weight asking ON asking.subject = r.other
            JOIN json_each(asking.granted) c
            WHERE r.one = d.subject
                AND asking.purpose = d.purpose
                AND (
                    asking.id = d.id
                    OR (
                        asking.weight <> 'none'
                        AND NOT EXISTS (SELECT 1 FROM misrecording m WHERE m.decision = asking.id)
                    )
                )
                AND NOT EXISTS (
                    SELECT 1 FROM same_record o JOIN consent_sure_no n ON n.subject = o.other
                    WHERE o.one = d.subject AND n.purpose = d.purpose AND n.channel = c.value
                )
        ) THEN 'removed'
        ELSE 'suspended'
    END AS fate
FROM photo_subject s
LEFT JOIN decision d
    ON d.id = s.decision
    AND (d.subject = s.person OR EXISTS (SELECT 1 FROM same_record r WHERE r.one = s.person AND r.other = d.subject))
    AND d.purpose IN ('publicity_picture', 'development_record', 'publicity_quote');

-- Content with somebody in it whose named decision lacks its full weight, or is about content of the other form.
DROP VIEW photo_unfounded;
CREATE VIEW photo_unfounded AS
SELECT p.id AS photo
FROM photo p
WHERE EXISTS (
    SELECT 1 FROM photo_subject s LEFT JOIN consent_weight w ON w.id = s.decision
    WHERE s.photo = p.id
        AND (
            w.weight IS NOT 'full'
            OR (w.purpose = 'publicity_quote') <> (p.media_type = 'application/vnd.porch.quote+json')
        )
);

-- Few of what is stored are words.
CREATE INDEX photo_words_by_time ON photo (taken_at) WHERE media_type = 'application/vnd.porch.quote+json';

-- Words are one person's, lie at no session, and have no caption, no thumbnail and no size but their bytes.
CREATE TRIGGER photo_words BEFORE INSERT ON photo
WHEN NEW.media_type = 'application/vnd.porch.quote+json'
BEGIN
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE NEW.subject_count <> 1
        OR NEW.session IS NOT NULL
        OR NEW.caption IS NOT NULL
        OR NEW.width <> 0
        OR NEW.height <> 0
        OR NEW.thumbnail_bytes <> 0
        OR NEW.bytes NOT BETWEEN 1 AND 16384;
END;

-- ---------------------------------------------------------------- whose name stands under them

-- Publications that may stay: as before, and every decision that counts permits the name.
DROP VIEW publication_permitted;
CREATE VIEW publication_permitted AS
SELECT p.id AS publication
FROM publication p
JOIN photo_standing t ON t.photo = p.photo
WHERE NOT EXISTS (
        SELECT 1
        FROM photo_subject s
        LEFT JOIN decision d ON d.id = s.decision
        WHERE s.photo = p.photo
            AND NOT EXISTS (
                SELECT 1 FROM same_record r JOIN permission q ON q.subject = r.other
                WHERE r.one = d.subject AND q.purpose = d.purpose AND q.channel = p.channel
            )
    )
    AND NOT EXISTS (
        SELECT 1
        FROM photo_subject s
        JOIN decision d ON d.id = s.decision
        JOIN same_record r ON r.one = d.subject
        JOIN consent_head h ON h.subject = r.other AND h.purpose = d.purpose
        JOIN decision counts ON counts.id = h.id
        WHERE s.photo = p.photo
            AND p.attribution <> 'anonymous'
            AND coalesce(counts.attribution, 'anonymous') NOT IN ('full_name', p.attribution)
    );

DROP TRIGGER publication_insert;
CREATE TRIGGER publication_insert BEFORE INSERT ON publication
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM publication WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE length(NEW.id) <> 16
        OR length(NEW.photo) <> 16
        OR NEW.channel = ''
        OR trim(NEW.place) = ''
        OR NEW.attribution NOT IN ('full_name', 'first_name', 'anonymous');
END;
DROP TRIGGER publication_update;
-- What a county with newer devices has said of it already was kept beside the columns.
UPDATE publication
SET attribution = json_extract(extra, '$.attribution'), extra = nullif(json_remove(extra, '$.attribution'), '{}')
WHERE json_extract(extra, '$.attribution') IN ('full_name', 'first_name', 'anonymous');
CREATE TRIGGER publication_update BEFORE UPDATE OF
    id, channel, place, attribution, live_from, published_by, published_at, extra
ON publication
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
