-- Warehouses without a version are from before there were any; some know on what a publication stands, some do not.
-- An unknown ground is nothing that anything stands on now: the next run publishes anew.
ALTER TABLE IF EXISTS audited.publication ADD COLUMN IF NOT EXISTS ground VARCHAR DEFAULT '';
