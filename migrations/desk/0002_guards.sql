-- The guards after an attack on them. Two thoughts run through it: a No is never turned away,
-- whatever is missing from it; and a Yes is doubted in the views, by what is known now, rather than at
-- the door by what was known when it came.
--
-- Views are dropped from the top down and made anew from the bottom up, since each rests on those
-- before it. Triggers look theirs up when they run, so those that only read a view stay.

DROP VIEW photo_standing;
DROP VIEW photo_subject_fate;
DROP VIEW consent_sure_no;
DROP VIEW permission;
DROP VIEW consent_withdrawn;
DROP VIEW consent_head;
DROP VIEW consent_replacement;
DROP VIEW consent_weight;

-- ---------------------------------------------------------------- the rule of consent, as views

-- Authorities: whether ground and holder fit each other (a child who understands holds it
-- themself, and whoever decides on another ground is somebody else), and their days. A day that
-- cannot be read is NULL, and no day lies before or after it.
CREATE VIEW consent_authority AS
SELECT
    a.id,
    a.child,
    a.holder,
    a.ground,
    a.delegated_from,
    (a.ground = 'understands') = (a.holder = a.child)
        AND a.ground IN (
            'mother', 'father_married_or_registered', 'court_order', 'agreement', 'guardian',
            'local_authority', 'delegated', 'understands'
        ) AS fits,
    CASE WHEN a.valid_from IS NULL THEN '' WHEN date(a.valid_from) = a.valid_from THEN a.valid_from END AS first_day,
    CASE WHEN a.valid_until IS NULL THEN '9999-12-31' WHEN date(a.valid_until) = a.valid_until THEN a.valid_until END
        AS last_day
FROM authority a;

-- Decisions whose decider was old enough to decide for themself: sixteen on that day by the date
-- of birth; while that is not known, staff or a family's member in another place than a child's,
-- and no family's child. And the day has come, by the latest time ever seen here: a day's
-- difference between clocks is allowed.
CREATE VIEW consent_of_age AS
SELECT d.id AS decision
FROM decision d
JOIN person p ON p.id = d.subject
WHERE CASE
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
    END
    AND (
        SELECT t.latest_seen = '' OR substr(d.decided_at, 1, 10) <= date(substr(t.latest_seen, 1, 10), '+1 day')
        FROM tally t
        WHERE t.only_row = 1
    );

-- What a decision counts for, by its authority: 'full' its Yes and its No; 'doubt', 'age' (somebody
-- not known to be old enough decided for themself) and 'unknown' (the authority is not here) its
-- No only; 'none' nothing, since the authority has ended.
CREATE VIEW consent_weight AS
SELECT
    d.id,
    d.subject,
    d.purpose,
    d.decider,
    d.granted,
    d.refused,
    CASE
        WHEN d.capacity = 'own' AND d.authority IS NULL AND d.decider = d.subject
        THEN iif(EXISTS (SELECT 1 FROM consent_of_age o WHERE o.decision = d.id), 'full', 'age')
        WHEN d.capacity <> 'authority' OR d.authority IS NULL THEN 'doubt'
        WHEN EXISTS (SELECT 1 FROM authority_end e WHERE e.authority = d.authority AND e.kind = 'ended') THEN 'none'
        ELSE coalesce(
            (
                SELECT CASE
                    WHEN a.child <> d.subject OR a.holder <> d.decider OR NOT a.fits THEN 'doubt'
                    WHEN coalesce(substr(d.decided_at, 1, 10) NOT BETWEEN a.first_day AND a.last_day, 1) THEN 'doubt'
                    WHEN a.ground = 'delegated' AND a.delegated_from IS NULL THEN 'doubt'
                    WHEN a.ground = 'delegated' AND EXISTS (
                        SELECT 1 FROM authority_end e WHERE e.authority = a.delegated_from AND e.kind = 'ended'
                    ) THEN 'none'
                    WHEN a.ground = 'delegated' AND NOT EXISTS (
                        SELECT 1 FROM authority source WHERE source.id = a.delegated_from
                    ) THEN 'unknown'
                    WHEN a.ground = 'delegated' AND EXISTS (
                        SELECT 1 FROM consent_authority source
                        WHERE source.id = a.delegated_from
                            AND (
                                source.child <> a.child
                                OR source.ground IN ('delegated', 'understands')
                                OR NOT source.fits
                                OR coalesce(
                                    substr(d.decided_at, 1, 10) NOT BETWEEN source.first_day AND source.last_day, 1
                                )
                            )
                    ) THEN 'doubt'
                    WHEN EXISTS (
                        SELECT 1 FROM authority_end e
                        WHERE e.authority IN (a.id, iif(a.ground = 'delegated', a.delegated_from, NULL))
                    ) THEN 'doubt'
                    ELSE 'full'
                END
                FROM consent_authority a
                WHERE a.id = d.authority
            ),
            'unknown'
        )
    END AS weight
