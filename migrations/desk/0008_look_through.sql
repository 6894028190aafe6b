-- Whether everything here is to be held against what the scopes hold: a device whose disk was copied is not told of
-- what was removed while its other copy spoke for both.
ALTER TABLE let_go ADD COLUMN look_through INTEGER NOT NULL DEFAULT 0 CHECK (look_through IN (0, 1));
