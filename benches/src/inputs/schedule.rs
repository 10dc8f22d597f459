//! Schedules, and the bare loops that stand beside them.

use chrono::NaiveDate;
use ledger::Rounding;
use lending_core::{
    dates::{NonWorkingDayRule, Period},
    schedule::{Amortization, AnnuityFormula, Equalise, InterestMethod, Rate, ScheduleTerms},
};
use rust_decimal::{Decimal, dec};

/// Instalments of the long schedule.
pub const ROWS: u32 = 360;

/// 200000.00 at 5.99 % over 360 months; the equal instalment is 1197.82.
pub const PRINCIPAL: Decimal = dec!(200000);
const INSTALMENT_CENTS: i128 = 119_782;

/// The day of disbursement: a month end, so that due dates are clamped.
#[must_use]
pub fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 31).unwrap_or_default()
}

/// Interest half-even on cents with a twelfth of the rate, nothing else: what a row must cost.
pub fn bare_integers(principal: i128, num: i128, den: i128, rows: &mut Vec<[i128; 3]>) {
    let mut balance = principal;
    for row in 0..ROWS {
        let product = balance * num;
        let (quotient, rest) = (product / den, product % den);
        let twice = rest * 2;
        let up = twice > den || (twice == den && quotient & 1 == 1);
        let interest = quotient + i128::from(up);
        let paid = if row + 1 == ROWS {
            balance
        } else {
            INSTALMENT_CENTS - interest
        };
        balance -= paid;
        rows.push([paid, interest, balance]);
    }
}

/// The same on decimals.
pub fn bare_decimals(principal: Decimal, rate: Decimal, rows: &mut Vec<[Decimal; 3]>) {
    let instalment = dec!(1197.82);
    let mut balance = principal;
    for row in 0..ROWS {
        let interest = Rounding::HalfEven.round(balance * rate, 2);
        let paid = if row + 1 == ROWS {
            balance
        } else {
            instalment - interest
        };
        balance -= paid;
        rows.push([paid, interest, balance]);
    }
}

/// Monthly equal instalments at 5.99 %, actual days over 365.
#[must_use]
pub fn terms(count: u32) -> ScheduleTerms {
    let rate = Rate::per_year(dec!(5.99));
    let mut terms = ScheduleTerms::new(count, Period::Months(1), rate);
    terms.rounding.mode = Rounding::HalfEven;
    terms
}

/// Equal instalments by the product of the period factors.
#[must_use]
pub const fn factor_form() -> Amortization {
    Amortization::EqualInstalments {
        formula: AnnuityFormula::Factor,
        equalise: Equalise::LastTakesRest,
        amount: None,
    }
}

/// What a lender's book looks like: short flat loans, a year of equal instalments, weekly loans.
#[must_use]
pub fn book() -> [ScheduleTerms; 3] {
    let mut flat = ScheduleTerms::new(6, Period::Months(1), Rate::per_month(dec!(2)));
    flat.interest.method = InterestMethod::Flat;
    let year = ScheduleTerms {
        amortization: factor_form(),
        non_working_days: NonWorkingDayRule::Next,
        ..ScheduleTerms::new(12, Period::Months(1), Rate::per_year(dec!(24)))
    };
    let weekly = ScheduleTerms {
        amortization: Amortization::equal_principal(),
        ..ScheduleTerms::new(24, Period::Weeks(1), Rate::per_year(dec!(36)))
    };
    [flat, year, weekly]
}
