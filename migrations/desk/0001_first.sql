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
    valid_from TEXT,
    valid_until TEXT,
    recorded_by BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX authority_by_child ON authority (child);

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
    signature BLOB,
    typed_name TEXT,
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
    withdrawn_by BLOB NOT NULL,
    how TEXT NOT NULL,
    verified INTEGER NOT NULL,
    withdrawn_at TEXT NOT NULL,
    taken_by BLOB NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX withdrawal_by_subject ON withdrawal (subject);

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
    because_kind TEXT NOT NULL, -- 'withdrawal' or 'decision'
    because BLOB NOT NULL,
    removed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- the rule of consent, as views
--
-- docs/security.md has it in words; porch_domain::consent is the same rule in Rust, and a test
-- replays random histories through both. Every doubt is a No.

-- Decisions that no later decision of the same decider replaces and whose authority has not
-- ended. `grants` is what such a decision's Yes is worth: nothing while its authority is in
-- dispute or not known here; its No counts all the same.
CREATE VIEW consent_head AS
SELECT
    d.id,
    d.subject,
    d.purpose,
    d.decider,
    CASE
        WHEN d.capacity = 'own' AND d.decider = d.subject THEN d.granted
        WHEN d.capacity = 'authority'
            AND EXISTS (
                SELECT 1 FROM authority a
                WHERE a.id = d.authority AND a.child = d.subject AND a.holder = d.decider
            )
            AND NOT EXISTS (SELECT 1 FROM authority_end e WHERE e.authority = d.authority)
        THEN d.granted
        ELSE '[]'
    END AS grants
FROM decision d
WHERE NOT EXISTS (
        SELECT 1 FROM decision later, json_each(later.replaces) replaced
        WHERE later.subject = d.subject
            AND later.purpose = d.purpose
            AND later.decider = d.decider
            AND replace(replaced.value, '-', '') = lower(hex(d.id))
    )
    AND NOT EXISTS (
        SELECT 1 FROM authority_end e
        WHERE e.authority = d.authority AND e.kind = 'ended'
    );

-- The channels of a decision that a withdrawal has taken back.
CREATE VIEW consent_withdrawn AS
SELECT d.id AS decision, c.value AS channel
FROM decision d, json_each(d.granted) c
WHERE EXISTS (
    SELECT 1 FROM withdrawal w, json_each(w.decisions) named
    WHERE w.subject = d.subject
        AND replace(named.value, '-', '') = lower(hex(d.id))
        AND (w.channels IS NULL OR EXISTS (SELECT 1 FROM json_each(w.channels) wc WHERE wc.value = c.value))
);

-- What is permitted: at least one head, and every head grants the channel unwithdrawn.
CREATE VIEW permission AS
SELECT h.subject, h.purpose, c.value AS channel
FROM consent_head h, json_each(h.grants) c
WHERE NOT EXISTS (
    SELECT 1 FROM consent_head other
    WHERE other.subject = h.subject
        AND other.purpose = h.purpose
        AND (
            NOT EXISTS (SELECT 1 FROM json_each(other.grants) oc WHERE oc.value = c.value)
            OR EXISTS (
                SELECT 1 FROM consent_withdrawn x
                WHERE x.decision = other.id AND x.channel = c.value
            )
        )
);

-- Subjects of photos who keep their photo from standing.
CREATE VIEW photo_objection AS
SELECT s.photo, s.person
FROM photo_subject s
WHERE NOT EXISTS (
    SELECT 1 FROM decision d
    WHERE d.id = s.decision
        AND d.subject = s.person
        AND EXISTS (
            SELECT 1 FROM json_each(d.granted) c
            WHERE NOT EXISTS (
                SELECT 1 FROM consent_withdrawn x WHERE x.decision = d.id AND x.channel = c.value
            )
        )
        AND EXISTS (
            SELECT 1 FROM permission p WHERE p.subject = d.subject AND p.purpose = d.purpose
        )
);

-- Photos that stand: all who are in it are named, and nobody objects.
CREATE VIEW photo_standing AS
SELECT p.id AS photo
FROM photo p
WHERE p.subject_count > 0
    AND (SELECT COUNT(*) FROM photo_subject s WHERE s.photo = p.id) = p.subject_count
    AND NOT EXISTS (SELECT 1 FROM photo_objection o WHERE o.photo = p.id)
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
WHEN EXISTS (SELECT 1 FROM authority_end WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'consent: exists'); END;
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
    -- A channel is granted or refused, never both.
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE EXISTS (
        SELECT 1 FROM json_each(NEW.granted) g, json_each(NEW.refused) r WHERE g.value = r.value
    );
    -- Publicity needs a signature on screen, a scan, or a typed name with a witness.
    SELECT RAISE(ABORT, 'consent: unsigned')
    WHERE json_array_length(NEW.granted) > 0
        AND (
            NEW.method NOT IN ('signed_on_screen', 'scanned_paper', 'typed_with_witness')
            OR (NEW.method IN ('signed_on_screen', 'scanned_paper') AND coalesce(length(NEW.signature), 0) = 0)
            OR (NEW.method = 'typed_with_witness' AND (NEW.witness IS NULL OR coalesce(trim(NEW.typed_name), '') = ''))
        );
    -- Someone decides for themself, or for a child under an authority.
    SELECT RAISE(ABORT, 'consent: no authority')
    WHERE NOT (
        (NEW.capacity = 'own' AND NEW.decider = NEW.subject AND NEW.authority IS NULL)
        OR (NEW.capacity = 'authority' AND NEW.authority IS NOT NULL AND NEW.decider <> NEW.subject)
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
END;
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
    SELECT RAISE(ABORT, 'consent: malformed')
    WHERE NEW.variant NOT IN ('picture', 'thumbnail') OR length(NEW.bytes) = 0;
    SELECT RAISE(ABORT, 'consent: does not stand')
    WHERE NOT EXISTS (SELECT 1 FROM photo_standing WHERE photo = NEW.photo);
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

-- A verified withdrawal removes what no longer stands because of it.
CREATE TRIGGER withdrawal_removes AFTER INSERT ON withdrawal
WHEN NEW.verified <> 0
BEGIN
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT o.photo, 'withdrawal', NEW.id, NEW.withdrawn_at
    FROM photo_subject s JOIN photo_objection o ON o.photo = s.photo AND o.person = s.person
    WHERE s.person = NEW.subject
        AND NOT EXISTS (SELECT 1 FROM photo_removal r WHERE r.photo = o.photo);
END;

-- So does a decision that refuses something.
CREATE TRIGGER decision_removes AFTER INSERT ON decision
WHEN json_array_length(NEW.refused) > 0
BEGIN
    INSERT INTO photo_removal (photo, because_kind, because, removed_at)
    SELECT DISTINCT o.photo, 'decision', NEW.id, NEW.decided_at
    FROM photo_subject s JOIN photo_objection o ON o.photo = s.photo AND o.person = s.person
    WHERE s.person = NEW.subject
        AND NOT EXISTS (SELECT 1 FROM photo_removal r WHERE r.photo = o.photo);
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

-- Pictures to be sent, by how many chunks the county has.
CREATE TABLE picture_outbox (
    photo BLOB NOT NULL,
    variant TEXT NOT NULL,
    chunks INTEGER NOT NULL,
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
