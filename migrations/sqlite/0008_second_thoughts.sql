-- What came to be known of a job without a new version of it, and lists that are read at every run.

-- When the profile's wishes changed so that the version does not fit any more; NULL while it does. A match that somebody
-- was told of stays for the record, the others are deleted.
ALTER TABLE matches ADD COLUMN outdated_at TEXT;

-- Since when the source is read as it is now: adapter, options, normalization. A job last seen before that has the hashes
-- of another reading.
ALTER TABLE sources ADD COLUMN reading_since TEXT;

-- Whether dispatch has seen the alert.
ALTER TABLE alerts ADD COLUMN dispatched INTEGER NOT NULL DEFAULT 0 CHECK (dispatched IN (0, 1));
UPDATE alerts SET dispatched = 1
WHERE EXISTS (SELECT 1 FROM delivery_alerts AS d WHERE d.alert_id = alerts.alert_id);
CREATE INDEX alerts_undispatched ON alerts (alert_id) WHERE dispatched = 0;

CREATE INDEX runs_by_age ON runs (started_at);
