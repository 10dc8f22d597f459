//! What a contract may not say. Everything wrong is found, not only the first.

use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};

use rust_decimal::Decimal;

use super::{
    ChargesInMinimum, CreditLineTerms, InterestGrace, LineFee, LineFeeAmount, LineFeeTrigger,
    MinimumRule, PaymentDue, RevolvingError, TermsViolation, TermsViolations,
};
use crate::{
    dates::{DueDateRule, FirstDue, NonWorkingDayRule, Period},
    loan::{ArrearsTerms, delinquency},
    schedule::{Amortization, AnnuityFormula, InterestMethod, Pricing, ScheduleTerms},
};

use super::DrawSpread;

/// With a grace, a statement must be payable before the next is made, shift of days off included.
const MOST_DAYS_WITH_GRACE: u16 = 20;

struct Findings(Vec<TermsViolation>);

impl Findings {
    fn add(&mut self, code: u16, field: &'static str, given: impl ToString, allowed: &'static str) {
        let given = given.to_string();
        self.0.push(TermsViolation {
            code,
            field,
            given,
            allowed,
        });
    }
}

impl CreditLineTerms {
    /// Checks every setting by itself and beside the others.
    ///
    /// | code | what is refused |
    /// |---|---|
    /// | 3151 | an amount that is not positive, or has more decimals than the currency |
    /// | 3152 | a percentage outside of its range |
    /// | 3153 | interest settings that need an original principal, instalments or an index |
    /// | 3154 | interest settings that no schedule accepts |
    /// | 3155 | statements on explicit dates, or by a rule that reaches no next date |
    /// | 3156 | a due day, or days to pay, outside of their range |
    /// | 3157 | due dates that extend a schedule |
    /// | 3158 | a floor above the ceiling |
    /// | 3159 | settings of the minimum that contradict each other |
    /// | 3160 | draw instalments outside of 1 to 360 |
    /// | 3161 | an allocation that does not name each element once |
    /// | 3162 | arrears settings outside of their range |
    /// | 3163 | two fees of one name |
    /// | 3164 | a fee whose amount does not fit its trigger |
    /// | 3165 | a least draw above the most |
    /// | 3166 | terms of an index that contradict each other, or go with tiers |
    ///
    /// # Errors
    /// [`RevolvingError::Terms`] with everything that is wrong.
    pub fn validate(&self) -> Result<(), RevolvingError> {
        let mut found = Findings(Vec::new());
        self.money(&mut found, "limit", self.limit);
        for (field, draw) in [
            ("least_draw", self.least_draw),
            ("most_draw", self.most_draw),
        ] {
            if let Some(draw) = draw {
                self.money(&mut found, field, draw);
            }
        }
        if let (Some(least), Some(most)) = (self.least_draw, self.most_draw)
            && least > most
        {
            found.add(3165, "least_draw", least, "at most the most");
        }
        self.validate_interest(&mut found);
        self.validate_billing(&mut found);
        self.validate_minimum(&mut found);
        let distinct: BTreeSet<_> = self.allocation.iter().collect();
        if distinct.len() != 4 || self.allocation.len() != 4 {
            let given = format!("{:?}", self.allocation);
            found.add(3161, "allocation", given, "the 4 elements, each once");
        }
        validate_arrears(&self.arrears, &mut found);
        self.validate_fees(&mut found);
        self.validate_extras(&mut found);
        if found.0.is_empty() {
            Ok(())
        } else {
            Err(RevolvingError::Terms(TermsViolations(found.0)))
        }
    }

    fn money(&self, found: &mut Findings, field: &'static str, given: Decimal) {
        let decimals = u32::from(self.currency.minor_units());
        if given <= Decimal::ZERO || given.normalize().scale() > decimals {
            let allowed = "above zero, with the decimals of the currency";
            found.add(3151, field, given, allowed);
        }
    }

