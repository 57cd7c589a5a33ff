-- A job joins by its text only jobs of the same company. So the company leads the indexes of texts, and the jobs of one
-- scan are next to each other in them. By the hash alone, each job of a scan was on a page of its own, which was written.

-- The form in which the name of the job's company is compared: that of its source if the board names none. NULL if the
-- job has no text hash.
ALTER TABLE cluster_jobs ADD COLUMN company TEXT;

-- The program compares names in lower case. It also leaves out requisition numbers, which no name of a company has.
UPDATE cluster_jobs SET company = (
    SELECT lower(COALESCE(v.company, s.name)) FROM jobs j
    JOIN sources s ON s.source_id = j.source_id
    JOIN job_versions v ON v.job_id = j.job_id AND v.content_hash = j.content_hash
    WHERE j.job_id = cluster_jobs.job_id)
WHERE text_hash IS NOT NULL;

DROP INDEX cluster_jobs_by_text;
DROP INDEX cluster_jobs_by_placeless;
CREATE INDEX cluster_jobs_by_text ON cluster_jobs (company, text_hash) WHERE text_hash IS NOT NULL;
CREATE INDEX cluster_jobs_by_placeless ON cluster_jobs (company, placeless_hash) WHERE placeless_hash IS NOT NULL;
