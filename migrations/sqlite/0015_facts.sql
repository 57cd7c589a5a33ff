-- The facts that are derived from a version and its language: JSON, and the version of the normalization rules that
-- derived them. Both are NULL for a version that was last written before there were facts: they are derived when it is
-- read.
ALTER TABLE job_versions ADD COLUMN facts TEXT;
ALTER TABLE job_versions ADD COLUMN facts_version INTEGER;
