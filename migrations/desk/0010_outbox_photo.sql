-- Which transactions name a photo: its removal read everything that was kept of what was ever saved, once for each
-- photo, so that a withdrawal of five hundred took most of a minute.

CREATE TABLE outbox_photo (
    photo TEXT NOT NULL, -- as the transaction names it
    sequence INTEGER NOT NULL,
    PRIMARY KEY (photo, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_photo_by_sequence ON outbox_photo (sequence);

CREATE VIEW outbox_naming AS
SELECT DISTINCT
    o.sequence,
    CASE json_extract(c.value, '$.kind')
        WHEN 'photo' THEN json_extract(c.value, '$.id')
        WHEN 'photo_subject' THEN json_extract(c.value, '$.fields.photo.value')
    END AS photo
FROM outbox o, json_each(o.body, '$.changes') c
WHERE o.body IS NOT NULL;

INSERT INTO outbox_photo (photo, sequence)
SELECT photo, sequence FROM outbox_naming WHERE photo IS NOT NULL;

CREATE TRIGGER outbox_insert_photo AFTER INSERT ON outbox
WHEN instr(NEW.body, '"photo') > 0
BEGIN
    INSERT INTO outbox_photo (photo, sequence)
    SELECT n.photo, n.sequence
    FROM outbox_naming n
    WHERE n.sequence = NEW.sequence
        AND n.photo IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM outbox_photo p WHERE p.photo = n.photo AND p.sequence = n.sequence);
END;
CREATE TRIGGER outbox_update_photo AFTER UPDATE OF sequence, body ON outbox
BEGIN
    DELETE FROM outbox_photo
    WHERE sequence = OLD.sequence
        AND (NEW.sequence <> OLD.sequence OR coalesce(instr(NEW.body, photo), 0) = 0);
    INSERT INTO outbox_photo (photo, sequence)
    SELECT n.photo, n.sequence
    FROM outbox_naming n
    WHERE n.sequence = NEW.sequence
        AND n.photo IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM outbox_photo p WHERE p.photo = n.photo AND p.sequence = n.sequence);
END;
CREATE TRIGGER outbox_delete_photo AFTER DELETE ON outbox
BEGIN DELETE FROM outbox_photo WHERE sequence = OLD.sequence; END;

-- What is not found would outlive its removal.
CREATE TRIGGER outbox_photo_update BEFORE UPDATE ON outbox_photo
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;
CREATE TRIGGER outbox_photo_delete BEFORE DELETE ON outbox_photo
WHEN EXISTS (SELECT 1 FROM outbox WHERE sequence = OLD.sequence AND instr(body, OLD.photo) > 0)
BEGIN SELECT RAISE(ABORT, 'consent: immutable'); END;

DROP TRIGGER photo_removal_removes;
CREATE TRIGGER photo_removal_removes AFTER INSERT ON photo_removal
BEGIN
    DELETE FROM picture WHERE photo = NEW.photo;
    UPDATE photo SET caption = NULL WHERE id = NEW.photo AND caption IS NOT NULL;
    UPDATE outbox SET salt = NULL, body = NULL
    WHERE body IS NOT NULL
        AND sequence IN (
            SELECT sequence FROM outbox_photo
            WHERE photo = lower(
                substr(hex(NEW.photo), 1, 8) || '-' || substr(hex(NEW.photo), 9, 4) || '-'
                || substr(hex(NEW.photo), 13, 4) || '-' || substr(hex(NEW.photo), 17, 4) || '-'
                || substr(hex(NEW.photo), 21)
            )
        )
        AND NOT EXISTS (
            SELECT 1 FROM json_each(body, '$.changes') c
            WHERE coalesce(json_extract(c.value, '$.kind'), '') NOT IN ('photo', 'photo_subject')
        );
END;
