-- What an older build passed over is told again; guards and pictures that cost less to look at.

-- A device that met the county by version 1 of the protocol passed over removals and kept its place in the
-- urgent feed. It is read from the beginning once more: what was carried out already comes to nothing, and
-- nothing is confirmed before. The scopes' feeds were begun anew by migration 3.
DELETE FROM cursor WHERE scope = zeroblob(16);

-- Values that lost to others were kept in the county's answer, too, where no erasure looked for them when the
-- answer named another registration of whom they were about. They have a table of their own.
UPDATE outbox SET outcome = json_remove(outcome, '$.conflicts') WHERE outcome IS NOT NULL;

-- Up to how many removals the file was written anew: SQLite leaves copies of rows in the unused space of pages
-- (Store::scrub).
ALTER TABLE let_go ADD COLUMN rewritten INTEGER NOT NULL DEFAULT 0;

-- ---------------------------------------------------------------- pictures
--
-- A row of a table without rowid is compared whole: to find one picture, others were read to their last
-- byte. Here the index alone is looked at. It is not UNIQUE, so that no conflict clause replaces a
-- row behind the guard that allows one; and a rowid says nothing, since every row must stand by itself.

CREATE TABLE picture_moved (
    photo BLOB NOT NULL,
    variant TEXT NOT NULL, -- 'picture' or 'thumbnail'
    bytes BLOB NOT NULL
) STRICT;
INSERT INTO picture_moved (photo, variant, bytes) SELECT photo, variant, bytes FROM picture;
DROP TABLE picture;
-- Otherwise the guards that name `picture` would be looked through while there is none.
PRAGMA legacy_alter_table = ON;
ALTER TABLE picture_moved RENAME TO picture;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX picture_by_photo ON picture (photo, variant);

CREATE TRIGGER picture_insert BEFORE INSERT ON picture
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM picture WHERE photo = NEW.photo AND variant = NEW.variant);
    SELECT RAISE(ABORT, 'consent: does not stand')
    WHERE NOT EXISTS (SELECT 1 FROM photo_standing WHERE photo = NEW.photo)
        OR EXISTS (SELECT 1 FROM photo_unfounded WHERE photo = NEW.photo);
    -- Another photo's picture is not this one's: the record declares the size.
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE NOT EXISTS (
        SELECT 1 FROM photo p
        WHERE p.id = NEW.photo
            AND length(NEW.bytes) > 0
            AND length(NEW.bytes) = CASE NEW.variant
                WHEN 'picture' THEN p.bytes
                WHEN 'thumbnail' THEN p.thumbnail_bytes
            END
    );
    SELECT RAISE(ABORT, 'consent: never photograph')
    WHERE EXISTS (SELECT 1 FROM photo_unwanted WHERE photo = NEW.photo);
    SELECT RAISE(ABORT, 'consent: expired')
    WHERE EXISTS (SELECT 1 FROM photo_too_late WHERE photo = NEW.photo);
END;
CREATE TRIGGER picture_update BEFORE UPDATE ON picture
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

-- ---------------------------------------------------------------- guards of what was erased
--
-- As before: but a list of ids makes SQLite build a table at every row, and ids asked for one by one do not.

DROP TRIGGER membership_erased;
CREATE TRIGGER membership_erased BEFORE INSERT ON membership
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.family)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.person)
BEGIN SELECT RAISE(FAIL, 'erasure: erased'); END;
DROP TRIGGER membership_erased_update;
CREATE TRIGGER membership_erased_update BEFORE UPDATE ON membership
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.family)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.person)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
DROP TRIGGER notice_shown_erased;
CREATE TRIGGER notice_shown_erased BEFORE INSERT ON notice_shown
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.person)
BEGIN SELECT RAISE(FAIL, 'erasure: erased'); END;
DROP TRIGGER attendance_erased;
CREATE TRIGGER attendance_erased BEFORE INSERT ON attendance
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.person)
BEGIN SELECT RAISE(FAIL, 'erasure: erased'); END;
DROP TRIGGER departure_erased;
CREATE TRIGGER departure_erased BEFORE INSERT ON departure
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.attendance)
BEGIN SELECT RAISE(FAIL, 'erasure: erased'); END;
DROP TRIGGER attendance_void_erased;
CREATE TRIGGER attendance_void_erased BEFORE INSERT ON attendance_void
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.event)
BEGIN SELECT RAISE(FAIL, 'erasure: erased'); END;
DROP TRIGGER concern_erased;
CREATE TRIGGER concern_erased BEFORE INSERT ON concern
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.about)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
DROP TRIGGER authority_erased;
CREATE TRIGGER authority_erased BEFORE INSERT ON authority
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.child)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
DROP TRIGGER authority_end_erased;
CREATE TRIGGER authority_end_erased BEFORE INSERT ON authority_end
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.authority)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
DROP TRIGGER decision_erased;
CREATE TRIGGER decision_erased BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.subject)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
DROP TRIGGER photo_subject_erased;
CREATE TRIGGER photo_subject_erased BEFORE INSERT ON photo_subject
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.photo)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.person)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.decision)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
DROP TRIGGER erasure_order_erased;
CREATE TRIGGER erasure_order_erased BEFORE INSERT ON erasure_order
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.person)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
DROP TRIGGER stub_erased;
CREATE TRIGGER stub_erased BEFORE INSERT ON stub
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.person)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
DROP TRIGGER alias_erased;
CREATE TRIGGER alias_erased BEFORE INSERT ON alias
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.older)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.newer)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;

-- ---------------------------------------------------------------- guards of what comes by thousands
--
-- A guard that aborts has SQLite keep a copy of every page that its statement changes, to put them back. These ask
-- before a row is written whether it may be, so there is nothing to put back: the row is not there, and rows of
-- the same statement that are there were each allowed. So they fail, here and above, and the copy is not made.

DROP TRIGGER family_erased;
CREATE TRIGGER family_erased BEFORE INSERT ON family
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
BEGIN SELECT RAISE(FAIL, 'erasure: erased'); END;
DROP TRIGGER person_erased;
CREATE TRIGGER person_erased BEFORE INSERT ON person
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
BEGIN SELECT RAISE(FAIL, 'erasure: erased'); END;
DROP TRIGGER attendance_insert;
CREATE TRIGGER attendance_insert BEFORE INSERT ON attendance
WHEN EXISTS (SELECT 1 FROM attendance WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'event: exists'); END;
DROP TRIGGER departure_insert;
CREATE TRIGGER departure_insert BEFORE INSERT ON departure
WHEN EXISTS (SELECT 1 FROM departure WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'event: exists'); END;
DROP TRIGGER attendance_void_insert;
CREATE TRIGGER attendance_void_insert BEFORE INSERT ON attendance_void
WHEN EXISTS (SELECT 1 FROM attendance_void WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'event: exists'); END;
