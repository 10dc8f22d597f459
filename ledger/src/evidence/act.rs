//! What is done to a journal besides posting, as records of the log.

use alloc::{string::String, vec::Vec};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    read::Reader,
    record::{count, date, entry_body, optional, text},
};
use crate::{
    BranchCode, ChartOfAccounts, Currency, EntryId, GlAccount, GlCode, GlType, JournalEntry, Money,
    Usage,
    journal::{LateBooking, Limit},
};

/// The version of the encoding, first byte of every record of an act.
pub(super) const VERSION: u8 = 2;

/// Something done to a journal that is not an entry, in the order of the log.
///
/// A balance follows from entries alone; whether an entry was allowed, and what is available,
/// follows from these as well.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Act {
    /// The journal was opened over this chart: the first record of every log.
    Opened {
        /// The chart.
        chart: ChartOfAccounts,
    },
    /// An account was added to the chart.
    AccountAdded {
        /// The account.
        account: GlAccount,
    },
    /// An account takes postings from now on, or no longer.
    Activation {
        /// The account.
        account: GlCode,
        /// Whether it does.
        active: bool,
    },
    /// A limit was set or taken away.
    LimitSet {
        /// The account.
        account: GlCode,
        /// In this currency.
        currency: Currency,
        /// The limit.
        limit: Option<Limit>,
    },
    /// Amounts were held.
    Reserved {
        /// The entry as it would be posted.
        entry: JournalEntry,
        /// The last day it holds.
        last_day: Option<NaiveDate>,
    },
    /// The entry that follows settles a reservation.
    Settled {
        /// The reservation.
        reservation: EntryId,
    },
    /// A reservation was given up.
    Voided {
        /// The reservation.
        reservation: EntryId,
    },
    /// The reservations whose last day is before this one were released.
    Expired {
        /// The day.
        today: NaiveDate,
    },
    /// What happens to entries that come late was said.
    LateBookingSet {
        /// The rule.
        rule: LateBooking,
    },
    /// The entry that follows was to be booked on another day, which was closed.
    Moved {
        /// The booking date asked for.
        asked: NaiveDate,
    },
    /// A period was closed.
    Closed {
        /// The branch; `None` for the books as a whole.
        branch: Option<BranchCode>,
        /// The last closed day.
        through: NaiveDate,
        /// The business date.
        on: NaiveDate,
    },
    /// The period closed last was opened again.
    Reopened {
        /// The branch; `None` for the books as a whole.
        branch: Option<BranchCode>,
        /// The business date.
        on: NaiveDate,
        /// How many days were allowed for it.
        days: u32,
    },
    /// The host said what time it is.
    ClockSet {
        /// The moment.
        now: DateTime<Utc>,
    },
    /// The entries named were one import.
    Imported {
        /// Its name.
        name: String,
        /// Its entries, all of them recorded before.
        entries: Vec<EntryId>,
    },
    /// An import was approved, or the reversals before took it back.
    ImportFinal {
        /// Its name.
        name: String,
        /// Approved or reverted.
        approved: bool,
    },
}

impl Act {
    /// The canonical bytes: equal acts give equal bytes, and everything is in them.
    ///
    /// Written as [`entry_record`](super::entry_record) writes entries: version 2, the kind, then
    /// the parts in the order of the type.
    #[must_use]
    pub fn record(&self) -> Vec<u8> {
        let mut out = Vec::from([VERSION, self.kind()]);
        self.write_parts(&mut out);
        out
    }

    const fn kind(&self) -> u8 {
        match self {
            Self::Opened { .. } => 0,
            Self::AccountAdded { .. } => 1,
            Self::Activation { .. } => 2,
            Self::LimitSet { .. } => 3,
            Self::Reserved { .. } => 4,
            Self::Settled { .. } => 5,
            Self::Voided { .. } => 6,
            Self::Expired { .. } => 7,
            Self::LateBookingSet { .. } => 8,
            Self::Moved { .. } => 9,
            Self::Closed { .. } => 10,
            Self::Reopened { .. } => 11,
            Self::ClockSet { .. } => 12,
            Self::Imported { .. } => 13,
            Self::ImportFinal { .. } => 14,
        }
    }

