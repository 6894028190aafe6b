-- Records that are the same person or family. Both rows stay where they are; what they show together is
-- made of them when it is asked for (porch_sync::Together). What was decided for either was decided for both.

CREATE TABLE alias (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    older BLOB NOT NULL,
    newer BLOB NOT NULL,
    taken TEXT,
    older_seen TEXT NOT NULL,
    newer_seen TEXT NOT NULL,
    merged_by BLOB NOT NULL,
    merged_at TEXT NOT NULL,
    ended_by BLOB,
    ended_at TEXT,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_by_older ON alias (older);
CREATE INDEX alias_by_newer ON alias (newer);

-- Which record survives of all that are the same: the one with the lowest id. It follows from the aliases
-- that stand; their triggers keep it, since a view that looks through aliases of aliases has no index.
-- Everybody for whom something was decided has a row, alone or not, so that the rule of consent
-- finds all that counts by one way.
CREATE TABLE same (
    record BLOB NOT NULL PRIMARY KEY,
    survivor BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX same_by_survivor ON same (survivor);

-- Two records that are the same; also each with itself.
CREATE VIEW same_record AS
SELECT a.record AS one, b.record AS other
FROM same a
JOIN same b ON b.survivor = a.survivor;

-- The same from the aliases alone. It looks at all of them.
CREATE VIEW same_by_alias AS
WITH RECURSIVE reached (record, other) AS (
    SELECT older, older FROM alias WHERE ended_at IS NULL
    UNION
    SELECT newer, newer FROM alias WHERE ended_at IS NULL
    UNION
    SELECT r.record, iif(a.older = r.other, a.newer, a.older)
    FROM reached r
    JOIN alias a ON a.older = r.other OR a.newer = r.other
    WHERE a.ended_at IS NULL
)
SELECT record, min(other) AS survivor
FROM reached
GROUP BY record;

-- Nobody is taken apart but by the end of an alias: a No that was hidden so would leave a Yes standing.
CREATE TRIGGER same_insert BEFORE INSERT ON same
WHEN NEW.survivor IS NOT NEW.record OR EXISTS (SELECT 1 FROM same WHERE record = NEW.record)
BEGIN SELECT RAISE(ABORT, 'consent: malformed'); END;
CREATE TRIGGER same_update BEFORE UPDATE ON same
WHEN NEW.record IS NOT OLD.record
    OR NEW.survivor IS NOT coalesce((SELECT survivor FROM same_by_alias WHERE record = NEW.record), NEW.record)
BEGIN SELECT RAISE(ABORT, 'consent: malformed'); END;
CREATE TRIGGER same_delete BEFORE DELETE ON same
WHEN EXISTS (SELECT 1 FROM decision WHERE subject = OLD.record)
    OR EXISTS (SELECT 1 FROM alias WHERE (older = OLD.record OR newer = OLD.record) AND ended_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'consent: malformed'); END;

-- Whether a family is hidden: if it is, or any that is the same.
CREATE VIEW family_hidden AS
SELECT
    f.id AS family,
    max(
        f.protected,
        coalesce((SELECT max(o.protected) FROM same_record r JOIN family o ON o.id = r.other WHERE r.one = f.id), 0)
    ) AS protected
FROM family f;

CREATE TRIGGER alias_insert BEFORE INSERT ON alias
BEGIN
    SELECT RAISE(ABORT, 'alias: exists')
    WHERE EXISTS (SELECT 1 FROM alias WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'alias: malformed')
    WHERE length(NEW.older) <> 16
        OR length(NEW.newer) <> 16
        OR NEW.older >= NEW.newer
        OR NEW.kind NOT IN ('person', 'family');
END;
CREATE TRIGGER alias_update BEFORE UPDATE ON alias
WHEN NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.older IS NOT OLD.older OR NEW.newer IS NOT OLD.newer
BEGIN SELECT RAISE(ABORT, 'alias: immutable'); END;

-- Whatever changes who is the same changes what is permitted, and removes in the same transaction what is
-- now to be removed. What was removed does not come back when it is undone.
CREATE VIEW photo_fallen AS
SELECT f.photo, s.person
FROM photo_subject s
JOIN photo_subject_fate f ON f.photo = s.photo AND f.person = s.person
WHERE f.fate = 'removed'
    AND NOT EXISTS (SELECT 1 FROM photo_removal r WHERE r.photo = s.photo);

-- Who decided for whom. When two deciders are no longer one, what one replaced of the other's counts again.
CREATE VIEW decided_for AS
SELECT d.decider, d.subject FROM decision d
UNION ALL
SELECT d.decider, r.other FROM decision d JOIN same_record r ON r.one = d.subject;

CREATE TRIGGER alias_joins AFTER INSERT ON alias
WHEN NEW.ended_at IS NULL
BEGIN
    INSERT INTO same (record, survivor)
    SELECT NEW.older, NEW.older WHERE NOT EXISTS (SELECT 1 FROM same WHERE record = NEW.older);
    INSERT INTO same (record, survivor)
    SELECT NEW.newer, NEW.newer WHERE NOT EXISTS (SELECT 1 FROM same WHERE record = NEW.newer);
    UPDATE same
    SET survivor = (SELECT min(survivor) FROM same WHERE record IN (NEW.older, NEW.newer))
    WHERE survivor IN (SELECT survivor FROM same WHERE record IN (NEW.older, NEW.newer));
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT photo, 'alias', NEW.id, NEW.merged_at
    FROM photo_fallen
    WHERE person IN (SELECT other FROM same_record WHERE one = NEW.older);
END;
CREATE TRIGGER alias_turns AFTER UPDATE ON alias
WHEN (NEW.ended_at IS NULL) <> (OLD.ended_at IS NULL)
BEGIN
    INSERT INTO same (record, survivor)
    SELECT NEW.older, NEW.older WHERE NOT EXISTS (SELECT 1 FROM same WHERE record = NEW.older);
    INSERT INTO same (record, survivor)
    SELECT NEW.newer, NEW.newer WHERE NOT EXISTS (SELECT 1 FROM same WHERE record = NEW.newer);
    UPDATE same
    SET survivor = coalesce((SELECT x.survivor FROM same_by_alias x WHERE x.record = same.record), record)
    WHERE survivor IN (SELECT survivor FROM same WHERE record IN (NEW.older, NEW.newer));
    DELETE FROM same
    WHERE record IN (NEW.older, NEW.newer)
        AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.subject = same.record)
        AND NOT EXISTS (SELECT 1 FROM alias a WHERE (a.older = same.record OR a.newer = same.record) AND a.ended_at IS NULL);
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT photo, 'alias', NEW.id, coalesce(NEW.ended_at, NEW.merged_at)
    FROM photo_fallen
    WHERE person IN (
        SELECT NEW.older
        UNION SELECT NEW.newer
        UNION SELECT other FROM same_record WHERE one IN (NEW.older, NEW.newer)
        UNION
        SELECT f.subject FROM decided_for f
        WHERE f.decider IN (NEW.older, NEW.newer)
            OR f.decider IN (SELECT other FROM same_record WHERE one IN (NEW.older, NEW.newer))
    );
END;
CREATE TRIGGER alias_delete AFTER DELETE ON alias
WHEN OLD.ended_at IS NULL
BEGIN
    UPDATE same
    SET survivor = coalesce((SELECT x.survivor FROM same_by_alias x WHERE x.record = same.record), record)
    WHERE survivor IN (SELECT survivor FROM same WHERE record IN (OLD.older, OLD.newer));
    DELETE FROM same
    WHERE record IN (OLD.older, OLD.newer)
        AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.subject = same.record)
        AND NOT EXISTS (SELECT 1 FROM alias a WHERE (a.older = same.record OR a.newer = same.record) AND a.ended_at IS NULL);
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT photo, 'alias', OLD.id, OLD.merged_at
    FROM photo_fallen
    WHERE person IN (
        SELECT OLD.older
        UNION SELECT OLD.newer
        UNION SELECT other FROM same_record WHERE one IN (OLD.older, OLD.newer)
        UNION
        SELECT f.subject FROM decided_for f
        WHERE f.decider IN (OLD.older, OLD.newer)
            OR f.decider IN (SELECT other FROM same_record WHERE one IN (OLD.older, OLD.newer))
    );
