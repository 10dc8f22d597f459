//! Cycles and the dates they give.

use alloc::{string::String, vec::Vec};

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime};

use super::{
    code::EndOfMonthConvention,
    error::{ActusError, fits},
    value::Written,
};
use crate::dates::{MonthEnd, Period};

/// How many dates one cycle may have: daily for over 270 years.
pub(super) const MAX_DATES: usize = 100_000;

const CYCLE: &str = "a period with a stub, such as P1ML0: P, counts of Y, H, Q, M, W or D, then \
                     L0 (long last stub) or L1 (short last stub); older: 1M+ (long), 1M- (short)";

/// A length of time in months and days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    months: u32,
    days: u32,
}

impl Span {
    /// `P1M`, `P10D`, `P0D`, `P1Y6M`.
    pub(super) fn read(text: &str) -> Option<Self> {
        Self::of_counts(text.strip_prefix('P')?)
    }

    /// As [`Self::read`], without the P.
    fn of_counts(body: &str) -> Option<Self> {
        let mut span = Self::default();
        let mut count: Option<u32> = None;
        if body.is_empty() {
            return None;
        }
        for letter in body.chars() {
            if let Some(digit) = letter.to_digit(10) {
                let so_far = count.unwrap_or(0).checked_mul(10)?;
                count = Some(so_far.checked_add(digit)?);
                continue;
            }
            let (unit, months) = match letter {
                'Y' => (12, true),
                'H' => (6, true),
                'Q' => (3, true),
                'M' => (1, true),
                'W' => (7, false),
                'D' => (1, false),
                _ => return None,
            };
            let part = count.take()?.checked_mul(unit)?;
            let sum = if months {
                &mut span.months
            } else {
                &mut span.days
            };
            *sum = sum.checked_add(part)?;
        }
        count.is_none().then_some(span)
    }

    const fn is_empty(self) -> bool {
        self.months == 0 && self.days == 0
    }

    /// `start + count × self`, counted in one step.
    pub(super) fn after(
        self,
        start: NaiveDateTime,
        count: u32,
        convention: EndOfMonthConvention,
    ) -> Option<NaiveDateTime> {
        let month_end = match convention {
            EndOfMonthConvention::Sd => MonthEnd::Clamp,
            EndOfMonthConvention::Eom => MonthEnd::StickToEnd,
        };
        let date = if self.months == 0 {
            start.date()
        } else {
            Period::Months(self.months).after(start.date(), count, month_end)?
        };
        let date = Period::Days(self.days).after(date, count, MonthEnd::Clamp)?;
        Some(date.and_time(start.time()))
    }

    /// `end − self`.
    pub(super) fn before(
        self,
        end: NaiveDateTime,
        convention: EndOfMonthConvention,
    ) -> Option<NaiveDateTime> {
        let date = end.date();
        let mut start = date.checked_sub_months(Months::new(self.months))?;
        if self.months > 0 && convention == EndOfMonthConvention::Eom && is_month_end(date) {
            start = month_end(start)?;
        }
        let start = start.checked_sub_days(Days::new(self.days.into()))?;
        Some(start.and_time(end.time()))
    }
}

fn month_end(date: NaiveDate) -> Option<NaiveDate> {
    let first = date.with_day(1)?;
    first.checked_add_months(Months::new(1))?.pred_opt()
}

fn is_month_end(date: NaiveDate) -> bool {
    month_end(date) == Some(date)
}

/// A period that comes again, and what becomes of a rest before the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cycle {
    pub(super) span: Span,
    /// The last regular date before an end off the cycle is dropped.
    long_stub: bool,
}

impl Cycle {
    /// The cycle of a term.
    pub(super) fn of(term: &'static str, text: &str) -> Result<Self, ActusError> {
        Self::read(text).ok_or_else(|| ActusError::Value {
            term,
            given: text.into(),
            allowed: CYCLE,
        })
    }

    /// The same cycle, a rest before its end being a period of its own.
    pub(super) const fn with_short_stub(self) -> Self {
        Self {
            long_stub: false,
            ..self
        }
    }

    /// The cycle of a term that may be missing.
    pub(super) fn maybe(
        term: &'static str,
        text: Option<&String>,
    ) -> Result<Option<Self>, ActusError> {
        text.map(|text| Self::of(term, text)).transpose()
    }
}

impl Written for Cycle {
    const ALLOWED: &'static str = CYCLE;
    fn read(text: &str) -> Option<Self> {
        let (span, long_stub) = if let Some((period, stub)) = text.split_once('L') {
            let long_stub = match stub {
                "0" => true,
                "1" => false,
                _ => return None,
            };
            (Span::read(period), long_stub)
        } else {
            // Older dictionaries: no P, the stub as a sign.
            match text.strip_suffix('+') {
                Some(period) => (Span::of_counts(period), true),
                None => (Span::of_counts(text.strip_suffix('-')?), false),
            }
        };
        let span = span.filter(|span| !span.is_empty())?;
        Some(Self { span, long_stub })
    }
}

/// Whether the end belongs to the dates of a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Included,
    Excluded,
}

/// The dates from `start` on, every `cycle`, before `end`; and `end` where it is included. Each
/// date is counted from the start. Without a cycle the start alone; without a start nothing.
pub(super) fn dates(
    start: Option<NaiveDateTime>,
    end: NaiveDateTime,
    cycle: Option<Cycle>,
    convention: EndOfMonthConvention,
    include: End,
) -> Result<Vec<NaiveDateTime>, ActusError> {
    let mut dates = Vec::new();
    let mut next = start;
    while let Some(date) = next.filter(|date| *date < end) {
        if dates.len() >= MAX_DATES {
            return Err(ActusError::TooManyDates { allowed: MAX_DATES });
        }
        dates.push(date);
        next = match (cycle, start) {
            (Some(cycle), Some(start)) => {
                let count = u32::try_from(dates.len()).ok();
                let after = count.and_then(|count| cycle.span.after(start, count, convention));
                Some(fits(after, "a cycle's date")?)
            }
            _ => None,
        };
    }
    if start.is_none() && include == End::Excluded {
        return Ok(dates);
    }
    // A rest of the last period: with a long stub it joins the period before, of which there
    // have to be some.
    let off_cycle = next.is_some_and(|next| next != end);
    let counted = dates
        .len()
        .saturating_add(usize::from(include == End::Included));
    if cycle.is_some_and(|cycle| cycle.long_stub) && off_cycle && counted > 2 {
        dates.pop();
    }
    if include == End::Included {
        dates.push(end);
    }
    Ok(dates)
}
