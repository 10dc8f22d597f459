//! From rate, day count and dates to the interest of one unit of money over a piece of a period.

use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate, TimeDelta};
use ledger::Rounding;
use rust_decimal::{Decimal, RoundingStrategy};

mod length;
mod line;

use length::{no_periodicity, nominal_length, share, year_days, years_differ};
use line::rate_line;

use super::{
    AnnuityFormula, ChargeFrequency, InterestDays, InterestGrowth, InterestMethod, OddFirstPeriod,
    Pricing, Rate, ScheduleError, ScheduleTerms, TierPart,
    exact::{Ratio, mul_div, mul_div_short},
    power::power,
};
use crate::{
    dates::{Calendar, NonWorkingDayRule},
    day_count::{DayCount, DayCountContext},
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
        let alike = !matches!(interest.days, InterestDays::Counted)
            && !years_differ(terms)
            && interest.odd_first_period != OddFirstPeriod::PeriodsAndShare;
        if charging.plain && !extends && alike {
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

    /// The interest that one unit bears over plain periods, asked for one after the other.
    pub(crate) fn plain_ratios(&self) -> PlainRatios<'_, 'a> {
        let year = match self.terms.interest.day_count {
            _ if !self.by_days => None,
            DayCount::Act365Fixed => Some(365),
            DayCount::Act360 => Some(360),
            DayCount::Act364 => Some(364),
            _ => None,
        };
        let daily = || {
            let den = i64::try_from(self.base.den).ok()?;
            let num = i64::try_from(self.base.num).ok()?;
            // A period is shorter than 2^29 days.
            (num.unsigned_abs() < 1 << 34).then_some(())?;
            Some((num, den.checked_mul(year?)?))
        };
        PlainRatios {
            charging: self,
            daily: daily(),
        }
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

/// See [`Charging::plain_ratios`]: where days are counted over a fixed year, the denominator stays
/// the same.
pub(crate) struct PlainRatios<'c, 'a> {
    charging: &'c Charging<'a>,
    /// The rate of a day, as a ratio.
    daily: Option<(i64, i64)>,
}

impl PlainRatios<'_, '_> {
    /// The interest that an amount bears over a period, rounded once.
    #[inline]
    pub(crate) fn interest(
        &self,
        amount: i128,
        span: Span,
        mode: Rounding,
    ) -> Result<i128, ScheduleError> {
        let ratio = match self.daily {
            Some((num, den)) => {
                let num = num.wrapping_mul(days_between(span.start, span.end));
                if let Some(interest) = mul_div_short(amount, num, den, mode) {
                    return Ok(interest);
                }
                Ratio {
                    num: num.into(),
                    den: den.into(),
                }
            }
            None => self.charging.plain_ratio(span)?,
        };
        mul_div(amount, ratio, mode)
            .ok_or_else(|| ScheduleError::overflow("the interest of a period"))
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

/// Days from one date to another. Most lie in one year or in two that follow one another, where
/// days of the year are enough.
#[inline]
pub(crate) fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    let days = i64::from(to.ordinal()).wrapping_sub(from.ordinal().into());
    match to.year().wrapping_sub(from.year()) {
        0 => days,
        1 => days.wrapping_add(if from.leap_year() { 366 } else { 365 }),
        _ => TimeDelta::num_days(&to.signed_duration_since(from)),
    }
}

/// A value kept to so many significant digits, half-even.
pub(crate) fn significant(value: Decimal, digits: u8) -> Option<Decimal> {
    value.round_sf_with_strategy(digits.into(), RoundingStrategy::MidpointNearestEven)
}
