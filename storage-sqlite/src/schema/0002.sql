-- An index by account alone is written all over when every account has an entry on every day, and the
-- more so the older the file is. By day and account it only grows at its end; the days of an
-- account's entries are asked one after the other.
DROP INDEX entry_account;
CREATE INDEX entry_day_account ON entry (booking_day, account) WHERE account IS NOT NULL;
-- The few entries that do not count on the day they are booked.
CREATE INDEX entry_value_account ON entry (account, value_day)
    WHERE value_day <> booking_day AND account IS NOT NULL;
