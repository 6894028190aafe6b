-- Where photos were published, and how that ended (docs/consent.md).

CREATE TABLE publication (
    id BLOB NOT NULL PRIMARY KEY,
    photo BLOB, -- none: it is not here, and somebody asks for its removal; or somebody in it was erased
    channel TEXT NOT NULL,
    place TEXT NOT NULL,
    live_from TEXT NOT NULL,
    published_by BLOB NOT NULL,
    published_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX publication_by_photo ON publication (photo);

CREATE TABLE takedown (
    id BLOB NOT NULL PRIMARY KEY,
    publication BLOB NOT NULL,
    outcome TEXT NOT NULL,
    proof TEXT NOT NULL,
    ended_on TEXT NOT NULL,
    recorded_by BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX takedown_by_publication ON takedown (publication);

-- Within how many working days a publication is taken down; none: five.
ALTER TABLE county_details ADD COLUMN days_to_take_down INTEGER;

-- There is a row while a page of the county's is taken in, in whose transaction it goes again. What the county
-- gives has happened elsewhere, permitted or not: to refuse it would hide a picture that is to be taken down.
CREATE TABLE taking_in (only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1)) STRICT;

-- ---------------------------------------------------------------- what is permitted

-- Publications that may stay: the photo stands, and everybody in it permits the channel.
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
);

-- Publications of photos that rest on something whose time was over when they were recorded. No clock is read.
CREATE VIEW publication_too_late AS
SELECT p.id AS publication
FROM publication p
WHERE EXISTS (
    SELECT 1
    FROM photo_subject s
    JOIN decision d ON d.id = s.decision
    JOIN same_record r ON r.one = d.subject
    JOIN consent_head h ON h.subject = r.other AND h.purpose = d.purpose
    JOIN decision counts ON counts.id = h.id
    WHERE s.photo = p.photo
        AND (
            counts.valid_until <= p.published_at
            OR EXISTS (SELECT 1 FROM expiry e WHERE e.decision = counts.id)
        )
);

-- What must come down: it is still there, as far as anybody has recorded, and may not be.
CREATE VIEW takedown_due AS
SELECT p.id AS publication
FROM publication p
WHERE NOT EXISTS (SELECT 1 FROM takedown t WHERE t.publication = p.id)
    AND NOT EXISTS (SELECT 1 FROM publication_permitted x WHERE x.publication = p.id);

-- ---------------------------------------------------------------- written once

CREATE TRIGGER publication_insert BEFORE INSERT ON publication
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM publication WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE length(NEW.id) <> 16 OR length(NEW.photo) <> 16 OR NEW.channel = '' OR trim(NEW.place) = '';
END;
CREATE TRIGGER publication_inserted AFTER INSERT ON publication
WHEN NEW.photo IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM taking_in)
BEGIN
    SELECT RAISE(ABORT, 'consent: does not stand')
    WHERE NOT EXISTS (SELECT 1 FROM publication_permitted WHERE publication = NEW.id);
    SELECT RAISE(ABORT, 'consent: expired')
    WHERE EXISTS (SELECT 1 FROM publication_too_late WHERE publication = NEW.id);
END;
CREATE TRIGGER publication_update BEFORE UPDATE OF
    id, channel, place, live_from, published_by, published_at, extra
