-- What lets devices trust what they hold: a count and a sum for each scope, how far a backup
-- reaches, and which devices are copies of another.

-- Each entry's share of its scope's sum, and the scope's count and sum of them. None until the
-- program has worked them out, which SQL cannot.
ALTER TABLE feed ADD COLUMN mark BLOB;
ALTER TABLE scope ADD COLUMN held INTEGER;
ALTER TABLE scope ADD COLUMN sum BLOB;

-- The device's last transaction that is in a backup, and the device of which it was a copy.
ALTER TABLE device ADD COLUMN backed_up INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN copy_of INTEGER;

-- `copied`: this file is a backup and becomes another epoch when it is opened to be used.
-- `numbers_after`: device numbers up to this one may have been given after the backup was made.
ALTER TABLE origin ADD COLUMN copied INTEGER NOT NULL DEFAULT 0;
ALTER TABLE origin ADD COLUMN numbers_after INTEGER NOT NULL DEFAULT 0;
