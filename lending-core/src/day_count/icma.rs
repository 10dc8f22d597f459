//! ACT/ACT ICMA: each regular coupon period is one part of the year, whatever its days.

use chrono::{Datelike, Months, NaiveDate};

use super::{CouponPeriod, DayCountError, Fraction, actual::days};

/// Cuts `start..end` at the notional coupon dates and adds the parts.
pub(super) fn fraction(
    start: NaiveDate,
    end: NaiveDate,
    coupon: Option<CouponPeriod>,
) -> Result<Fraction, DayCountError> {
    let coupon = coupon.ok_or(DayCountError::MissingCouponPeriod)?;
    let refuse = |reason| DayCountError::CouponPeriod {
        given: coupon,
        reason,
    };
    if coupon.end <= coupon.start || coupon.per_year == 0 {
        return Err(refuse(
            "the end must be after the start and the frequency above zero",
        ));
    }
    if coupon.start <= start && end <= coupon.end {
        return Ok(part(start, end, coupon.start, coupon.end, coupon.per_year));
    }
    let grid = Grid::new(coupon)
        .ok_or_else(|| refuse("outside of its own period the frequency must divide 12"))?;
    let out_of_range = DayCountError::OutOfRange { start, end };
    let first = grid.period_of(start).ok_or(out_of_range)?;
    let last = grid.period_of(end).ok_or(out_of_range)?;
    let at = |index: i64| grid.date(index).ok_or(out_of_range);
    let (first_start, first_end) = (at(first)?, at(first.saturating_add(1))?);
    if first == last {
        return Ok(part(start, end, first_start, first_end, coupon.per_year));
    }
    let (last_start, last_end) = (at(last)?, at(last.saturating_add(1))?);
    let whole = last.saturating_sub(first).saturating_sub(1);
    let head = part(start, first_end, first_start, first_end, coupon.per_year);
    let tail = part(last_start, end, last_start, last_end, coupon.per_year);
    Fraction::raw(whole, i64::from(coupon.per_year))
        .checked_add(head)
        .and_then(|sum| sum.checked_add(tail))
        .ok_or(out_of_range)
}

/// Days of one coupon period over (its length × periods in a year).
fn part(
    from: NaiveDate,
    to: NaiveDate,
    start: NaiveDate,
    end: NaiveDate,
    per_year: u16,
) -> Fraction {
    let length = days(start, end).saturating_mul(i64::from(per_year));
    Fraction::raw(days(from, to), length)
}

/// The notional coupon dates: 0 is the given start, 1 the given end, the others count in whole
/// coupon periods back from the start and on from the end. Where both given dates are the last
/// of their months, so are all the others.
struct Grid {
    coupon: CouponPeriod,
    months: u32,
    month_end: bool,
}

impl Grid {
    fn new(coupon: CouponPeriod) -> Option<Self> {
        let per_year = u32::from(coupon.per_year);
        if 12_u32.checked_rem(per_year) != Some(0) {
            return None;
        }
        Some(Self {
            coupon,
            months: 12_u32.checked_div(per_year)?,
            month_end: is_month_end(coupon.start) && is_month_end(coupon.end),
        })
    }

    fn date(&self, index: i64) -> Option<NaiveDate> {
        let steps = |count: i64| {
            let count = u32::try_from(count).ok()?;
            Some(Months::new(count.checked_mul(self.months)?))
        };
        let date = if index <= 0 {
            self.coupon
                .start
                .checked_sub_months(steps(index.checked_neg()?)?)?
        } else {
            self.coupon
                .end
                .checked_add_months(steps(index.checked_sub(1)?)?)?
        };
        if self.month_end {
            last_of_month(date)
        } else {
            Some(date)
        }
    }

    /// The index `i` with `date(i) <= day < date(i + 1)`.
    fn period_of(&self, day: NaiveDate) -> Option<i64> {
        let anchor = if day < self.coupon.end {
            self.coupon.start
        } else {
            self.coupon.end
        };
        let months = month_number(day).checked_sub(month_number(anchor))?;
        let mut index = months.div_euclid(i64::from(self.months));
        if anchor == self.coupon.end {
            index = index.checked_add(1)?;
        }
        while self.date(index)? > day {
            index = index.checked_sub(1)?;
        }
        while self.date(index.checked_add(1)?)? <= day {
            index = index.checked_add(1)?;
        }
        Some(index)
    }
}

fn month_number(date: NaiveDate) -> i64 {
    i64::from(date.year())
        .saturating_mul(12)
        .saturating_add(i64::from(date.month0()))
}

fn is_month_end(date: NaiveDate) -> bool {
    date.succ_opt()
        .is_none_or(|next| next.month() != date.month())
}

fn last_of_month(date: NaiveDate) -> Option<NaiveDate> {
    date.with_day(u32::from(date.num_days_in_month()))
}
