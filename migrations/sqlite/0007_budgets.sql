-- What the last scan of a source used of its budgets, as a JSON object of `{used, limit}`; NULL when none has run yet.
ALTER TABLE sources ADD COLUMN last_budget TEXT;
