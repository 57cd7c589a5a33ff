-- The state of alerts per recipient: channels send at times of their own.

-- An alert that one recipient has not got yet, since its message is not due. Dispatch writes a row per recipient when it
-- sees the alert, and deletes it in the transaction that puts the alert into a delivery. So a recipient that is
-- configured later gets nothing old, and neither does one whose alerts were dispatched before this table existed.
CREATE TABLE waiting_alerts (
    alert_id INTEGER NOT NULL REFERENCES alerts ON DELETE CASCADE,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    profile TEXT NOT NULL,
    -- The time of the alert.
    since TEXT NOT NULL,
    PRIMARY KEY (alert_id, channel, recipient)
) STRICT, WITHOUT ROWID;

-- The oldest alert of each recipient and profile decides when the next message is due.
CREATE INDEX waiting_alerts_by_recipient ON waiting_alerts (channel, recipient, profile, since);

-- The place of the alert in its message; NULL in messages that are older than this column, which have the oldest first.
ALTER TABLE delivery_alerts ADD COLUMN position INTEGER;

-- The messages of an hour are counted against the limit of a channel.
CREATE INDEX deliveries_by_recipient ON deliveries (channel, recipient, created_at);
