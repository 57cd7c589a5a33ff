-- The version of the matching rules that the jobs of a source were last matched with. A new one matches again silently.
ALTER TABLE profiles ADD COLUMN matching_version INTEGER NOT NULL DEFAULT 1;
