-- How long a delivery has been tried, which decides when it is given up. Its age does not: the machine may have been off.

-- The time between its attempts, of each gap no more than the wait that was planned and some slack.
ALTER TABLE deliveries ADD COLUMN tried_for_ms INTEGER NOT NULL DEFAULT 0 CHECK (tried_for_ms >= 0);

-- What waits now has its attempts on record. Before the n-th of them the wait was 2^(n-2) minutes, at most six hours.
UPDATE deliveries SET tried_for_ms = (
    SELECT COALESCE(SUM(MAX(0, MIN(gap.waited_ms, gap.planned_ms + 600000))), 0)
    FROM (
        SELECT
            CAST(ROUND((julianday(a.attempted_at) - julianday(COALESCE(b.finished_at, b.attempted_at))) * 86400000)
                AS INTEGER) AS waited_ms,
            MIN(60000 * (1 << MIN(a.attempt - 2, 9)), 21600000) AS planned_ms
        FROM attempts a
        JOIN attempts b ON b.delivery_id = a.delivery_id AND b.attempt = a.attempt - 1
        WHERE a.delivery_id = deliveries.delivery_id
    ) AS gap
)
WHERE next_attempt_at IS NOT NULL;
