//! The contract: everything that decides what is owed, complete and self-contained.

use alloc::{string::ToString, vec::Vec};

use chrono::NaiveDate;
use ledger::{Currency, posting_rules::PostingRules};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    AllocationTerms, ApprovalTerms, CapMethod, CapTerms, ChargeOffTerms, Code, DelinquencyRange,
    FeeAmortisation, IndexTerms, InterestBasis, LevelBasis, LoanError, LockedOperations,
    Prepayment, delinquency,
};
use crate::{
    dates::Calendar,
    schedule::{ScheduleTerms, TaxKind},
    store::AccrualPosting,
};

/// When a loan counts as in arrears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ArrearsTerms {
    /// Days past due that are tolerated: in arrears on the first day beyond them.
    pub tolerance_days: u16,
    /// Overdue amounts up to this percentage of the outstanding principal are tolerated.
    #[serde(with = "crate::compact::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub tolerance_percent: Decimal,
    /// Overdue amounts up to this amount are tolerated; the larger of the two tolerances counts.
    #[serde(with = "crate::compact::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub tolerance_floor: Decimal,
    /// Which date arrears are counted from.
    pub counted_from: ArrearsStart,
    /// Late from the day after this day of the month that follows the due date, instead of after
    /// the tolerated days; clamped to the month's last day.
    pub tolerance_day: Option<u8>,
    /// Whether days off (rest days and holidays of the contract's calendar) are left out when days
    /// late are counted against tolerances. Days past due stay calendar days.
    pub working_days_only: bool,
    /// Named ranges of days by which delinquency is classified, counted beyond
    /// [`Self::tolerance_days`]; none by default. See [`Delinquency`](super::Delinquency).
    pub delinquency: Vec<DelinquencyRange>,
}

/// Which date days in arrears are counted from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ArrearsStart {
    /// The due date of the oldest instalment that is still unpaid: moves forward when it is paid.
    #[default]
    OldestUnpaid,
    /// The due date that began the present spell of arrears: stays until everything overdue is paid.
    FirstMissed,
}

/// What a penalty for late payment is counted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PenaltyBase {
    /// Overdue principal.
    OverduePrincipal,
    /// Overdue principal and overdue interest.
    OverduePrincipalAndInterest,
    /// The whole principal balance.
    OutstandingPrincipal,
}

/// A penalty that grows with every day of delay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PenaltyTerms {
    /// What it is counted on.
    pub base: PenaltyBase,
    /// Percent of the base per day late.
    #[serde(with = "crate::compact::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub daily_percent: Decimal,
    /// Days past due without penalty. Beyond them (and beyond the arrears tolerance) the penalty
    /// since the due date is charged whole.
    #[serde(default)]
    pub grace_days: u16,
}

/// When a contract fee is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum FeeTrigger {
    /// At disbursement, kept back from the payout.
    DeductedFromDisbursement,
    /// At disbursement, added to the principal.
    CapitalisedAtDisbursement,
    /// With the first instalment.
    FirstInstalment,
    /// With every instalment.
    EveryInstalment,
    /// Once for each instalment that is still unpaid when the arrears tolerance has passed.
    LatePayment,
}

/// How a contract fee is calculated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum FeeAmount {
    /// This amount.
    Flat(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
    /// This percentage of the amount disbursed, or, for a late-payment fee, of the principal due.
    PercentOfPrincipal(
        #[serde(with = "crate::compact::decimal")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        Decimal,
    ),
}

/// A fee agreed in the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeeTerms {
    /// Its name.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub name: Code,
    /// When it is charged.
    pub trigger: FeeTrigger,
    /// How much.
    pub amount: FeeAmount,
    /// How it is earned over the life of the loan; `None` at once. For fees taken at disbursement.
    #[serde(default)]
    pub amortisation: Option<FeeAmortisation>,
    /// Its tax, where that is not the one on all fees; a percentage of zero is no tax. For fees
    /// taken at disbursement: what instalments ask for is fees together, of one tax.
    #[serde(default)]
    pub tax: Option<FeeTax>,
}

