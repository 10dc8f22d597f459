//! From rate, day count and dates to the interest of one unit of money over a piece of a period.

use alloc::{format, vec::Vec};

use chrono::{NaiveDate, TimeDelta};
use ledger::Rounding;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    AnnuityFormula, ChargeFrequency, InterestDays, InterestGrowth, InterestMethod, Pricing, Rate,
    ScheduleError, ScheduleTerms, TierPart, exact::Ratio, exact::mul_div, power::power,
    terms::setting,
};
use crate::{
    dates::{Calendar, DueDateRule, FirstDue, NonWorkingDayRule, Period},
    day_count::{CouponPeriod, DayCount, DayCountContext},
};

/// A whole period, from nominal date to nominal date.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) number: u32,
    pub(crate) start: NaiveDate,
    pub(crate) end: NaiveDate,
}

/// A stretch of a period with one balance and one rate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
    /// Units of the balance.
    pub(crate) balance: i128,
    pub(crate) rate: Rate,
    pub(crate) free: bool,
}

/// Everything that interest depends on beside balances, prepared once for a schedule.
pub(crate) struct Charging<'a> {
    pub(crate) terms: &'a ScheduleTerms,
    context: DayCountContext<'a>,
    /// The nominal length of a period in years and in days of 30-day months, where there is one.
    nominal: Option<(Ratio, Ratio)>,
    /// Rates from dates on, the contract's changes or the index reviews.
    line: Vec<(NaiveDate, Rate)>,
    /// Dates at which balance, rate or freedom from interest may change.
    cuts: Vec<NaiveDate>,
    /// One piece for each period, at the contract's rate.
    plain: bool,
    /// The contract's rate as a ratio, `percent / 100`.
    base: Ratio,
    /// The interest of one unit over a regular nominal period, where all are alike.
    constant: Option<Ratio>,
    /// Simple yearly interest by days: a rate times days over a basis, nothing else.
    by_days: bool,
    /// Units of one whole amount.
    pub(crate) unit: i128,
}

impl<'a> Charging<'a> {
    pub(crate) fn new(
        terms: &'a ScheduleTerms,
        calendar: &'a Calendar,
        disbursed_on: NaiveDate,
        last_due: NaiveDate,
        unit: i128,
    ) -> Result<Self, ScheduleError> {
        let interest = &terms.interest;
        let line = rate_line(terms, disbursed_on, last_due)?;
        let mut cuts: Vec<NaiveDate> = line.iter().map(|(from, _)| *from).collect();
        cuts.extend(interest.charged_from);
        cuts.extend(terms.tranches.iter().map(|tranche| tranche.on));
        for pause in &interest.pauses {
            cuts.extend(pause.from.pred_opt());
            cuts.push(pause.to);
        }
        cuts.sort_unstable();
        cuts.dedup();
        let nominal = nominal_length(terms);
        if nominal.is_none() && !matches!(interest.days, InterestDays::Counted) {
            return Err(no_periodicity("interest by nominal periods", terms));
        }
        let simple = matches!(interest.growth, InterestGrowth::Simple)
            && terms.rounding.significant_digits.is_none();
        let by_days = simple
            && matches!(interest.rate.per, ChargeFrequency::Year)
            && matches!(interest.days, InterestDays::Counted)
            && !matches!(interest.method, InterestMethod::Free)
            && !matches!(interest.day_count, DayCount::ActActIcma);
        let mut charging = Self {
            plain: cuts.is_empty() && matches!(interest.pricing, Pricing::Fixed),
            terms,
            context: DayCountContext {
                coupon: None,
                termination: Some(last_due),
                calendar: Some(calendar),
            },
            nominal,
            line,
            cuts,
            base: fraction_of(interest.rate.percent),
            constant: None,
            by_days,
            unit,
        };
        let extends = matches!(terms.non_working_days, NonWorkingDayRule::Extend);
        if charging.plain && !extends && !matches!(interest.days, InterestDays::Counted) {
            charging.constant = Some(charging.nominal_rate(interest.rate)?);
        }
        Ok(charging)
    }

