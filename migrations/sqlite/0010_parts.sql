-- Messages that belong together, since what they tell of at once is more than one message holds; and attempts that end
-- with their process.

-- The same of all messages of one event to one recipient; NULL of a message that is all there is.
ALTER TABLE deliveries ADD COLUMN event TEXT;
-- Which one this is, such as 3 of 10. One that a server found too large becomes two: 3a and 3b of 10.
ALTER TABLE deliveries ADD COLUMN part TEXT;
ALTER TABLE deliveries ADD COLUMN parts INTEGER CHECK ((event IS NULL) = (part IS NULL) AND (part IS NULL) = (parts IS NULL));

CREATE INDEX deliveries_by_event ON deliveries (event) WHERE event IS NOT NULL;

-- Attempts that a process died of are looked for before messages are sent.
CREATE INDEX attempts_without_end ON attempts (attempted_at) WHERE finished_at IS NULL;
