//! What is owed moves to other dates.

use chrono::NaiveDate;
use lending_core::{
    dates::Period,
    loan::{MovedInterest, OverdueInterestMove, Rescheduling, TransactionKind},
};
use serde_json::Value;

use super::{
    super::super::{
        Verdict,
        values::{decimal, field, parse_date, text},
    },
    Loan, Refusal,
};

/// What becomes of open interest.
fn interest_handling(event: &Value) -> Result<&str, Verdict> {
    let said = event.get("interest_handling").filter(|how| !how.is_null());
    Ok(said.map(text).transpose()?.unwrap_or("default"))
}

impl Loan {
    pub(super) fn re_amortise(&mut self, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let interest = match interest_handling(event)? {
            "default" => OverdueInterestMove::NextInstalment,
            "waive_interest" => OverdueInterestMove::Waived,
            "equal_amortization_interest_split" => OverdueInterestMove::Spread,
            other => return Err(Verdict::Skip(format!("re-amortise with {other}")).into()),
        };
        self.record(date, TransactionKind::ReAmortise { interest }, event)
    }

    pub(super) fn re_age(&mut self, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let number = |name: &str| -> Result<u32, Verdict> {
            let number = field(event, name)?.as_u64().and_then(|n| n.try_into().ok());
            Ok(number.ok_or_else(|| format!("cannot read the case: {name}"))?)
        };
        let every = number("every")?;
        let every = match text(field(event, "unit")?)? {
            "months" => Period::Months(every),
            "weeks" => Period::Weeks(every),
            "days" => Period::Days(every),
            "years" => Period::Years(every),
            other => return Err(Verdict::Skip(format!("instalments every {other}")).into()),
        };
        let kind = TransactionKind::ReAge {
            every,
            first_due: parse_date(text(field(event, "start")?)?)?,
            instalments: number("installments")?.try_into().unwrap_or(0),
            interest: match interest_handling(event)? {
                "default" => MovedInterest::StaysDue,
                "equal_amortization_payable_interest" => MovedInterest::SpreadArisen,
                "equal_amortization_full_interest" => MovedInterest::SpreadScheduled,
                other => return Err(Verdict::Skip(format!("re-age with {other}")).into()),
            },
        };
        self.record(date, kind, event)
    }

    pub(super) fn reschedule(&mut self, date: NaiveDate, event: &Value) -> Result<(), Refusal> {
        let new_due = event.get("new_due").map(|due| parse_date(text(due)?));
        let number = |name: &str| {
            let number = event.get(name).and_then(Value::as_u64);
            number.and_then(|n| n.try_into().ok()).unwrap_or(0)
        };
        let percent = event.get("new_annual_rate_pct").map(decimal).transpose()?;
        let change = Rescheduling {
            due: parse_date(text(field(event, "from")?)?)?,
            new_due: new_due.transpose()?,
            principal_grace: number("grace_principal"),
            interest_grace: number("grace_interest"),
            extra_instalments: number("extra_installments").max(number("extra_terms")),
            percent,
        };
        self.record(date, TransactionKind::Reschedule(change), event)
    }
}