    /// Whether every period is one piece at the contract's rate.
    pub(crate) const fn is_plain(&self) -> bool {
        self.plain
    }

    /// The rate in force in the night after `at`, as far as known at `known`.
    pub(crate) fn rate_at(&self, number: u32, at: NaiveDate, known: NaiveDate) -> Rate {
        let given = self.terms.interest.rate;
        if let Pricing::TieredByInstalment { tiers } = &self.terms.interest.pricing {
            let tier = tiers.iter().find(|tier| number <= tier.up_to);
            return Rate {
                percent: tier.or(tiers.last()).map_or(given.percent, |t| t.percent),
                per: given.per,
            };
        }
        let in_force = self
            .line
            .iter()
            .take_while(|(from, _)| *from <= at && *from < known)
            .last();
        in_force.map_or(given, |(_, rate)| *rate)
    }

    /// Whether the night after `at` bears no interest. Equal instalments are found without the
    /// pauses, which must not change them.
    pub(crate) fn is_free(&self, at: NaiveDate, pauses: bool) -> bool {
        let interest = &self.terms.interest;
        // Day d governs the night that leads into it.
        let night = at.succ_opt().unwrap_or(at);
        let mut all = interest.pauses.iter();
        matches!(interest.method, InterestMethod::Free)
            || interest.charged_from.is_some_and(|from| at < from)
            || (pauses && all.any(|pause| pause.from <= night && night <= pause.to))
    }

    /// Whether a new rate begins on the first day of a period or inside it.
    pub(crate) fn rate_changes(&self, span: Span) -> bool {
        if let Pricing::TieredByInstalment { tiers } = &self.terms.interest.pricing {
            return tiers
                .iter()
                .any(|tier| tier.up_to.checked_add(1) == Some(span.number));
        }
        let mut starts = self.line.iter().map(|(from, _)| *from);
        starts.any(|from| from >= span.start && from < span.end)
    }

    /// The dates inside a period at which something may change.
    pub(crate) fn cuts_inside(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> impl Iterator<Item = NaiveDate> + '_ {
        let skip = self.cuts.partition_point(|cut| *cut <= from);
        let cuts = self.cuts.iter().skip(skip).copied();
        cuts.take_while(move |cut| *cut < to)
    }

    /// The interest that one unit bears at the contract's rate over a whole plain period.
    #[inline]
    pub(crate) fn plain_ratio(&self, span: Span) -> Result<Ratio, ScheduleError> {
        let interest = &self.terms.interest;
        if self.by_days {
            let day_count = interest.day_count;
            let fraction = day_count.fraction(span.start, span.end, &self.context)?;
            if let (Ok(num), Ok(den)) = (i64::try_from(self.base.num), i64::try_from(self.base.den))
                && let Some(num) = num.checked_mul(fraction.numerator())
                && let Some(den) = den.checked_mul(fraction.denominator())
            {
                return Ok(Ratio {
                    num: num.into(),
                    den: den.into(),
                });
            }
        }
        if let Some(constant) = self.constant
            && (span.number != 1 || self.first_extra(span).is_none())
        {
            return Ok(constant);
        }
        if matches!(interest.method, InterestMethod::Free) {
            return Ok(Ratio::ZERO);
        }
        self.ratio(interest.rate, span.start, span.end, span)
    }

    /// The interest that one unit bears at `rate` from `from` to `to` inside a period.
    pub(crate) fn ratio(
        &self,
        rate: Rate,
        from: NaiveDate,
        to: NaiveDate,
        span: Span,
    ) -> Result<Ratio, ScheduleError> {
        let times = self.multiplier(rate.per, from, to, span)?;
        self.grow(rate, times)
    }

