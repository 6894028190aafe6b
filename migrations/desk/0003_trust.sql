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

-- ================================================================ erasure

-- Erasing a person, and everything about them, from a device.
--
-- An entry in `erased` is the erasure: its triggers delete what it names and whatever is about it,
-- all of it, before the statement that wrote it is done. So nothing looks erased that is not, and
-- the guards let a row of the ledger go only when it is entered here. The county names the roots; what
-- goes with a root is found here, so that what was written here and not yet sent goes, too. Ids
-- are listed in porch_domain::erasure; a test holds the two together.

CREATE TABLE erasure_order (
    id BLOB NOT NULL PRIMARY KEY,
    person BLOB NOT NULL,
    ground TEXT NOT NULL,
    ordered_by BLOB NOT NULL,
    ordered_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_order_by_person ON erasure_order (person);

CREATE TABLE erased (
    record BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    root BLOB NOT NULL, -- the record that it went with: itself, when the county named it
    because BLOB NOT NULL, -- the order
    erased_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX erased_by_root ON erased (root);

-- What arrived or was saved too late: dropped, and that it was.
CREATE TABLE erased_drop (
    number INTEGER NOT NULL PRIMARY KEY,
    record BLOB NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL -- 'arrived', 'saved', or 'refused': a removal that the guard below refused
) STRICT;

-- What the county has acknowledged but not in a backup is kept here, in case it is restored from an
-- older one. Of such a transaction that was blanked, the records of others that it made (`scope`) or
-- changed (`fields`): they are saved anew if the county loses them.
CREATE TABLE outbox_rest (
    sequence INTEGER NOT NULL,
    record BLOB NOT NULL,
    kind TEXT NOT NULL,
    author BLOB NOT NULL,
    scope BLOB,
    fields TEXT NOT NULL,
    PRIMARY KEY (sequence, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_rest_by_record ON outbox_rest (record);

-- An erasure looks for a record's entries, its audit's included.
CREATE INDEX audit_by_record ON audit (record) WHERE record IS NOT NULL;
CREATE INDEX photo_subject_by_decision ON photo_subject (decision);

-- ---------------------------------------------------------------- what may be entered

CREATE TRIGGER erased_insert BEFORE INSERT ON erased
BEGIN
    SELECT RAISE(ABORT, 'erasure: exists')
    WHERE EXISTS (SELECT 1 FROM erased WHERE record = NEW.record);
    SELECT RAISE(ABORT, 'erasure: malformed')
    WHERE length(NEW.record) <> 16 OR length(NEW.root) <> 16 OR length(NEW.because) <> 16;
    -- What went with a root comes after it.
    SELECT RAISE(ABORT, 'erasure: not whole')
    WHERE NEW.root <> NEW.record
        AND NOT EXISTS (SELECT 1 FROM erased WHERE record = NEW.root AND root = NEW.root);
    -- Consent and sealed notes go with the person they are about and never by themselves: a No
    -- that could be erased alone would leave a Yes standing.
    SELECT RAISE(ABORT, 'erasure: not whole')
    WHERE EXISTS (
            SELECT 1 FROM decision d
            WHERE d.id = NEW.record AND d.subject NOT IN (SELECT record FROM erased)
        )
        OR EXISTS (
            SELECT 1 FROM authority a
            WHERE a.id = NEW.record AND a.child NOT IN (SELECT record FROM erased)
        )
        OR EXISTS (
            SELECT 1 FROM authority_end e
            WHERE e.id = NEW.record AND e.authority NOT IN (SELECT record FROM erased)
        )
        OR EXISTS (
            SELECT 1 FROM withdrawal w
            WHERE w.id = NEW.record AND w.subject NOT IN (SELECT record FROM erased)
        )
        -- A withdrawal counts for the decisions that it names, whoever it says it is about.
        OR EXISTS (
            SELECT 1 FROM withdrawal_named n JOIN decision d ON d.id = n.decision
            WHERE n.withdrawal = NEW.record AND d.id NOT IN (SELECT record FROM erased)
        )
        OR EXISTS (
            SELECT 1 FROM photo_subject s
            WHERE s.id = NEW.record AND s.photo NOT IN (SELECT record FROM erased)
        )
        OR (
            EXISTS (SELECT 1 FROM photo_subject s WHERE s.photo = NEW.record)
            AND NOT EXISTS (
                SELECT 1 FROM photo_subject s
                WHERE s.photo = NEW.record
                    AND (
                        s.person IN (SELECT record FROM erased)
                        OR s.decision IN (SELECT record FROM erased)
                    )
            )
        )
        OR EXISTS (
            SELECT 1 FROM concern c
            WHERE c.id = NEW.record AND (c.about IS NULL OR c.about NOT IN (SELECT record FROM erased))
        );
END;
CREATE TRIGGER erased_update BEFORE UPDATE ON erased
BEGIN SELECT RAISE(ABORT, 'erasure: immutable'); END;
CREATE TRIGGER erased_delete BEFORE DELETE ON erased
BEGIN SELECT RAISE(ABORT, 'erasure: immutable'); END;

-- ---------------------------------------------------------------- one record goes

CREATE TRIGGER erased_row AFTER INSERT ON erased
BEGIN
    -- That a photo existed, was removed, why and when, is what stays of it.
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT NEW.record, 'erasure_order', NEW.because, NEW.erased_at
    WHERE EXISTS (SELECT 1 FROM photo WHERE id = NEW.record)
        AND NOT EXISTS (SELECT 1 FROM photo_removal WHERE photo = NEW.record);
    DELETE FROM withdrawal_named WHERE withdrawal = NEW.record;
    DELETE FROM family WHERE id = NEW.record;
    DELETE FROM person WHERE id = NEW.record;
    DELETE FROM membership WHERE id = NEW.record;
    DELETE FROM notice_shown WHERE id = NEW.record;
    DELETE FROM attendance WHERE id = NEW.record;
    DELETE FROM departure WHERE id = NEW.record;
    DELETE FROM attendance_void WHERE id = NEW.record;
    DELETE FROM concern WHERE id = NEW.record;
    DELETE FROM authority WHERE id = NEW.record;
    DELETE FROM authority_end WHERE id = NEW.record;
    DELETE FROM decision WHERE id = NEW.record;
    DELETE FROM withdrawal WHERE id = NEW.record;
    DELETE FROM photo WHERE id = NEW.record;
    DELETE FROM photo_subject WHERE id = NEW.record;
    DELETE FROM erasure_order WHERE id = NEW.record;
    UPDATE departure SET collected_by = NULL WHERE NEW.kind = 'person' AND collected_by = NEW.record;
    DELETE FROM person_search WHERE rowid = (SELECT number FROM search_entry WHERE person = NEW.record);
    DELETE FROM search_entry WHERE person = NEW.record;
    DELETE FROM confirmed WHERE record = NEW.record;
    DELETE FROM outbox_record WHERE record = NEW.record;
    DELETE FROM outbox_rest WHERE record = NEW.record;
    DELETE FROM holding WHERE record = NEW.record;
    DELETE FROM conflict WHERE record = NEW.record;
    DELETE FROM hand_over WHERE family = NEW.record;
    DELETE FROM set_aside
    WHERE record = NEW.record
        OR instr(
            state,
            lower(substr(hex(NEW.record), 1, 8) || '-' || substr(hex(NEW.record), 9, 4) || '-' || substr(hex(NEW.record), 13, 4) || '-'
            || substr(hex(NEW.record), 17, 4) || '-' || substr(hex(NEW.record), 21))
        ) > 0;
    DELETE FROM draft
    WHERE instr(
            form || body,
            lower(substr(hex(NEW.record), 1, 8) || '-' || substr(hex(NEW.record), 9, 4) || '-' || substr(hex(NEW.record), 13, 4) || '-'
            || substr(hex(NEW.record), 17, 4) || '-' || substr(hex(NEW.record), 21))
        ) > 0;
    UPDATE audit SET salt = NULL, record = NULL WHERE record = NEW.record;
END;

-- ---------------------------------------------------------------- what goes with a root

CREATE TRIGGER erased_root AFTER INSERT ON erased
WHEN NEW.root = NEW.record
BEGIN
    -- A family that only this device knows and that is left empty; of the others the county tells.
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT m.family, 'family', NEW.root, NEW.because, NEW.erased_at
    FROM membership m
    WHERE m.person = NEW.record
        AND EXISTS (SELECT 1 FROM confirmed c WHERE c.record = m.family AND c.state IS NULL)
        AND NOT EXISTS (
            SELECT 1 FROM membership other
            WHERE other.family = m.family AND other.person NOT IN (SELECT record FROM erased)
        )
        AND m.family NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT m.id, 'membership', NEW.root, NEW.because, NEW.erased_at
    FROM membership m
    WHERE (m.person = NEW.record OR m.family IN (SELECT record FROM erased WHERE root = NEW.root))
        AND m.id NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT n.id, 'notice_shown', NEW.root, NEW.because, NEW.erased_at
    FROM notice_shown n
    WHERE n.person = NEW.record
        AND n.id NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT a.id, 'attendance', NEW.root, NEW.because, NEW.erased_at
    FROM attendance a
    WHERE a.person = NEW.record
        AND a.id NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT d.id, 'departure', NEW.root, NEW.because, NEW.erased_at
    FROM departure d
    WHERE d.attendance IN (SELECT record FROM erased WHERE root = NEW.root)
        AND d.id NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT v.id, 'attendance_void', NEW.root, NEW.because, NEW.erased_at
    FROM attendance_void v
    WHERE v.event IN (SELECT record FROM erased WHERE root = NEW.root)
        AND v.id NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT c.id, 'concern', NEW.root, NEW.because, NEW.erased_at
    FROM concern c
    WHERE c.about = NEW.record
        AND c.id NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT o.id, 'erasure_order', NEW.root, NEW.because, NEW.erased_at
    FROM erasure_order o
    WHERE o.person = NEW.record
        AND o.id NOT IN (SELECT record FROM erased);
    -- Authorities last of consent: what a decision counts for is not to change while it stands.
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT d.id, 'decision', NEW.root, NEW.because, NEW.erased_at
    FROM decision d
    WHERE d.subject = NEW.record
        AND d.id NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT w.id, 'withdrawal', NEW.root, NEW.because, NEW.erased_at
    FROM withdrawal w
    WHERE w.subject = NEW.record
        AND NOT EXISTS (
            SELECT 1 FROM withdrawal_named n
            WHERE n.withdrawal = w.id AND n.decision NOT IN (SELECT record FROM erased)
        )
        AND w.id NOT IN (SELECT record FROM erased);
    -- A picture is not erased in part, nor kept without the decision that it was stored under.
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT s.photo, 'photo', NEW.root, NEW.because, NEW.erased_at
    FROM photo_subject s
    WHERE (s.person = NEW.record OR s.decision IN (SELECT record FROM erased WHERE root = NEW.root))
        AND s.photo NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT s.id, 'photo_subject', NEW.root, NEW.because, NEW.erased_at
    FROM photo_subject s
    WHERE s.photo IN (SELECT record FROM erased WHERE root = NEW.root)
        AND s.id NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT a.id, 'authority', NEW.root, NEW.because, NEW.erased_at
    FROM authority a
    WHERE a.child = NEW.record
        AND a.id NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT e.id, 'authority_end', NEW.root, NEW.because, NEW.erased_at
    FROM authority_end e
    WHERE e.authority IN (SELECT record FROM erased WHERE root = NEW.root)
        AND e.id NOT IN (SELECT record FROM erased);
    -- Transactions keep their number and digest; what they said goes. Those of the other people
    -- in them that were not yet sent are written anew by the program, in the same transaction.
    UPDATE outbox SET salt = NULL, body = NULL, outcome = json_remove(outcome, '$.conflicts')
    WHERE body IS NOT NULL
        AND CASE NEW.kind
            WHEN 'person' THEN EXISTS (
                SELECT 1 FROM json_tree(body) said
                WHERE said.type = 'text'
                    AND length(said.atom) = 36
                    AND unhex(said.atom, '-') IN (SELECT record FROM erased WHERE root = NEW.root)
            )
            ELSE instr(
                body,
                lower(substr(hex(NEW.record), 1, 8) || '-' || substr(hex(NEW.record), 9, 4) || '-' || substr(hex(NEW.record), 13, 4) || '-'
                || substr(hex(NEW.record), 17, 4) || '-' || substr(hex(NEW.record), 21))
            ) > 0
        END;
END;

-- ---------------------------------------------------------------- nothing comes back

CREATE TRIGGER family_erased BEFORE INSERT ON family
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER person_erased BEFORE INSERT ON person
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER membership_erased BEFORE INSERT ON membership
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.id, NEW.family, NEW.person))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER notice_shown_erased BEFORE INSERT ON notice_shown
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.id, NEW.person))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER attendance_erased BEFORE INSERT ON attendance
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.id, NEW.person))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER departure_erased BEFORE INSERT ON departure
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.id, NEW.attendance))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER attendance_void_erased BEFORE INSERT ON attendance_void
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.id, NEW.event))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER concern_erased BEFORE INSERT ON concern
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.id, NEW.about))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER authority_erased BEFORE INSERT ON authority
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.id, NEW.child))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER authority_end_erased BEFORE INSERT ON authority_end
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.id, NEW.authority))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER decision_erased BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.id, NEW.subject))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER withdrawal_erased BEFORE INSERT ON withdrawal
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR (
        EXISTS (SELECT 1 FROM erased WHERE record = NEW.subject)
        AND NOT EXISTS (
            SELECT 1 FROM json_each(NEW.decisions) named
            WHERE unhex(named.value, '-') NOT IN (SELECT record FROM erased)
        )
    )
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER photo_erased BEFORE INSERT ON photo
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER photo_subject_erased BEFORE INSERT ON photo_subject
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.id, NEW.photo, NEW.person, NEW.decision))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER erasure_order_erased BEFORE INSERT ON erasure_order
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.id, NEW.person))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER membership_erased_update BEFORE UPDATE ON membership
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.family, NEW.person))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;