/// The tax on one fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeeTax {
    /// Percent.
    #[serde(with = "crate::compact::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub percent: Decimal,
    /// Whether it comes on top of the fee or is contained in it.
    pub kind: TaxKind,
}

/// What guards a loan: who must agree to it, when charges stop, which money it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Safeguards {
    /// What an application needs.
    pub approval: ApprovalTerms,
    /// Days in arrears (beyond the tolerated days) after which the loan is locked.
    pub lock_after_days: Option<u16>,
    /// What that lock forbids.
    pub locked_operations: LockedOperations,
    /// Days after a closing by hand within which it may be undone; `None` at any time.
    pub undo_close_days: Option<u16>,
    /// The most that interest, fees and penalties may come to while in arrears.
    pub cap: Option<CapTerms>,
    /// How much money the loan takes before it is due.
    pub prepayment: Prepayment,
    /// Days in arrears (beyond the tolerated days) before the loan may be written off; zero at
    /// any time.
    pub write_off_after_days: u16,
}

impl Safeguards {
    fn validate(&self) -> Result<(), LoanError> {
        self.approval.validate()?;
        self.locked_operations.validate()?;
        match &self.cap {
            Some(cap) if cap.percent <= Decimal::ZERO => {
                Err(terms_error("cap.percent", &cap.percent, "above zero"))
            }
            Some(cap) if cap.applies_accrued_first && cap.method == CapMethod::Hard => {
                let allowed = "false with a hard cap";
                Err(terms_error("cap.applies_accrued_first", &"true", allowed))
            }
            _ => Ok(()),
        }
    }
}

/// The whole contract of a loan. A product that changes tomorrow changes no account opened today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoanTerms {
    /// Currency of every amount of the contract.
    pub currency: Currency,
    /// The most that may be disbursed.
    #[serde(with = "crate::compact::decimal")]
    pub principal: Decimal,
    /// When disbursement is expected; quotes and previews are made for this day.
    #[serde(with = "crate::compact::date")]
    pub expected_disbursement: NaiveDate,
    /// Whether the principal may be paid out in several tranches.
    #[serde(default)]
    pub tranches: bool,
    /// Instalments, interest, rounding.
    pub schedule: ScheduleTerms,
    /// Whether interest follows the schedule or the balance.
    #[serde(default)]
    pub interest_basis: InterestBasis,
    /// What a level instalment is computed on when the loan is paid out in tranches.
    #[serde(default)]
    pub level_basis: LevelBasis,
    /// How money received is allocated.
    #[serde(default)]
    pub allocation: AllocationTerms,
    /// When the loan is in arrears.
    #[serde(default)]
    pub arrears: ArrearsTerms,
    /// What a charge-off does.
    #[serde(default)]
    pub charge_off: ChargeOffTerms,
    /// Penalty for late payment.
    #[serde(default)]
    pub penalty: Option<PenaltyTerms>,
    /// The index that the rate follows.
    #[serde(default)]
    pub index: Option<IndexTerms>,
    /// What guards the loan: approval, locks, caps.
    #[serde(default)]
    pub safeguards: Safeguards,
    /// Fees of the contract.
    #[serde(default)]
    pub fees: Vec<FeeTerms>,
    /// Working days and holidays that due dates respect.
    #[serde(default)]
    pub calendar: Calendar,
    /// Which general-ledger account takes what, and when income is recognised.
    #[serde(default)]
    pub accounting: PostingRules,
    /// Whether each account posts its daily accruals itself, or they are added up by product and
    /// branch. Either way what is posted and when is the same.
    #[serde(default)]
    pub accrual_posting: AccrualPosting,
}

impl LoanTerms {
    /// A contract with the most common choices: interest on the schedule, fees before penalties
    /// before interest before principal, no tolerance, no penalty, no fees, every day a working
    /// day. Every field is public, so that a contract states only what differs.
    #[must_use]
    pub fn new(
        currency: Currency,
        principal: Decimal,
        expected_disbursement: NaiveDate,
        schedule: ScheduleTerms,
        accounting: PostingRules,
    ) -> Self {
        Self {
            currency,
            principal,
            expected_disbursement,
            tranches: false,
            schedule,
            interest_basis: InterestBasis::default(),
            level_basis: LevelBasis::default(),
            allocation: AllocationTerms::default(),
            arrears: ArrearsTerms::default(),
            charge_off: ChargeOffTerms::default(),
            penalty: None,
            index: None,
            safeguards: Safeguards::default(),
            fees: Vec::new(),
            calendar: Calendar::default(),
            accounting,
            accrual_posting: AccrualPosting::default(),
        }
    }

