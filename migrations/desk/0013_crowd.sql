-- Pictures of a crowd, in which nobody is named, and objections to any photo (docs/consent.md).

-- Of a crowd: which event, and in which public place.
ALTER TABLE photo ADD COLUMN public_place TEXT;
CREATE INDEX photo_crowd_by_time ON photo (taken_at) WHERE public_place IS NOT NULL AND subject_count = 0;

DROP TRIGGER photo_update;
-- What a county with newer devices has said of it already was kept beside the columns.
UPDATE photo
SET public_place = json_extract(extra, '$.public_place'), extra = nullif(json_remove(extra, '$.public_place'), '{}')
WHERE json_type(extra, '$.public_place') = 'text';
CREATE TRIGGER photo_update BEFORE UPDATE OF
    id, session, taken_at, stored_at, taken_by, public_place, subject_count, media_type, width, height, bytes,
    sha256, thumbnail_bytes, thumbnail_sha256, extra
ON photo
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

DROP TRIGGER photo_insert;
CREATE TRIGGER photo_insert BEFORE INSERT ON photo
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM photo WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: nobody named')
    WHERE NEW.public_place IS NULL
        AND coalesce(NEW.subject_count, 0) < 1
        -- They have a guard of their own.
        AND NEW.media_type <> 'application/vnd.porch.quote+json';
    -- A crowd is at no session, and nobody in it is named: whoever is named is asked.
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE NEW.public_place IS NOT NULL
        AND (
            trim(NEW.public_place, char(9, 10, 13, 32)) = ''
            OR NEW.session IS NOT NULL
            OR NEW.subject_count IS NOT 0
            OR NEW.media_type = 'application/vnd.porch.quote+json'
        );
    -- Ends of consent are compared with it as text.
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE strftime('%Y-%m-%dT%H:%M:%fZ', NEW.stored_at) IS NOT NEW.stored_at;
    SELECT RAISE(ABORT, 'consent: never photograph')
    WHERE EXISTS (
        SELECT 1 FROM session s JOIN activity a ON a.id = s.activity
        WHERE s.id = NEW.session AND a.never_photograph <> 0
    );
END;

-- Photos that stand: of a crowd, or all who are in it are named, and it stands for each of them.
DROP VIEW photo_standing;
CREATE VIEW photo_standing AS
SELECT p.id AS photo
FROM photo p
WHERE (p.subject_count > 0 OR p.public_place IS NOT NULL)
    AND (SELECT COUNT(*) FROM photo_subject s WHERE s.photo = p.id) = p.subject_count
    AND NOT EXISTS (SELECT 1 FROM photo_subject_fate f WHERE f.photo = p.id AND f.fate <> 'stands')
    AND NOT EXISTS (SELECT 1 FROM photo_removal r WHERE r.photo = p.id);

-- Publications that may stay: as before. Of a crowd, wherever pictures in publicity are used.
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
    )
    AND NOT EXISTS (
        SELECT 1 FROM photo c
        WHERE c.id = p.photo
            AND c.public_place IS NOT NULL
            AND c.subject_count = 0
            AND (p.channel IN ('own_record', 'email', 'text', 'post') OR p.attribution IS NOT NULL)
    );

-- ---------------------------------------------------------------- objections

CREATE TABLE objection (
    id BLOB NOT NULL PRIMARY KEY,
    photo BLOB NOT NULL,
    ground TEXT NOT NULL,
    recorded_by BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX objection_by_photo ON objection (photo);

CREATE TRIGGER objection_insert BEFORE INSERT ON objection
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM objection WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE length(NEW.id) <> 16 OR length(NEW.photo) <> 16 OR NEW.ground NOT IN ('asked', 'mistaken');
END;
CREATE TRIGGER objection_update BEFORE UPDATE OF id, photo, ground, recorded_by, recorded_at, extra ON objection
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

-- Who is in a picture is settled when it is stored: as before, but that an objection may come before they are known.
DROP TRIGGER photo_subject_insert;
CREATE TRIGGER photo_subject_insert BEFORE INSERT ON photo_subject
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM photo_subject WHERE id = NEW.id)
        OR EXISTS (SELECT 1 FROM photo_subject WHERE photo = NEW.photo AND person = NEW.person);
    SELECT RAISE(ABORT, 'consent: subjects frozen')
    WHERE EXISTS (SELECT 1 FROM picture WHERE photo = NEW.photo)
        OR EXISTS (SELECT 1 FROM photo_removal WHERE photo = NEW.photo AND because_kind <> 'objection')
        OR (SELECT COUNT(*) FROM photo_subject WHERE photo = NEW.photo)
            >= (SELECT subject_count FROM photo WHERE id = NEW.photo);
END;

-- Whatever permits it, and also before the photo has come. An objection itself may go (with its scope, say):
-- what it removed stays removed.
CREATE TRIGGER objection_removes AFTER INSERT ON objection
WHEN NOT EXISTS (SELECT 1 FROM photo_removal WHERE photo = NEW.photo)
BEGIN
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    VALUES (NEW.photo, 'objection', NEW.id, NEW.recorded_at);
END;

-- A caption goes with the picture, also where the objection came first.
CREATE TRIGGER photo_objected AFTER INSERT ON photo
WHEN NEW.caption IS NOT NULL AND EXISTS (SELECT 1 FROM photo_removal WHERE photo = NEW.id)
BEGIN UPDATE photo SET caption = NULL WHERE id = NEW.id; END;

-- It goes with the photo of somebody who is erased.
CREATE TRIGGER erased_objections AFTER INSERT ON erased
WHEN NEW.kind = 'photo'
BEGIN
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT o.id, 'objection', NEW.root, NEW.because, NEW.erased_at
    FROM objection o
    WHERE o.photo = NEW.record AND o.id NOT IN (SELECT record FROM erased);
END;
CREATE TRIGGER erased_row_objection AFTER INSERT ON erased
BEGIN DELETE FROM objection WHERE id = NEW.record; END;
CREATE TRIGGER objection_erased BEFORE INSERT ON objection
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.photo)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;

-- What the program before this one did not know is aside; all of it is given once more.
DELETE FROM cursor;