    /// How many charge periods lie between two dates of a period.
    pub(crate) fn multiplier(
        &self,
        per: ChargeFrequency,
        from: NaiveDate,
        to: NaiveDate,
        span: Span,
    ) -> Result<Ratio, ScheduleError> {
        let overflow = || ScheduleError::overflow("the length of a period");
        if matches!(per, ChargeFrequency::WholeTerm) {
            let share = share(from, to, span);
            let each = Ratio {
                num: 1,
                den: i128::from(self.terms.instalments.max(1)),
            };
            return share.checked_mul(each).ok_or_else(overflow);
        }
        let (years, days) = match self.terms.interest.days {
            InterestDays::Counted => self.counted_piece(from, to, span)?,
            _ => self.nominal_piece(from, to, span)?,
        };
        let divided = |days: Ratio, by: u32| {
            days.checked_mul(Ratio {
                num: 1,
                den: i128::from(by.max(1)),
            })
        };
        match per {
            ChargeFrequency::Year | ChargeFrequency::WholeTerm => Some(years),
            ChargeFrequency::Month => years.checked_mul(Ratio::of_integer(12)),
            ChargeFrequency::FourWeeks => divided(days, 28),
            ChargeFrequency::Week => divided(days, 7),
            ChargeFrequency::Day => Some(days),
            ChargeFrequency::Days(count) => divided(days, count),
        }
        .ok_or_else(overflow)
    }

    /// The periodic rate of the closed form: the nominal length of a period at `rate`.
    pub(crate) fn nominal_rate(&self, rate: Rate) -> Result<Ratio, ScheduleError> {
        if matches!(self.terms.interest.method, InterestMethod::Free) {
            return Ok(Ratio::ZERO);
        }
        let Some((years, days)) = self.nominal else {
            return Err(no_periodicity(
                "the closed form of equal instalments",
                self.terms,
            ));
        };
        let overflow = || ScheduleError::overflow("the periodic rate");
        let part = |num: Ratio, den: i128| num.checked_mul(Ratio { num: 1, den });
        let times = match rate.per {
            ChargeFrequency::Year => Some(years),
            ChargeFrequency::Month => years.checked_mul(Ratio::of_integer(12)),
            ChargeFrequency::FourWeeks => part(days, 28),
            ChargeFrequency::Week => part(days, 7),
            ChargeFrequency::Day => Some(days),
            ChargeFrequency::Days(count) => part(days, count.max(1).into()),
            ChargeFrequency::WholeTerm => part(Ratio::ONE, self.terms.instalments.max(1).into()),
        };
        self.grow(rate, times.ok_or_else(overflow)?)
    }

    /// As [`Charging::nominal_rate`], with the nominal days over the year of the day count.
    pub(crate) fn nominal_rate_by_days(&self, rate: Rate) -> Result<Ratio, ScheduleError> {
        let (ChargeFrequency::Year, Some((_, days))) = (rate.per, self.nominal) else {
            return self.nominal_rate(rate);
        };
        let year = Ratio {
            num: 1,
            den: year_days(self.terms.interest.day_count).into(),
        };
        let years = days.checked_mul(year);
        self.grow(
            rate,
            years.ok_or_else(|| ScheduleError::overflow("the periodic rate"))?,
        )
    }

    /// The periodic rate that a formula for equal instalments takes instead of counted days.
    pub(crate) fn formula_rate(
        &self,
        formula: AnnuityFormula,
        rate: Rate,
    ) -> Result<Ratio, ScheduleError> {
        match formula {
            AnnuityFormula::ClosedFormByDays => self.nominal_rate_by_days(rate),
            _ => self.nominal_rate(rate),
        }
    }

