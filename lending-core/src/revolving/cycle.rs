//! What time does: ends of days, of cycles, lateness.
//!
//! Between two transactions something happens only at the end of some days: a statement, a due
//! date under a grace, an anniversary, and every day on which lateness may change what the account
//! costs. All other days are passed over.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{
    Bill, CreditLine, Demand, InterestGrace, LineArrears, LineFee, LineFeeAmount, LineFeeTrigger,
    OverdueInMinimum, PaymentDue, RevolvingError, Status,
    account::{Cycle, CycleInterest, InFull, OwnFee},
    fold::Trace,
    statement::Closing,
};
use crate::{
    dates::{DueDateRule, FirstDue, MonthEnd, NominalDates, Period},
    loan::{
        ArrearsStart, Element, LoanError,
        amounts::{add, mul, sub},
        tax::Taxed,
    },
};

impl CreditLine {
    /// Lets every day up to `to` end.
    pub(crate) fn advance(
        &mut self,
        to: NaiveDate,
        trace: &mut Trace,
    ) -> Result<(), RevolvingError> {
        if to <= self.ended {
            return Ok(());
        }
        while let Some(day) = self.next_event().filter(|day| *day <= to) {
            self.as_of = day;
            self.grow_penalty(day)?;
            self.end_day(day, trace)?;
            self.ended = day;
        }
        self.ended = to;
        self.as_of = to;
        self.grow_penalty(to)?;
        self.count_arrears(to)
    }