    fn validate_extras(&self, found: &mut Findings) {
        if let Some(penalty) = &self.penalty {
            if penalty.daily_percent <= Decimal::ZERO {
                let given = penalty.daily_percent;
                found.add(3152, "penalty.daily_percent", given, "above 0 percent");
            }
            if self.fees.iter().any(|fee| fee.name == penalty.name) {
                found.add(3163, "penalty.name", penalty.name, "a name of its own");
            }
        }
        if let Some(cap) = self.cap.filter(|cap| cap.percent <= Decimal::ZERO) {
            found.add(3152, "cap.percent", cap.percent, "above 0 percent");
        }
        if let Some(index) = &self.index {
            if let Err(error) = index.validate() {
                found.add(3166, "index", error, "a floor below the ceiling, reviews");
            }
            if self.interest.pricing != Pricing::Fixed {
                found.add(3166, "index", "with tiers", "a fixed rate to begin with");
            }
        }
        let taxes = &self.taxes;
        for percent in [
            taxes.interest_percent,
            taxes.fee_percent,
            taxes.penalty_percent,
        ] {
            if let Some(percent) = percent.filter(|percent| *percent < Decimal::ZERO) {
                found.add(3152, "taxes", percent, "0 percent or more");
            }
        }
    }

    fn validate_interest(&self, found: &mut Findings) {
        let interest = &self.interest;
        if interest.method == InterestMethod::Flat {
            let allowed = "DECLINING or FREE: a line has no original principal";
            found.add(3153, "interest.method", "FLAT", allowed);
        }
        if matches!(
            interest.pricing,
            Pricing::TieredByInstalment { .. } | Pricing::Indexed { .. }
        ) {
            let allowed = "FIXED or TIERED_BY_BALANCE: other rates come as rate changes";
            found.add(3153, "interest.pricing", "by instalment or index", allowed);
        }
        if !interest.changes.is_empty() || interest.charged_from.is_some() {
            let allowed = "none: a line's rate changes by transactions";
            found.add(3153, "interest.changes", interest.changes.len(), allowed);
        }
        if let Err(error) = self.schedule(1).validate() {
            let allowed = "settings that a schedule accepts";
            found.add(3154, "interest", error, allowed);
        }
    }

    fn validate_billing(&self, found: &mut Findings) {
        let billing = &self.billing;
        let allowed = "a rule that goes on for ever";
        match &billing.statements {
            DueDateRule::Explicit { .. } => {
                found.add(3155, "billing.statements", "explicit dates", allowed);
            }
            rule => {
                if let Err(error) = rule.validate() {
                    found.add(3155, "billing.statements", error, allowed);
                }
            }
        }
        match billing.due {
            PaymentDue::DayOfMonth { day, .. } if !(1..=31).contains(&day) => {
                found.add(3156, "billing.due.day", day, "1 to 31");
            }
            PaymentDue::DaysAfterStatement(days) if days > 366 => {
                found.add(3156, "billing.due.days", days, "0 to 366");
            }
            PaymentDue::DaysAfterStatement(days)
                if self.grace == InterestGrace::PaidInFull && days > MOST_DAYS_WITH_GRACE =>
            {
                let allowed = "at most 20 with a grace: the next statement needs to know";
                found.add(3156, "billing.due.days", days, allowed);
            }
            _ => {}
        }
        if billing.non_working_days == NonWorkingDayRule::Extend {
            let allowed = "a rule for single dates";
            found.add(3157, "billing.non_working_days", "EXTEND", allowed);
        }
    }

