-- A source whose listing has lost so much at once that the board itself may be broken.

-- When a complete scan first saw the loss, and how many jobs there were before it; NULL while there is none.
ALTER TABLE sources ADD COLUMN lost_since TEXT;
ALTER TABLE sources ADD COLUMN lost_from INTEGER;

-- How many jobs a source had on days (UTC) on which its listing was read, at most. What a listing is compared with besides
-- the last one. Sources from before begin with what is open.
CREATE TABLE source_sizes (
    source_id INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,
    day TEXT NOT NULL,
    jobs INTEGER NOT NULL,
    PRIMARY KEY (source_id, day)
) STRICT, WITHOUT ROWID;

-- What tells whether the clock has leapt.
CREATE INDEX runs_by_end ON runs (finished_at) WHERE finished_at IS NOT NULL;
