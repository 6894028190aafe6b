-- The first shape of a device's store.
--
-- Synced records have the columns that the data catalogue names, plus `versions` (which write each
-- field came from) and `extra` (fields that a newer program sent). They have no foreign keys to
-- each other, because they may arrive in any order. Ids are the 16 bytes of a UUID.

-- ---------------------------------------------------------------- the county's reference records

CREATE TABLE centre (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent BLOB,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE activity (
    id BLOB NOT NULL PRIMARY KEY,
    centre BLOB NOT NULL,
    name TEXT NOT NULL,
    never_photograph INTEGER NOT NULL,
    drop_off INTEGER NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    id BLOB NOT NULL PRIMARY KEY,
    activity BLOB NOT NULL,
    centre BLOB NOT NULL,
    venue BLOB NOT NULL,
    date TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    places INTEGER,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_date ON session (date, starts_at);

-- ---------------------------------------------------------------- families

CREATE TABLE family (
    id BLOB NOT NULL PRIMARY KEY,
    centre BLOB NOT NULL,
    name TEXT,
    address TEXT,
    postcode TEXT,
    no_fixed_address INTEGER NOT NULL,
    protected INTEGER NOT NULL,
    note TEXT,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    id BLOB NOT NULL PRIMARY KEY,
    given_name TEXT,
    family_name TEXT,
    known_as TEXT,
    birth_date TEXT,
    due_date TEXT,
    gender TEXT,
    nhs_number TEXT,
    phone TEXT,
    email TEXT,
    language TEXT,
    allergies TEXT,
    staff INTEGER NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX person_by_nhs_number ON person (nhs_number) WHERE nhs_number IS NOT NULL;
CREATE INDEX person_by_phone ON person (phone) WHERE phone IS NOT NULL;
CREATE INDEX person_by_birth_date ON person (birth_date) WHERE birth_date IS NOT NULL;

CREATE TABLE membership (
    id BLOB NOT NULL PRIMARY KEY,
    family BLOB NOT NULL,
    person BLOB NOT NULL,
    role TEXT NOT NULL,
    parental_responsibility INTEGER,
    ended_on TEXT,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_by_family ON membership (family);
CREATE INDEX membership_by_person ON membership (person);

CREATE TABLE notice_shown (
    id BLOB NOT NULL PRIMARY KEY,
    person BLOB NOT NULL,
    notice TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    shown_at TEXT NOT NULL,
    shown_by BLOB NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_shown_by_person ON notice_shown (person);

-- ---------------------------------------------------------------- who came

CREATE TABLE attendance (
    id BLOB NOT NULL PRIMARY KEY,
    session BLOB NOT NULL,
    person BLOB NOT NULL,
    family BLOB NOT NULL,
    arrived_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX attendance_by_session ON attendance (session, person);
CREATE INDEX attendance_by_family ON attendance (family, arrived_at);

CREATE TABLE departure (
    id BLOB NOT NULL PRIMARY KEY,
    attendance BLOB NOT NULL,
    left_at TEXT NOT NULL,
    collected_by BLOB,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX departure_by_attendance ON departure (attendance);

-- An arrival or a departure that was entered by mistake and undone.
CREATE TABLE attendance_void (
    id BLOB NOT NULL PRIMARY KEY,
    event BLOB NOT NULL,
    voided_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX attendance_void_by_event ON attendance_void (event);

-- ---------------------------------------------------------------- restricted notes: sealed, append-only

CREATE TABLE concern (
    id BLOB NOT NULL PRIMARY KEY,
    about BLOB,
    kind TEXT NOT NULL,
    key_epoch INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    written_by BLOB NOT NULL,
    written_at TEXT NOT NULL,
    call_made INTEGER,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX concern_by_time ON concern (written_at);

-- ---------------------------------------------------------------- the consent ledger
--
-- Ledger tables are WITHOUT ROWID and have no other UNIQUE, so that no conflict clause and no
-- explicit rowid can replace a row behind its guards. What is in a ledger stays as it was written.

CREATE TABLE authority (
    id BLOB NOT NULL PRIMARY KEY,
    child BLOB NOT NULL,
    holder BLOB NOT NULL,
    ground TEXT NOT NULL,
    evidence TEXT NOT NULL,
    delegated_from BLOB,
    reason TEXT,
    valid_from TEXT,
    valid_until TEXT,
    recorded_by BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX authority_by_child ON authority (child);
CREATE INDEX authority_by_source ON authority (delegated_from) WHERE delegated_from IS NOT NULL;

CREATE TABLE authority_end (
    id BLOB NOT NULL PRIMARY KEY,
    authority BLOB NOT NULL,
    kind TEXT NOT NULL,
    evidence TEXT NOT NULL,
    recorded_by BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX authority_end_by_authority ON authority_end (authority);

CREATE TABLE decision (
    id BLOB NOT NULL PRIMARY KEY,
    subject BLOB NOT NULL,
    purpose TEXT NOT NULL,
    granted TEXT NOT NULL,
    refused TEXT NOT NULL,
    decider BLOB NOT NULL,
    capacity TEXT NOT NULL,
    authority BLOB,
    wording TEXT NOT NULL,
    wording_version INTEGER NOT NULL,
    wording_sha256 TEXT NOT NULL,
    notice TEXT NOT NULL,
    notice_version INTEGER NOT NULL,
    notice_sha256 TEXT NOT NULL,
    language TEXT NOT NULL,
    help TEXT NOT NULL,
    method TEXT NOT NULL,
    signature BLOB NOT NULL, -- strokes, scan, or the name as typed: as the method says
    witness BLOB,
    taken_by BLOB NOT NULL,
    device INTEGER NOT NULL,
    centre BLOB NOT NULL,
    decided_at TEXT NOT NULL,
    valid_until TEXT,
    at_expiry TEXT NOT NULL,
    attribution TEXT,
    replaces TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX decision_by_subject ON decision (subject, purpose);
CREATE INDEX decision_by_authority ON decision (authority) WHERE authority IS NOT NULL;

CREATE TABLE withdrawal (
    id BLOB NOT NULL PRIMARY KEY,
    subject BLOB NOT NULL,
    purpose TEXT NOT NULL,
    decisions TEXT NOT NULL,
    channels TEXT,
    by BLOB,
    how TEXT NOT NULL,
    verified INTEGER NOT NULL,
    withdrawn_at TEXT NOT NULL,
    taken_by BLOB NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX withdrawal_by_subject ON withdrawal (subject);

-- Which withdrawals name a decision: written by the guard of `withdrawal`, so that they are found
-- whoever's they say they are and whichever arrives first.
CREATE TABLE withdrawal_named (
    decision BLOB NOT NULL,
    withdrawal BLOB NOT NULL,
    PRIMARY KEY (decision, withdrawal)
) STRICT, WITHOUT ROWID;

CREATE TABLE photo (
    id BLOB NOT NULL PRIMARY KEY,
    session BLOB,
    taken_at TEXT NOT NULL,
    stored_at TEXT NOT NULL,
    taken_by BLOB NOT NULL,
    caption TEXT,
    subject_count INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    thumbnail_bytes INTEGER NOT NULL,
    thumbnail_sha256 TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_by_session ON photo (session);

CREATE TABLE photo_subject (
    id BLOB NOT NULL PRIMARY KEY,
    photo BLOB NOT NULL,
    person BLOB NOT NULL,
    decision BLOB NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_subject_by_photo ON photo_subject (photo, person);
CREATE INDEX photo_subject_by_person ON photo_subject (person);

-- The content of a photo: never a synced record, sent as a blob.
CREATE TABLE picture (
    photo BLOB NOT NULL,
    variant TEXT NOT NULL, -- 'picture' or 'thumbnail'
    bytes BLOB NOT NULL,
    PRIMARY KEY (photo, variant)
) STRICT, WITHOUT ROWID;

-- What stays of a removed photo: that it was removed, because of which record, and when.
CREATE TABLE photo_removal (
    photo BLOB NOT NULL PRIMARY KEY,
    because_kind TEXT NOT NULL, -- a kind of record, or 'county'
    because BLOB NOT NULL,
    removed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_removal_by_record ON photo_removal (because);

-- ---------------------------------------------------------------- the rule of consent, as views
--
-- porch_domain::consent has the rule in words and in Rust; a test replays random histories
-- through both. Every doubt is a No. Ids inside JSON are hyphenated text; unhex makes them bytes.

-- What a decision counts for, by its authority: 'full' its Yes and its No; 'doubt' and 'unknown'
-- (the authority is not here) its No only; 'none' nothing, since the authority has ended.
CREATE VIEW consent_weight AS
SELECT
    d.id,
    d.subject,
    d.purpose,
    d.decider,
    d.granted,
    d.refused,
    CASE
        WHEN d.capacity = 'own' AND d.authority IS NULL AND d.decider = d.subject THEN 'full'
        WHEN d.capacity <> 'authority' OR d.authority IS NULL THEN 'doubt'
        WHEN EXISTS (SELECT 1 FROM authority_end e WHERE e.authority = d.authority AND e.kind = 'ended') THEN 'none'
        ELSE coalesce(
            (
                SELECT CASE
                    WHEN a.child <> d.subject OR a.holder <> d.decider THEN 'doubt'
                    WHEN a.ground = 'delegated' AND a.delegated_from IS NULL THEN 'doubt'
                    WHEN a.ground = 'delegated' AND EXISTS (
                        SELECT 1 FROM authority_end e WHERE e.authority = a.delegated_from AND e.kind = 'ended'
                    ) THEN 'none'
                    WHEN a.ground = 'delegated' AND NOT EXISTS (
                        SELECT 1 FROM authority source WHERE source.id = a.delegated_from
                    ) THEN 'unknown'
                    WHEN a.ground = 'delegated' AND EXISTS (
                        SELECT 1 FROM authority source
                        WHERE source.id = a.delegated_from
                            AND (source.child <> a.child OR source.ground = 'delegated')
                    ) THEN 'doubt'
                    WHEN EXISTS (
                        SELECT 1 FROM authority_end e
                        WHERE e.authority IN (a.id, iif(a.ground = 'delegated', a.delegated_from, NULL))
                    ) THEN 'doubt'
                    ELSE 'full'
                END
                FROM authority a
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
CREATE VIEW consent_withdrawn AS
SELECT d.id AS decision, c.value AS channel, w.verified <> 0 AS verified
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
CREATE VIEW consent_sure_no AS
SELECT h.id AS head, h.subject, h.purpose, asked.value AS channel
FROM consent_head h
JOIN decision d ON d.subject = h.subject AND d.purpose = h.purpose
JOIN json_each(d.granted) asked
WHERE CASE
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
-- consent given anew never revives what was taken back.
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
        WHEN NOT EXISTS (
            SELECT 1 FROM json_each(d.granted) c
            WHERE NOT EXISTS (SELECT 1 FROM consent_withdrawn x WHERE x.decision = d.id AND x.channel = c.value)
        ) THEN 'suspended'
        WHEN EXISTS (SELECT 1 FROM permission p WHERE p.subject = d.subject AND p.purpose = d.purpose)
        THEN 'stands'
        WHEN NOT EXISTS (
            SELECT 1 FROM decision asking, json_each(asking.granted) c
            WHERE asking.subject = d.subject
                AND asking.purpose = d.purpose
                AND (asking.id = d.id OR EXISTS (SELECT 1 FROM consent_head h WHERE h.id = asking.id))
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

-- ---------------------------------------------------------------- the guards
--
-- `INSERT OR REPLACE` deletes without telling DELETE triggers, so an id that exists is refused
-- before the insert. CHECKs can be switched off by a pragma, triggers of a table cannot.

CREATE TRIGGER authority_insert BEFORE INSERT ON authority
WHEN EXISTS (SELECT 1 FROM authority WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'consent: exists'); END;
CREATE TRIGGER authority_update BEFORE UPDATE ON authority
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER authority_delete BEFORE DELETE ON authority
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

CREATE TRIGGER authority_end_insert BEFORE INSERT ON authority_end
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM authority_end WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE NEW.kind NOT IN ('ended', 'disputed');
END;
CREATE TRIGGER authority_end_update BEFORE UPDATE ON authority_end
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER authority_end_delete BEFORE DELETE ON authority_end
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

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
    -- Something is answered, and a channel is granted or refused, never both.
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE json_array_length(NEW.granted) + json_array_length(NEW.refused) = 0
        OR EXISTS (
            SELECT 1 FROM json_each(NEW.granted) g, json_each(NEW.refused) r WHERE g.value = r.value
        );
    -- A spoken yes is never enough: a signature on screen, a scan, or a name typed before a witness.
    SELECT RAISE(ABORT, 'consent: unsigned')
    WHERE length(NEW.signature) = 0
        OR NEW.method NOT IN ('signed_on_screen', 'scanned_paper', 'typed_with_witness')
        OR (NEW.method = 'typed_with_witness' AND NEW.witness IS NULL);
    -- Someone decides for themself, or under an authority for a child.
    SELECT RAISE(ABORT, 'consent: no authority')
    WHERE NOT (
        (NEW.capacity = 'own' AND NEW.decider = NEW.subject AND NEW.authority IS NULL)
        OR (NEW.capacity = 'authority' AND NEW.authority IS NOT NULL)
    );
    -- A young child does not decide alone.
    SELECT RAISE(ABORT, 'consent: no authority')
    WHERE NEW.capacity = 'own'
        AND (
            EXISTS (
                SELECT 1 FROM person p
                WHERE p.id = NEW.subject AND p.birth_date > date(substr(NEW.decided_at, 1, 10), '-16 years')
            )
            OR EXISTS (
                SELECT 1 FROM membership m JOIN person p ON p.id = m.person
                WHERE m.person = NEW.subject AND m.role = 'child' AND p.birth_date IS NULL
            )
        );
END;
CREATE TRIGGER decision_update BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER decision_delete BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

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
        OR EXISTS (SELECT 1 FROM json_each(NEW.channels) WHERE type <> 'text')
        OR (NEW.verified <> 0) <> (NEW.how IN ('in_person', 'identity_checked'));
    INSERT OR IGNORE INTO withdrawal_named (decision, withdrawal)
    SELECT unhex(value, '-'), NEW.id FROM json_each(NEW.decisions);
END;
CREATE TRIGGER withdrawal_named_update BEFORE UPDATE ON withdrawal_named
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER withdrawal_named_delete BEFORE DELETE ON withdrawal_named
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER withdrawal_update BEFORE UPDATE ON withdrawal
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER withdrawal_delete BEFORE DELETE ON withdrawal
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

CREATE TRIGGER photo_insert BEFORE INSERT ON photo
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM photo WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'consent: nobody named')
    WHERE coalesce(NEW.subject_count, 0) < 1;
    SELECT RAISE(ABORT, 'consent: never photograph')
    WHERE EXISTS (
        SELECT 1 FROM session s JOIN activity a ON a.id = s.activity
        WHERE s.id = NEW.session AND a.never_photograph <> 0
    );
END;
CREATE TRIGGER photo_update BEFORE UPDATE ON photo
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER photo_delete BEFORE DELETE ON photo
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

CREATE TRIGGER photo_subject_insert BEFORE INSERT ON photo_subject
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM photo_subject WHERE id = NEW.id)
        OR EXISTS (SELECT 1 FROM photo_subject WHERE photo = NEW.photo AND person = NEW.person);
    -- Whoever is in a picture is settled when it is stored.
    SELECT RAISE(ABORT, 'consent: subjects frozen')
    WHERE EXISTS (SELECT 1 FROM picture WHERE photo = NEW.photo)
        OR EXISTS (SELECT 1 FROM photo_removal WHERE photo = NEW.photo)
        OR (SELECT COUNT(*) FROM photo_subject WHERE photo = NEW.photo)
            >= (SELECT subject_count FROM photo WHERE id = NEW.photo);
END;
CREATE TRIGGER photo_subject_update BEFORE UPDATE ON photo_subject
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER photo_subject_delete BEFORE DELETE ON photo_subject
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

CREATE TRIGGER picture_insert BEFORE INSERT ON picture
BEGIN
    SELECT RAISE(ABORT, 'consent: exists')
    WHERE EXISTS (SELECT 1 FROM picture WHERE photo = NEW.photo AND variant = NEW.variant);
    SELECT RAISE(ABORT, 'consent: does not stand')
    WHERE NOT EXISTS (SELECT 1 FROM photo_standing WHERE photo = NEW.photo);
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
    WHERE EXISTS (SELECT 1 FROM photo WHERE id = NEW.photo AND session IS NOT NULL)
        AND NOT EXISTS (
            SELECT 1 FROM photo p JOIN session s ON s.id = p.session JOIN activity a ON a.id = s.activity
            WHERE p.id = NEW.photo AND a.never_photograph = 0
        );
    -- No clock is read here: a picture says when it was stored, and that must lie before the end
    -- of each decision that it was stored under.
    SELECT RAISE(ABORT, 'consent: expired')
    WHERE EXISTS (
        SELECT 1 FROM photo p
        JOIN photo_subject s ON s.photo = p.id
        JOIN decision d ON d.id = s.decision
        WHERE p.id = NEW.photo AND d.valid_until IS NOT NULL AND p.stored_at >= d.valid_until
    );
END;
CREATE TRIGGER picture_update BEFORE UPDATE ON picture
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

CREATE TRIGGER photo_removal_insert BEFORE INSERT ON photo_removal
WHEN EXISTS (SELECT 1 FROM photo_removal WHERE photo = NEW.photo)
BEGIN SELECT RAISE(ABORT, 'consent: exists'); END;
CREATE TRIGGER photo_removal_update BEFORE UPDATE ON photo_removal
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER photo_removal_delete BEFORE DELETE ON photo_removal
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
-- Once removed, the content is gone in the same transaction and cannot come back.
CREATE TRIGGER photo_removal_removes AFTER INSERT ON photo_removal
BEGIN DELETE FROM picture WHERE photo = NEW.photo; END;

-- Whatever changes what is permitted removes, in the same transaction, what is now to be removed.
CREATE TRIGGER withdrawal_removes AFTER INSERT ON withdrawal
BEGIN
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT f.photo, 'withdrawal', NEW.id, NEW.withdrawn_at
    FROM photo_subject s JOIN photo_subject_fate f ON f.photo = s.photo AND f.person = s.person
    WHERE s.person IN (
            SELECT d.subject FROM json_each(NEW.decisions) named JOIN decision d ON d.id = unhex(named.value, '-')
        )
        AND f.fate = 'removed'
        AND NOT EXISTS (SELECT 1 FROM photo_removal r WHERE r.photo = f.photo);
END;
CREATE TRIGGER decision_removes AFTER INSERT ON decision
BEGIN
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT f.photo, 'decision', NEW.id, NEW.decided_at
    FROM photo_subject s JOIN photo_subject_fate f ON f.photo = s.photo AND f.person = s.person
    WHERE s.person = NEW.subject
        AND f.fate = 'removed'
        AND NOT EXISTS (SELECT 1 FROM photo_removal r WHERE r.photo = f.photo);
END;
-- An authority that arrives late gives its weight to the No of a decision that was here before.
CREATE TRIGGER authority_removes AFTER INSERT ON authority
BEGIN
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT f.photo, 'authority', NEW.id, NEW.recorded_at
    FROM photo_subject s JOIN photo_subject_fate f ON f.photo = s.photo AND f.person = s.person
    WHERE s.person IN (
            SELECT d.subject FROM decision d WHERE d.authority = NEW.id
            UNION
            SELECT d.subject FROM authority a JOIN decision d ON d.authority = a.id WHERE a.delegated_from = NEW.id
        )
        AND f.fate = 'removed'
        AND NOT EXISTS (SELECT 1 FROM photo_removal r WHERE r.photo = f.photo);
END;
CREATE TRIGGER authority_end_removes AFTER INSERT ON authority_end
BEGIN
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT f.photo, 'authority_end', NEW.id, NEW.recorded_at
    FROM photo_subject s JOIN photo_subject_fate f ON f.photo = s.photo AND f.person = s.person
    WHERE s.person IN (
            SELECT d.subject FROM decision d WHERE d.authority = NEW.authority
            UNION
            SELECT d.subject FROM authority a JOIN decision d ON d.authority = a.id WHERE a.delegated_from = NEW.authority
        )
        AND f.fate = 'removed'
        AND NOT EXISTS (SELECT 1 FROM photo_removal r WHERE r.photo = f.photo);
END;
-- However late a photo arrives.
CREATE TRIGGER photo_subject_removes AFTER INSERT ON photo_subject
BEGIN
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT f.photo, 'decision', NEW.decision, d.decided_at
    FROM photo_subject_fate f JOIN decision d ON d.id = NEW.decision
    WHERE f.photo = NEW.photo
        AND f.person = NEW.person
        AND f.fate = 'removed'
        AND NOT EXISTS (SELECT 1 FROM photo_removal r WHERE r.photo = f.photo);
END;

-- Events and sealed notes stay as they were written, too.
CREATE TRIGGER concern_insert BEFORE INSERT ON concern
WHEN EXISTS (SELECT 1 FROM concern WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'event: exists'); END;
CREATE TRIGGER concern_update BEFORE UPDATE ON concern
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;

-- ---------------------------------------------------------------- this device

CREATE TABLE device (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    centre BLOB NOT NULL,
    scopes TEXT NOT NULL,
    server TEXT NOT NULL,
    county_certificate TEXT NOT NULL,
    restricted_epoch INTEGER NOT NULL,
    restricted_key BLOB NOT NULL,
    epoch BLOB NOT NULL
) STRICT;

-- The numbering and the clock of this device's own transactions, and the latest time it has ever
-- seen, which a clock set back does not lower.
CREATE TABLE tally (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    sequence INTEGER NOT NULL,
    clock TEXT NOT NULL,
    latest_seen TEXT NOT NULL
) STRICT;
INSERT INTO tally VALUES (1, 0, '0000000000000000', '');

-- ---------------------------------------------------------------- unsent work and local truth

CREATE TABLE outbox (
    sequence INTEGER NOT NULL PRIMARY KEY,
    salt BLOB,
    digest BLOB NOT NULL,
    body TEXT,
    outcome TEXT -- none until the county has answered
) STRICT;
CREATE INDEX outbox_unsent ON outbox (sequence) WHERE outcome IS NULL;

-- Which records the unsent transactions touch.
CREATE TABLE outbox_record (
    record BLOB NOT NULL,
    sequence INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE,
    kind TEXT NOT NULL,
    PRIMARY KEY (record, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_record_by_sequence ON outbox_record (sequence);

-- The county's state of a record that unsent changes lie on top of; no row text when the county
-- does not have it yet.
CREATE TABLE confirmed (
    record BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT
) STRICT, WITHOUT ROWID;

-- Pictures to be sent; the county knows how much of each it has.
CREATE TABLE picture_outbox (
    photo BLOB NOT NULL,
    variant TEXT NOT NULL,
    PRIMARY KEY (photo, variant)
) STRICT, WITHOUT ROWID;

-- Pictures that are arriving: whole chunks so far. Held to the same guards as pictures.
CREATE TABLE picture_inbox (
    photo BLOB NOT NULL,
    variant TEXT NOT NULL,
    chunk INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (photo, variant, chunk)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER picture_inbox_insert BEFORE INSERT ON picture_inbox
WHEN NOT EXISTS (SELECT 1 FROM photo_standing WHERE photo = NEW.photo)
BEGIN SELECT RAISE(ABORT, 'consent: does not stand'); END;
CREATE TRIGGER picture_inbox_update BEFORE UPDATE ON picture_inbox
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER photo_removal_removes_inbox AFTER INSERT ON photo_removal
BEGIN
    DELETE FROM picture_inbox WHERE photo = NEW.photo;
    DELETE FROM picture_outbox WHERE photo = NEW.photo;
END;

-- Values that lost to a concurrent edit, for a person to look at.
CREATE TABLE conflict (
    record BLOB NOT NULL,
    field TEXT NOT NULL,
    loser TEXT NOT NULL,
    kind TEXT NOT NULL,
    winner TEXT NOT NULL,
    lost TEXT NOT NULL,
    PRIMARY KEY (record, field, loser)
) STRICT, WITHOUT ROWID;

-- Records that arrived and that a guard refused: shown, and in nobody's way.
CREATE TABLE set_aside (
    record BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The places in the county's feeds; the nil scope is the urgent feed.
CREATE TABLE cursor (
    scope BLOB NOT NULL PRIMARY KEY,
    after INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_state (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    last_synced_at TEXT,
    clock_off_ms INTEGER NOT NULL
) STRICT;
INSERT INTO sync_state VALUES (1, NULL, 0);

-- ---------------------------------------------------------------- the desk's own

CREATE TABLE draft (
    user BLOB NOT NULL,
    form TEXT NOT NULL,
    body TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (user, form)
) STRICT, WITHOUT ROWID;

-- The family whose consent pages the program is locked to, if it is.
CREATE TABLE hand_over (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    family BLOB NOT NULL,
    user BLOB NOT NULL,
    begun_at TEXT NOT NULL
) STRICT;

-- Who saw or changed what, hash-chained: `chain` is SHA-256 over the chain before and `digest`,
-- and `digest` is SHA-256 over `salt` and the entry. Erasure clears `salt` and `record`; the chain
-- still verifies.
CREATE TABLE audit (
    number INTEGER NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    user BLOB NOT NULL,
    action TEXT NOT NULL,
    purpose TEXT NOT NULL,
    kind TEXT,
    record BLOB,
    fields TEXT NOT NULL,
    salt BLOB,
    digest BLOB NOT NULL,
    chain BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_insert BEFORE INSERT ON audit
WHEN NEW.number IS NOT (SELECT coalesce(MAX(number), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'audit: out of order'); END;
CREATE TRIGGER audit_update BEFORE UPDATE ON audit
WHEN NOT (
    NEW.number = OLD.number AND NEW.digest = OLD.digest AND NEW.chain = OLD.chain
    AND NEW.salt IS NULL AND NEW.record IS NULL
)
BEGIN SELECT RAISE(ABORT, 'audit: immutable'); END;
CREATE TRIGGER audit_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit: immutable'); END;

-- ---------------------------------------------------------------- search
--
-- Keys are folded in Rust (porch_domain::names), since SQLite's own folding leaves letters such as
-- ł and đ. `secure-delete` keeps erased names from lingering in the index.

CREATE TABLE search_entry (
    number INTEGER NOT NULL PRIMARY KEY,
    person BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX search_entry_by_person ON search_entry (person);

CREATE VIRTUAL TABLE person_search USING fts5 (
    names, phone, postcode, birth, centre,
    tokenize = 'unicode61 remove_diacritics 0',
    prefix = '1 2 3',
    detail = 'column'
);
INSERT INTO person_search (person_search, rank) VALUES ('secure-delete', 1);