    /// Linear or effective growth of one unit.
    fn grow(&self, rate: Rate, times: Ratio) -> Result<Ratio, ScheduleError> {
        let overflow = || ScheduleError::overflow("the interest of a period");
        let of_one = fraction_of(rate.percent);
        let ratio = match self.terms.interest.growth {
            InterestGrowth::Simple => of_one.checked_mul(times).ok_or_else(overflow)?,
            InterestGrowth::Compound => {
                let base = of_one
                    .to_decimal()
                    .and_then(|rate| rate.checked_add(Decimal::ONE))
                    .ok_or_else(overflow)?;
                let grown = power(base, times)
                    .and_then(|grown| grown.checked_sub(Decimal::ONE))
                    .ok_or_else(overflow)?;
                Ratio::of_decimal(grown)
            }
        };
        match self.terms.rounding.significant_digits {
            None => Ok(ratio),
            Some(digits) => {
                let value = ratio.to_decimal().ok_or_else(overflow)?;
                let kept = significant(value, digits).ok_or_else(overflow)?;
                Ok(Ratio::of_decimal(kept))
            }
        }
    }

    fn counted_piece(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        span: Span,
    ) -> Result<(Ratio, Ratio), ScheduleError> {
        let mut context = self.context;
        if matches!(self.terms.interest.day_count, DayCount::ActActIcma) {
            context.coupon = Some(self.coupon(span)?);
        }
        let day_count = self.terms.interest.day_count;
        let fraction = day_count.fraction(from, to, &context)?;
        let days = match day_count {
            DayCount::Thirty360Us
            | DayCount::Thirty360BondBasis
            | DayCount::Thirty360E
            | DayCount::Thirty360EIsda
            | DayCount::Thirty360EPlus
            | DayCount::Nl365
            | DayCount::Bus252 => fraction.numerator(),
            _ => days_between(from, to),
        };
        let years = Ratio {
            num: fraction.numerator().into(),
            den: fraction.denominator().into(),
        };
        Ok((years, Ratio::of_integer(days)))
    }

    fn nominal_piece(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        span: Span,
    ) -> Result<(Ratio, Ratio), ScheduleError> {
        let overflow = || ScheduleError::overflow("the length of a period");
        let Some((mut years, mut days)) = self.nominal else {
            return Err(no_periodicity("interest by nominal periods", self.terms));
        };
        if let Some(extra) = self.first_extra(span) {
            let year = year_days(self.terms.interest.day_count);
            years = years
                .checked_add(Ratio {
                    num: extra.into(),
                    den: year.into(),
                })
                .ok_or_else(overflow)?;
            days = days
                .checked_add(Ratio::of_integer(extra))
                .ok_or_else(overflow)?;
        }
        if matches!(self.terms.non_working_days, NonWorkingDayRule::Extend) {
            let steps = Ratio::of_integer(self.steps(span));
            years = years.checked_mul(steps).ok_or_else(overflow)?;
            days = days.checked_mul(steps).ok_or_else(overflow)?;
        }
        if from == span.start && to == span.end {
            return Ok((years, days));
        }
        let share = share(from, to, span);
        let years = years.checked_mul(share).ok_or_else(overflow)?;
        Ok((years, days.checked_mul(share).ok_or_else(overflow)?))
    }

    /// Days by which the first period is longer than a nominal one (negative: shorter).
    fn first_extra(&self, span: Span) -> Option<i64> {
        let odd = !matches!(self.terms.first_due, FirstDue::AfterOnePeriod)
            || matches!(self.terms.due_dates, DueDateRule::FixedDaysOfMonth { .. });
        if span.number != 1 || !odd {
            return None;
        }
        let month_end = match &self.terms.due_dates {
            DueDateRule::Interval { month_end, .. }
            | DueDateRule::FixedDaysOfMonth { month_end, .. } => *month_end,
            _ => crate::dates::MonthEnd::Clamp,
        };
        let regular = self.terms.due_dates.periodicity()?;
        let expected = regular.after(span.start, 1, month_end)?;
        Some(days_between(expected, span.end))
    }

    /// How many regular periods a period of an extended schedule spans.
    fn steps(&self, span: Span) -> u32 {
        let Some(regular) = self.terms.due_dates.periodicity() else {
            return 1;
        };
        let mut steps = 1_u32;
        while let Some(date) = regular.after(span.start, steps, crate::dates::MonthEnd::Clamp)
            && date < span.end
            && days_between(date, span.end) > 3
        {
            steps = steps.saturating_add(1);
        }
        steps
    }