-- ---------------------------------------------------------------- the guards, with this one way out

DROP TRIGGER authority_delete;
CREATE TRIGGER authority_delete BEFORE DELETE ON authority
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER authority_end_delete;
CREATE TRIGGER authority_end_delete BEFORE DELETE ON authority_end
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER decision_delete;
CREATE TRIGGER decision_delete BEFORE DELETE ON decision
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER withdrawal_delete;
CREATE TRIGGER withdrawal_delete BEFORE DELETE ON withdrawal
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER photo_delete;
CREATE TRIGGER photo_delete BEFORE DELETE ON photo
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER photo_subject_delete;
CREATE TRIGGER photo_subject_delete BEFORE DELETE ON photo_subject
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER withdrawal_named_delete;
CREATE TRIGGER withdrawal_named_delete BEFORE DELETE ON withdrawal_named
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.withdrawal)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
DROP TRIGGER concern_delete;
CREATE TRIGGER concern_delete BEFORE DELETE ON concern
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
DROP TRIGGER attendance_delete;
CREATE TRIGGER attendance_delete BEFORE DELETE ON attendance
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
DROP TRIGGER departure_delete;
CREATE TRIGGER departure_delete BEFORE DELETE ON departure
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
DROP TRIGGER attendance_void_delete;
CREATE TRIGGER attendance_void_delete BEFORE DELETE ON attendance_void
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
CREATE TRIGGER erasure_order_insert BEFORE INSERT ON erasure_order
WHEN EXISTS (SELECT 1 FROM erasure_order WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'event: exists'); END;
CREATE TRIGGER erasure_order_update BEFORE UPDATE ON erasure_order
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
CREATE TRIGGER erasure_order_delete BEFORE DELETE ON erasure_order
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
