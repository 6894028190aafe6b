-- What takes a decision its standing, stops, and rulings on withdrawals that were reported (docs/security.md).

CREATE TABLE misrecording (
    id BLOB NOT NULL PRIMARY KEY,
    decision BLOB NOT NULL,
    why TEXT NOT NULL,
    recorded_by BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX misrecording_by_decision ON misrecording (decision);

-- Made by the county only.
CREATE TABLE expiry (
    id BLOB NOT NULL PRIMARY KEY,
    decision BLOB NOT NULL,
    expired_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX expiry_by_decision ON expiry (decision);

CREATE TABLE withdrawal_ruling (
    id BLOB NOT NULL PRIMARY KEY,
    withdrawal BLOB NOT NULL,
    ruling TEXT NOT NULL,
    why TEXT,
    ruled_by BLOB, -- none: the county, when nobody had ruled in time
    ruled_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX withdrawal_ruling_by_withdrawal ON withdrawal_ruling (withdrawal);

CREATE TABLE stop (
    id BLOB NOT NULL PRIMARY KEY,
    subject BLOB NOT NULL,
    purpose TEXT NOT NULL,
    made_by BLOB NOT NULL,
    made_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX stop_by_subject ON stop (subject);

CREATE TABLE stop_end (
    id BLOB NOT NULL PRIMARY KEY,
    stop BLOB NOT NULL,
    ended_by BLOB NOT NULL,
    ended_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX stop_end_by_stop ON stop_end (stop);

-- What a value that lost was written to, where that was merged away and the write redirected: a JSON list of ids.
ALTER TABLE conflict ADD COLUMN redirected TEXT;

-- ---------------------------------------------------------------- the rule of consent

DROP VIEW photo_subject_fate;
DROP VIEW consent_sure_no;
DROP VIEW permission;
DROP VIEW consent_withdrawn;
DROP VIEW consent_head;
DROP VIEW consent_replacement;

-- Whose what is stopped: each stop until it is ended itself.
CREATE VIEW consent_stop AS
SELECT s.subject, s.purpose
FROM stop s
WHERE NOT EXISTS (SELECT 1 FROM stop_end e WHERE e.stop = s.id);

-- Decisions whose time is over and which said that then everything is removed. (No new use after the end
-- is asked by whoever uses something: docs/security.md.)
CREATE VIEW consent_over AS
SELECT e.decision
FROM expiry e
JOIN decision d ON d.id = e.decision
WHERE d.at_expiry = 'remove';

-- The withdrawals that count, and whether it is sure that somebody who may withdraw had asked. One that contradicts
-- itself counts as reported; one that was reported is sure once it was upheld, and counts until somebody dismisses it.
CREATE VIEW withdrawal_counting AS
SELECT
    w.id,
    w.channels,
    (w.verified <> 0 AND w.how IN ('in_person', 'identity_checked'))
        OR EXISTS (SELECT 1 FROM withdrawal_ruling u WHERE u.withdrawal = w.id AND u.ruling = 'upheld') AS sure
FROM withdrawal w
WHERE (w.verified <> 0 AND w.how IN ('in_person', 'identity_checked'))
    OR EXISTS (SELECT 1 FROM withdrawal_ruling u WHERE u.withdrawal = w.id AND u.ruling = 'upheld')
    OR NOT EXISTS (SELECT 1 FROM withdrawal_ruling u WHERE u.withdrawal = w.id AND u.ruling = 'dismissed');

-- Which decision replaces which: only the same decider's, about the same subject and purpose, and none that was
-- recorded by mistake.
CREATE VIEW consent_replacement AS
SELECT d.id AS replaced, later.id AS later
FROM decision d
JOIN same_record r ON r.one = d.subject
JOIN decision later
    ON later.subject = r.other
    AND later.purpose = d.purpose
    AND later.id <> d.id
    AND (
        later.decider = d.decider
        OR EXISTS (SELECT 1 FROM same_record x WHERE x.one = d.decider AND x.other = later.decider)
    )
WHERE EXISTS (SELECT 1 FROM json_each(later.replaces) named WHERE unhex(named.value, '-') = d.id)
    AND NOT EXISTS (SELECT 1 FROM misrecording m WHERE m.decision = later.id);

-- The decisions that count. One of full weight lifts what it replaces; one in doubt takes the Yes
-- away that it replaces (`replaced`) and leaves the No. One that was recorded by mistake is none.
CREATE VIEW consent_head AS
SELECT
    w.id,
    w.subject,
    w.purpose,
    w.decider,
    w.granted,
    w.refused,
    w.weight,
    EXISTS (SELECT 1 FROM consent_replacement r WHERE r.replaced = w.id) AS replaced
FROM consent_weight w
WHERE w.weight <> 'none'
    AND NOT EXISTS (SELECT 1 FROM misrecording m WHERE m.decision = w.id)
    AND NOT EXISTS (
        SELECT 1 FROM consent_replacement r JOIN consent_weight later ON later.id = r.later
        WHERE r.replaced = w.id AND later.weight = 'full'
    );

-- The channels of a decision that a withdrawal has taken back, and whether that is sure.
CREATE VIEW consent_withdrawn AS
SELECT
    d.id AS decision,
    c.value AS channel,
    w.sure AS verified
FROM decision d, json_each(d.granted) c
JOIN withdrawal_named n ON n.decision = d.id
JOIN withdrawal_counting w ON w.id = n.withdrawal
WHERE w.channels IS NULL OR EXISTS (SELECT 1 FROM json_each(w.channels) wc WHERE wc.value = c.value);

-- What is permitted: at least one head says Yes, none says No, and there is no stop. Whoever asks for a person asks
-- for all records that are the same.
CREATE VIEW permission AS
SELECT h.subject, h.purpose, c.value AS channel
FROM consent_head h, json_each(h.granted) c
WHERE h.weight = 'full'
    AND NOT h.replaced
    AND NOT EXISTS (
        SELECT 1 FROM same_record r JOIN consent_stop s ON s.subject = r.other
        WHERE r.one = h.subject AND s.purpose = h.purpose
    )
    AND NOT EXISTS (
        SELECT 1 FROM same_record r JOIN consent_head other ON other.subject = r.other
        WHERE r.one = h.subject
            AND other.purpose = h.purpose
            AND (
                NOT EXISTS (SELECT 1 FROM json_each(other.granted) oc WHERE oc.value = c.value)
                OR EXISTS (SELECT 1 FROM json_each(other.refused) oc WHERE oc.value = c.value)
                OR EXISTS (SELECT 1 FROM consent_withdrawn x WHERE x.decision = other.id AND x.channel = c.value)
                OR EXISTS (SELECT 1 FROM consent_over o WHERE o.decision = other.id)
            )
    );

-- A No that nothing yet to arrive can explain away: heads and the channels they surely deny.
-- What may yet lift a head is an authority or an approval that arrives, or an age that is put right.
CREATE VIEW consent_sure_no AS
SELECT h.id AS head, h.subject, h.purpose, asked.value AS channel
FROM consent_head h
JOIN same_record r ON r.one = h.subject
JOIN decision d ON d.subject = r.other AND d.purpose = h.purpose
JOIN json_each(d.granted) asked
WHERE NOT EXISTS (
        SELECT 1 FROM consent_replacement r JOIN consent_weight later ON later.id = r.later
        WHERE r.replaced = h.id AND later.weight IN ('unknown', 'age', 'words')
    )
    AND CASE
        WHEN EXISTS (SELECT 1 FROM json_each(h.granted) g WHERE g.value = asked.value)
            AND NOT EXISTS (SELECT 1 FROM json_each(h.refused) r WHERE r.value = asked.value)
        THEN iif(
            EXISTS (SELECT 1 FROM consent_withdrawn x WHERE x.decision = h.id AND x.channel = asked.value),
            EXISTS (
                SELECT 1 FROM consent_withdrawn x
                WHERE x.decision = h.id AND x.channel = asked.value AND x.verified
            ),
            h.weight <> 'unknown' AND EXISTS (SELECT 1 FROM consent_over o WHERE o.decision = h.id)
        )
        ELSE h.weight <> 'unknown'
    END;

-- What becomes of a photo because of one person in it: as before, and it goes when there is a stop, and is suspended
-- when the decision that it was stored under was recorded by mistake.
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
    AND d.purpose IN ('publicity_picture', 'development_record');

-- ---------------------------------------------------------------- written once, and what they remove

CREATE TRIGGER misrecording_insert BEFORE INSERT ON misrecording
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM misrecording WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE length(NEW.id) <> 16 OR length(NEW.decision) <> 16;
END;
CREATE TRIGGER misrecording_erased BEFORE INSERT ON misrecording
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.decision)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER misrecording_update BEFORE UPDATE OF id, decision, why, recorded_by, recorded_at, extra ON misrecording
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER misrecording_delete BEFORE DELETE ON misrecording
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (
        SELECT 1 FROM letting_go g JOIN decision d ON d.subject = g.record
        WHERE g.kind = 'consent' AND d.id = OLD.decision
    )
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER misrecording_removes AFTER INSERT ON misrecording
BEGIN
    -- What it replaced counts again.
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT photo, 'misrecording', NEW.id, NEW.recorded_at
    FROM photo_fallen
    WHERE person IN (
        SELECT d.subject FROM decision d WHERE d.id = NEW.decision
        UNION
        SELECT r.other FROM decision d JOIN same_record r ON r.one = d.subject WHERE d.id = NEW.decision
    );
END;

CREATE TRIGGER expiry_insert BEFORE INSERT ON expiry
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM expiry WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE length(NEW.id) <> 16 OR length(NEW.decision) <> 16;
END;
CREATE TRIGGER expiry_erased BEFORE INSERT ON expiry
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.decision)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER expiry_update BEFORE UPDATE OF id, decision, expired_at, extra ON expiry
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER expiry_delete BEFORE DELETE ON expiry
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (
        SELECT 1 FROM letting_go g JOIN decision d ON d.subject = g.record
        WHERE g.kind = 'consent' AND d.id = OLD.decision
    )
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER expiry_removes AFTER INSERT ON expiry
BEGIN
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT photo, 'expiry', NEW.id, NEW.expired_at
    FROM photo_fallen
    WHERE person IN (
        SELECT d.subject FROM decision d WHERE d.id = NEW.decision
        UNION
        SELECT r.other FROM decision d JOIN same_record r ON r.one = d.subject WHERE d.id = NEW.decision
    );
END;

CREATE TRIGGER withdrawal_ruling_insert BEFORE INSERT ON withdrawal_ruling
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM withdrawal_ruling WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE length(NEW.id) <> 16
        OR length(NEW.withdrawal) <> 16
        OR NEW.ruling NOT IN ('upheld', 'dismissed');
END;
CREATE TRIGGER withdrawal_ruling_erased BEFORE INSERT ON withdrawal_ruling
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.withdrawal)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER withdrawal_ruling_update BEFORE UPDATE OF id, withdrawal, ruling, why, ruled_by, ruled_at, extra ON withdrawal_ruling
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER withdrawal_ruling_delete BEFORE DELETE ON withdrawal_ruling
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (
        SELECT 1 FROM letting_go g JOIN withdrawal w ON w.subject = g.record
        WHERE g.kind = 'consent' AND w.id = OLD.withdrawal
    )
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER withdrawal_ruling_removes AFTER INSERT ON withdrawal_ruling
BEGIN
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT photo, 'withdrawal_ruling', NEW.id, NEW.ruled_at
    FROM photo_fallen
    WHERE person IN (
        SELECT d.subject FROM withdrawal_named n JOIN decision d ON d.id = n.decision WHERE n.withdrawal = NEW.withdrawal
        UNION
        SELECT r.other
        FROM withdrawal_named n
        JOIN decision d ON d.id = n.decision
        JOIN same_record r ON r.one = d.subject
        WHERE n.withdrawal = NEW.withdrawal
    );
END;

CREATE TRIGGER stop_insert BEFORE INSERT ON stop
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM stop WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE length(NEW.id) <> 16 OR length(NEW.subject) <> 16;
END;
CREATE TRIGGER stop_erased BEFORE INSERT ON stop
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.subject)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER stop_update BEFORE UPDATE OF id, subject, purpose, made_by, made_at, extra ON stop
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER stop_delete BEFORE DELETE ON stop
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (
        SELECT 1 FROM letting_go g WHERE g.kind = 'consent' AND g.record = OLD.subject
    )
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER stop_removes AFTER INSERT ON stop
BEGIN
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT photo, 'stop', NEW.id, NEW.made_at
    FROM photo_fallen
    WHERE person IN (
        SELECT NEW.subject UNION ALL SELECT r.other FROM same_record r WHERE r.one = NEW.subject
    );
END;

CREATE TRIGGER stop_end_insert BEFORE INSERT ON stop_end
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM stop_end WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE length(NEW.id) <> 16 OR length(NEW.stop) <> 16;
END;
CREATE TRIGGER stop_end_erased BEFORE INSERT ON stop_end
WHEN EXISTS (SELECT 1 FROM erased WHERE record = NEW.id)
    OR EXISTS (SELECT 1 FROM erased WHERE record = NEW.stop)
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER stop_end_update BEFORE UPDATE OF id, stop, ended_by, ended_at, extra ON stop_end
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER stop_end_delete BEFORE DELETE ON stop_end
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)
    AND NOT EXISTS (
        SELECT 1 FROM letting_go g JOIN stop s ON s.subject = g.record
        WHERE g.kind = 'consent' AND s.id = OLD.stop
    )
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

