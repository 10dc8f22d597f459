//! Figures of the sample disclosures of a US mortgage. An example names the figure; the loan stands
//! in the source in brackets, `(162,000, 30 y, 3.875%, sale price 180,000, PMI 82.35)`, and what
//! belongs to one figure alone in its note.

use ledger::Currency;
use lending_core::{
    cost::{
        Flow,
        apr::{percent, regulation_z_apr},
        tvm::{self, Due},
    },
    dates::{Calendar, Period},
    schedule::{InterestDays, Rate, Schedule, ScheduleTerms, generate},
};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use serde_json::Value;

use super::super::{Outcome, Verdict, values};

const TWELVE: Decimal = Decimal::from_parts(12, 0, 0, false, 0);
/// The balance below which mortgage insurance ends, as a part of the price.
const INSURED: Decimal = Decimal::from_parts(78, 0, 0, false, 2);

struct Loan {
    principal: Decimal,
    months: u32,
    rate: Decimal,
    price: Decimal,
    insurance: Decimal,
}

/// Checks one figure.
pub(super) fn check(figure: &str, case: &Value) -> Outcome {
    let loan = Loan::stated(values::text(values::field(case, "source")?)?)?;
    let note = values::text(values::field(case, "note")?)?;
    let got = match figure {
        "principal repaid in 5 years" => loan.in_five_years(|row| row.principal)?,
        "paid in 5 years" => {
            let paid = loan.in_five_years(|row| row.total)?;
            let insured = loan.insured_months()?.min(60);
            let costs = after(note, "loan costs")? + after(note, "prepaid interest")?;
            paid + loan.insurance * Decimal::from(insured) + costs
        }
        "per-diem interest" => loan.a_day(after(note, "uses /")?),
        "mortgage insurance payments until 78% LTV" => loan.insured_months()?.into(),
        "finance charge" => loan.finance_charge()?,
        "total of payments" => {
            let prepaid = after(note, "prepaid interest")?;
            loan.payments()? + after(note, "loan costs")? + prepaid
        }
        "TIP percent (CD)" => {
            // Sixteen days of interest are prepaid, as the total of payments states.
            let sixteen = money(loan.a_day(Decimal::from(360))) * Decimal::from(16);
            let interest = loan.schedule()?.totals().interest + sixteen;
            interest / loan.principal * Decimal::ONE_HUNDRED
        }
        "APR (CD)" => {
            let financed = after(note, "amount financed")?;
            let flows = loan.regular_flows(financed, after(note, "MI")?)?;
            let rate = regulation_z_apr(&flows, TWELVE).map_err(|refusal| refusal.to_string())?;
            percent(rate, 8).map_err(|refusal| refusal.to_string())?
        }
        other => return Err(Verdict::Skip(format!("disclosure {other}"))),
    };
    let expected = values::decimal(values::field(case, "expected")?)?;
    let places = values::decimal(values::field(case, "decimals")?)?.to_u32();
    Ok(values::same_at(figure, expected, got, places.unwrap_or(2))?)
}

fn money(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// A number as it stands in a text, with commas between thousands.
fn number(text: &str) -> Result<Decimal, String> {
    let digits: String = text
        .trim()
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        .filter(|c| *c != ',')
        .collect();
    values::parse_decimal(digits.trim_end_matches('.'))
}

/// The number that follows words in a text.
fn after(text: &str, words: &str) -> Result<Decimal, String> {
    let digits = |rest: &str| rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let mut rests = text.match_indices(words);
    let rest = rests.find_map(|(at, _)| text.get(at + words.len()..).filter(|rest| digits(rest)));
    match rest {
        Some(rest) => number(rest),
        // "16 days prepaid interest 279.04" and "prepaid interest 262" both follow; an amount that
        // is not given at all is an error of the case.
        None => Err(format!("cannot read the case: no amount after {words:?}")),
    }
}

impl Loan {
    fn stated(source: &str) -> Result<Self, String> {
        let inside = source
            .rsplit_once('(')
            .and_then(|(_, rest)| rest.split_once(')'));
        let (inside, _) = inside.ok_or("cannot read the case: no loan in the source")?;
        let mut parts = inside.split(", ");
        let mut next = || parts.next().ok_or("cannot read the case: a short loan");
        let principal = number(next()?)?;
        let years = number(next()?)?
            .to_u32()
            .ok_or("cannot read the case: years")?;
        Ok(Self {
            principal,
            months: years * 12,
            rate: number(next()?)?,
            price: after(next()?, "sale price")?,
            insurance: after(next()?, "PMI")?,
        })
    }

    fn schedule(&self) -> Result<Schedule, String> {
        let rate = Rate::per_year(self.rate);
        let mut terms = ScheduleTerms::new(self.months, Period::Months(1), rate);
        terms.interest.days = InterestDays::Nominal;
        let usd = Currency::from_code("USD").map_err(|refusal| refusal.to_string())?;
        let start = values::parse_date("2013-05-01")?;
        generate(&terms, self.principal, usd, start, &Calendar::default())
            .map_err(|refusal| format!("refused: {refusal}"))
    }

    fn in_five_years(
        &self,
        part: impl Fn(&lending_core::schedule::Instalment) -> Decimal,
    ) -> Result<Decimal, String> {
        let schedule = self.schedule()?;
        Ok(schedule.instalments.iter().take(60).map(part).sum())
    }

    /// One day's interest in a year of so many days.
    fn a_day(&self, year: Decimal) -> Decimal {
        self.principal * self.rate / Decimal::ONE_HUNDRED / year
    }

    /// The payment whose balance first is at or below the insured part of the price.
    fn insured_months(&self) -> Result<u32, String> {
        let limit = self.price * INSURED;
        let schedule = self.schedule()?;
        let mut rows = schedule.instalments.iter();
        let row = rows.find(|row| row.balance_after <= limit);
        row.map(|row| row.number)
            .ok_or_else(|| "the balance never falls to the insured part".to_owned())
    }

    /// The level payment before it is rounded to cents.
    fn level(&self) -> Result<Decimal, String> {
        let rate = self.rate / Decimal::from(1200);
        tvm::pmt(rate, self.months, -self.principal, Decimal::ZERO, Due::End)
            .map_err(|refusal| refusal.to_string())
    }

    /// All level payments, unrounded, and all of the insurance.
    fn payments(&self) -> Result<Decimal, String> {
        let insurance = self.insurance * Decimal::from(self.insured_months()?);
        Ok(self.level()? * Decimal::from(self.months) + insurance)
    }

    /// Interest, insurance and prepaid interest.
    fn finance_charge(&self) -> Result<Decimal, String> {
        Ok(self.payments()? - self.principal)
    }

    /// Unit-periods of a month with a regular first one.
    fn regular_flows(&self, financed: Decimal, insured: Decimal) -> Result<Vec<Flow>, String> {
        let level = money(self.level()?);
        let mut flows: Vec<Flow> = vec![(Decimal::ZERO, -financed).into()];
        for month in 1..=self.months {
            let month = Decimal::from(month);
            let insurance = if month <= insured {
                self.insurance
            } else {
                Decimal::ZERO
            };
            flows.push((month, level + insurance).into());
        }
        Ok(flows)
    }
}
