-- When a job was last seen, went missing and closed; when a source left the configuration.

-- Of URLs, department, language, dates and extra: what may change without a new version. NULL in rows from before.
ALTER TABLE jobs ADD COLUMN listing_hash BLOB;
-- Written when a job goes missing or closes, and by scans that do not see the whole listing. For all others see the
-- view below.
ALTER TABLE jobs ADD COLUMN last_seen_at TEXT;
-- The first of the complete scans in a row that missed it, and how many these were.
ALTER TABLE jobs ADD COLUMN missing_since TEXT;
ALTER TABLE jobs ADD COLUMN missed_scans INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN closed_at TEXT;

-- When the configuration stopped naming the source; NULL while it does.
ALTER TABLE sources ADD COLUMN retired_at TEXT;

-- The wishes that the open jobs of a source were last matched with.
CREATE TABLE profiles (
    source_id INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,
    profile TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    PRIMARY KEY (source_id, profile)
) STRICT, WITHOUT ROWID;

-- What a scan that found nothing changed looks for: it costs nothing when there is nothing.
CREATE INDEX jobs_missing ON jobs (source_id) WHERE missing_since IS NOT NULL AND closed_at IS NULL;
CREATE INDEX jobs_expiring ON jobs (source_id) WHERE expires_at IS NOT NULL AND closed_at IS NULL;

-- What is old enough to be forgotten.
CREATE INDEX jobs_closed ON jobs (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX job_versions_by_age ON job_versions (first_seen_at);

-- Where each job stands, and when it was last seen. An open job that no complete scan missed was there at its source's last complete scan:
-- that scan wrote one row, not one for each job.
CREATE VIEW job_sightings AS
SELECT
    j.job_id,
    j.source_id,
    CASE
        WHEN j.closed_at IS NOT NULL THEN 'closed'
        WHEN s.retired_at IS NOT NULL THEN 'unwatched'
        ELSE 'open'
    END AS state,
    CASE
        WHEN j.missing_since IS NULL AND j.closed_at IS NULL
            THEN MAX(COALESCE(j.last_seen_at, j.first_seen_at), COALESCE(s.last_complete_at, j.first_seen_at))
        ELSE COALESCE(j.last_seen_at, j.first_seen_at)
    END AS last_seen_at
FROM jobs AS j
JOIN sources AS s ON s.source_id = j.source_id;
