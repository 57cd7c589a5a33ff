-- What the scanner remembers. Times are UTC text of fixed width (2026-11-23T08:15:00.000Z), so that they sort as text;
-- a time that a board gave may be a plain date instead. Columns that hold JSON say so. This file is never edited once
-- released: what comes later is a migration of its own.
--
-- A CHECK cannot be widened in SQLite without building the table anew. Lists that the design closes have one; lists
-- that may grow (kinds, channels) are checked when a row is read.

-- One row per place we ever looked. `generation` fences scans: it rises with each one that is committed.
CREATE TABLE sources (
    source_id INTEGER PRIMARY KEY,
    adapter TEXT NOT NULL,
    identifier TEXT NOT NULL,
    name TEXT NOT NULL,
    generation INTEGER NOT NULL DEFAULT 0,
    first_seen_at TEXT NOT NULL,
    baseline_done_at TEXT,
    -- Health.
    last_scan_at TEXT,
    last_outcome TEXT CHECK (last_outcome IN ('complete', 'not-modified', 'window', 'truncated', 'partial', 'failed')),
    last_complete_at TEXT,
    last_success_at TEXT,
    last_error_at TEXT,
    error_kind TEXT,
    error_message TEXT,
    consecutive_failures INTEGER NOT NULL DEFAULT 0,
    -- What the last complete scan left, and what it ran under. Validators are in `http_cache`.
    adapter_state TEXT,
    adapter_digest TEXT,
    options_hash TEXT,
    max_jobs INTEGER,
    normalization_version INTEGER,
    UNIQUE (adapter, identifier)
) STRICT;

-- The validators of a source's last complete scan.
CREATE TABLE http_cache (
    source_id INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,
    request_key BLOB NOT NULL,
    etag TEXT,
    last_modified TEXT,
    body_hash BLOB NOT NULL,
    PRIMARY KEY (source_id, request_key)
) STRICT, WITHOUT ROWID;

-- What is true of a job whatever its version. `content_hash` names the current one.
CREATE TABLE jobs (
    job_id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources,
    external_id TEXT NOT NULL,
    content_hash BLOB NOT NULL,
    url TEXT NOT NULL,
    apply_url TEXT,
    department TEXT,
    language TEXT,
    posted_at TEXT,
    updated_at TEXT,
    expires_at TEXT,
    extra TEXT NOT NULL,                -- JSON: pairs of texts, in the board's order
    baseline INTEGER NOT NULL CHECK (baseline IN (0, 1)),
    first_seen_at TEXT NOT NULL,
    UNIQUE (source_id, external_id),
    -- A job and its first version are inserted one after the other.
    FOREIGN KEY (job_id, content_hash) REFERENCES job_versions DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- What the content hash covers. A version that comes back is the row that is there.
-- Not WITHOUT ROWID: descriptions are kilobytes, and would sit inside the key's tree.
CREATE TABLE job_versions (
    job_id INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
    content_hash BLOB NOT NULL,
    title TEXT NOT NULL,
    company TEXT,
    locations TEXT NOT NULL,            -- JSON
    workplace TEXT CHECK (workplace IN ('on-site', 'hybrid', 'remote')),
    employment_type TEXT,
    salary TEXT,                        -- JSON
    description TEXT,
    first_seen_at TEXT NOT NULL,
    PRIMARY KEY (job_id, content_hash)
) STRICT;

-- One job version that fits one profile, with the reasons.
CREATE TABLE matches (
    job_id INTEGER NOT NULL,
    content_hash BLOB NOT NULL,
    profile TEXT NOT NULL,
    reasons TEXT NOT NULL,              -- JSON
    matched_at TEXT NOT NULL,
    PRIMARY KEY (job_id, content_hash, profile),
    FOREIGN KEY (job_id, content_hash) REFERENCES job_versions ON DELETE CASCADE
) STRICT;

-- One wake-up, or one manual run.
CREATE TABLE runs (
    run_id INTEGER PRIMARY KEY,
    trigger TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    duration_ms INTEGER,
    had_errors INTEGER NOT NULL DEFAULT 0 CHECK (had_errors IN (0, 1)),
    interrupted INTEGER NOT NULL DEFAULT 0 CHECK (interrupted IN (0, 1)),
    totals TEXT                         -- JSON
) STRICT;

CREATE INDEX runs_unfinished ON runs (run_id) WHERE finished_at IS NULL AND interrupted = 0;

-- What a run did at one source. None for a scan that found nothing changed.
CREATE TABLE run_sources (
    run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    source_id INTEGER NOT NULL REFERENCES sources,
    outcome TEXT NOT NULL CHECK (outcome IN (
        'complete', 'not-modified', 'window', 'truncated', 'partial', 'superseded', 'failed', 'disabled')),
    stats TEXT NOT NULL,                -- JSON
    PRIMARY KEY (run_id, source_id)
) STRICT, WITHOUT ROWID;

-- The decision to tell someone: once per job, version and profile. Its match cannot go away under it.
CREATE TABLE alerts (
    alert_id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
    content_hash BLOB NOT NULL,
    profile TEXT NOT NULL,
    kind TEXT NOT NULL,
    run_id INTEGER REFERENCES runs ON DELETE SET NULL,
    created_at TEXT NOT NULL,
    UNIQUE (job_id, content_hash, profile),
    FOREIGN KEY (job_id, content_hash, profile) REFERENCES matches
) STRICT;

CREATE INDEX alerts_by_run ON alerts (run_id);

-- Alerts on their way to one recipient through one channel. Whoever holds the lease may work on it.
CREATE TABLE deliveries (
    delivery_id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    kind TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'uncertain', 'skipped', 'abandoned')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TEXT,
    lease_token TEXT,
    lease_until TEXT,
    sent_at TEXT,
    last_error TEXT,
    created_at TEXT NOT NULL,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK (state <> 'pending' OR next_attempt_at IS NOT NULL)
) STRICT;

CREATE INDEX deliveries_due ON deliveries (next_attempt_at, delivery_id) WHERE state = 'pending';

CREATE TABLE delivery_alerts (
    delivery_id INTEGER NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    alert_id INTEGER NOT NULL REFERENCES alerts ON DELETE CASCADE,
    PRIMARY KEY (delivery_id, alert_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_alerts_by_alert ON delivery_alerts (alert_id);

-- One try at a delivery. Without an end, the process that tried is gone, and the message may have arrived.
CREATE TABLE attempts (
    delivery_id INTEGER NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    attempted_at TEXT NOT NULL,
    finished_at TEXT,
    outcome TEXT CHECK (outcome IN ('sent', 'uncertain', 'retry', 'abandoned')),
    error TEXT,
    PRIMARY KEY (delivery_id, attempt)
) STRICT, WITHOUT ROWID;
