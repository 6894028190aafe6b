-- What lets devices trust what they hold: a count and a sum for each scope, how far a backup
-- reaches, and which devices are copies of another.

-- Each entry's share of its scope's sum, and the scope's count and sum of them, modulo 2^128. None
-- until the program has worked them out, which SQL cannot. From here on nothing is written without
-- them: a server of before this migration that still runs is refused, not believed.
ALTER TABLE feed ADD COLUMN mark NUMERIC(39, 0);
ALTER TABLE feed ADD CONSTRAINT feed_has_mark CHECK (mark IS NOT NULL) NOT VALID;
ALTER TABLE scope ADD COLUMN held BIGINT;
ALTER TABLE scope ADD COLUMN sum NUMERIC(39, 0);
ALTER TABLE scope ADD CONSTRAINT scope_has_tally CHECK (held IS NOT NULL AND sum IS NOT NULL) NOT VALID;

-- The device's last transaction that is in a backup, and the device of which it was a copy.
ALTER TABLE device ADD COLUMN backed_up BIGINT NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN copy_of BIGINT;

-- Device numbers up to this one may have been given after a backup that was restored.
ALTER TABLE origin ADD COLUMN numbers_after BIGINT NOT NULL DEFAULT 0;