    /// Checks the settings that no single type can check. What an account cannot carry yet of a
    /// valid contract is refused by [`LoanAccount::submit`](super::LoanAccount::submit).
    ///
    /// # Errors
    /// [`LoanError::NotPositive`], [`LoanError::NotWholeMinor`], [`LoanError::Terms`].
    pub fn validate(&self) -> Result<(), LoanError> {
        self.money("principal", self.principal)?;
        let not_negative = [
            ("arrears.tolerance_percent", self.arrears.tolerance_percent),
            ("arrears.tolerance_floor", self.arrears.tolerance_floor),
            (
                "penalty.daily_percent",
                self.penalty
                    .as_ref()
                    .map_or(Decimal::ZERO, |p| p.daily_percent),
            ),
        ];
        for (field, given) in not_negative {
            if given < Decimal::ZERO {
                return Err(terms_error(field, &given, "zero or more"));
            }
        }
        if let Some(day) = self
            .arrears
            .tolerance_day
            .filter(|day| !(1..=31).contains(day))
        {
            return Err(terms_error("arrears.tolerance_day", &day, "1 to 31"));
        }
        delinquency::validate(&self.arrears.delinquency)?;
        for fee in &self.fees {
            let at_disbursement = matches!(
                fee.trigger,
                FeeTrigger::DeductedFromDisbursement | FeeTrigger::CapitalisedAtDisbursement
            );
            if fee.amortisation.is_some() && !at_disbursement {
                let allowed = "none, but for fees taken at disbursement";
                return Err(terms_error("fee amortisation", &fee.name, allowed));
            }
            if fee.tax.is_some() && !at_disbursement {
                let allowed = "none, but for fees taken at disbursement";
                return Err(terms_error("fee tax", &fee.name, allowed));
            }
            let rates = Decimal::ZERO..=Decimal::ONE_HUNDRED;
            if let Some(tax) = fee.tax.filter(|tax| !rates.contains(&tax.percent)) {
                return Err(terms_error("fee tax", &tax.percent, "0 to 100 percent"));
            }
            match fee.amount {
                FeeAmount::Flat(amount) => self.money("fee amount", amount)?,
                FeeAmount::PercentOfPrincipal(percent) if percent <= Decimal::ZERO => {
                    return Err(terms_error("fee percent", &percent, "above zero"));
                }
                FeeAmount::PercentOfPrincipal(_) => {}
            }
        }
        self.safeguards.validate()?;
        let interest = self.index.is_some()
            || !self.schedule.interest.rate.percent.is_zero()
            || !matches!(self.interest_basis, InterestBasis::OnSchedule);
        if self.level_basis == LevelBasis::LentFromStart && interest {
            let allowed = "loans without interest, on the schedule";
            return Err(terms_error("level_basis", &"lent_from_start", allowed));
        }
        self.index.as_ref().map_or(Ok(()), IndexTerms::validate)?;
        self.schedule.validate()?;
        self.allocation.validate()
    }

    /// Checks that an amount is positive and whole minor units of the contract's currency.
    pub(crate) fn money(&self, field: &'static str, given: Decimal) -> Result<(), LoanError> {
        if given <= Decimal::ZERO {
            return Err(LoanError::NotPositive { field, given });
        }
        let allowed = self.currency.minor_units();
        if given.normalize().scale() > u32::from(allowed) {
            return Err(LoanError::NotWholeMinor {
                field,
                given,
                allowed,
            });
        }
        Ok(())
    }
}

pub(crate) fn terms_error(
    field: &'static str,
    given: &impl ToString,
    allowed: &'static str,
) -> LoanError {
    LoanError::Terms {
        field,
        given: given.to_string(),
        allowed,
    }
}