FROM decision d;

-- Which decision replaces which: only the same decider's, about the same subject and purpose.
CREATE VIEW consent_replacement AS
SELECT d.id AS replaced, later.id AS later
FROM decision d
JOIN decision later
    ON later.subject = d.subject
    AND later.purpose = d.purpose
    AND later.decider = d.decider
    AND later.id <> d.id
WHERE EXISTS (SELECT 1 FROM json_each(later.replaces) named WHERE unhex(named.value, '-') = d.id);

-- The decisions that count. One of full weight lifts what it replaces; one in doubt takes the Yes
-- away that it replaces (`replaced`) and leaves the No.
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
    AND NOT EXISTS (
        SELECT 1 FROM consent_replacement r JOIN consent_weight later ON later.id = r.later
        WHERE r.replaced = w.id AND later.weight = 'full'
    );

-- The channels of a decision that a withdrawal has taken back, and whether it is certain who asked.
-- One that contradicts itself counts as reported.
CREATE VIEW consent_withdrawn AS
SELECT
    d.id AS decision,
    c.value AS channel,
    w.verified <> 0 AND w.how IN ('in_person', 'identity_checked') AS verified
FROM decision d, json_each(d.granted) c
JOIN withdrawal_named n ON n.decision = d.id
JOIN withdrawal w ON w.id = n.withdrawal
WHERE w.channels IS NULL OR EXISTS (SELECT 1 FROM json_each(w.channels) wc WHERE wc.value = c.value);

-- What is permitted: at least one head says Yes, and none says No.
CREATE VIEW permission AS
SELECT h.subject, h.purpose, c.value AS channel
FROM consent_head h, json_each(h.granted) c
WHERE h.weight = 'full'
    AND NOT h.replaced
    AND NOT EXISTS (
        SELECT 1 FROM consent_head other
        WHERE other.subject = h.subject
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
JOIN decision d ON d.subject = h.subject AND d.purpose = h.purpose
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

-- What becomes of a photo because of one person in it: it 'stands'; it is 'suspended', so that
-- nothing shows it until a person decides; or it is 'removed', because of a verified withdrawal or
-- a refusal. The very decision that it was stored under must still grant something, so that
-- consent given anew never revives what was taken back. It is removed only when every channel that
-- was ever granted has a sure No, and no sure No comes or goes with anybody's age: a date of birth
-- is put right as easily as it is mistyped.
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
        WHEN EXISTS (SELECT 1 FROM permission p WHERE p.subject = d.subject AND p.purpose = d.purpose)
            AND EXISTS (
                SELECT 1 FROM json_each(d.granted) c
                WHERE NOT EXISTS (SELECT 1 FROM consent_withdrawn x WHERE x.decision = d.id AND x.channel = c.value)
            )
        THEN 'stands'
        WHEN NOT EXISTS (
            SELECT 1 FROM consent_weight asking, json_each(asking.granted) c
            WHERE asking.subject = d.subject
                AND asking.purpose = d.purpose
                AND (asking.id = d.id OR asking.weight <> 'none')
                AND NOT EXISTS (
                    SELECT 1 FROM consent_sure_no n
                    WHERE n.subject = d.subject AND n.purpose = d.purpose AND n.channel = c.value
                )
        ) THEN 'removed'
        ELSE 'suspended'
    END AS fate
FROM photo_subject s
LEFT JOIN decision d
    ON d.id = s.decision
    AND d.subject = s.person
    AND d.purpose IN ('publicity_picture', 'development_record');

-- Photos that stand: all who are in it are named, and it stands for each of them.
CREATE VIEW photo_standing AS
SELECT p.id AS photo
FROM photo p
WHERE p.subject_count > 0
    AND (SELECT COUNT(*) FROM photo_subject s WHERE s.photo = p.id) = p.subject_count
    AND NOT EXISTS (SELECT 1 FROM photo_subject_fate f WHERE f.photo = p.id AND f.fate <> 'stands')
    AND NOT EXISTS (SELECT 1 FROM photo_removal r WHERE r.photo = p.id);

-- What must hold besides when content is stored or taken in, each by the word that the guards say.

-- Photos with somebody in them whose named decision lacks its full weight.
CREATE VIEW photo_unfounded AS
SELECT p.id AS photo
FROM photo p
WHERE EXISTS (
    SELECT 1 FROM photo_subject s LEFT JOIN consent_weight w ON w.id = s.decision
    WHERE s.photo = p.id AND w.weight IS NOT 'full'
);

-- Photos of sessions at which none are taken, or of which it is not known here.
CREATE VIEW photo_unwanted AS
SELECT p.id AS photo
FROM photo p
WHERE p.session IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM session s JOIN activity a ON a.id = s.activity
        WHERE s.id = p.session AND a.never_photograph = 0
    );

