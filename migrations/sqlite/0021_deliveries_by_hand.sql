-- What a person did with deliveries, the failures of channels, and rows that cannot be read.

-- The operation that ended the delivery: dropped, or moved to another channel; NULL of all others. A dropped delivery is
-- not replaced by another, even if its alerts are dispatched again.
ALTER TABLE deliveries ADD COLUMN ended_as TEXT;

-- Every operation of a person on a delivery: retried, dropped or moved. Rows are only added.
CREATE TABLE delivery_operations (
    operation_id INTEGER PRIMARY KEY,
    delivery_id INTEGER NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    operation TEXT NOT NULL,
    -- The reason of a drop, the channel of a move; NULL of a retry.
    detail TEXT,
    done_at TEXT NOT NULL,
    -- The user and the machine of the process.
    done_by TEXT NOT NULL,
    host TEXT NOT NULL
) STRICT;

CREATE INDEX delivery_operations_by_delivery ON delivery_operations (delivery_id);

-- The failures of a channel to one recipient, from the first failed attempt until a message is accepted. They are deleted
-- at their end, unless a notice was sent about them: then the row waits for the notice about their end.
CREATE TABLE channel_failures (
    failure_id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    failing_since TEXT NOT NULL,
    -- The error of the last attempt.
    error TEXT NOT NULL,
    -- When the failures were logged, because they had lasted for a day. NULL before.
    logged_at TEXT,
    -- When the notice was sent through another channel. NULL before.
    noticed_at TEXT,
    -- When a message was accepted again. NULL before.
    recovered_at TEXT
) STRICT;

CREATE UNIQUE INDEX channel_failures_open ON channel_failures (channel, recipient) WHERE recovered_at IS NULL;

-- Rows that dispatch cannot read. Each is reported once and left out of messages until it can be read.
CREATE TABLE unreadable_rows (
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (table_name, row_id)
) STRICT, WITHOUT ROWID;
