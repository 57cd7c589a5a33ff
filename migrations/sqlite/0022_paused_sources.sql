-- Sources that a person has paused.

-- The time since which the schedule leaves the source out; NULL of a source that is not paused.
ALTER TABLE sources ADD COLUMN paused_at TEXT;