-- ---------------------------------------------------------------- erasure

-- A No that could be erased alone would leave a Yes standing.
CREATE TRIGGER erased_insert_standing BEFORE INSERT ON erased
BEGIN
    SELECT RAISE(ABORT, 'erasure: not whole')
    WHERE EXISTS (
            SELECT 1 FROM misrecording m
            WHERE m.id = NEW.record AND m.decision NOT IN (SELECT record FROM erased)
        )
        OR EXISTS (
            SELECT 1 FROM expiry e
            WHERE e.id = NEW.record AND e.decision NOT IN (SELECT record FROM erased)
        )
        OR EXISTS (
            SELECT 1 FROM withdrawal_ruling u
            WHERE u.id = NEW.record AND u.withdrawal NOT IN (SELECT record FROM erased)
        )
        OR EXISTS (
            SELECT 1 FROM stop s
            WHERE s.id = NEW.record AND s.subject NOT IN (SELECT record FROM erased)
        )
        OR EXISTS (
            SELECT 1 FROM stop_end e
            WHERE e.id = NEW.record AND e.stop NOT IN (SELECT record FROM erased)
        );
END;
CREATE TRIGGER erased_row_standing AFTER INSERT ON erased
BEGIN
    DELETE FROM misrecording WHERE id = NEW.record;
    DELETE FROM expiry WHERE id = NEW.record;
    DELETE FROM withdrawal_ruling WHERE id = NEW.record;
    DELETE FROM stop WHERE id = NEW.record;
    DELETE FROM stop_end WHERE id = NEW.record;
    DELETE FROM conflict
    WHERE redirected IS NOT NULL
        AND instr(
            redirected,
            lower(substr(hex(NEW.record), 1, 8) || '-' || substr(hex(NEW.record), 9, 4) || '-' || substr(hex(NEW.record), 13, 4) || '-'
            || substr(hex(NEW.record), 17, 4) || '-' || substr(hex(NEW.record), 21))
        ) > 0;
END;
DROP TRIGGER erased_root;
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
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT m.id, 'misrecording', NEW.root, NEW.because, NEW.erased_at
    FROM misrecording m
    WHERE m.decision IN (SELECT record FROM erased WHERE root = NEW.root)
        AND m.id NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT e.id, 'expiry', NEW.root, NEW.because, NEW.erased_at
    FROM expiry e
    WHERE e.decision IN (SELECT record FROM erased WHERE root = NEW.root)
        AND e.id NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT u.id, 'withdrawal_ruling', NEW.root, NEW.because, NEW.erased_at
    FROM withdrawal_ruling u
    WHERE u.withdrawal IN (SELECT record FROM erased WHERE root = NEW.root)
        AND u.id NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT s.id, 'stop', NEW.root, NEW.because, NEW.erased_at
    FROM stop s
    WHERE s.subject = NEW.record
        AND s.id NOT IN (SELECT record FROM erased);
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT e.id, 'stop_end', NEW.root, NEW.because, NEW.erased_at
    FROM stop_end e
    WHERE e.stop IN (SELECT record FROM erased WHERE root = NEW.root)
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

-- ---------------------------------------------------------------- letting go

DROP TRIGGER letting_go_insert;
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