    /// The regular coupon period of ICMA fractions.
    fn coupon(&self, span: Span) -> Result<CouponPeriod, ScheduleError> {
        let none = || no_periodicity("ACT/ACT ICMA", self.terms);
        let regular = self.terms.due_dates.periodicity().ok_or_else(none)?;
        let per_year = match regular {
            Period::Months(_) | Period::Years(_) => {
                12_u32.checked_div(regular.months().unwrap_or(0))
            }
            Period::Weeks(_) | Period::Days(_) => 365_u32.checked_div(regular.days().unwrap_or(0)),
        };
        let per_year = u16::try_from(per_year.unwrap_or(0)).unwrap_or(u16::MAX);
        let start = if span.number == 1 {
            regular.before(span.end, 1).ok_or_else(none)?
        } else {
            span.start
        };
        Ok(CouponPeriod {
            start,
            end: span.end,
            per_year,
        })
    }

    /// The unrounded interest of a piece, in units, as a ratio.
    pub(crate) fn interest(&self, piece: &Piece, span: Span) -> Result<Ratio, ScheduleError> {
        self.interest_of(piece, span, 1)
    }

    /// As [`Charging::interest`], for a balance counted in parts of a unit.
    pub(crate) fn interest_of(
        &self,
        piece: &Piece,
        span: Span,
        parts: i128,
    ) -> Result<Ratio, ScheduleError> {
        let overflow = || ScheduleError::overflow("the interest of a period");
        if piece.free || piece.balance == 0 {
            return Ok(Ratio::ZERO);
        }
        let Pricing::TieredByBalance { tiers, part } = &self.terms.interest.pricing else {
            let ratio = self.ratio(piece.rate, piece.from, piece.to, span)?;
            let balance = Ratio {
                num: piece.balance,
                den: parts,
            };
            return ratio.checked_mul(balance).ok_or_else(overflow);
        };
        let unit = self.unit.checked_mul(parts).ok_or_else(overflow)?;
        let per = piece.rate.per;
        let mut sum = Ratio::ZERO;
        let mut below = 0_i128;
        for tier in tiers {
            let top = match tier.up_to {
                None => i128::MAX,
                Some(top) => {
                    mul_div(unit, Ratio::of_decimal(top), Rounding::Floor).ok_or_else(overflow)?
                }
            };
            let base = match part {
                TierPart::WholeBalance if piece.balance <= top => piece.balance,
                TierPart::WholeBalance => continue,
                TierPart::InsideTier => piece.balance.min(top).saturating_sub(below),
            };
            let percent = tier.percent;
            let ratio = self.ratio(Rate { percent, per }, piece.from, piece.to, span)?;
            sum = ratio
                .checked_mul(Ratio {
                    num: base,
                    den: parts,
                })
                .and_then(|part| sum.checked_add(part))
                .ok_or_else(overflow)?;
            if piece.balance <= top {
                break;
            }
            below = top;
        }
        Ok(sum)
    }
}

/// `percent / 100`.
fn fraction_of(percent: Decimal) -> Ratio {
    let ratio = Ratio::of_decimal(percent);
    Ratio {
        num: ratio.num,
        den: ratio.den.saturating_mul(100),
    }
    .reduced()
}

pub(crate) fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    TimeDelta::num_days(&to.signed_duration_since(from))
}

/// The part of a period that lies between two dates, by actual days.
fn share(from: NaiveDate, to: NaiveDate, span: Span) -> Ratio {
    if from == span.start && to == span.end {
        return Ratio::ONE;
    }
    Ratio {
        num: days_between(from, to).into(),
        den: i128::from(days_between(span.start, span.end)).max(1),
    }
}

/// A value kept to so many significant digits, half-even.
pub(crate) fn significant(value: Decimal, digits: u8) -> Option<Decimal> {
    value.round_sf_with_strategy(digits.into(), RoundingStrategy::MidpointNearestEven)
}

