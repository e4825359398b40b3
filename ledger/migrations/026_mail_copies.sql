-- A refused mail that is sent again leaves as a « duplicata » when another one took the original since.

SET LOCAL ROLE probant_owner;

GRANT UPDATE (copy) ON jobs.mail TO probant_web;
