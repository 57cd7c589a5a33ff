-- A job that the board lists is open, also when its details are gone. Until now it was closed at once, and was not matched
-- when it was new. Such jobs wait for their details again. They are open when a scan finds them in the listing, which
-- therefore has to be read once more.
UPDATE sources SET adapter_state = NULL
WHERE source_id IN (SELECT d.source_id FROM job_details AS d WHERE d.state = 'gone');
DELETE FROM http_cache WHERE source_id IN (SELECT d.source_id FROM job_details AS d WHERE d.state = 'gone');
UPDATE job_details SET state = 'awaited', attempts = 0, due_at = NULL WHERE state = 'gone';

-- What makes a source due before its time.
CREATE INDEX job_details_failing ON job_details (source_id, attempts) WHERE state = 'awaited' AND attempts > 0;
