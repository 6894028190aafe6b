-- Texts that the county loads and approves, and what it calls its own (docs/consent.md).

-- What fills the places in a privacy notice: one record.
CREATE TABLE county_details (
    id BLOB NOT NULL PRIMARY KEY,
    council TEXT NOT NULL,
    service TEXT NOT NULL,
    data_protection_officer TEXT NOT NULL,
    regulator TEXT NOT NULL,
    privacy_statement TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;

-- Wordings of the county's own; those that the program brings are in the program.
CREATE TABLE wording (
    id BLOB NOT NULL PRIMARY KEY,
    wording TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    purpose TEXT NOT NULL,
    title TEXT NOT NULL,
    paragraphs TEXT NOT NULL,
    how_to_change INTEGER NOT NULL,
    question TEXT NOT NULL,
    channels TEXT NOT NULL,
    attribution_question TEXT,
    attributions TEXT NOT NULL,
    declaration TEXT NOT NULL,
    valid_months INTEGER NOT NULL,
    at_expiry TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (
    id BLOB NOT NULL PRIMARY KEY,
    notice TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    form TEXT NOT NULL,
    title TEXT NOT NULL,
    parts TEXT NOT NULL,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE text_approval (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    purpose TEXT,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    approved_at TEXT NOT NULL,
    taken_back_by TEXT,
    taken_back_at TEXT,
    versions TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX text_approval_by_words ON text_approval (sha256);

-- A text is what it was when somebody signed it.
CREATE TRIGGER wording_update BEFORE UPDATE OF
    id, wording, version, language, purpose, title, paragraphs, how_to_change, question, channels,
    attribution_question, attributions, declaration, valid_months, at_expiry, extra ON wording
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
CREATE TRIGGER wording_insert BEFORE INSERT ON wording
WHEN EXISTS (SELECT 1 FROM wording WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
CREATE TRIGGER notice_update BEFORE UPDATE OF id, notice, version, language, form, title, parts, extra ON notice
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
CREATE TRIGGER notice_insert BEFORE INSERT ON notice
WHEN EXISTS (SELECT 1 FROM notice WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
-- An approval is of the words that it was given to.
CREATE TRIGGER text_approval_update BEFORE UPDATE ON text_approval
WHEN NEW.id IS NOT OLD.id
    OR NEW.kind IS NOT OLD.kind
    OR NEW.purpose IS NOT OLD.purpose
    OR NEW.name IS NOT OLD.name
    OR NEW.version IS NOT OLD.version
    OR NEW.language IS NOT OLD.language
    OR NEW.sha256 IS NOT OLD.sha256
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;
CREATE TRIGGER text_approval_insert BEFORE INSERT ON text_approval
WHEN EXISTS (SELECT 1 FROM text_approval WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'event: immutable'); END;

-- What the family is asked: a JSON list of purposes. A hand-over that was under way asked for one.
ALTER TABLE hand_over ADD COLUMN purposes TEXT NOT NULL DEFAULT '["publicity_picture"]';

-- ---------------------------------------------------------------- the rule of consent
--
-- A decision's Yes counts when it was asked in words that the county approved for that purpose, to the
-- letter; its No counts whatever it was asked in. That an approval was taken back later makes no
-- difference to what was decided before. One wording was shown before approvals were records.

DROP VIEW consent_sure_no;
DROP VIEW consent_weight;

-- Decisions that were asked in words that the county approved.
CREATE VIEW consent_words AS
SELECT d.id AS decision
FROM decision d
WHERE EXISTS (
        SELECT 1 FROM text_approval a
        WHERE a.sha256 = d.wording_sha256
            AND a.kind = 'wording'
            AND a.purpose = d.purpose
            AND a.name = d.wording
            AND a.version = d.wording_version
            AND a.language = d.language
    )
    OR (
        d.purpose = 'publicity_picture'
        AND d.wording = 'publicity_picture'
        AND d.wording_version = 1
        AND d.language = 'en'
        AND d.wording_sha256 = '6f73cb5b5a487dd305f866285cf447ffff4e6872aa89efa9210085ef25599d09'
    );

-- What a decision counts for: 'full' its Yes and its No; 'doubt', 'age' (somebody not known to be old
-- enough decided for themself), 'words' (nobody approved those that it was asked in) and 'unknown' (the
-- authority is not here) its No only; 'none' nothing, since the authority has ended. The words are looked at
-- where the rest says 'full', not around it: SQLite would write all of this out twice, in every guard.
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
        THEN CASE
            WHEN NOT EXISTS (SELECT 1 FROM consent_of_age o WHERE o.decision = d.id) THEN 'age'
            WHEN EXISTS (SELECT 1 FROM consent_words w WHERE w.decision = d.id) THEN 'full'
            ELSE 'words'
        END
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
                    WHEN EXISTS (SELECT 1 FROM consent_words w WHERE w.decision = d.id) THEN 'full'
                    ELSE 'words'
                END
                FROM consent_authority a
                WHERE a.id = d.authority
            ),
            'unknown'
        )
    END AS weight
FROM decision d;

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
        THEN EXISTS (
            SELECT 1 FROM consent_withdrawn x
            WHERE x.decision = h.id AND x.channel = asked.value AND x.verified
        )
        ELSE h.weight <> 'unknown'
    END;