ON publication
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
-- Of what it was may be forgotten, and not changed: it is to be taken down then.
CREATE TRIGGER publication_photo BEFORE UPDATE OF photo ON publication
WHEN NEW.photo IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER publication_delete BEFORE DELETE ON publication
WHEN NOT EXISTS (SELECT 1 FROM letting_go WHERE kind = 'publication' AND record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

CREATE TRIGGER takedown_insert BEFORE INSERT ON takedown
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM takedown WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE length(NEW.id) <> 16
        OR length(NEW.publication) <> 16
        OR NEW.outcome NOT IN ('removed', 'stock_withdrawn', 'cannot_be_recalled')
        OR trim(NEW.proof) = '';
END;
CREATE TRIGGER takedown_update BEFORE UPDATE OF
    id, publication, outcome, proof, ended_on, recorded_by, recorded_at, extra
ON takedown
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER takedown_delete BEFORE DELETE ON takedown
WHEN NOT EXISTS (SELECT 1 FROM letting_go WHERE kind = 'takedown' AND record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

-- ---------------------------------------------------------------- erasure

-- Whoever was in the picture is gone from here; the picture may still be there.
CREATE TRIGGER publication_forgets AFTER INSERT ON publication
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.photo)
BEGIN UPDATE publication SET photo = NULL WHERE id = NEW.id; END;
CREATE TRIGGER erased_row_publication AFTER INSERT ON erased
BEGIN UPDATE publication SET photo = NULL WHERE photo = NEW.record; END;

-- ---------------------------------------------------------------- letting go

DROP TRIGGER letting_go_insert;
CREATE TRIGGER letting_go_insert BEFORE INSERT ON letting_go
BEGIN
    SELECT RAISE(ABORT, 'scope: malformed')
    WHERE length(NEW.record) <> 16
        OR NEW.kind NOT IN (
            'consent', 'photo', 'publication', 'takedown', 'attendance', 'departure', 'attendance_void', 'concern'
        );
    SELECT RAISE(ABORT, 'scope: unsent')
    WHERE EXISTS (SELECT 1 FROM outbox WHERE outcome IS NULL AND body IS NOT NULL)
        OR (
            NEW.kind = 'photo'
            AND EXISTS (
                SELECT 1 FROM picture_outbox o JOIN picture p ON p.photo = o.photo AND p.variant = o.variant
                WHERE o.photo = NEW.record
            )
        );
    SELECT RAISE(ABORT, 'scope: held')
    WHERE EXISTS (SELECT 1 FROM holding WHERE record = NEW.record AND NEW.kind <> 'consent')
        OR (
            NEW.kind = 'photo'
            AND EXISTS (
                SELECT 1 FROM photo_subject s JOIN holding h ON h.record = s.id WHERE s.photo = NEW.record
            )
        );
    -- Consent goes only when no content here shows the person and no scope holds any of it. What was
    -- removed never comes back, so it needs none.
    SELECT RAISE(ABORT, 'scope: held')
    WHERE NEW.kind = 'consent'
        AND (
            EXISTS (
                SELECT 1 FROM photo_subject
                WHERE person = NEW.record AND photo NOT IN (SELECT photo FROM photo_removal)
            )
            OR EXISTS (
                SELECT 1 FROM photo_subject s JOIN decision d ON d.id = s.decision
                WHERE d.subject = NEW.record AND s.photo NOT IN (SELECT photo FROM photo_removal)
            )
            OR EXISTS (SELECT 1 FROM decision d JOIN holding h ON h.record = d.id WHERE d.subject = NEW.record)
            OR EXISTS (SELECT 1 FROM withdrawal w JOIN holding h ON h.record = w.id WHERE w.subject = NEW.record)
            OR EXISTS (
                SELECT 1 FROM decision d
                JOIN misrecording m ON m.decision = d.id
                JOIN holding h ON h.record = m.id
                WHERE d.subject = NEW.record
            )
            OR EXISTS (
                SELECT 1 FROM decision d
                JOIN expiry e ON e.decision = d.id
                JOIN holding h ON h.record = e.id
                WHERE d.subject = NEW.record
            )
            OR EXISTS (
                SELECT 1 FROM withdrawal w
                JOIN withdrawal_ruling u ON u.withdrawal = w.id
                JOIN holding h ON h.record = u.id
                WHERE w.subject = NEW.record
            )
            OR EXISTS (SELECT 1 FROM stop s JOIN holding h ON h.record = s.id WHERE s.subject = NEW.record)
            OR EXISTS (
                SELECT 1 FROM stop s
                JOIN stop_end e ON e.stop = s.id
                JOIN holding h ON h.record = e.id
                WHERE s.subject = NEW.record
            )
            OR EXISTS (SELECT 1 FROM authority a JOIN holding h ON h.record = a.id WHERE a.child = NEW.record)
            OR EXISTS (
                SELECT 1 FROM authority a
                JOIN authority_end e ON e.authority = a.id
                JOIN holding h ON h.record = e.id
                WHERE a.child = NEW.record
            )
            -- Another person's consent would lose what it rests on.
            OR EXISTS (
                SELECT 1 FROM authority a JOIN decision d ON d.authority = a.id
                WHERE a.child = NEW.record AND d.subject <> NEW.record
            )
        );
END;
DROP TRIGGER letting_go_of;
CREATE TRIGGER letting_go_of AFTER INSERT ON letting_go
BEGIN
    DELETE FROM picture WHERE NEW.kind = 'photo' AND photo = NEW.record;
    DELETE FROM picture_inbox WHERE NEW.kind = 'photo' AND photo = NEW.record;
    DELETE FROM picture_outbox WHERE NEW.kind = 'photo' AND photo = NEW.record;
    DELETE FROM photo_subject WHERE NEW.kind = 'photo' AND photo = NEW.record;
    DELETE FROM photo WHERE NEW.kind = 'photo' AND id = NEW.record;

    DELETE FROM takedown WHERE NEW.kind = 'takedown' AND id = NEW.record;
    DELETE FROM publication WHERE NEW.kind = 'publication' AND id = NEW.record;

    DELETE FROM attendance WHERE NEW.kind = 'attendance' AND id = NEW.record;
    DELETE FROM departure WHERE NEW.kind = 'departure' AND id = NEW.record;
    DELETE FROM attendance_void WHERE NEW.kind = 'attendance_void' AND id = NEW.record;
    DELETE FROM concern WHERE NEW.kind = 'concern' AND id = NEW.record;

    DELETE FROM stop_end
    WHERE NEW.kind = 'consent' AND stop IN (SELECT id FROM stop WHERE subject = NEW.record);
    DELETE FROM stop WHERE NEW.kind = 'consent' AND subject = NEW.record;
    DELETE FROM misrecording
    WHERE NEW.kind = 'consent' AND decision IN (SELECT id FROM decision WHERE subject = NEW.record);
    DELETE FROM expiry
    WHERE NEW.kind = 'consent' AND decision IN (SELECT id FROM decision WHERE subject = NEW.record);
    DELETE FROM decision WHERE NEW.kind = 'consent' AND subject = NEW.record;
    -- A withdrawal counts for the decisions that it names, whoever it says it is about.
    DELETE FROM withdrawal_named
    WHERE NEW.kind = 'consent'
        AND withdrawal IN (SELECT id FROM withdrawal WHERE subject = NEW.record)
        AND NOT EXISTS (
            SELECT 1 FROM withdrawal_named n JOIN decision d ON d.id = n.decision
            WHERE n.withdrawal = withdrawal_named.withdrawal
        );
    DELETE FROM withdrawal_ruling
    WHERE NEW.kind = 'consent'
        AND withdrawal IN (SELECT id FROM withdrawal WHERE subject = NEW.record)
        AND NOT EXISTS (SELECT 1 FROM withdrawal_named n WHERE n.withdrawal = withdrawal_ruling.withdrawal);
    DELETE FROM withdrawal
    WHERE NEW.kind = 'consent'
        AND subject = NEW.record
        AND NOT EXISTS (SELECT 1 FROM withdrawal_named n WHERE n.withdrawal = withdrawal.id);
    DELETE FROM authority_end
    WHERE NEW.kind = 'consent' AND authority IN (SELECT id FROM authority WHERE child = NEW.record);
    DELETE FROM authority WHERE NEW.kind = 'consent' AND child = NEW.record;

    DELETE FROM letting_go WHERE record = NEW.record;
END;