-- Photos stored when a decision had run out: the one named for somebody, or one that counts. No
-- clock is read: a photo says when it was stored.
CREATE VIEW photo_too_late AS
SELECT p.id AS photo
FROM photo p
WHERE EXISTS (
    SELECT 1
    FROM photo_subject s
    JOIN decision named ON named.id = s.decision
    JOIN decision d ON d.subject = named.subject AND d.purpose = named.purpose
    WHERE s.photo = p.id
        AND d.valid_until IS NOT NULL
        AND p.stored_at >= d.valid_until
        AND (d.id = named.id OR EXISTS (SELECT 1 FROM consent_head h WHERE h.id = d.id))
);

-- Photos whose content may be stored here, or fetched.
CREATE VIEW photo_receivable AS
SELECT s.photo
FROM photo_standing s
WHERE NOT EXISTS (SELECT 1 FROM photo_unfounded x WHERE x.photo = s.photo)
    AND NOT EXISTS (SELECT 1 FROM photo_unwanted x WHERE x.photo = s.photo)
    AND NOT EXISTS (SELECT 1 FROM photo_too_late x WHERE x.photo = s.photo);

-- ---------------------------------------------------------------- decisions and withdrawals

-- What only refuses is taken, whatever is missing. What grants something is signed by somebody who may
-- decide, at a time that can be read; whether they may is judged by its weight.
DROP TRIGGER decision_insert;
CREATE TRIGGER decision_insert BEFORE INSERT ON decision
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM decision WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE NEW.id IS NULL
        OR length(NEW.id) <> 16
        OR NOT json_valid(NEW.granted) OR json_type(NEW.granted) <> 'array'
        OR NOT json_valid(NEW.refused) OR json_type(NEW.refused) <> 'array'
        OR NOT json_valid(NEW.replaces) OR json_type(NEW.replaces) <> 'array';
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE EXISTS (SELECT 1 FROM json_each(NEW.granted) WHERE type <> 'text')
        OR EXISTS (SELECT 1 FROM json_each(NEW.refused) WHERE type <> 'text')
        OR EXISTS (SELECT 1 FROM json_each(NEW.replaces) WHERE coalesce(length(unhex(value, '-')), 0) <> 16);
    -- Something is answered, and no channel is granted that is refused.
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE json_array_length(NEW.granted) + json_array_length(NEW.refused) = 0
        OR EXISTS (
            SELECT 1 FROM json_each(NEW.granted) g, json_each(NEW.refused) r WHERE g.value = r.value
        );
    -- A spoken yes is never enough: a signature on screen, a scan, or a name typed before a witness.
    SELECT RAISE(ABORT, 'consent: unsigned')
    WHERE json_array_length(NEW.granted) > 0
        AND (
            length(NEW.signature) = 0
            OR NEW.method NOT IN ('signed_on_screen', 'scanned_paper', 'typed_with_witness')
            OR (NEW.method = 'typed_with_witness' AND NEW.witness IS NULL)
        );
    -- Someone decides for themself, or under an authority for a child.
    SELECT RAISE(ABORT, 'consent: no authority')
    WHERE json_array_length(NEW.granted) > 0
        AND NOT (
            (NEW.capacity = 'own' AND NEW.decider = NEW.subject AND NEW.authority IS NULL)
            OR (NEW.capacity = 'authority' AND NEW.authority IS NOT NULL)
        );
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE json_array_length(NEW.granted) > 0
        AND (
            strftime('%Y-%m-%dT%H:%M:%fZ', NEW.decided_at) IS NOT NEW.decided_at
            OR (
                NEW.valid_until IS NOT NULL
                AND strftime('%Y-%m-%dT%H:%M:%fZ', NEW.valid_until) IS NOT NEW.valid_until
            )
        );
