//! The fees of a contract.

use alloc::{format, vec::Vec};

use lending_core::{
    loan::{
        Amortisation as CoreProfile, FeeAmortisation, FeeAmount as CoreAmount, FeeTax, FeeTerms,
        FeeTrigger,
    },
    schedule::InstalmentFee,
};

use super::{QuoteContext, QuoteRequest, findings::Findings};
use crate::{
    LoanProduct, ViolationKind as Kind,
    product::{
        AmortisationInterval, AmortisationProfile, FeeAmount, FeeWhen, OnReschedule, PredefinedFee,
    },
};

/// The fees of a contract, where the contract keeps them.
#[derive(Default)]
pub(super) struct ContractFees {
    /// By name.
    pub(super) named: Vec<FeeTerms>,
    /// Parts of the schedule.
    pub(super) per_instalment: Vec<InstalmentFee>,
}

pub(super) fn contract_fees(
    product: &LoanProduct,
    request: &QuoteRequest,
    context: &QuoteContext<'_>,
    found: &mut Findings,
) -> ContractFees {
    for name in &request.optional_fees {
        let offered = product.fees.iter().any(|fee| {
            fee.name.as_str() == name && fee.active && !fee.required && !fee.when.is_manual()
        });
        if !offered {
            let allowed = "names of active optional fees of the product";
            found.add(
                Kind::NotOffered,
                "optional_fees",
                format!("{name:?}"),
                allowed,
            );
        }
    }
    let mut fees = ContractFees::default();
    for fee in &product.fees {
        let chosen = fee.required || request.optional_fees.contains(fee.name.as_str());
        if chosen && fee.active {
            place(fee, context, found, &mut fees);
        }
    }
    fees
}

/// Puts a fee where the contract keeps it. Manual fees are no part of a contract; what a contract
/// cannot carry is found by [`LoanProduct::not_carried`].
fn place(
    fee: &PredefinedFee,
    context: &QuoteContext<'_>,
    found: &mut Findings,
    fees: &mut ContractFees,
) {
    match contract_form(fee) {
        Some(Form::Named(trigger, amount)) => {
            fees.named.push(FeeTerms {
                name: fee.name,
                trigger,
                amount,
                amortisation: amortisation(fee).flatten(),
                tax: fee_tax(fee, context, found),
            });
        }
        Some(Form::PerInstalment(part)) => fees.per_instalment.push(part),
        None => {}
    }
}

/// The tax of a fee's own, where a contract carries it.
fn fee_tax(
    fee: &PredefinedFee,
    context: &QuoteContext<'_>,
    found: &mut Findings,
) -> Option<FeeTax> {
    let settings = fee.tax.as_ref().filter(|_| is_taken_at_disbursement(fee))?;
    let percent = found.tax(settings.percent, settings.source.as_deref(), context)?;
    let kind = settings.kind;
    Some(FeeTax { percent, kind })
}

/// Whether a fee is charged with the payout.
pub(crate) const fn is_taken_at_disbursement(fee: &PredefinedFee) -> bool {
    matches!(
        fee.when,
        FeeWhen::DeductedFromDisbursement | FeeWhen::CapitalisedAtDisbursement
    )
}

/// How a fee is earned: `None` when a contract cannot carry it.
fn amortisation(fee: &PredefinedFee) -> Option<Option<FeeAmortisation>> {
    let Some(settings) = &fee.amortisation else {
        return Some(None);
    };
    let daily = match settings.interval {
        AmortisationInterval::DueDates => false,
        AmortisationInterval::DueDatesDaily => true,
        AmortisationInterval::Every(_) => return None,
    };
    if !is_taken_at_disbursement(fee)
        || settings.intervals.is_some()
        || settings.on_reschedule == OnReschedule::Continue
    {
        return None;
    }
    let profile = match settings.profile {
        AmortisationProfile::StraightLine => CoreProfile::StraightLine,
        AmortisationProfile::SumOfYearsDigits => CoreProfile::SumOfDigits,
        AmortisationProfile::EffectiveInterestRate => CoreProfile::EffectiveRate,
    };
    Some(Some(FeeAmortisation { profile, daily }))
}

/// Whether a contract can earn this fee as the product says.
pub(crate) fn amortises(fee: &PredefinedFee) -> bool {
    amortisation(fee).is_some()
}

enum Form {
    Named(FeeTrigger, CoreAmount),
    PerInstalment(InstalmentFee),
}

/// Whether a contract can carry this fee.
pub(crate) fn is_carried(fee: &PredefinedFee) -> bool {
    contract_form(fee).is_some()
}

fn contract_form(fee: &PredefinedFee) -> Option<Form> {
    let trigger = match fee.when {
        FeeWhen::DeductedFromDisbursement => FeeTrigger::DeductedFromDisbursement,
        FeeWhen::CapitalisedAtDisbursement => FeeTrigger::CapitalisedAtDisbursement,
        FeeWhen::FirstInstalment => FeeTrigger::FirstInstalment,
        FeeWhen::EveryInstalment | FeeWhen::EveryDueDate => FeeTrigger::EveryInstalment,
        FeeWhen::LatePayment => FeeTrigger::LatePayment,
        FeeWhen::Arrears
        | FeeWhen::Default
        | FeeWhen::Monthly(_)
        | FeeWhen::Manual
        | FeeWhen::ManualAnyAmount => return None,
    };
    let every = trigger == FeeTrigger::EveryInstalment;
    Some(match fee.amount {
        FeeAmount::Flat(amount) => Form::Named(trigger, CoreAmount::Flat(amount)),
        FeeAmount::AmountPercent(percent) if trigger != FeeTrigger::LatePayment => {
            Form::Named(trigger, CoreAmount::PercentOfPrincipal(percent))
        }
        FeeAmount::InstalmentPrincipalPercent(percent) if trigger == FeeTrigger::LatePayment => {
            Form::Named(trigger, CoreAmount::PercentOfPrincipal(percent))
        }
        FeeAmount::FlatDivided(amount) if every => {
            Form::PerInstalment(InstalmentFee::Divided { amount })
        }
        FeeAmount::AmountPercentDivided(percent) if every => {
            Form::PerInstalment(InstalmentFee::DisbursedPercentDivided { percent })
        }
        FeeAmount::InstalmentPrincipalPercent(percent) if every => {
            Form::PerInstalment(InstalmentFee::PrincipalPercent { percent })
        }
        _ => return None,
    })
}