    /// The next day at whose end something happens.
    pub(crate) fn next_event(&self) -> Option<NaiveDate> {
        if self.status != Status::Active {
            return None;
        }
        let tomorrow = self.ended.succ_opt()?;
        let settle = self.in_full.map(|in_full| in_full.due.max(tomorrow));
        let late = self
            .demands
            .first()
            .filter(|_| self.lateness_matters())
            .and_then(|demand| demand.due.succ_opt())
            .map(|day| day.max(tomorrow));
        [
            Some(self.cycle.to),
            settle,
            late,
            self.next_anniversary(self.ended),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Whether another day of lateness can change what the account owes or where it stands.
    fn lateness_matters(&self) -> bool {
        let may_default = self.terms.default_after_days.is_some();
        !self.arrears.in_arrears() || (may_default && !self.arrears.in_default())
    }

    fn next_anniversary(&self, after: NaiveDate) -> Option<NaiveDate> {
        self.terms.fees_at(LineFeeTrigger::EveryYear).next()?;
        let start = self.activated_on?;
        let years = u32::try_from(after.year().checked_sub(start.year())?).ok()?;
        (years.max(1)..=years.saturating_add(1))
            .filter_map(|years| Period::Years(1).after(start, years, MonthEnd::Clamp))
            .find(|day| *day > after)
    }

    fn end_day(&mut self, day: NaiveDate, trace: &mut Trace) -> Result<(), RevolvingError> {
        if let Some(before) = day.pred_opt()
            && self.next_anniversary(before) == Some(day)
        {
            self.charge_own_fees(LineFeeTrigger::EveryYear)?;
        }
        if self.in_full.is_some_and(|in_full| in_full.due <= day) {
            self.settle_grace()?;
        }
        self.count_arrears(day)?;
        self.settle_cap()?;
        self.charge_late_fees()?;
        self.use_credit()?;
        if day == self.cycle.to {
            self.end_cycle(trace)?;
        }
        self.count_arrears(day)?;
        self.settle_cap()?;
        self.restretch()
    }

    /// The statement: interest, credit balance, minimum, next cycle.
    fn end_cycle(&mut self, trace: &mut Trace) -> Result<(), RevolvingError> {
        let today = self.as_of;
        if self.cycle.interest == CycleInterest::Open {
            self.settle_grace()?;
        }
        let interest = self.charge_interest()?;
        self.charge_grown_penalty()?;
        self.pauses.retain(|pause| pause.last > today);
        self.use_credit()?;
        let instalments = self.bill_instalments()?;
        let overdue = self.minimum_due()?;
        let bill = self.bill(instalments, overdue)?;
        let terms = self.terms.clone();
        let asked = terms.minimum.due(&bill, |amount| terms.round(amount))?;
        // Nobody is asked for more than his statement said, nor for more than the facts justify.
        let number = self.cycle.number;
        let minimum = self
            .issued_minimum(number)
            .map_or(asked, |told| told.min(asked));
        let due = self.due_date(today)?;
        let open = sub(minimum, overdue)?;
        if open > Decimal::ZERO {
            self.demands.push(Demand {
                statement: number,
                due,
                open,
            });
        }
        self.billed = self.owed;
        let closing = Closing {
            interest,
            minimum,
            overdue: overdue.min(minimum),
            due,
        };
        self.issue(&closing, trace)?;
        self.own_fees.clear();
        self.begin_cycle(today, due)
    }

    /// The figures that today's minimum is found from.
    fn bill(&self, instalments: Decimal, overdue: Decimal) -> Result<Bill, RevolvingError> {
        let new = match self.terms.minimum.overdue {
            OverdueInMinimum::Added => self.owed.minus(&self.billed)?,
            OverdueInMinimum::Within => self.owed,
        };
        let instalments = match self.terms.minimum.overdue {
            OverdueInMinimum::Added => instalments,
            OverdueInMinimum::Within => self.instalments_due,
        };
        let above = sub(self.owed.principal, self.limit)?.max(Decimal::ZERO);
        Ok(Bill {
            principal: self.owed.principal,
            balance: self.owed.total()?,
            interest: new.interest,
            fees: add(new.fee, new.penalty)?,
            overdue,
            above_limit: above,
            instalments,
        })
    }

    fn begin_cycle(&mut self, today: NaiveDate, due: NaiveDate) -> Result<(), RevolvingError> {
        let balance = self.balance()?;
        let grace = self.terms.grace == InterestGrace::PaidInFull;
        let asks = balance > Decimal::ZERO;
        self.in_full = (grace && asks).then_some(InFull { due, open: balance });
        let interest = match (grace, asks) {
            (false, _) => CycleInterest::Bears,
            (true, true) => CycleInterest::Open,
            (true, false) => {
                self.held = Decimal::ZERO;
                CycleInterest::Held
            }
        };
        self.cycle = Cycle {
            number: self.cycle.number.saturating_add(1),
            from: today,
            to: self.statement_after(today)?,
            interest,
        };
        Ok(())
    }

    /// The first day of a statement after a day.
    pub(crate) fn statement_after(&self, day: NaiveDate) -> Result<NaiveDate, RevolvingError> {
        let anchor = self.activated_on.unwrap_or(self.opened_on);
        let rule = &self.terms.billing.statements;
        let mut dates = NominalDates::new(rule, FirstDue::CountedFrom(anchor), day)?;
        Ok(dates.next_nominal()?)
    }

    /// When a statement made on a day must be paid; never before it is made.
    fn due_date(&self, on: NaiveDate) -> Result<NaiveDate, RevolvingError> {
        let billing = &self.terms.billing;
        let nominal = match billing.due {
            PaymentDue::DaysAfterStatement(days) => on
                .checked_add_days(chrono::Days::new(days.into()))
                .ok_or(LoanError::DateOverflow { after: on })?,
            PaymentDue::DayOfMonth { day, month_end } => {
                let rule = DueDateRule::FixedDaysOfMonth {
                    days: alloc::vec![day],
                    month_end,
                };
                NominalDates::new(&rule, FirstDue::AfterOnePeriod, on)?.next_nominal()?
            }
        };
        let due = self
            .terms
            .calendar
            .adjust(nominal, billing.non_working_days)?;
        Ok(due.max(on))
    }

    /// Counts lateness as of a day.
    pub(crate) fn count_arrears(&mut self, today: NaiveDate) -> Result<(), RevolvingError> {
        let mut now = LineArrears::default();
        for demand in self.demands.iter().filter(|demand| demand.due <= today) {
            now.oldest_unpaid = now.oldest_unpaid.or(Some(demand.due));
            now.overdue = add(now.overdue, demand.open)?;
        }
        let terms = &self.terms.arrears;
        if let Some(oldest) = now.oldest_unpaid {
            let days = today.signed_duration_since(oldest).num_days();
            now.days_past_due = u32::try_from(days).unwrap_or(0);
            now.first_missed = self.arrears.first_missed.or(Some(oldest));
            let late = terms.is_past_tolerance(&self.terms.calendar, oldest, today);
            if late && now.overdue > terms.tolerated(self.owed.principal)? {
                now.since = match terms.counted_from {
                    ArrearsStart::OldestUnpaid => now.oldest_unpaid,
                    ArrearsStart::FirstMissed => now.first_missed,
                };
            }
            let after = self.terms.default_after_days;
            if after.is_some_and(|after| now.days_past_due > u32::from(after)) {
                now.default_since = self.arrears.default_since.or(Some(today));
            }
        }
        now.since = earliest(now.since, self.marks.arrears);
        now.default_since = earliest(now.default_since, self.marks.default);
        // A spell that is over costs its fee anew the next time.
        self.marks.arrears_fee &= now.since.is_some();
        self.marks.default_fee &= now.default_since.is_some();
        self.arrears = now;
        Ok(())
    }

    /// Charges what going into arrears, or into default, costs.
    pub(crate) fn charge_late_fees(&mut self) -> Result<(), RevolvingError> {
        if self.capped_since.is_some() {
            return Ok(());
        }
        if self.arrears.in_arrears() && !self.marks.arrears_fee {
            self.marks.arrears_fee = true;
            self.charge_own_fees(LineFeeTrigger::Arrears)?;
        }
        if self.arrears.in_default() && !self.marks.default_fee {
            self.marks.default_fee = true;
            self.charge_own_fees(LineFeeTrigger::Default)?;
        }
        Ok(())
    }

    pub(crate) fn charge_own_fees(&mut self, when: LineFeeTrigger) -> Result<(), RevolvingError> {
        let terms = self.terms.clone();
        let on = self.as_of;
        for fee in terms.fees_at(when) {
            let element = fee_element(fee);
            let amount = self.with_tax(element, self.fee_amount(fee)?)?;
            let late = matches!(when, LineFeeTrigger::Arrears | LineFeeTrigger::Default);
            if late && self.keeps_away(amount)? {
                break;
            }
            if amount > Decimal::ZERO {
                let name = fee.name;
                self.owe(element, amount)?;
                self.own_fees.push(OwnFee { on, name, amount });
            }
        }
        Ok(())
    }

    /// What a fee of the contract comes to now, without tax, draws left aside.
    pub(crate) fn fee_amount(&self, fee: &LineFee) -> Result<Decimal, RevolvingError> {
        let (percent, base) = match fee.amount {
            LineFeeAmount::Flat(amount) => return Ok(amount),
            LineFeeAmount::PercentOfDraw(_) => return Ok(Decimal::ZERO),
            LineFeeAmount::PercentOfBalance(percent) => (percent, self.owed.total()?),
            LineFeeAmount::PercentOfLimit(percent) => (percent, self.limit),
            LineFeeAmount::PercentOfOverdue(percent) => (percent, self.arrears.overdue),
        };
        Ok(self
            .terms
            .round(mul(mul(base, percent)?, Decimal::new(1, 2))?))
    }

    /// What the fees of one trigger come to for a draw, with tax.
    pub(crate) fn draw_fees(
        &self,
        when: LineFeeTrigger,
        amount: Decimal,
    ) -> Result<Decimal, RevolvingError> {
        self.draw_fees_at(&self.taxed(), when, amount)
    }

    /// The same at stated taxes.
    pub(crate) fn draw_fees_at(
        &self,
        taxed: &Taxed<'_>,
        when: LineFeeTrigger,
        amount: Decimal,
    ) -> Result<Decimal, RevolvingError> {
        let mut sum = Decimal::ZERO;
        for fee in self.terms.fees_at(when) {
            let part = match fee.amount {
                LineFeeAmount::Flat(flat) => flat,
                other => {
                    let share = mul(mul(amount, other.figure())?, Decimal::new(1, 2))?;
                    self.terms.round(share)
                }
            };
            let part = taxed.with_tax(Element::Fee, part)?;
            sum = add(sum, part)?;
        }
        Ok(sum)
    }
}

pub(crate) const fn fee_element(fee: &LineFee) -> Element {
    if fee.penalty {
        Element::Penalty
    } else {
        Element::Fee
    }
}

fn earliest(one: Option<NaiveDate>, other: Option<NaiveDate>) -> Option<NaiveDate> {
    [one, other].into_iter().flatten().min()
}
