//! What can be refused of a transaction before anything is calculated.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Amounts, Context, CreditKind, Element, InstalmentShare, LoanAccount, LoanError, LoanTerms,
    NewTransaction, Status, TransactionKind,
    amounts::{add, sub},
    apply::comes_before_a_payout,
    terms::terms_error,
};
use crate::schedule::{Rate, check_rate};

impl LoanAccount {
    /// What can be refused before anything is calculated.
    pub(super) fn check(
        &self,
        new: &NewTransaction,
        context: &Context<'_>,
    ) -> Result<(), LoanError> {
        let wrong = |allowed| LoanError::WrongStatus {
            command: new.kind.name(),
            status: self.status,
            allowed,
        };
        if let Some(amount) = new.kind.amount() {
            self.terms.money("amount", amount)?;
        }
        if new.value_date > context.booking_date {
            let (given, allowed) = (new.value_date, context.booking_date);
            return Err(LoanError::TooLate {
                field: "value date",
                given,
                allowed,
            });
        }
        let early = comes_before_a_payout(&new.kind);
        let first = if early {
            Some(self.opened_on)
        } else {
            self.disbursed_on
        };
        let transfer = matches!(new.kind, TransactionKind::Transfer { .. });
        let open = match self.status {
            Status::Approved => early,
            Status::PartialApplication | Status::PendingApproval => transfer,
            status => status.is_disbursed(),
        };
        let Some(allowed) = first.filter(|_| open) else {
            return Err(wrong(match (transfer, early) {
                (true, _) => "neither rejected nor withdrawn",
                (false, true) => "approved or active",
                (false, false) => "active",
            }));
        };
        if new.value_date < allowed {
            let given = new.value_date;
            return Err(LoanError::TooEarly {
                field: "value date",
                given,
                allowed,
            });
        }
        self.require_written_off(&new.kind)?;
        self.check_kind(new, context)
    }

    fn check_kind(&self, new: &NewTransaction, context: &Context<'_>) -> Result<(), LoanError> {
        match &new.kind {
            TransactionKind::Disbursement { amount } => {
                let allowed = self.undisbursed()?;
                if *amount > allowed {
                    return Err(LoanError::AboveLimit {
                        field: "amount",
                        given: *amount,
                        allowed,
                    });
                }
                if let Some(line) = &context.cover.credit_line {
                    let whole = add(self.disbursed, *amount)?;
                    let from = self.disbursed_on.unwrap_or(new.value_date);
                    self.check_credit_line(line, whole, from)?;
                }
                self.other_actor("disbursement", self.application.approved_by, context)?;
                if self.disbursed_on.is_some() && !self.terms.tranches {
                    return Err(LoanError::WrongStatus {
                        command: "disbursement",
                        status: self.status,
                        allowed: "approved (the contract has a single tranche)",
                    });
                }
                Ok(())
            }
            TransactionKind::Credit {
                kind: CreditKind::CapitalisedIncomeAdjustment,
                ..
            } => Err(LoanError::WrongStatus {
                command: "credit from capitalised income",
                status: self.status,
                allowed: "by an adjustment of the capitalised income",
            }),
            TransactionKind::Credit {
                amount,
                split: Some(split),
                ..
            } => {
                let given = split.total()?;
                if given != *amount {
                    return Err(LoanError::AllocationSum {
                        given,
                        allowed: *amount,
                    });
                }
                check_split(&self.terms, split)
            }
            TransactionKind::PartialWriteOff { amounts } => {
                if amounts.is_zero() {
                    let (field, given) = ("amount written off", Decimal::ZERO);
                    return Err(LoanError::NotPositive { field, given });
                }
                check_split(&self.terms, amounts)
            }
            TransactionKind::InterestApplication => {
                self.terms.require_on_balance("interest application")
            }
            TransactionKind::IndexReview { .. } => self.terms.require_on_balance("index review"),
            TransactionKind::RedrawDeposit { .. } => self.terms.require_on_balance("redraw"),
            TransactionKind::RedrawWithdrawal { amount } if *amount > self.redraw => {
                let (given, allowed) = (*amount, self.redraw);
                Err(LoanError::AboveLimit {
                    field: "amount",
                    given,
                    allowed,
                })
            }
            TransactionKind::CreditRefund { amount }
                if *amount > sub(self.credit_balance(), self.redraw)? =>
            {
                let (given, allowed) = (*amount, sub(self.credit_balance(), self.redraw)?);
                Err(LoanError::AboveLimit {
                    field: "amount",
                    given,
                    allowed,
                })
            }
            TransactionKind::InterestPause { first, last } => {
                check_pause(new.value_date, *first, *last)
            }
            TransactionKind::DelinquencyPause { .. } | TransactionKind::DelinquencyResume
                if self.status != Status::Active =>
            {
                Err(LoanError::WrongStatus {
                    command: new.kind.name(),
                    status: self.status,
                    allowed: "active",
                })
            }
            TransactionKind::DelinquencyPause { first, last } => {
                let (field, given, allowed) = if *first < new.value_date {
                    ("first day of the pause", *first, new.value_date)
                } else if last <= first {
                    let allowed = first.succ_opt().unwrap_or(*first);
                    ("last day of the pause", *last, allowed)
                } else {
                    return Ok(());
                };
                Err(LoanError::TooEarly {
                    field,
                    given,
                    allowed,
                })
            }
            TransactionKind::RateChange { percent } => {
                let per = self.terms.schedule.interest.rate.per;
                let percent = *percent;
                Ok(check_rate("rate change", Rate { percent, per })?)
            }
            TransactionKind::Charge { due, .. } => self.check_charge_date(*due),
            TransactionKind::Lock(operations) => operations.validate(),
            TransactionKind::TaxRateChange(rates) => rates.validate(),
            TransactionKind::ReAge { first_due, .. } if *first_due < new.value_date => {
                let (given, allowed) = (*first_due, new.value_date);
                Err(LoanError::TooEarly {
                    field: "first due date",
                    given,
                    allowed,
                })
            }
            TransactionKind::ReAge {
                every, instalments, ..
            } if *instalments == 0 || every.is_empty() => Err(terms_error(
                "re-ageing",
                instalments,
                "one instalment or more, an interval of one day or more",
            )),
            TransactionKind::InstalmentCharge { amount, .. } => match amount {
                InstalmentShare::Flat(amount) => self.terms.money("amount", *amount),
                percent if percent.figure() <= Decimal::ZERO => Err(LoanError::NotPositive {
                    field: "percent",
                    given: percent.figure(),
                }),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }
}

/// A pause begins on its value date or later, and does not end before it begins.
pub(crate) fn check_pause(
    value_date: NaiveDate,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<(), LoanError> {
    let (field, given, allowed) = if first < value_date {
        ("first day of the pause", first, value_date)
    } else if last < first {
        ("last day of the pause", last, first)
    } else {
        return Ok(());
    };
    Err(LoanError::TooEarly {
        field,
        given,
        allowed,
    })
}

fn check_split(terms: &LoanTerms, split: &Amounts) -> Result<(), LoanError> {
    for element in Element::ALL {
        let part = split.get(element);
        if !part.is_zero() {
            terms.money("split", part)?;
        }
    }
    Ok(())
}
