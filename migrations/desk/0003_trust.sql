-- What lets a device trust what it holds, and take a number of its own when it was copied.

-- What the county gave in each scope: each record's mark there, and whether it came since the
-- scope was last fetched from the start.
CREATE TABLE holding (
    scope BLOB NOT NULL,
    record BLOB NOT NULL,
    kind TEXT NOT NULL,
    mark BLOB NOT NULL,
    fresh INTEGER NOT NULL,
    PRIMARY KEY (scope, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX holding_by_record ON holding (record);

-- Count and sum of a scope's marks, and how often in a row they were not the county's: after the
-- first time it is fetched from the start, after the second it stops and is shown.
CREATE TABLE scope_tally (
    scope BLOB NOT NULL PRIMARY KEY,
    held INTEGER NOT NULL,
    sum BLOB NOT NULL,
    misses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The key of the marks, as the county gave it.
CREATE TABLE digest_key (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    key BLOB NOT NULL
) STRICT;

-- What was taken in before had no marks: every scope is pulled once more.
DELETE FROM cursor WHERE scope <> zeroblob(16);

-- A device that was copied numbers its unsent transactions anew, so which write a record came from
-- may change. Nothing else of it may.
DROP TRIGGER authority_update;
CREATE TRIGGER authority_update BEFORE UPDATE OF
    id, child, holder, ground, evidence, delegated_from, reason, valid_from, valid_until,
    recorded_by, recorded_at, extra
ON authority
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER authority_end_update;
CREATE TRIGGER authority_end_update BEFORE UPDATE OF
    id, authority, kind, evidence, recorded_by, recorded_at, extra
ON authority_end
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER decision_update;
CREATE TRIGGER decision_update BEFORE UPDATE OF
    id, subject, purpose, granted, refused, decider, capacity, authority, wording, wording_version,
    wording_sha256, notice, notice_version, notice_sha256, language, help, method, signature,
    witness, taken_by, device, centre, decided_at, valid_until, at_expiry, attribution, replaces,
    extra
ON decision
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER withdrawal_update;
CREATE TRIGGER withdrawal_update BEFORE UPDATE OF
    id, subject, purpose, decisions, channels, by, how, verified, withdrawn_at, taken_by, extra
ON withdrawal
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER photo_update;
CREATE TRIGGER photo_update BEFORE UPDATE OF
    id, session, taken_at, stored_at, taken_by, subject_count, media_type, width, height, bytes,
    sha256, thumbnail_bytes, thumbnail_sha256, extra
ON photo
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
-- A caption names people as a picture shows them: it may go with the picture, and is never changed.
CREATE TRIGGER photo_caption BEFORE UPDATE OF caption ON photo
WHEN NOT (NEW.caption IS NULL AND EXISTS (SELECT 1 FROM photo_removal WHERE photo = OLD.id))
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER photo_subject_update;
CREATE TRIGGER photo_subject_update BEFORE UPDATE OF
    id, photo, person, decision, extra
ON photo_subject
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER concern_update;
CREATE TRIGGER concern_update BEFORE UPDATE OF
    id, about, kind, key_epoch, sealed, written_by, written_at, call_made, extra
ON concern
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
DROP TRIGGER attendance_update;
CREATE TRIGGER attendance_update BEFORE UPDATE OF id, session, person, family, arrived_at, extra ON attendance
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
DROP TRIGGER departure_update;
CREATE TRIGGER departure_update BEFORE UPDATE OF id, attendance, left_at, extra ON departure
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
-- Who collected a child may be forgotten, and not changed.
CREATE TRIGGER departure_collected BEFORE UPDATE OF collected_by ON departure
WHEN NEW.collected_by IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
DROP TRIGGER attendance_void_update;
CREATE TRIGGER attendance_void_update BEFORE UPDATE OF id, event, voided_at, extra ON attendance_void
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
