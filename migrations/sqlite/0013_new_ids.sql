-- A job may get another external id: a board moves its ids to https, or an adapter learns a better one. Its details follow.
CREATE TABLE job_details_that_follow (
    source_id INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('awaited', 'there', 'given-up', 'gone')),
    matched INTEGER NOT NULL CHECK (matched IN (0, 1)),
    attempts INTEGER NOT NULL,
    due_at TEXT,
    listing TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    whole_fingerprint BLOB NOT NULL,
    details TEXT,
    read_under BLOB,
    PRIMARY KEY (source_id, external_id),
    FOREIGN KEY (source_id, external_id) REFERENCES jobs (source_id, external_id) ON UPDATE CASCADE ON DELETE CASCADE
) STRICT;

INSERT INTO job_details_that_follow (source_id, external_id, state, matched, attempts, due_at, listing, fingerprint,
    whole_fingerprint, details, read_under)
SELECT source_id, external_id, state, matched, attempts, due_at, listing, fingerprint, whole_fingerprint, details, read_under
FROM job_details;

DROP TABLE job_details;
ALTER TABLE job_details_that_follow RENAME TO job_details;
CREATE INDEX job_details_due ON job_details (source_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX job_details_failing ON job_details (source_id, attempts) WHERE state = 'awaited' AND attempts > 0;
