-- Several postings may be one vacancy: in several places, or on several boards. A cluster is one vacancy, and each job
-- belongs to exactly one.

-- An id is never given again: what a person decides about a vacancy refers to it.
CREATE TABLE clusters (
    cluster_id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at TEXT NOT NULL
) STRICT;

-- The cluster of each job.
CREATE TABLE cluster_jobs (
    job_id INTEGER PRIMARY KEY REFERENCES jobs ON DELETE CASCADE,
    cluster_id INTEGER NOT NULL REFERENCES clusters,
    -- The version of the cluster that the job's current text stands for.
    version BLOB NOT NULL,
    -- The job's text, and the same without the names of its places. NULL if it has no text or a short one, and in rows
    -- from before this migration until the job changes: no job joins it by its text.
    text_hash BLOB,
    -- NULL also if the text does not name the places.
    placeless_hash BLOB,
    -- 1 of a job that the operator took out of its cluster. It joins no other, and no other joins it.
    split INTEGER NOT NULL DEFAULT 0 CHECK (split IN (0, 1))
) STRICT;

CREATE INDEX cluster_jobs_by_cluster ON cluster_jobs (cluster_id);
CREATE INDEX cluster_jobs_by_text ON cluster_jobs (text_hash) WHERE text_hash IS NOT NULL;
CREATE INDEX cluster_jobs_by_placeless ON cluster_jobs (placeless_hash) WHERE placeless_hash IS NOT NULL;

-- The jobs of other sources at the same address.
CREATE INDEX jobs_by_url ON jobs (url);
CREATE INDEX jobs_by_apply_url ON jobs (apply_url) WHERE apply_url IS NOT NULL;

-- Jobs from before have a cluster each, and the versions of their clusters are those of the jobs.
INSERT INTO clusters (cluster_id, created_at) SELECT job_id, first_seen_at FROM jobs;
INSERT INTO cluster_jobs (job_id, cluster_id, version) SELECT job_id, job_id, content_hash FROM jobs;

-- The cluster of the job when the alert was decided, and the version of the cluster that the alert is about. Never NULL.
ALTER TABLE alerts ADD COLUMN cluster_id INTEGER;
ALTER TABLE alerts ADD COLUMN version BLOB;
-- 1 if an earlier alert of the profile is about the same version of the cluster. No message is sent about it.
ALTER TABLE alerts ADD COLUMN grouped INTEGER NOT NULL DEFAULT 0 CHECK (grouped IN (0, 1));
UPDATE alerts SET cluster_id = job_id, version = content_hash;

CREATE UNIQUE INDEX alerts_by_cluster ON alerts (cluster_id, version, profile) WHERE grouped = 0;
CREATE INDEX alerts_grouped ON alerts (cluster_id, version, profile) WHERE grouped = 1;
