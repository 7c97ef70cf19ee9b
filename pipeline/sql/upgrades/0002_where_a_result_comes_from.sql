-- Results say where they come from and why they are expected. Those of before are told anew by the next run, which
-- audits every part: what is expected of it has become more.
ALTER TABLE IF EXISTS audited.result ADD COLUMN IF NOT EXISTS origin VARCHAR DEFAULT 'check';
ALTER TABLE IF EXISTS audited.result ADD COLUMN IF NOT EXISTS reason_sv VARCHAR;
ALTER TABLE IF EXISTS audited.result ADD COLUMN IF NOT EXISTS reason_en VARCHAR;
