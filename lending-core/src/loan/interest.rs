//! Interest of part of a period on the balances it actually had.

use alloc::{vec, vec::Vec};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    LoanAccount, LoanError,
    account::Stretch,
    amounts::{add, div, mul},
};
use crate::{
    dates::Period,
    day_count::{DayCount, DayCountContext},
    schedule::{ChargeFrequency, InterestDays, ScheduleError},
};

/// A length of time as an exact quotient, in units of the rate's charge frequency.
pub(crate) struct Time {
    pub(crate) over: Decimal,
    pub(crate) under: Decimal,
}

impl Time {
    fn new(over: i64, under: i64) -> Self {
        Self {
            over: Decimal::from(over),
            under: Decimal::from(under),
        }
    }

    fn times(self, over: i64, under: i64) -> Result<Self, LoanError> {
        Ok(Self {
            over: mul(self.over, Decimal::from(over))?,
            under: mul(self.under, Decimal::from(under))?,
        })
    }

    /// The rate for this length of time, as a fraction of one.
    pub(crate) fn rate(&self, percent: Decimal) -> Result<Decimal, LoanError> {
        div(
            mul(percent, self.over)?,
            mul(self.under, Decimal::ONE_HUNDRED)?,
        )
    }
}

impl LoanAccount {
    /// Interest from the first stretch to `to`, unrounded. Products are summed over stretches with
    /// one year length and divided once, so that an exact tie stays one.
    pub(crate) fn interest_of(
        &self,
        period: (NaiveDate, NaiveDate),
        stretches: &[Stretch],
        to: NaiveDate,
    ) -> Result<Decimal, LoanError> {
        let mut total = Decimal::ZERO;
        let (mut sum, mut under) = (Decimal::ZERO, Decimal::ONE);
        let settle = |total, sum, under| add(total, div(sum, mul(under, Decimal::ONE_HUNDRED)?)?);
        for (at, stretch) in stretches.iter().enumerate() {
            let next = at.checked_add(1).and_then(|at| stretches.get(at));
            let end = next.map_or(to, |next| next.from).min(to);
            for (from, until) in self.unpaused(stretch.from, end) {
                let time = self.time(from, until, period)?;
                if time.under != under {
                    total = settle(total, sum, under)?;
                    (sum, under) = (Decimal::ZERO, time.under);
                }
                let weighted = mul(mul(stretch.base, stretch.percent)?, time.over)?;
                sum = add(sum, weighted)?;
            }
        }
        settle(total, sum, under)
    }

    /// The parts of `(from, to]` outside every pause. A pause frees the nights that end on its
    /// days, first and last included.
    fn unpaused(&self, from: NaiveDate, to: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
        if from >= to {
            return Vec::new();
        }
        let mut open = vec![(from, to)];
        for pause in &self.pauses {
            let Some(free_from) = pause.first.pred_opt() else {
                continue;
            };
            let mut left = Vec::with_capacity(open.len().saturating_add(1));
            for (start, end) in open {
                left.push((start, end.min(free_from)));
                left.push((start.max(pause.last), end));
            }
            left.retain(|(start, end)| start < end);
            open = left;
        }
        open
    }

    /// How many times the rate's own length of time (a year, a month, ...) lies between two dates.
    pub(crate) fn time(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        period: (NaiveDate, NaiveDate),
    ) -> Result<Time, LoanError> {
        let interest = &self.terms.schedule.interest;
        let days = to.signed_duration_since(from).num_days();
        if interest.days == InterestDays::Nominal {
            let whole = period.1.signed_duration_since(period.0).num_days().max(1);
            return self.nominal_period()?.times(days, whole);
        }
        let counted = || {
            let context = DayCountContext::default();
            let fraction = interest.day_count.fraction(from, to, &context);
            fraction.map_err(|error| LoanError::Schedule(ScheduleError::from(error)))
        };
        match interest.rate.per {
            ChargeFrequency::Year => {
                let fraction = counted()?;
                Ok(Time::new(fraction.numerator(), fraction.denominator()))
            }
            ChargeFrequency::Month => {
                let fraction = counted()?;
                Time::new(fraction.numerator(), fraction.denominator()).times(12, 1)
            }
            ChargeFrequency::FourWeeks => Ok(Time::new(days, 28)),
            ChargeFrequency::Week => Ok(Time::new(days, 7)),
            ChargeFrequency::Day => Ok(Time::new(days, 1)),
            ChargeFrequency::Days(length) => Ok(Time::new(days, i64::from(length.max(1)))),
            ChargeFrequency::WholeTerm => self.nominal_period(),
        }
    }

    /// The nominal length of one period of the contract, in the rate's own length of time.
    pub(crate) fn nominal_period(&self) -> Result<Time, LoanError> {
        let terms = &self.terms.schedule;
        let (months, days) = match terms.due_dates.periodicity() {
            Some(Period::Months(count)) => (i64::from(count), 30_i64.saturating_mul(count.into())),
            Some(Period::Years(count)) => (
                12_i64.saturating_mul(count.into()),
                360_i64.saturating_mul(count.into()),
            ),
            Some(Period::Weeks(count)) => (0, 7_i64.saturating_mul(count.into())),
            Some(Period::Days(count)) => (0, i64::from(count)),
            None => {
                return Err(LoanError::Schedule(ScheduleError::NoPeriodicity {
                    needs: "interest by nominal periods",
                    given: alloc::format!("{:?}", terms.due_dates),
                }));
            }
        };
        let year = match terms.interest.day_count {
            DayCount::Act360 => 360,
            DayCount::Act364 => 364,
            _ => 365,
        };
        Ok(match terms.interest.rate.per {
            ChargeFrequency::Year if months > 0 => Time::new(months, 12),
            ChargeFrequency::Year => Time::new(days, year),
            ChargeFrequency::Month if months > 0 => Time::new(months, 1),
            ChargeFrequency::Month => Time::new(days.saturating_mul(12), year),
            ChargeFrequency::FourWeeks => Time::new(days, 28),
            ChargeFrequency::Week => Time::new(days, 7),
            ChargeFrequency::Day => Time::new(days, 1),
            ChargeFrequency::Days(length) => Time::new(days, i64::from(length.max(1))),
            ChargeFrequency::WholeTerm => Time::new(1, i64::from(terms.instalments.max(1))),
        })
    }
}
