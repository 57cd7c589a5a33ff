-- When a source may be asked again: a board can ask for rest, and one that is gone is asked less often.

-- Until when the board asked us to stay away.
ALTER TABLE sources ADD COLUMN rest_until TEXT;

-- The last day (UTC) on which the board was gone, and how many different days that makes since it was last there.
ALTER TABLE sources ADD COLUMN gone_on TEXT;
ALTER TABLE sources ADD COLUMN gone_days INTEGER NOT NULL DEFAULT 0;