END;

-- ---------------------------------------------------------------- the rule of consent, for one person of several records
--
-- A row names the record that it was written for; what is looked at beside it is widened to all that are
-- the same. Weights stay: what somebody could not grant before, they cannot because records were merged.

DROP VIEW photo_too_late;
DROP VIEW photo_subject_fate;
DROP VIEW consent_sure_no;
DROP VIEW permission;
DROP VIEW consent_replacement;
DROP VIEW consent_of_age;

-- Whether somebody was old enough when a decision was made, by each record of theirs that is here:
-- sixteen on that day by the date of birth; while that is not known, staff or a family's member in
-- another place than a child's, and no family's child.
CREATE VIEW consent_age AS
SELECT
    d.id AS decision,
    p.id AS person,
    CASE
        WHEN p.birth_date IS NOT NULL
        THEN date(p.birth_date) = p.birth_date
            AND p.birth_date <= date(substr(d.decided_at, 1, 10), '-16 years')
        ELSE (
                p.staff <> 0
                OR EXISTS (
                    SELECT 1 FROM membership m
                    WHERE m.person = p.id
                        AND m.role IN (
                            'parent_carer', 'expectant_parent', 'grandparent', 'other_adult', 'emergency_contact'
                        )
                )
            )
            AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.person = p.id AND m.role = 'child')
    END AS old_enough
