-- What the query planner must know of one index: many entries a day, few of them of one account. Then
-- a question to report_journal about one account goes from day to day instead of reading the journal.
-- The figures are an order of magnitude; no other index is spoken of, and nothing keeps them up.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('entry', 'entry_day_account', '1000000 10000 1');