    fn write_parts(&self, out: &mut Vec<u8>) {
        let branch_of = |branch: &Option<BranchCode>, out: &mut Vec<u8>| {
            optional(out, branch.as_ref().map(BranchCode::as_str));
        };
        match self {
            Self::Opened { chart } => {
                count(out, chart.len());
                chart.as_added().for_each(|found| account(out, found));
            }
            Self::AccountAdded { account: added } => account(out, added),
            Self::Activation { account, active } => {
                text(out, account.as_str());
                out.push(u8::from(*active));
            }
            Self::LimitSet {
                account,
                currency,
                limit,
            } => {
                text(out, account.as_str());
                out.extend(currency.code().as_bytes());
                write_limit(out, limit.as_ref());
            }
            Self::Reserved { entry, last_day } => {
                optional_date(out, *last_day);
                entry_body(out, entry);
            }
            Self::Settled { reservation } | Self::Voided { reservation } => {
                out.extend(reservation.get().to_be_bytes());
            }
            Self::Expired { today } => date(out, *today),
            Self::LateBookingSet { rule } => out.push(match rule {
                LateBooking::FirstOpenDay => 0,
                LateBooking::Refuse => 1,
            }),
            Self::Moved { asked } => date(out, *asked),
            Self::Closed {
                branch,
                through,
                on,
            } => {
                branch_of(branch, out);
                date(out, *through);
                date(out, *on);
            }
            Self::Reopened { branch, on, days } => {
                branch_of(branch, out);
                date(out, *on);
                out.extend(days.to_be_bytes());
            }
            Self::ClockSet { now } => {
                out.extend(now.timestamp().to_be_bytes());
                out.extend(now.timestamp_subsec_nanos().to_be_bytes());
            }
            Self::Imported { name, entries } => {
                text(out, name);
                count(out, entries.len());
                for entry in entries {
                    out.extend(entry.get().to_be_bytes());
                }
            }
            Self::ImportFinal { name, approved } => {
                text(out, name);
                out.push(u8::from(*approved));
            }
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(match reader.byte()? {
            0 => {
                let accounts = reader.list(read_account)?;
                let chart = ChartOfAccounts::new(accounts).ok()?;
                Self::Opened { chart }
            }
            1 => Self::AccountAdded {
                account: read_account(reader)?,
            },
            2 => Self::Activation {
                account: reader.code()?,
                active: reader.flag()?,
            },
            3 => read_limit(reader)?,
            4 => Self::Reserved {
                last_day: reader.optional(Reader::date)?,
                entry: reader.entry()?,
            },
            5 => Self::Settled {
                reservation: reader.entry_id()?,
            },
            6 => Self::Voided {
                reservation: reader.entry_id()?,
            },
            7 => Self::Expired {
                today: reader.date()?,
            },
            8 => Self::LateBookingSet {
                rule: match reader.byte()? {
                    0 => LateBooking::FirstOpenDay,
                    1 => LateBooking::Refuse,
                    _ => return None,
                },
            },
            9 => Self::Moved {
                asked: reader.date()?,
            },
            10 => Self::Closed {
                branch: reader.optional(Reader::code)?,
                through: reader.date()?,
                on: reader.date()?,
            },
            11 => Self::Reopened {
                branch: reader.optional(Reader::code)?,
                on: reader.date()?,
                days: reader.number().map(u32::from_be_bytes)?,
            },
            12 => {
                let seconds = reader.number().map(i64::from_be_bytes)?;
                let nanoseconds = reader.number().map(u32::from_be_bytes)?;
                let now = DateTime::from_timestamp(seconds, nanoseconds)?;
                Self::ClockSet { now }
            }
            13 => Self::Imported {
                name: reader.text()?.into(),
                entries: reader.list(Reader::entry_id)?,
            },
            14 => Self::ImportFinal {
                name: reader.text()?.into(),
                approved: reader.flag()?,
            },
            _ => return None,
        })
    }
}

fn optional_date(out: &mut Vec<u8>, day: Option<NaiveDate>) {
    out.push(u8::from(day.is_some()));
    if let Some(day) = day {
        date(out, day);
    }
}

fn account(out: &mut Vec<u8>, account: &GlAccount) {
    text(out, account.code.as_str());
    text(out, &account.name);
    text(out, account.gl_type.as_str());
    text(out, account.usage.as_str());
    optional(out, account.parent.as_ref().map(GlCode::as_str));
    optional(out, account.currency.as_ref().map(Currency::code));
    out.push(u8::from(account.active));
    out.push(u8::from(account.manual_entries));
}

fn read_account(reader: &mut Reader<'_>) -> Option<GlAccount> {
    let (code, name) = (reader.code()?, reader.text()?);
    let gl_type = reader.text()?;
    let gl_type = GlType::ALL
        .into_iter()
        .find(|known| known.as_str() == gl_type)?;
    let usage = reader.text()?;
    let mut account = if usage == Usage::Header.as_str() {
        GlAccount::header(code, name, gl_type)
    } else if usage == Usage::Detail.as_str() {
        GlAccount::detail(code, name, gl_type)
    } else {
        return None;
    };
    account.parent = reader.optional(Reader::code)?;
    account.currency = reader.optional(Reader::code)?;
    account.active = reader.flag()?;
    account.manual_entries = reader.flag()?;
    Some(account)
}

fn write_limit(out: &mut Vec<u8>, limit: Option<&Limit>) {
    out.push(u8::from(limit.is_some()));
    let Some(limit) = limit else { return };
    for bound in [limit.floor(), limit.ceiling()] {
        // Only limits that the journal took are recorded: whole minor units.
        let minor = bound.and_then(|bound| bound.to_minor().ok());
        out.push(u8::from(minor.is_some()));
        if let Some(minor) = minor {
            out.extend(minor.to_be_bytes());
        }
    }
}

fn read_limit(reader: &mut Reader<'_>) -> Option<Act> {
    let (account, currency) = (reader.code()?, reader.currency()?);
    let bound = |reader: &mut Reader<'_>| {
        let minor = reader.number().map(i128::from_be_bytes)?;
        Money::from_minor(minor, currency).ok()
    };
    let limit = reader.optional(|reader| {
        let (floor, ceiling) = (reader.optional(bound)?, reader.optional(bound)?);
        Some(Limit::within(floor, ceiling))
    })?;
    Some(Act::LimitSet {
        account,
        currency,
        limit,
    })
}