/// The year that days are divided by when a period has a nominal number of days.
const fn year_days(day_count: DayCount) -> u32 {
    match day_count {
        DayCount::Act364 => 364,
        DayCount::Act360
        | DayCount::Thirty360Us
        | DayCount::Thirty360BondBasis
        | DayCount::Thirty360E
        | DayCount::Thirty360EIsda
        | DayCount::Thirty360EPlus => 360,
        DayCount::Bus252 => 252,
        _ => 365,
    }
}

/// The nominal length of one period: in years, and in days with months of 30.
fn nominal_length(terms: &ScheduleTerms) -> Option<(Ratio, Ratio)> {
    let (years, days) = calendar_length(terms)?;
    if matches!(terms.interest.days, InterestDays::ThirtyDayMonths) {
        let year = Ratio {
            num: 1,
            den: year_days(terms.interest.day_count).into(),
        };
        return Some((days.checked_mul(year)?, days));
    }
    Some((years, days))
}

/// The same with a month as a twelfth.
fn calendar_length(terms: &ScheduleTerms) -> Option<(Ratio, Ratio)> {
    if let DueDateRule::FixedDaysOfMonth { days, .. } = &terms.due_dates {
        let count = i128::try_from(days.len()).ok()?;
        let years = Ratio {
            num: 1,
            den: count.checked_mul(12)?,
        };
        return Some((
            years,
            Ratio {
                num: 30,
                den: count,
            },
        ));
    }
    let regular = terms.due_dates.periodicity()?;
    match (regular.months(), regular.days()) {
        (Some(months), _) => Some((
            Ratio {
                num: months.into(),
                den: 12,
            },
            Ratio::of_integer(i128::from(months).checked_mul(30)?),
        )),
        (None, days) => {
            let days = i128::from(days?);
            let year = i128::from(year_days(terms.interest.day_count));
            Some((
                Ratio {
                    num: days,
                    den: year,
                },
                Ratio::of_integer(days),
            ))
        }
    }
}

fn no_periodicity(needs: &'static str, terms: &ScheduleTerms) -> ScheduleError {
    ScheduleError::NoPeriodicity {
        needs,
        given: format!("{:?}", terms.due_dates),
    }
}

/// The dated rates: the contract's changes, or the reviews of an index.
fn rate_line(
    terms: &ScheduleTerms,
    disbursed_on: NaiveDate,
    last_due: NaiveDate,
) -> Result<Vec<(NaiveDate, Rate)>, ScheduleError> {
    let interest = &terms.interest;
    let Pricing::Indexed {
        index,
        review,
        floor,
        ceiling,
    } = &interest.pricing
    else {
        let changes = interest.changes.iter();
        return Ok(changes.map(|change| (change.from, change.rate)).collect());
    };
    let mut line = Vec::new();
    let mut at = disbursed_on;
    let mut count = 0_u32;
    while at < last_due {
        let value = index.iter().take_while(|value| value.from <= at).last();
        let Some(value) = value else {
            return Err(setting(
                "interest.pricing",
                format!("no index value on {at}"),
                "the index must have a value on the disbursement date",
            ));
        };
        let sum = value.percent.checked_add(interest.rate.percent);
        let mut percent = sum.ok_or_else(|| ScheduleError::overflow("the index rate"))?;
        percent = floor.map_or(percent, |floor| percent.max(floor));
        percent = ceiling.map_or(percent, |ceiling| percent.min(ceiling));
        let rate = Rate {
            percent,
            per: interest.rate.per,
        };
        if line.last().is_none_or(|(_, before)| *before != rate) {
            line.push((at, rate));
        }
        count = count.saturating_add(1);
        let next = review.after(disbursed_on, count, crate::dates::MonthEnd::Clamp);
        at = match next {
            Some(next) if next > at => next,
            _ => break,
        };
    }
    Ok(line)
}
