-- The closings of a company, the newest at once: each goes on from the totals of the one before.

SET LOCAL ROLE probant_owner;
CREATE INDEX closing ON ledger.entry (company_id, pos) WHERE type = 'period.closed';
RESET ROLE;
