//! What it takes to settle a loan on a given day.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Amounts, LoanAccount, LoanError, amounts::add, fold::Touched};

impl LoanAccount {
    /// The amount that settles the loan on a day, in whole minor units.
    ///
    /// When interest follows the balance: principal, interest arisen by that day, and every fee and
    /// penalty of the schedule. When interest follows the schedule: everything still open in it,
    /// since early payment does not change what is owed. What accrued under a lock is included.
    ///
    /// # Errors
    /// [`LoanError::TooEarly`] for a day before [`Self::as_of`].
    ///
    /// The amount holds for a payment that is recorded with that value date; paying it leaves the
    /// loan repaid and no credit balance.
    pub fn payoff(&self, on: NaiveDate) -> Result<Decimal, LoanError> {
        if on < self.as_of {
            let (given, allowed) = (on, self.as_of);
            return Err(LoanError::TooEarly {
                field: "pay-off date",
                given,
                allowed,
            });
        }
        let mut then = self.clone();
        then.advance(on, &mut Touched::default())?;
        then.recall_ended_period()?;
        if then.on_balance() {
            then.settle_late_interest()?;
        }
        then.freshen()?;
        let locked = add(then.locked_interest()?, then.locked_penalty())?;
        if !then.on_balance() {
            return add(then.total_due()?, locked);
        }
        add(then.owed_today()?, locked)
    }
    /// What is due by a day and open, late interest of that day included.
    pub(crate) fn due_through(&self, on: NaiveDate) -> Result<Decimal, LoanError> {
        let mut then = self.clone();
        then.advance(on, &mut Touched::default())?;
        then.recall_ended_period()?;
        if then.on_balance() {
            then.settle_late_interest()?;
        }
        then.freshen()?;
        let terms = then.terms.clone();
        let rules = &terms.allocation;
        // What an allocation of everything to what is due takes.
        let mut allocator = then.allocator(Decimal::MAX, Amounts::ZERO);
        allocator.pay_due(&rules.order, rules.direction)?;
        allocator.applied.total()
    }
}