END;

-- The names of a withdrawal are those in it and come with it: one that came before or after would
-- take the permission and leave the picture.
DROP TRIGGER withdrawal_insert;
CREATE TRIGGER withdrawal_insert BEFORE INSERT ON withdrawal
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM withdrawal WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE NOT json_valid(NEW.decisions) OR json_type(NEW.decisions) <> 'array'
        OR (NEW.channels IS NOT NULL AND (NOT json_valid(NEW.channels) OR json_type(NEW.channels) <> 'array'));
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE json_array_length(NEW.decisions) = 0
        OR EXISTS (SELECT 1 FROM json_each(NEW.decisions) WHERE coalesce(length(unhex(value, '-')), 0) <> 16)
        OR EXISTS (SELECT 1 FROM json_each(NEW.channels) WHERE type <> 'text');
END;
DROP TRIGGER withdrawal_removes;
CREATE TRIGGER withdrawal_removes AFTER INSERT ON withdrawal
BEGIN
    INSERT INTO withdrawal_named (decision, withdrawal)
    SELECT DISTINCT unhex(value, '-'), NEW.id FROM json_each(NEW.decisions);
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT f.photo, 'withdrawal', NEW.id, NEW.withdrawn_at
    FROM photo_subject s JOIN photo_subject_fate f ON f.photo = s.photo AND f.person = s.person
    WHERE s.person IN (
            SELECT d.subject FROM json_each(NEW.decisions) named JOIN decision d ON d.id = unhex(named.value, '-')
        )
        AND f.fate = 'removed'
        AND NOT EXISTS (SELECT 1 FROM photo_removal r WHERE r.photo = f.photo);
END;
CREATE TRIGGER withdrawal_named_insert BEFORE INSERT ON withdrawal_named
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM withdrawal_named WHERE decision = NEW.decision AND withdrawal = NEW.withdrawal);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE NOT EXISTS (
        SELECT 1 FROM withdrawal w, json_each(w.decisions) named
        WHERE w.id = NEW.withdrawal AND unhex(named.value, '-') = NEW.decision
    );
END;

-- ---------------------------------------------------------------- photos and their content

DROP TRIGGER photo_insert;
CREATE TRIGGER photo_insert BEFORE INSERT ON photo
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM photo WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: nobody named')
    WHERE coalesce(NEW.subject_count, 0) < 1;
    -- Ends of consent are compared with it as text.
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE strftime('%Y-%m-%dT%H:%M:%fZ', NEW.stored_at) IS NOT NEW.stored_at;
    SELECT RAISE(ABORT, 'consent: never photograph')
    WHERE EXISTS (
        SELECT 1 FROM session s JOIN activity a ON a.id = s.activity
        WHERE s.id = NEW.session AND a.never_photograph <> 0
    );
END;

DROP TRIGGER picture_insert;
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

-- What arrives in chunks is held to the same, and is no larger than the record declares. A chunk
-- has at most 1 MiB (`CHUNK_BYTES` of the protocol).
DROP TRIGGER picture_inbox_insert;
CREATE TRIGGER picture_inbox_insert BEFORE INSERT ON picture_inbox
BEGIN
    SELECT RAISE(ABORT, 'consent: does not stand')
    WHERE NOT EXISTS (SELECT 1 FROM photo_standing WHERE photo = NEW.photo)
        OR EXISTS (SELECT 1 FROM photo_unfounded WHERE photo = NEW.photo);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE NOT EXISTS (
        SELECT 1 FROM photo p
        WHERE p.id = NEW.photo
            AND NEW.chunk >= 0
            AND length(NEW.bytes) BETWEEN 1 AND 1048576
            AND NEW.chunk * 1048576 + length(NEW.bytes) <= CASE NEW.variant
                WHEN 'picture' THEN p.bytes
                WHEN 'thumbnail' THEN p.thumbnail_bytes
            END
    );
    SELECT RAISE(ABORT, 'consent: never photograph')
    WHERE EXISTS (SELECT 1 FROM photo_unwanted WHERE photo = NEW.photo);
    SELECT RAISE(ABORT, 'consent: expired')
    WHERE EXISTS (SELECT 1 FROM photo_too_late WHERE photo = NEW.photo);
END;