FROM decision d
JOIN same_record r ON r.one = d.subject
JOIN person p ON p.id = r.other;

-- Decisions whose decider was old enough to decide for themself, by every record of theirs. And the day
-- has come, by the latest time ever seen here: a day's difference between clocks is allowed.
CREATE VIEW consent_of_age AS
SELECT d.id AS decision
FROM decision d
JOIN person p ON p.id = d.subject
WHERE NOT EXISTS (SELECT 1 FROM consent_age a WHERE a.decision = d.id AND coalesce(a.old_enough, 0) = 0)
    AND (
        SELECT t.latest_seen = '' OR substr(d.decided_at, 1, 10) <= date(substr(t.latest_seen, 1, 10), '+1 day')
        FROM tally t
        WHERE t.only_row = 1
    );

-- Which decision replaces which: only the same decider's, about the same subject and purpose.
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
WHERE EXISTS (SELECT 1 FROM json_each(later.replaces) named WHERE unhex(named.value, '-') = d.id);

-- What is permitted: at least one head says Yes, and none says No. Whoever asks for a person asks for all
-- records that are the same.
CREATE VIEW permission AS
SELECT h.subject, h.purpose, c.value AS channel
FROM consent_head h, json_each(h.granted) c
WHERE h.weight = 'full'
    AND NOT h.replaced
    AND NOT EXISTS (
        SELECT 1 FROM same_record r JOIN consent_head other ON other.subject = r.other
        WHERE r.one = h.subject
            AND other.purpose = h.purpose
            AND (
                NOT EXISTS (SELECT 1 FROM json_each(other.granted) oc WHERE oc.value = c.value)
                OR EXISTS (SELECT 1 FROM json_each(other.refused) oc WHERE oc.value = c.value)
                OR EXISTS (SELECT 1 FROM consent_withdrawn x WHERE x.decision = other.id AND x.channel = c.value)
            )
    );

-- A No that nothing yet to arrive can explain away: heads and the channels they surely deny.
-- What may yet lift a head is an authority that arrives, or an age that is put right.
CREATE VIEW consent_sure_no AS
SELECT h.id AS head, h.subject, h.purpose, asked.value AS channel
FROM consent_head h
JOIN same_record r ON r.one = h.subject
JOIN decision d ON d.subject = r.other AND d.purpose = h.purpose
JOIN json_each(d.granted) asked
WHERE NOT EXISTS (
        SELECT 1 FROM consent_replacement r JOIN consent_weight later ON later.id = r.later
        WHERE r.replaced = h.id AND later.weight IN ('unknown', 'age')
    )
    AND CASE
        WHEN EXISTS (SELECT 1 FROM json_each(h.granted) g WHERE g.value = asked.value)
            AND NOT EXISTS (SELECT 1 FROM json_each(h.refused) r WHERE r.value = asked.value)
        THEN EXISTS (
            SELECT 1 FROM consent_withdrawn x
            WHERE x.decision = h.id AND x.channel = asked.value AND x.verified
        )
        ELSE h.weight <> 'unknown'
    END;

-- What becomes of a photo because of one person in it, as before.
CREATE VIEW photo_subject_fate AS
SELECT
    s.photo,
    s.person,
    CASE
        WHEN d.id IS NULL THEN 'suspended'
        WHEN NOT EXISTS (
            SELECT 1 FROM json_each(d.granted) c
            WHERE NOT EXISTS (
                SELECT 1 FROM consent_withdrawn x WHERE x.decision = d.id AND x.channel = c.value AND x.verified
            )
        ) THEN 'removed'
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
                AND (asking.id = d.id OR asking.weight <> 'none')
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

-- Photos stored when a decision had run out: the one named for somebody, or one that counts. No
-- clock is read: a photo says when it was stored.
CREATE VIEW photo_too_late AS
SELECT p.id AS photo
FROM photo p
WHERE EXISTS (
    SELECT 1
    FROM photo_subject s
    JOIN decision named ON named.id = s.decision
    JOIN same_record r ON r.one = named.subject
    JOIN decision d ON d.subject = r.other AND d.purpose = named.purpose
    WHERE s.photo = p.id
        AND d.valid_until IS NOT NULL
        AND p.stored_at >= d.valid_until
        AND (d.id = named.id OR EXISTS (SELECT 1 FROM consent_head h WHERE h.id = d.id))
);

-- Whatever changes what is permitted removes, in the same transaction, what is now to be removed: of
-- whomever it is about, under whichever of their records.

