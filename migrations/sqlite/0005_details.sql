-- Jobs whose board tells the text of each only when asked for it: what is asked for, and what came of it.
CREATE TABLE job_details (
    source_id INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    -- awaited: new or listed in other words, and not asked for with success since. there: they are in the job's version.
    -- given-up: often asked for in vain, so the job is what there is of it. gone: the board said that the job is over.
    state TEXT NOT NULL CHECK (state IN ('awaited', 'there', 'given-up', 'gone')),
    -- 0 while nobody's wishes were compared with the job, since it is only what the listing says.
    matched INTEGER NOT NULL CHECK (matched IN (0, 1)),
    -- Failures since the last success.
    attempts INTEGER NOT NULL,
    -- When to ask next; NULL for a closed job, which is asked for when it is listed again.
    due_at TEXT,
    listing TEXT NOT NULL,              -- JSON: the raw job as listed, token included
    fingerprint BLOB NOT NULL,
    whole_fingerprint BLOB NOT NULL,
    details TEXT,                       -- JSON: the raw job of the last details, without its text
    read_under BLOB,                    -- what the last details were read under: adapter, options, normalization
    PRIMARY KEY (source_id, external_id),
    FOREIGN KEY (source_id, external_id) REFERENCES jobs (source_id, external_id) ON DELETE CASCADE
) STRICT;

CREATE INDEX job_details_due ON job_details (source_id, due_at) WHERE due_at IS NOT NULL;
