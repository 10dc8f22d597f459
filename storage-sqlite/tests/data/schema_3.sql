BEGIN TRANSACTION;
CREATE TABLE migration (
    number   INTEGER PRIMARY KEY,
    checksum BLOB NOT NULL CHECK (length(checksum) = 32)
) STRICT;
INSERT INTO migration VALUES(1,X'297ee80b066d13e9e2ed2d0e60da9371473d23529491ef8dfe5b7187e468623f');
INSERT INTO migration VALUES(2,X'81a2d576fa525cd1a6980ff597747bd46caaf179feb8348b9b7afc629dcdd762');
INSERT INTO migration VALUES(3,X'597e3ef097de090ebb4b9dab6e8d65ca378c4922c7df5c01a9de3dacec871979');
CREATE TABLE commit_log (
    sequence INTEGER PRIMARY KEY,
    accounts INTEGER NOT NULL,
    events   INTEGER NOT NULL,
    entries  INTEGER NOT NULL,
    records  INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    hash     BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
INSERT INTO commit_log VALUES(1,1,1,1,0,1,X'b9b7b2fa976b1e0e1cb1a41f0225fb5e3de47c507d060d4c8a300e94f6ba4e53');
INSERT INTO commit_log VALUES(2,2,2,2,0,2,X'2bf1681b09cd33d4a54c48b7d111d92fe556949b285b9814b778156791876f29');
INSERT INTO commit_log VALUES(3,3,3,3,0,3,X'06daf786fe1d1ac4ce1d5360d38cff3441b35725188e98924aef237eead606c4');
INSERT INTO commit_log VALUES(4,3,4,4,0,4,X'b5bb74e5e4aab9bb08c4911888f49f2278b2310e7acfe90a05244fe048d3b55e');
INSERT INTO commit_log VALUES(5,3,5,5,0,5,X'168522459c9cebad52319058de3481b3bc1e10dcf65d48ccf1faadd8cf3dfe0b');
INSERT INTO commit_log VALUES(6,3,6,6,0,6,X'4f23d6d34a00565cf0cabe6af686aeb098c58f6cd3abfeb621b330fc89a57cf4');
INSERT INTO commit_log VALUES(7,3,7,7,0,7,X'a75808ab54c7889e469f3e765e9efc94bca43d3992dc1912ce1ccd5028e81b13');
INSERT INTO commit_log VALUES(8,3,8,8,0,8,X'b9e554dfce22ee1fa56aad186a911e5fac33a44103908ef64afbe96c18e2248e');
INSERT INTO commit_log VALUES(9,3,9,9,0,9,X'7bc026d93064c0b058537a23fb4c85e0ab352fd131963a5eb82df27edebd3d0c');
INSERT INTO commit_log VALUES(10,3,10,10,0,10,X'2219b020b0b442bc53e1c9aba08bf26aaff7a2001731ed409b686fb3624ecfd8');
INSERT INTO commit_log VALUES(11,3,10,10,1,10,X'68ef04f67454b10945a2802305f5b4c008ab019bc12379cc3c5758d91ca52ab5');
CREATE TABLE currency (
    code        TEXT PRIMARY KEY,
    minor_units INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO currency VALUES('AED',2);
INSERT INTO currency VALUES('AFN',2);
INSERT INTO currency VALUES('ALL',2);
INSERT INTO currency VALUES('AMD',2);
INSERT INTO currency VALUES('AOA',2);
INSERT INTO currency VALUES('ARS',2);
INSERT INTO currency VALUES('AUD',2);
INSERT INTO currency VALUES('AWG',2);
INSERT INTO currency VALUES('AZN',2);
INSERT INTO currency VALUES('BAM',2);
INSERT INTO currency VALUES('BBD',2);
INSERT INTO currency VALUES('BDT',2);
INSERT INTO currency VALUES('BHD',3);
INSERT INTO currency VALUES('BIF',0);
INSERT INTO currency VALUES('BMD',2);
INSERT INTO currency VALUES('BND',2);
INSERT INTO currency VALUES('BOB',2);
INSERT INTO currency VALUES('BOV',2);
INSERT INTO currency VALUES('BRL',2);
INSERT INTO currency VALUES('BSD',2);
INSERT INTO currency VALUES('BTN',2);
INSERT INTO currency VALUES('BWP',2);
INSERT INTO currency VALUES('BYN',2);
INSERT INTO currency VALUES('BZD',2);
INSERT INTO currency VALUES('CAD',2);
INSERT INTO currency VALUES('CDF',2);
INSERT INTO currency VALUES('CHE',2);
INSERT INTO currency VALUES('CHF',2);
INSERT INTO currency VALUES('CHW',2);
INSERT INTO currency VALUES('CLF',4);
INSERT INTO currency VALUES('CLP',0);
INSERT INTO currency VALUES('CNY',2);
INSERT INTO currency VALUES('COP',2);
INSERT INTO currency VALUES('COU',2);
INSERT INTO currency VALUES('CRC',2);
INSERT INTO currency VALUES('CUP',2);
INSERT INTO currency VALUES('CVE',2);
INSERT INTO currency VALUES('CZK',2);
INSERT INTO currency VALUES('DJF',0);
INSERT INTO currency VALUES('DKK',2);
INSERT INTO currency VALUES('DOP',2);
INSERT INTO currency VALUES('DZD',2);
INSERT INTO currency VALUES('EGP',2);
INSERT INTO currency VALUES('ERN',2);
INSERT INTO currency VALUES('ETB',2);
INSERT INTO currency VALUES('EUR',2);
INSERT INTO currency VALUES('FJD',2);
INSERT INTO currency VALUES('FKP',2);
INSERT INTO currency VALUES('GBP',2);
INSERT INTO currency VALUES('GEL',2);
INSERT INTO currency VALUES('GHS',2);
INSERT INTO currency VALUES('GIP',2);
INSERT INTO currency VALUES('GMD',2);
INSERT INTO currency VALUES('GNF',0);
INSERT INTO currency VALUES('GTQ',2);
INSERT INTO currency VALUES('GYD',2);
INSERT INTO currency VALUES('HKD',2);
INSERT INTO currency VALUES('HNL',2);
INSERT INTO currency VALUES('HTG',2);
INSERT INTO currency VALUES('HUF',2);
INSERT INTO currency VALUES('IDR',2);
INSERT INTO currency VALUES('ILS',2);
INSERT INTO currency VALUES('INR',2);
INSERT INTO currency VALUES('IQD',3);
INSERT INTO currency VALUES('IRR',2);
INSERT INTO currency VALUES('ISK',0);
INSERT INTO currency VALUES('JMD',2);
INSERT INTO currency VALUES('JOD',3);
INSERT INTO currency VALUES('JPY',0);
INSERT INTO currency VALUES('KES',2);
INSERT INTO currency VALUES('KGS',2);
INSERT INTO currency VALUES('KHR',2);
INSERT INTO currency VALUES('KMF',0);
INSERT INTO currency VALUES('KPW',2);
INSERT INTO currency VALUES('KRW',0);
INSERT INTO currency VALUES('KWD',3);
INSERT INTO currency VALUES('KYD',2);
INSERT INTO currency VALUES('KZT',2);
INSERT INTO currency VALUES('LAK',2);
INSERT INTO currency VALUES('LBP',2);
INSERT INTO currency VALUES('LKR',2);
INSERT INTO currency VALUES('LRD',2);
INSERT INTO currency VALUES('LSL',2);
INSERT INTO currency VALUES('LYD',3);
INSERT INTO currency VALUES('MAD',2);
INSERT INTO currency VALUES('MDL',2);
INSERT INTO currency VALUES('MGA',2);
INSERT INTO currency VALUES('MKD',2);
INSERT INTO currency VALUES('MMK',2);
INSERT INTO currency VALUES('MNT',2);
INSERT INTO currency VALUES('MOP',2);
INSERT INTO currency VALUES('MRU',2);
INSERT INTO currency VALUES('MUR',2);
INSERT INTO currency VALUES('MVR',2);
INSERT INTO currency VALUES('MWK',2);
INSERT INTO currency VALUES('MXN',2);
INSERT INTO currency VALUES('MXV',2);
INSERT INTO currency VALUES('MYR',2);
INSERT INTO currency VALUES('MZN',2);
INSERT INTO currency VALUES('NAD',2);
INSERT INTO currency VALUES('NGN',2);
INSERT INTO currency VALUES('NIO',2);
INSERT INTO currency VALUES('NOK',2);
INSERT INTO currency VALUES('NPR',2);
INSERT INTO currency VALUES('NZD',2);
INSERT INTO currency VALUES('OMR',3);
INSERT INTO currency VALUES('PAB',2);
INSERT INTO currency VALUES('PEN',2);
INSERT INTO currency VALUES('PGK',2);
INSERT INTO currency VALUES('PHP',2);
INSERT INTO currency VALUES('PKR',2);
INSERT INTO currency VALUES('PLN',2);
INSERT INTO currency VALUES('PYG',0);
INSERT INTO currency VALUES('QAR',2);
INSERT INTO currency VALUES('RON',2);
INSERT INTO currency VALUES('RSD',2);
INSERT INTO currency VALUES('RUB',2);
INSERT INTO currency VALUES('RWF',0);
INSERT INTO currency VALUES('SAR',2);
INSERT INTO currency VALUES('SBD',2);
INSERT INTO currency VALUES('SCR',2);
INSERT INTO currency VALUES('SDG',2);
INSERT INTO currency VALUES('SEK',2);
INSERT INTO currency VALUES('SGD',2);
INSERT INTO currency VALUES('SHP',2);
INSERT INTO currency VALUES('SLE',2);
INSERT INTO currency VALUES('SOS',2);
INSERT INTO currency VALUES('SRD',2);
INSERT INTO currency VALUES('SSP',2);
INSERT INTO currency VALUES('STN',2);
INSERT INTO currency VALUES('SVC',2);
INSERT INTO currency VALUES('SYP',2);
INSERT INTO currency VALUES('SZL',2);
INSERT INTO currency VALUES('THB',2);
INSERT INTO currency VALUES('TJS',2);
INSERT INTO currency VALUES('TMT',2);
INSERT INTO currency VALUES('TND',3);
INSERT INTO currency VALUES('TOP',2);
INSERT INTO currency VALUES('TRY',2);
INSERT INTO currency VALUES('TTD',2);
INSERT INTO currency VALUES('TWD',2);
INSERT INTO currency VALUES('TZS',2);
INSERT INTO currency VALUES('UAH',2);
INSERT INTO currency VALUES('UGX',0);
INSERT INTO currency VALUES('USD',2);
INSERT INTO currency VALUES('USN',2);
INSERT INTO currency VALUES('UYI',0);
INSERT INTO currency VALUES('UYU',2);
INSERT INTO currency VALUES('UYW',4);
INSERT INTO currency VALUES('UZS',2);
INSERT INTO currency VALUES('VED',2);
INSERT INTO currency VALUES('VES',2);
INSERT INTO currency VALUES('VND',0);
INSERT INTO currency VALUES('VUV',0);
INSERT INTO currency VALUES('WST',2);
INSERT INTO currency VALUES('XAD',2);
INSERT INTO currency VALUES('XAF',0);
INSERT INTO currency VALUES('XCD',2);
INSERT INTO currency VALUES('XCG',2);
INSERT INTO currency VALUES('XOF',0);
INSERT INTO currency VALUES('XPF',0);
INSERT INTO currency VALUES('YER',2);
INSERT INTO currency VALUES('ZAR',2);
INSERT INTO currency VALUES('ZMW',2);
INSERT INTO currency VALUES('ZWG',2);
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
INSERT INTO account VALUES(1,X'00000000000000000000000000000001',1,1,'LN-1',X'00000000000000000000000000000001','MICRO','KLA','UGX',3,19723,NULL,0,0,0,0,0,X'01010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101');
INSERT INTO account VALUES(2,X'00000000000000000000000000000002',8,1,'LN-2',X'00000000000000000000000000000002','MICRO','KLA','UGX',3,19723,NULL,0,0,0,0,0,X'01010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101');
INSERT INTO account VALUES(3,X'00000000000000000000000000000003',1,1,'LN-3',X'00000000000000000000000000000003','MICRO','KLA','UGX',3,19723,NULL,0,0,0,0,0,X'01010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101');
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
INSERT INTO event VALUES(1,1,1,19723,19724,1,X'02020202020202020202020202020202');
INSERT INTO event VALUES(2,2,1,19723,19724,2,X'02020202020202020202020202020202');
INSERT INTO event VALUES(3,3,1,19723,19724,3,X'02020202020202020202020202020202');
INSERT INTO event VALUES(4,2,2,19723,19724,4,X'02020202020202020202020202020202');
INSERT INTO event VALUES(5,2,3,19723,19724,5,X'02020202020202020202020202020202');
INSERT INTO event VALUES(6,2,4,19723,19724,6,X'02020202020202020202020202020202');
INSERT INTO event VALUES(7,2,5,19723,19724,7,X'02020202020202020202020202020202');
INSERT INTO event VALUES(8,2,6,19723,19724,8,X'02020202020202020202020202020202');
INSERT INTO event VALUES(9,2,7,19723,19724,9,X'02020202020202020202020202020202');
INSERT INTO event VALUES(10,2,8,19723,19724,10,X'02020202020202020202020202020202');
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
INSERT INTO entry VALUES(1,X'00000000000000010000000000000001',1,19723,19724,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entry VALUES(2,X'00000000000000020000000000000001',2,19723,19724,2,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entry VALUES(3,X'00000000000000030000000000000001',3,19723,19724,3,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entry VALUES(4,X'00000000000000020000000000000002',2,19723,19724,4,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entry VALUES(5,X'00000000000000020000000000000003',2,19723,19724,5,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entry VALUES(6,X'00000000000000020000000000000004',2,19723,19724,6,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entry VALUES(7,X'00000000000000020000000000000005',2,19723,19724,7,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entry VALUES(8,X'00000000000000020000000000000006',2,19723,19724,8,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entry VALUES(9,X'00000000000000020000000000000007',2,19723,19724,9,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entry VALUES(10,X'00000000000000020000000000000008',2,19723,19724,10,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE line (
    entry    INTEGER NOT NULL REFERENCES entry (row),
    number   INTEGER NOT NULL,
    gl       TEXT NOT NULL,
    branch   TEXT,
    currency TEXT NOT NULL,
    minor    INTEGER NOT NULL CHECK (minor <> 0),
    PRIMARY KEY (entry, number)
) STRICT, WITHOUT ROWID;
INSERT INTO line VALUES(1,0,'1100',NULL,'UGX',100);
INSERT INTO line VALUES(1,1,'1200',NULL,'UGX',-100);
INSERT INTO line VALUES(2,0,'1100',NULL,'UGX',100);
INSERT INTO line VALUES(2,1,'1200',NULL,'UGX',-100);
INSERT INTO line VALUES(3,0,'1100',NULL,'UGX',100);
INSERT INTO line VALUES(3,1,'1200',NULL,'UGX',-100);
INSERT INTO line VALUES(4,0,'1100',NULL,'UGX',100);
INSERT INTO line VALUES(4,1,'1200',NULL,'UGX',-100);
INSERT INTO line VALUES(5,0,'1100',NULL,'UGX',100);
INSERT INTO line VALUES(5,1,'1200',NULL,'UGX',-100);
INSERT INTO line VALUES(6,0,'1100',NULL,'UGX',100);
INSERT INTO line VALUES(6,1,'1200',NULL,'UGX',-100);
INSERT INTO line VALUES(7,0,'1100',NULL,'UGX',100);
INSERT INTO line VALUES(7,1,'1200',NULL,'UGX',-100);
INSERT INTO line VALUES(8,0,'1100',NULL,'UGX',100);
INSERT INTO line VALUES(8,1,'1200',NULL,'UGX',-100);
INSERT INTO line VALUES(9,0,'1100',NULL,'UGX',100);
INSERT INTO line VALUES(9,1,'1200',NULL,'UGX',-100);
INSERT INTO line VALUES(10,0,'1100',NULL,'UGX',100);
INSERT INTO line VALUES(10,1,'1200',NULL,'UGX',-100);
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
INSERT INTO turnover VALUES('1100','','UGX',19724,19723,1000,0);
INSERT INTO turnover VALUES('1200','','UGX',19724,19723,0,1000);
CREATE TABLE record (
    row     INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    body    BLOB NOT NULL,
    UNIQUE (kind, id)
) STRICT;
INSERT INTO record VALUES(1,'client','C-1',1,X'416b656c6c6f');
CREATE TABLE record_key (
    kind   TEXT NOT NULL,
    name   TEXT NOT NULL,
    value  TEXT NOT NULL,
    id     TEXT NOT NULL,
    record INTEGER NOT NULL REFERENCES record (row),
    PRIMARY KEY (kind, name, value, id)
) STRICT, WITHOUT ROWID;
INSERT INTO record_key VALUES('client','phone','+256700000001','C-1',1);
CREATE TABLE checkpoint (
    job     TEXT PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    body    BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO checkpoint VALUES('end-of-day',1,X'010203');
CREATE TABLE receipt (
    key         BLOB PRIMARY KEY CHECK (length(key) = 16),
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    keep_until  INTEGER NOT NULL,
    sequence    INTEGER NOT NULL,
    reply       BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO receipt VALUES(X'00000000000000010000000000000001',X'532deabf88729cb43995ab5a9cd49bf9b90a079904dc0645ecda9e47ce7345a9',19753,1,X'0000000000000001');
INSERT INTO receipt VALUES(X'00000000000000020000000000000001',X'705be1047ba534f1c2bbe83fd5640cf0087573349fcda98e67e1d23b4f8d3d38',19753,2,X'0000000000000001');
INSERT INTO receipt VALUES(X'00000000000000020000000000000002',X'631f02fd7996237fd709aa418d517a57f819f3209c6e3b5f2efc9ee094fa7390',19753,4,X'0000000000000002');
INSERT INTO receipt VALUES(X'00000000000000020000000000000003',X'a521c6ad194fae9d59d84a758f3e92cbe7aa502f12925bee6eedc95b2d23e03e',19753,5,X'0000000000000003');
INSERT INTO receipt VALUES(X'00000000000000020000000000000004',X'edcdf96b65ec8eaa1ffb99083367d2319c5b184d8a27b55498052ec657a63d5e',19753,6,X'0000000000000004');
INSERT INTO receipt VALUES(X'00000000000000020000000000000005',X'73c43d560933704752e29f9a046e26173e355ce571522db0a272b14b054779d2',19753,7,X'0000000000000005');
INSERT INTO receipt VALUES(X'00000000000000020000000000000006',X'3689e0eb36800518425e416d614aa47577a4e52f7b05c676edd9ae3a7625f052',19753,8,X'0000000000000006');
INSERT INTO receipt VALUES(X'00000000000000020000000000000007',X'8650e88792c84d1571aa4a27e3f16b6537135bcee73178442b6da736e2a57e1e',19753,9,X'0000000000000007');
INSERT INTO receipt VALUES(X'00000000000000020000000000000008',X'17272ecdd8665f79451d42c1fc952befabd59701711808b3a20b8c900ef59605',19753,10,X'0000000000000008');
INSERT INTO receipt VALUES(X'00000000000000030000000000000001',X'4221aa56a46373f01489ce80f44552fa9bb9298f9fe052a448eddff734bcf65d',19753,3,X'0000000000000001');
CREATE TABLE outbox (
    number  INTEGER PRIMARY KEY,
    topic   TEXT NOT NULL,
    account INTEGER REFERENCES account (row),
    body    BLOB NOT NULL
) STRICT;
INSERT INTO outbox VALUES(1,'moved',1,X'');
INSERT INTO outbox VALUES(2,'moved',2,X'');
INSERT INTO outbox VALUES(3,'moved',3,X'');
INSERT INTO outbox VALUES(4,'moved',2,X'');
INSERT INTO outbox VALUES(5,'moved',2,X'');
INSERT INTO outbox VALUES(6,'moved',2,X'');
INSERT INTO outbox VALUES(7,'moved',2,X'');
INSERT INTO outbox VALUES(8,'moved',2,X'');
INSERT INTO outbox VALUES(9,'moved',2,X'');
INSERT INTO outbox VALUES(10,'moved',2,X'');
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('entry','entry_day_account','1000000 10000 1');
ANALYZE sqlite_schema;
CREATE INDEX account_work ON account (next_work_on, id) WHERE next_work_on IS NOT NULL;
CREATE INDEX account_arrears ON account (in_arrears_since, id) WHERE in_arrears_since IS NOT NULL;
CREATE INDEX account_holder ON account (holder, id);
CREATE INDEX account_product ON account (product, id);
CREATE INDEX entry_booking ON entry (booking_day, id);
CREATE INDEX entry_value ON entry (value_day, id) WHERE value_day <> booking_day;
CREATE INDEX record_key_record ON record_key (record);
CREATE INDEX receipt_keep ON receipt (keep_until);
CREATE TRIGGER commit_log_update BEFORE UPDATE ON commit_log BEGIN SELECT raise(ABORT, 'commit_log is append-only'); END;
CREATE TRIGGER commit_log_delete BEFORE DELETE ON commit_log BEGIN SELECT raise(ABORT, 'commit_log is append-only'); END;
CREATE TRIGGER event_update BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'event is append-only'); END;
CREATE TRIGGER event_delete BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'event is append-only'); END;
CREATE TRIGGER entry_update BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'entry is append-only'); END;
CREATE TRIGGER entry_delete BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'entry is append-only'); END;
CREATE TRIGGER line_update BEFORE UPDATE ON line BEGIN SELECT raise(ABORT, 'line is append-only'); END;
CREATE TRIGGER line_delete BEFORE DELETE ON line BEGIN SELECT raise(ABORT, 'line is append-only'); END;
CREATE TRIGGER account_delete BEFORE DELETE ON account BEGIN SELECT raise(ABORT, 'accounts are not deleted'); END;
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
CREATE INDEX entry_day_account ON entry (booking_day, account) WHERE account IS NOT NULL;
CREATE INDEX entry_value_account ON entry (account, value_day)
    WHERE value_day <> booking_day AND account IS NOT NULL;
COMMIT;
PRAGMA application_id = 1279610436;
PRAGMA user_version = 3;