DROP TRIGGER withdrawal_removes;
CREATE TRIGGER withdrawal_removes AFTER INSERT ON withdrawal
BEGIN
    INSERT INTO withdrawal_named (decision, withdrawal)
    SELECT DISTINCT unhex(value, '-'), NEW.id FROM json_each(NEW.decisions);
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT photo, 'withdrawal', NEW.id, NEW.withdrawn_at
    FROM photo_fallen
    WHERE person IN (
        SELECT d.subject FROM json_each(NEW.decisions) named JOIN decision d ON d.id = unhex(named.value, '-')
        UNION
        SELECT r.other
        FROM json_each(NEW.decisions) named
        JOIN decision d ON d.id = unhex(named.value, '-')
        JOIN same_record r ON r.one = d.subject
    );
END;
DROP TRIGGER decision_removes;
CREATE TRIGGER decision_removes AFTER INSERT ON decision
BEGIN
    INSERT INTO same (record, survivor)
    SELECT NEW.subject, NEW.subject WHERE NOT EXISTS (SELECT 1 FROM same WHERE record = NEW.subject);
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT photo, 'decision', NEW.id, NEW.decided_at
    FROM photo_fallen
    WHERE person IN (SELECT NEW.subject UNION ALL SELECT r.other FROM same_record r WHERE r.one = NEW.subject);
END;
INSERT INTO same (record, survivor) SELECT DISTINCT subject, subject FROM decision;
-- Nothing is decided for them here any more, and they are nobody else.
CREATE TRIGGER decision_forgotten AFTER DELETE ON decision
BEGIN
    DELETE FROM same
    WHERE record = OLD.subject
        AND NOT EXISTS (SELECT 1 FROM decision WHERE subject = OLD.subject)
        AND NOT EXISTS (SELECT 1 FROM alias WHERE (older = OLD.subject OR newer = OLD.subject) AND ended_at IS NULL);
END;
-- An authority that arrives late gives its weight to the No of a decision that was here before.
DROP TRIGGER authority_removes;
CREATE TRIGGER authority_removes AFTER INSERT ON authority
BEGIN
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT photo, 'authority', NEW.id, NEW.recorded_at
    FROM photo_fallen
    WHERE person IN (SELECT subject FROM consent_under WHERE authority = NEW.id);
END;
DROP TRIGGER authority_end_removes;
CREATE TRIGGER authority_end_removes AFTER INSERT ON authority_end
BEGIN
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT photo, 'authority_end', NEW.id, NEW.recorded_at
    FROM photo_fallen
    WHERE person IN (SELECT subject FROM consent_under WHERE authority = NEW.authority);
END;

-- Whose consent rests on an authority, by itself or by delegation.
CREATE VIEW consent_under AS
SELECT d.authority, d.subject
FROM decision d
WHERE d.authority IS NOT NULL
UNION ALL
SELECT d.authority, r.other
FROM decision d
JOIN same_record r ON r.one = d.subject
WHERE d.authority IS NOT NULL
UNION ALL
SELECT a.delegated_from, d.subject
FROM authority a
JOIN decision d ON d.authority = a.id
WHERE a.delegated_from IS NOT NULL
UNION ALL
SELECT a.delegated_from, r.other
FROM authority a
JOIN decision d ON d.authority = a.id
JOIN same_record r ON r.one = d.subject
WHERE a.delegated_from IS NOT NULL;

-- A No written for one record keeps the pictures under another down: it goes only when these have gone.
CREATE TRIGGER letting_go_same BEFORE INSERT ON letting_go
WHEN NEW.kind = 'consent'
    AND EXISTS (
        SELECT 1 FROM same_record r JOIN photo_subject s ON s.person = r.other
        WHERE r.one = NEW.record AND s.photo NOT IN (SELECT photo FROM photo_removal)
    )
BEGIN SELECT RAISE(ABORT, 'scope: held'); END;

-- ---------------------------------------------------------------- erasure

CREATE TRIGGER alias_erased BEFORE INSERT ON alias
WHEN EXISTS (SELECT 1 FROM erased WHERE record IN (NEW.id, NEW.older, NEW.newer))
BEGIN SELECT RAISE(ABORT, 'erasure: erased'); END;
CREATE TRIGGER erased_alias_row AFTER INSERT ON erased
BEGIN DELETE FROM alias WHERE id = NEW.record; END;
CREATE TRIGGER erased_alias AFTER INSERT ON erased
WHEN NEW.kind IN ('person', 'family')
BEGIN
    INSERT INTO erased (record, kind, root, because, erased_at)
    SELECT DISTINCT a.id, 'alias', NEW.root, NEW.because, NEW.erased_at
    FROM alias a
    WHERE (a.older = NEW.record OR a.newer = NEW.record)
        AND a.id NOT IN (SELECT record FROM erased);
END;
