-- What a person decided about vacancies and companies, and when jobs closed before.

-- The current decision about each vacancy. A vacancy without a row is undecided.
CREATE TABLE decisions (
    cluster_id INTEGER PRIMARY KEY REFERENCES clusters ON DELETE CASCADE,
    decision TEXT NOT NULL,
    note TEXT,
    decided_at TEXT NOT NULL
) STRICT;

-- The companies whose jobs are hidden.
CREATE TABLE hidden_companies (
    -- The form in which names of companies are compared.
    company_key TEXT PRIMARY KEY,
    -- The name as the person wrote it.
    company TEXT NOT NULL,
    -- The day on which the snooze ends (UTC). NULL if the company is hidden permanently.
    until TEXT,
    note TEXT,
    hidden_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every change of a decision, about a vacancy or about a company. Rows are only added.
CREATE TABLE decision_changes (
    change_id INTEGER PRIMARY KEY,
    -- Exactly one of the two is not NULL.
    cluster_id INTEGER REFERENCES clusters ON DELETE CASCADE,
    company_key TEXT,
    -- The job by which the person named the vacancy, or the company as the person wrote it.
    subject TEXT NOT NULL,
    -- What was decided; NULL if a decision was taken back.
    decision TEXT,
    until TEXT,
    note TEXT,
    changed_at TEXT NOT NULL,
    -- The user and the machine of the process that made the change.
    changed_by TEXT NOT NULL,
    host TEXT NOT NULL,
    CHECK ((cluster_id IS NULL) <> (company_key IS NULL))
) STRICT;

CREATE INDEX decision_changes_by_cluster ON decision_changes (cluster_id) WHERE cluster_id IS NOT NULL;
CREATE INDEX decision_changes_by_company ON decision_changes (company_key) WHERE company_key IS NOT NULL;

-- Why no message is sent about an alert; NULL of all others, and in rows from before.
ALTER TABLE alerts ADD COLUMN skipped TEXT;
-- When the alert was marked for dispatch because a snooze has ended; NULL of all others.
ALTER TABLE alerts ADD COLUMN resumed_at TEXT;
CREATE INDEX alerts_snoozed ON alerts (alert_id) WHERE skipped = 'snoozed';

-- Why an alert was left out of the message when it was handed over; NULL of all others, and in rows from before.
ALTER TABLE delivery_alerts ADD COLUMN skipped TEXT;

-- The times at which a job was closed and opened again. The current closure is in `jobs`.
CREATE TABLE job_closures (
    job_id INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
    closed_at TEXT NOT NULL,
    reopened_at TEXT NOT NULL
) STRICT;

CREATE INDEX job_closures_by_job ON job_closures (job_id);
