-- Telling that a source has failed for long, and that it is back.

-- The first failure since the last scan that brought something; NULL while there is none.
ALTER TABLE sources ADD COLUMN failing_since TEXT;

-- The decision to tell somebody how a source is doing. One of each kind for each time it fails.
CREATE TABLE health_notices (
    notice_id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,
    kind TEXT NOT NULL,
    failing_since TEXT NOT NULL,
    error_kind TEXT,
    error_message TEXT,
    decided_at TEXT NOT NULL,
    UNIQUE (source_id, failing_since, kind)
) STRICT;

CREATE TABLE delivery_notices (
    delivery_id INTEGER NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    notice_id INTEGER NOT NULL REFERENCES health_notices ON DELETE CASCADE,
    PRIMARY KEY (delivery_id, notice_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_notices_by_notice ON delivery_notices (notice_id);
