-- Whatever has a time for its next attempt is due then, also a message that may have arrived already.
DROP INDEX deliveries_due;
CREATE INDEX deliveries_due ON deliveries (next_attempt_at, delivery_id) WHERE next_attempt_at IS NOT NULL;