    fn validate_minimum(&self, found: &mut Findings) {
        let minimum = &self.minimum;
        let hundred = Decimal::ONE_HUNDRED;
        match &minimum.rule {
            MinimumRule::Flat(amount) => self.money(found, "minimum.rule", *amount),
            MinimumRule::PercentOfPrincipal(percent) | MinimumRule::PercentOfBalance(percent) => {
                if *percent < Decimal::ZERO || *percent > hundred {
                    found.add(3152, "minimum.rule", percent, "0 to 100 percent");
                }
            }
            MinimumRule::Instalments(plan) => {
                if !(1..=360).contains(&plan.count) {
                    found.add(3160, "minimum.rule.count", plan.count, "1 to 360");
                }
                let bare = minimum.floor.is_none()
                    && minimum.ceiling.is_none()
                    && minimum.charges == ChargesInMinimum::Added;
                if !bare {
                    let allowed = "no floor, no ceiling, charges added: the plan says what is due";
                    found.add(3159, "minimum", "instalments with limits", allowed);
                }
            }
        }
        for (field, given) in [
            ("minimum.floor", minimum.floor),
            ("minimum.ceiling", minimum.ceiling),
        ] {
            if let Some(given) = given {
                self.money(found, field, given);
            }
        }
        if let (Some(floor), Some(ceiling)) = (minimum.floor, minimum.ceiling)
            && floor > ceiling
        {
            found.add(3158, "minimum.floor", floor, "at most the ceiling");
        }
        let counts = minimum.floor_includes_interest || minimum.floor_includes_fees;
        if counts && minimum.charges == ChargesInMinimum::Included {
            let allowed = "only where charges are added to the rule";
            found.add(3159, "minimum.floor_includes", "true", allowed);
        }
    }

    fn validate_fees(&self, found: &mut Findings) {
        let mut names = BTreeSet::new();
        for fee in &self.fees {
            if !names.insert(fee.name) {
                found.add(3163, "fees.name", fee.name, "one fee of each name");
            }
            match &fee.amount {
                LineFeeAmount::Flat(amount) => self.money(found, "fees.amount", *amount),
                percent if percent.figure() <= Decimal::ZERO => {
                    let given = percent.figure();
                    found.add(3152, "fees.amount", given, "above 0 percent");
                }
                _ => {}
            }
            if let Some(allowed) = misfit(fee) {
                found.add(3164, "fees.amount", format!("{:?}", fee.amount), allowed);
            }
        }
    }

    /// The contract as the schedule's arithmetic knows it.
    pub(crate) fn schedule(&self, instalments: u32) -> ScheduleTerms {
        let mut terms = ScheduleTerms::new(instalments, Period::Months(1), self.interest.rate);
        terms.due_dates = self.billing.statements.clone();
        terms.interest = self.interest.clone();
        terms.rounding.mode = self.rounding;
        terms.first_due = FirstDue::AfterOnePeriod;
        if let Some(plan) = self.minimum.instalments() {
            terms.amortization = match plan.spread {
                DrawSpread::EqualPrincipal => Amortization::equal_principal(),
                DrawSpread::EqualInstalments => {
                    Amortization::equal_instalments(AnnuityFormula::default())
                }
            };
        }
        terms
    }
}

/// Why a fee's amount does not fit its trigger.
fn misfit(fee: &LineFee) -> Option<&'static str> {
    let at_draw = matches!(
        fee.when,
        LineFeeTrigger::DeductedFromDraw | LineFeeTrigger::AddedToDraw
    );
    let late = matches!(fee.when, LineFeeTrigger::Arrears | LineFeeTrigger::Default);
    if at_draw && fee.penalty {
        return Some("a fee: what is charged at a draw is no penalty");
    }
    match fee.amount {
        LineFeeAmount::Flat(_) => None,
        LineFeeAmount::PercentOfDraw(_) if !at_draw => Some("a percentage of something else"),
        LineFeeAmount::PercentOfDraw(_) => None,
        _ if at_draw => Some("an amount or a percentage of the draw"),
        LineFeeAmount::PercentOfOverdue(_) if !late => {
            Some("a percentage of what is overdue only on arrears and default")
        }
        _ => None,
    }
}

fn validate_arrears(arrears: &ArrearsTerms, found: &mut Findings) {
    for (field, given) in [
        ("arrears.tolerance_percent", arrears.tolerance_percent),
        ("arrears.tolerance_floor", arrears.tolerance_floor),
    ] {
        if given < Decimal::ZERO {
            found.add(3162, field, given, "zero or more");
        }
    }
    if let Err(error) = delinquency::validate(&arrears.delinquency) {
        found.add(3162, "arrears.delinquency", error, "rising ranges");
    }
    let day: Option<String> = arrears
        .tolerance_day
        .filter(|day| !(1..=31).contains(day))
        .map(|day| day.to_string());
    if let Some(day) = day {
        found.add(3162, "arrears.tolerance_day", day, "1 to 31");
    }
}
