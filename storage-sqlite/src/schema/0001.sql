-- Money is INTEGER minor units of the row's currency. Dates are INTEGER days since 1970-01-01.
-- Identifiers are 16 bytes, most significant first, so that they sort as the numbers do.
-- `row` is the insertion order; other tables refer to it because it is short.

-- Every commit: its number without gaps, running totals, and a hash that covers the one before.
CREATE TABLE commit_log (
    sequence INTEGER PRIMARY KEY,
    accounts INTEGER NOT NULL,
    events   INTEGER NOT NULL,
    entries  INTEGER NOT NULL,
    records  INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    hash     BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE currency (
    code        TEXT PRIMARY KEY,
    minor_units INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    row              INTEGER PRIMARY KEY,
    id               BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    version          INTEGER NOT NULL CHECK (version >= 1),
    kind             INTEGER NOT NULL,
    reference        TEXT NOT NULL UNIQUE,
    holder           BLOB NOT NULL CHECK (length(holder) = 16),
    product          TEXT NOT NULL,
    branch           TEXT NOT NULL,
    currency         TEXT NOT NULL,
    standing         INTEGER NOT NULL,
    next_work_on     INTEGER,
    in_arrears_since INTEGER,
    principal        INTEGER NOT NULL,
    interest         INTEGER NOT NULL,
    fees             INTEGER NOT NULL,
    penalties        INTEGER NOT NULL,
    overdue          INTEGER NOT NULL,
    state            BLOB NOT NULL
) STRICT;
CREATE INDEX account_work ON account (next_work_on, id) WHERE next_work_on IS NOT NULL;
CREATE INDEX account_arrears ON account (in_arrears_since, id) WHERE in_arrears_since IS NOT NULL;
CREATE INDEX account_holder ON account (holder, id);
CREATE INDEX account_product ON account (product, id);

-- What accounts post on the coming days. The version is the account's: it moves on with every
-- posting while the account's own row stays as it is.
CREATE TABLE accrual (
    id             BLOB PRIMARY KEY REFERENCES account (id),
    version        INTEGER NOT NULL,
    posted_through INTEGER NOT NULL,
    posted         INTEGER NOT NULL,
    last           INTEGER NOT NULL,
    body           BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
    row         INTEGER PRIMARY KEY,
    account     INTEGER NOT NULL REFERENCES account (row),
    seq         INTEGER NOT NULL,
    value_day   INTEGER NOT NULL,
    booking_day INTEGER NOT NULL,
    sequence    INTEGER NOT NULL,
    body        BLOB NOT NULL,
    UNIQUE (account, seq)
) STRICT;

CREATE TABLE entry (
    row         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    account     INTEGER REFERENCES account (row),
    value_day   INTEGER NOT NULL,
    booking_day INTEGER NOT NULL,
    sequence    INTEGER NOT NULL,
    reference   TEXT,
    notes       TEXT,
    tags        TEXT,
    manual_by   TEXT,
    reverses    BLOB
) STRICT;
CREATE INDEX entry_booking ON entry (booking_day, id);
-- Most entries count on the day they are booked: only the others need an index of their own.
CREATE INDEX entry_value ON entry (value_day, id) WHERE value_day <> booking_day;
CREATE INDEX entry_account ON entry (account) WHERE account IS NOT NULL;

-- A debit is positive, a credit negative.
CREATE TABLE line (
    entry    INTEGER NOT NULL REFERENCES entry (row),
    number   INTEGER NOT NULL,
    gl       TEXT NOT NULL,
    branch   TEXT,
    currency TEXT NOT NULL,
    minor    INTEGER NOT NULL CHECK (minor <> 0),
    PRIMARY KEY (entry, number)
) STRICT, WITHOUT ROWID;

-- The sums of all lines by both dates; an empty branch stands for none.
CREATE TABLE turnover (
    gl          TEXT NOT NULL,
    branch      TEXT NOT NULL,
    currency    TEXT NOT NULL,
    booking_day INTEGER NOT NULL,
    value_day   INTEGER NOT NULL,
    debit       INTEGER NOT NULL CHECK (debit >= 0),
    credit      INTEGER NOT NULL CHECK (credit >= 0),
    PRIMARY KEY (gl, branch, currency, booking_day, value_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
    row     INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    body    BLOB NOT NULL,
    UNIQUE (kind, id)
) STRICT;

CREATE TABLE record_key (
    kind   TEXT NOT NULL,
    name   TEXT NOT NULL,
    value  TEXT NOT NULL,
    id     TEXT NOT NULL,
    record INTEGER NOT NULL REFERENCES record (row),
    PRIMARY KEY (kind, name, value, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_key_record ON record_key (record);

CREATE TABLE checkpoint (
    job     TEXT PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    body    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt (
    key         BLOB PRIMARY KEY CHECK (length(key) = 16),
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    keep_until  INTEGER NOT NULL,
    sequence    INTEGER NOT NULL,
    reply       BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_keep ON receipt (keep_until);

CREATE TABLE outbox (
    number  INTEGER PRIMARY KEY,
    topic   TEXT NOT NULL,
    account INTEGER REFERENCES account (row),
    body    BLOB NOT NULL
) STRICT;

CREATE TRIGGER commit_log_update BEFORE UPDATE ON commit_log BEGIN SELECT raise(ABORT, 'commit_log is append-only'); END;
CREATE TRIGGER commit_log_delete BEFORE DELETE ON commit_log BEGIN SELECT raise(ABORT, 'commit_log is append-only'); END;
CREATE TRIGGER event_update BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'event is append-only'); END;
CREATE TRIGGER event_delete BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'event is append-only'); END;
CREATE TRIGGER entry_update BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'entry is append-only'); END;
CREATE TRIGGER entry_delete BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'entry is append-only'); END;
CREATE TRIGGER line_update BEFORE UPDATE ON line BEGIN SELECT raise(ABORT, 'line is append-only'); END;
CREATE TRIGGER line_delete BEFORE DELETE ON line BEGIN SELECT raise(ABORT, 'line is append-only'); END;
CREATE TRIGGER account_delete BEFORE DELETE ON account BEGIN SELECT raise(ABORT, 'accounts are not deleted'); END;

-- For reports. Amounts are minor units: divide by 10 to the power of minor_units.
CREATE VIEW report_accounts AS
SELECT lower(hex(account.id)) AS account, reference,
       CASE kind WHEN 1 THEN 'loan' WHEN 2 THEN 'credit line' WHEN 3 THEN 'deposit' END AS kind,
       lower(hex(holder)) AS holder, product, branch, currency, minor_units,
       CASE standing WHEN 1 THEN 'pending' WHEN 2 THEN 'approved' WHEN 3 THEN 'active'
            WHEN 4 THEN 'in arrears' WHEN 5 THEN 'locked' WHEN 6 THEN 'closed'
            WHEN 7 THEN 'written off' WHEN 8 THEN 'rejected' END AS standing,
       date(next_work_on * 86400, 'unixepoch') AS next_work_on,
       date(in_arrears_since * 86400, 'unixepoch') AS in_arrears_since,
       principal, interest + coalesce(posted, 0) AS interest, fees, penalties,
       principal + interest + coalesce(posted, 0) + fees + penalties AS total, overdue
FROM account LEFT JOIN currency ON currency.code = account.currency
     LEFT JOIN accrual ON accrual.id = account.id;

CREATE VIEW report_plans AS
SELECT account.reference AS account,
       date(posted_through * 86400, 'unixepoch') AS posted_through, posted,
       date(last * 86400, 'unixepoch') AS last_day
FROM accrual JOIN account ON account.id = accrual.id;

CREATE VIEW report_arrears AS
SELECT account, reference, holder, product, branch, currency, minor_units,
       in_arrears_since, overdue, principal, total
FROM report_accounts WHERE in_arrears_since IS NOT NULL;

CREATE VIEW report_journal AS
SELECT lower(hex(entry.id)) AS entry, line.number AS line, entry.sequence AS commit_sequence,
       date(entry.booking_day * 86400, 'unixepoch') AS booking_date,
       date(entry.value_day * 86400, 'unixepoch') AS value_date,
       account.reference AS account, line.gl, line.branch, line.currency,
       max(line.minor, 0) AS debit, max(-line.minor, 0) AS credit,
       entry.reference, entry.notes, entry.tags, entry.manual_by,
       lower(hex(entry.reverses)) AS reverses
FROM line JOIN entry ON entry.row = line.entry LEFT JOIN account ON account.row = entry.account;

CREATE VIEW report_trial_balance AS
SELECT gl, nullif(branch, '') AS branch, turnover.currency, minor_units,
       sum(debit) AS debit, sum(credit) AS credit, sum(debit) - sum(credit) AS net
FROM turnover LEFT JOIN currency ON currency.code = turnover.currency
GROUP BY gl, branch, turnover.currency;

CREATE VIEW report_events AS
SELECT account.reference AS account, event.seq,
       date(event.value_day * 86400, 'unixepoch') AS value_date,
       date(event.booking_day * 86400, 'unixepoch') AS booking_date,
       event.sequence AS commit_sequence, length(event.body) AS bytes
FROM event JOIN account ON account.row = event.account;