-- A caption names people as a picture shows them, so it goes with the picture: the one change to
-- a photo's record that is allowed.
DROP TRIGGER photo_update;
CREATE TRIGGER photo_update BEFORE UPDATE ON photo
WHEN NOT (
    NEW.caption IS NULL
    AND EXISTS (SELECT 1 FROM photo_removal WHERE photo = OLD.id)
    AND NEW.id IS OLD.id
    AND NEW.session IS OLD.session
    AND NEW.taken_at IS OLD.taken_at
    AND NEW.stored_at IS OLD.stored_at
    AND NEW.taken_by IS OLD.taken_by
    AND NEW.subject_count IS OLD.subject_count
    AND NEW.media_type IS OLD.media_type
    AND NEW.width IS OLD.width
    AND NEW.height IS OLD.height
    AND NEW.bytes IS OLD.bytes
    AND NEW.sha256 IS OLD.sha256
    AND NEW.thumbnail_bytes IS OLD.thumbnail_bytes
    AND NEW.thumbnail_sha256 IS OLD.thumbnail_sha256
    AND NEW.versions IS OLD.versions
    AND NEW.extra IS OLD.extra
)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
-- Once removed, the content is gone in the same transaction and cannot come back. The transaction
-- that made the photo keeps its number and digest, and says nothing any more.
DROP TRIGGER photo_removal_removes;
CREATE TRIGGER photo_removal_removes AFTER INSERT ON photo_removal
BEGIN
    DELETE FROM picture WHERE photo = NEW.photo;
    UPDATE photo SET caption = NULL WHERE id = NEW.photo AND caption IS NOT NULL;
    UPDATE outbox SET salt = NULL, body = NULL
    WHERE body IS NOT NULL
        AND instr(
            body,
            lower(
                substr(hex(NEW.photo), 1, 8) || '-' || substr(hex(NEW.photo), 9, 4) || '-'
                || substr(hex(NEW.photo), 13, 4) || '-' || substr(hex(NEW.photo), 17, 4) || '-'
                || substr(hex(NEW.photo), 21)
            )
        ) > 0
        AND NOT EXISTS (
            SELECT 1 FROM json_each(body, '$.changes') c
            WHERE coalesce(json_extract(c.value, '$.kind'), '') NOT IN ('photo', 'photo_subject')
        );
END;
UPDATE photo SET caption = NULL
WHERE caption IS NOT NULL AND id IN (SELECT photo FROM photo_removal);

-- ---------------------------------------------------------------- events stay as they were written

CREATE TRIGGER concern_delete BEFORE DELETE ON concern
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;

CREATE TRIGGER attendance_insert BEFORE INSERT ON attendance
WHEN EXISTS (SELECT 1 FROM attendance WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'event: exists'); END;
CREATE TRIGGER attendance_update BEFORE UPDATE ON attendance
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
CREATE TRIGGER attendance_delete BEFORE DELETE ON attendance
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;

-- Who collected a child may be forgotten, and not changed.
CREATE TRIGGER departure_insert BEFORE INSERT ON departure
WHEN EXISTS (SELECT 1 FROM departure WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'event: exists'); END;
CREATE TRIGGER departure_update BEFORE UPDATE ON departure
WHEN NOT (
    NEW.collected_by IS NULL
    AND NEW.id IS OLD.id
    AND NEW.attendance IS OLD.attendance
    AND NEW.left_at IS OLD.left_at
    AND NEW.versions IS OLD.versions
    AND NEW.extra IS OLD.extra
)
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
CREATE TRIGGER departure_delete BEFORE DELETE ON departure
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;

CREATE TRIGGER attendance_void_insert BEFORE INSERT ON attendance_void
WHEN EXISTS (SELECT 1 FROM attendance_void WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'event: exists'); END;
CREATE TRIGGER attendance_void_update BEFORE UPDATE ON attendance_void
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
CREATE TRIGGER attendance_void_delete BEFORE DELETE ON attendance_void
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;

-- ---------------------------------------------------------------- the audit

-- Clearing salt and record is all that an erasure does to an entry; who did what and when stays.
DROP TRIGGER audit_update;
CREATE TRIGGER audit_update BEFORE UPDATE ON audit
WHEN NOT (
    NEW.salt IS NULL
    AND NEW.record IS NULL
    AND NEW.number IS OLD.number
    AND NEW.at IS OLD.at
    AND NEW.user IS OLD.user
    AND NEW.action IS OLD.action
    AND NEW.purpose IS OLD.purpose
    AND NEW.kind IS OLD.kind
    AND NEW.fields IS OLD.fields
    AND NEW.digest IS OLD.digest
    AND NEW.chain IS OLD.chain
)
BEGIN SELECT RAISE(ABORT, 'audit: immutable'); END;
