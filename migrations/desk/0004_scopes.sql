-- Scopes of a device change, and records leave scopes: what no scope holds here any more is removed once
-- everything unsent was sent.

-- Scopes that were taken from this device. `through` is the last transaction that was written when
-- what was held only through it was removed; none until then.
CREATE TABLE parting (
    scope BLOB NOT NULL PRIMARY KEY,
    through INTEGER
) STRICT, WITHOUT ROWID;

-- Records that no scope holds here any more.
CREATE TABLE unheld (
    record BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How often something was removed because it left: the files are scrubbed after each time.
CREATE TABLE let_go (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    times INTEGER NOT NULL
) STRICT;
INSERT INTO let_go VALUES (1, 0);

-- In which scope a record was made that the county keeps aside; nil for an edit. What was kept aside
-- before is of the device's own centre, which it never leaves.
ALTER TABLE set_aside ADD COLUMN scope BLOB;

-- Letting go of what has guards. An entry *is* the removal: its trigger deletes all of what it
-- names and then the entry itself, before the statement that wrote it is done. So it is empty
-- outside a statement, and the guards below let nothing go but what it names at that moment.
--
-- Kinds: 'consent', everything about one person's consent at once, since a No that could go by itself
-- would leave a Yes standing; 'photo', a photo with its people and its content; else the kind of an event.
CREATE TABLE letting_go (
    record BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER letting_go_insert BEFORE INSERT ON letting_go
BEGIN
    SELECT RAISE(ABORT, 'scope: malformed')
    WHERE length(NEW.record) <> 16
        OR NEW.kind NOT IN ('consent', 'photo', 'attendance', 'departure', 'attendance_void', 'concern');
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

CREATE TRIGGER letting_go_of AFTER INSERT ON letting_go
BEGIN
    DELETE FROM picture WHERE NEW.kind = 'photo' AND photo = NEW.record;
    DELETE FROM picture_inbox WHERE NEW.kind = 'photo' AND photo = NEW.record;
    DELETE FROM picture_outbox WHERE NEW.kind = 'photo' AND photo = NEW.record;
    DELETE FROM photo_subject WHERE NEW.kind = 'photo' AND photo = NEW.record;
    DELETE FROM photo WHERE NEW.kind = 'photo' AND id = NEW.record;

    DELETE FROM attendance WHERE NEW.kind = 'attendance' AND id = NEW.record;
    DELETE FROM departure WHERE NEW.kind = 'departure' AND id = NEW.record;
    DELETE FROM attendance_void WHERE NEW.kind = 'attendance_void' AND id = NEW.record;
    DELETE FROM concern WHERE NEW.kind = 'concern' AND id = NEW.record;

    DELETE FROM decision WHERE NEW.kind = 'consent' AND subject = NEW.record;
    -- A withdrawal counts for the decisions that it names, whoever it says it is about.
    DELETE FROM withdrawal_named
    WHERE NEW.kind = 'consent'
        AND withdrawal IN (SELECT id FROM withdrawal WHERE subject = NEW.record)
        AND NOT EXISTS (
            SELECT 1 FROM withdrawal_named n JOIN decision d ON d.id = n.decision
            WHERE n.withdrawal = withdrawal_named.withdrawal
        );
    DELETE FROM withdrawal
    WHERE NEW.kind = 'consent'
        AND subject = NEW.record
        AND NOT EXISTS (SELECT 1 FROM withdrawal_named n WHERE n.withdrawal = withdrawal.id);
    DELETE FROM authority_end
    WHERE NEW.kind = 'consent' AND authority IN (SELECT id FROM authority WHERE child = NEW.record);
    DELETE FROM authority WHERE NEW.kind = 'consent' AND child = NEW.record;

    DELETE FROM letting_go WHERE record = NEW.record;
END;

-- Who somebody is that a photo here shows and whose record is another centre's. The county makes them.
CREATE TABLE stub (
    id BLOB NOT NULL PRIMARY KEY,
    person BLOB NOT NULL,
    given_name TEXT,
    family_name TEXT,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX stub_by_person ON stub (person);
CREATE TRIGGER stub_erased BEFORE INSERT ON stub
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.id, NEW.person))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER erased_stub_row AFTER INSERT ON erased
BEGIN DELETE FROM stub WHERE id = NEW.record; END;
CREATE TRIGGER erased_stub AFTER INSERT ON erased
WHEN NEW.root = NEW.record
BEGIN
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT s.id, 'stub', NEW.root, NEW.because, NEW.erased_at
    FROM stub s
    WHERE s.person = NEW.record
        AND s.id NOT IN (SELECT record FROM erased);
END;

-- ---------------------------------------------------------------- the guards, with this second way out

DROP TRIGGER authority_delete;
CREATE TRIGGER authority_delete BEFORE DELETE ON authority
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (SELECT 1 FROM letting_go WHERE kind = 'consent' AND record = OLD.child)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER authority_end_delete;
CREATE TRIGGER authority_end_delete BEFORE DELETE ON authority_end
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (
        SELECT 1 FROM letting_go g JOIN authority a ON a.child = g.record
        WHERE g.kind = 'consent' AND a.id = OLD.authority
    )
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER decision_delete;
CREATE TRIGGER decision_delete BEFORE DELETE ON decision
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (SELECT 1 FROM letting_go WHERE kind = 'consent' AND record = OLD.subject)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER withdrawal_delete;
CREATE TRIGGER withdrawal_delete BEFORE DELETE ON withdrawal
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (SELECT 1 FROM letting_go WHERE kind = 'consent' AND record = OLD.subject)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER withdrawal_named_delete;
CREATE TRIGGER withdrawal_named_delete BEFORE DELETE ON withdrawal_named
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.withdrawal)
    AND NOT EXISTS (
        SELECT 1 FROM letting_go g JOIN withdrawal w ON w.subject = g.record
        WHERE g.kind = 'consent' AND w.id = OLD.withdrawal
    )
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER photo_delete;
CREATE TRIGGER photo_delete BEFORE DELETE ON photo
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (SELECT 1 FROM letting_go WHERE kind = 'photo' AND record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER photo_subject_delete;
CREATE TRIGGER photo_subject_delete BEFORE DELETE ON photo_subject
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (SELECT 1 FROM letting_go WHERE kind = 'photo' AND record = OLD.photo)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER concern_delete;
CREATE TRIGGER concern_delete BEFORE DELETE ON concern
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (SELECT 1 FROM letting_go WHERE kind = 'concern' AND record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
DROP TRIGGER attendance_delete;
CREATE TRIGGER attendance_delete BEFORE DELETE ON attendance
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (SELECT 1 FROM letting_go WHERE kind = 'attendance' AND record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
DROP TRIGGER departure_delete;
CREATE TRIGGER departure_delete BEFORE DELETE ON departure
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (SELECT 1 FROM letting_go WHERE kind = 'departure' AND record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
DROP TRIGGER attendance_void_delete;
CREATE TRIGGER attendance_void_delete BEFORE DELETE ON attendance_void
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (SELECT 1 FROM letting_go WHERE kind = 'attendance_void' AND record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;

-- An erased record is waited for no longer.
CREATE TRIGGER erased_unheld AFTER INSERT ON erased
BEGIN DELETE FROM unheld WHERE record = NEW.record; END;
