//! What becomes of money received, arrears, penalties, guarantees and links of a loan product.

use alloc::vec::Vec;

use lending_core::loan::{
    AllocationOrder, ArrearsStart, CapBase, CapMethod, Direction, Element, FutureMoney,
    InterestOnPrepayment, PaidEarly, PenaltyBase, Recalculation,
};
use rust_decimal::Decimal;

use super::{INTERNAL, loan::product_key};
use crate::{
    JsonError, LoanProduct, Range,
    import::{ImportContext, NoteKind, Reader},
    product::{
        ChargeCap, CommissionSplit, FixedElement, FuturePayments, InvestorFunds, LateRecalculation,
        LinkedDeposit, PenaltySettings, Settlement, ToleranceMethod,
    },
};

pub(super) fn read(
    reader: &mut Reader<'_, '_>,
    product: &mut LoanProduct,
    context: &ImportContext,
) -> Result<(), JsonError> {
    allocation(reader, product)?;
    ahead(reader, product)?;
    arrears(reader, product)?;
    penalty(reader, product)?;
    cap(reader, product)?;
    linked(reader, product, context)?;
    securities(reader, product)
}

fn allocation(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    let payments = &mut product.payments;
    let directions = [
        ("HORIZONTAL", Direction::Horizontal),
        ("VERTICAL", Direction::Vertical),
    ];
    let direction = reader.word("paymentMethod", &directions)?;
    payments.allocation.direction = direction.unwrap_or(Direction::Horizontal);
    let name = "repaymentAllocationOrder";
    let mut order = Vec::new();
    for node in reader.list(name)? {
        let element = match alloc::format!("{node}").as_str() {
            "PRINCIPAL" => Element::Principal,
            "INTEREST" => Element::Interest,
            "FEE" => Element::Fee,
            "PENALTY" => Element::Penalty,
            _ => return Err(reader.refuse(name, "PRINCIPAL, INTEREST, FEE and PENALTY")),
        };
        order.push(element);
    }
    if order.is_empty() {
        let outcome = "fees, penalties, interest, principal";
        reader.note(NoteKind::Assumed, name, outcome);
    } else {
        payments.allocation.order = AllocationOrder::Elements(order);
    }
    payments.custom_allocation = reader.flag("allowCustomRepaymentAllocation")?;
    Ok(())
}

fn ahead(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    let payments = &mut product.payments;
    let prepayments = [("ACCEPT_PREPAYMENTS", true), ("NO_PREPAYMENTS", false)];
    let accepted = reader.word("prepaymentAcceptance", &prepayments)?;
    payments.prepayments = accepted.unwrap_or(true);
    let future = [
        ("NO_FUTURE_PAYMENTS", FuturePayments::Refused),
        ("ACCEPT_FUTURE_PAYMENTS", FuturePayments::Accepted),
        ("ACCEPT_OVERPAYMENTS", FuturePayments::OverpaymentsAccepted),
    ];
    let future = reader.word("futurePaymentsAcceptance", &future)?;
    payments.future = future.unwrap_or_default();
    recalculation(reader, product)?;
    let payments = &mut product.payments;
    let interest = [
        ("AUTOMATIC", InterestOnPrepayment::PaidFirst),
        ("MANUAL", InterestOnPrepayment::StaysDue),
    ];
    let interest = reader.word("applyInterestOnPrepaymentMethod", &interest)?;
    payments.allocation.interest_on_prepayment = interest.unwrap_or_default();
    let fixed = [
        ("FIXED_PRINCIPAL_EXPECTED", FixedElement::Principal),
        ("FIXED_TOTAL_EXPECTED", FixedElement::Total),
    ];
    let fixed = reader.word("elementsRecalculationMethod", &fixed)?;
    payments.fixed_element = fixed.unwrap_or_default();
    let status = [
        ("PARTIALLY_PAID", PaidEarly::StaysOpen),
        ("PAID", PaidEarly::ClosedWithPrincipal),
        ("ORIGINAL_TOTAL_EXPECTED_PAID", PaidEarly::ClosedWithTotal),
    ];
    let status = reader.word("principalPaidInstallmentStatus", &status)?;
    payments.allocation.paid_early = status.unwrap_or_default();
    late(reader, product)?;
    let payments = &mut product.payments;
    let redraw = reader.inside("redrawSettings", |inner| {
        inner.not_taken(&["encodedKey"], INTERNAL);
        inner.flag("allowRedraw")
    })?;
    payments.redraw = redraw.unwrap_or_default();
    Ok(())
}

/// Where interest on late principal falls due.
fn late(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    let name = "latePaymentsRecalculationMethod";
    let methods = [
        (
            "INCREASE_OVERDUE_INSTALLMENTS",
            LateRecalculation::OverdueInstalments,
        ),
        (
            "INCREASE_LAST_INSTALLMENT",
            LateRecalculation::LastInstalment,
        ),
    ];
    let Some(method) = reader.word(name, &methods)? else {
        return Ok(());
    };
    if product.follows_balance() {
        product.payments.late = method;
    } else {
        let outcome = "without effect: interest fixed at disbursement does not grow";
        reader.note(NoteKind::NotTaken, name, outcome);
    }
    Ok(())
}

/// What becomes of the instalments to come after money ahead of time.
fn recalculation(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    let name = "prepaymentRecalculationMethod";
    let methods = [
        ("NO_RECALCULATION", Recalculation::NextInstalments),
        (
            "RESCHEDULE_REMAINING_REPAYMENTS",
            Recalculation::SpreadPrincipal,
        ),
        (
            "RECALCULATE_SCHEDULE_KEEP_SAME_NUMBER_OF_TERMS",
            Recalculation::ReduceInstalment,
        ),
        (
            "RECALCULATE_SCHEDULE_KEEP_SAME_PRINCIPAL_AMOUNT",
            Recalculation::KeepPrincipal,
        ),
        (
            "RECALCULATE_SCHEDULE_KEEP_SAME_TOTAL_REPAYMENT_AMOUNT",
            Recalculation::KeepTotal,
        ),
        (
            "REDUCE_AMOUNT_PER_INSTALLMENT",
            Recalculation::ReduceInstalment,
        ),
        ("REDUCE_NUMBER_OF_INSTALLMENTS", Recalculation::ReduceNumber),
        (
            "REDUCE_NUMBER_OF_INSTALLMENTS_NEW",
            Recalculation::ReduceNumberLevelled,
        ),
    ];
    let text = reader.text(name)?;
    let Some(method) = reader.word(name, &methods)? else {
        return Ok(());
    };
    if product.follows_balance() {
        product.payments.allocation.future = FutureMoney::ReducePrincipal(method);
    } else if method != Recalculation::NextInstalments {
        let outcome = "left out: paying early changes nothing in a fixed schedule";
        reader.note(NoteKind::Contradiction, name, outcome);
    }
    if text == Some("REDUCE_NUMBER_OF_INSTALLMENTS_NEW") {
        let outcome = "as few instalments, made level again: what it does is published nowhere";
        reader.note(NoteKind::Assumed, name, outcome);
    }
    Ok(())
}

fn arrears(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    product.arrears.lock_after_days = reader.whole("lockPeriodDays")?;
    let own = &mut product.arrears;
    reader.inside("arrearsSettings", |inner| {
        inner.not_taken(&["encodedKey"], INTERNAL);
        let mut days: Range<u16> = inner.whole_range([
            "minTolerancePeriod",
            "defaultTolerancePeriod",
            "maxTolerancePeriod",
        ])?;
        let methods = [
            ("ARREARS_TOLERANCE_PERIOD", false),
            ("MONTHLY_ARREARS_TOLERANCE_DAY", true),
        ];
        let monthly = inner.word("toleranceCalculationMethod", &methods)?;
        let day = inner.whole::<u8>("monthlyToleranceDay")?;
        if monthly == Some(true) {
            let Some(day) = day else {
                return Err(inner.refuse("monthlyToleranceDay", "a day of the month"));
            };
            own.tolerance = ToleranceMethod::DayOfNextMonth(day);
            if days.most().or(days.min).is_some_and(|days| days > 0) {
                let outcome = "left out: arrears are tolerated up to a day of the month";
                inner.note(NoteKind::Contradiction, "defaultTolerancePeriod", outcome);
            }
            days = Range::default();
        } else if day.is_some() {
            let outcome = "left out: arrears are tolerated for a number of days";
            inner.note(NoteKind::Contradiction, "monthlyToleranceDay", outcome);
        }
        days.default = days.default.or(Some(0).filter(|zero| days.contains(*zero)));
        own.tolerance_days = days;
        let starts = [
            (
                "DATE_ACCOUNT_FIRST_WENT_TO_ARREARS",
                ArrearsStart::FirstMissed,
            ),
            ("DATE_OF_LAST_LATE_REPAYMENT", ArrearsStart::OldestUnpaid),
        ];
        let start = inner.word("dateCalculationMethod", &starts)?;
        own.counted_from = start.unwrap_or_default();
        let counted = [("INCLUDED", true), ("EXCLUDED", false)];
        let counted = inner.word("nonWorkingDaysMethod", &counted)?;
        own.count_non_working_days = counted.unwrap_or(true);
        let percent = inner.decimal("tolerancePercentageOfOutstandingPrincipal")?;
        own.tolerance_percent = percent.unwrap_or_default();
        own.tolerance_floor = inner.decimal("toleranceFloorAmount")?.unwrap_or_default();
        Ok(())
    })?;
    Ok(())
}

fn penalty(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    let rate = reader.range(["minPenaltyRate", "defaultPenaltyRate", "maxPenaltyRate"])?;
    let grace = reader.whole::<u16>("loanPenaltyGracePeriod")?;
    let bases = [
        ("NONE", None),
        ("OVERDUE_BALANCE", Some(PenaltyBase::OverduePrincipal)),
        (
            "OVERDUE_BALANCE_AND_INTEREST",
            Some(PenaltyBase::OverduePrincipalAndInterest),
        ),
        (
            "OUTSTANDING_PRINCIPAL",
            Some(PenaltyBase::OutstandingPrincipal),
        ),
    ];
    let base = reader.word("loanPenaltyCalculationMethod", &bases)?;
    let Some(base) = base.flatten() else {
        let named = [
            ("defaultPenaltyRate", !rate.is_open()),
            ("loanPenaltyGracePeriod", grace.is_some_and(|days| days > 0)),
        ];
        for (name, given) in named {
            if given {
                let outcome = "left out: the product has no penalty";
                reader.note(NoteKind::Contradiction, name, outcome);
            }
        }
        return Ok(());
    };
    product.penalty = Some(PenaltySettings {
        base,
        daily_rate: rate,
        grace_days: grace.unwrap_or_default(),
    });
    Ok(())
}

fn cap(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    let bases = [
        (
            "OUTSTANDING_PRINCIPAL_PERCENTAGE",
            CapBase::OutstandingPrincipal,
        ),
        ("ORIGINAL_PRINCIPAL_PERCENTAGE", CapBase::OriginalPrincipal),
    ];
    let base = reader.word("cappingMethod", &bases)?;
    let methods = [("SOFT_CAP", CapMethod::Soft), ("HARD_CAP", CapMethod::Hard)];
    let method = reader.word("cappingConstraintType", &methods)?;
    let percent = reader.decimal("cappingPercentage")?;
    let first = reader.flag("cappingApplyAccruedChargesBeforeLocking")?;
    let (Some(base), Some(percent)) = (base, percent) else {
        let named = [
            ("cappingMethod", base.is_some()),
            ("cappingConstraintType", method.is_some()),
            ("cappingPercentage", percent.is_some()),
            ("cappingApplyAccruedChargesBeforeLocking", first),
        ];
        for (name, given) in named {
            if given {
                let outcome = "left out: a ceiling needs a method and a percentage";
                reader.note(NoteKind::Contradiction, name, outcome);
            }
        }
        return Ok(());
    };
    if method.is_none() {
        let outcome = "a hard ceiling: the charge that crosses it is not applied";
        reader.note(NoteKind::Assumed, "cappingConstraintType", outcome);
    }
    product.cap = Some(ChargeCap {
        percent,
        base,
        method: method.unwrap_or(CapMethod::Hard),
        apply_accrued_first: first,
    });
    Ok(())
}

fn linked(
    reader: &mut Reader<'_, '_>,
    product: &mut LoanProduct,
    context: &ImportContext,
) -> Result<(), JsonError> {
    let enabled = reader.flag("accountLinkingEnabled")?;
    let key = reader.text("linkableSavingsProductKey")?;
    let own = match key.map(|key| product_key(context, key)) {
        Some(None) => {
            let allowed = "a product, by its key or its identifier";
            return Err(reader.refuse("linkableSavingsProductKey", allowed));
        }
        Some(own) => own,
        None => None,
    };
    let automatically = reader.flag("autoLinkAccounts")?;
    let create = reader.flag("autoCreateLinkedAccounts")?;
    let settlements = [
        ("FULL_DUE_AMOUNTS", Settlement::FullAmount),
        ("PARTIAL_DUE_AMOUNTS", Settlement::PartialAmount),
        ("NO_AUTOMATED_TRANSFERS", Settlement::None),
    ];
    let settlement = reader.word("settlementOptions", &settlements)?;
    if enabled {
        product.accounts.linked_deposit = Some(LinkedDeposit {
            product: own,
            link_automatically: automatically,
            open_automatically: create,
            settlement: settlement.unwrap_or_default(),
        });
        return Ok(());
    }
    let named = [
        ("linkableSavingsProductKey", own.is_some()),
        ("autoLinkAccounts", automatically),
        ("autoCreateLinkedAccounts", create),
    ];
    for (name, given) in named {
        if given {
            let outcome = "left out: accounts are not linked";
            reader.note(NoteKind::Contradiction, name, outcome);
        }
    }
    if settlement.is_some() {
        let outcome = "without effect: accounts are not linked";
        reader.note(NoteKind::NotTaken, "settlementOptions", outcome);
    }
    Ok(())
}

fn securities(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) -> Result<(), JsonError> {
    let own = &mut product.securities;
    reader.inside("productSecuritySettings", |inner| {
        inner.not_taken(&["encodedKey"], INTERNAL);
        own.guarantors = inner.flag("isGuarantorsEnabled")?;
        own.collateral = inner.flag("isCollateralEnabled")?;
        own.required_percent = inner
            .decimal("requiredGuaranties")?
            .filter(|percent| !percent.is_zero());
        let enabled = inner.flag("isInvestorFundsEnabled")?;
        let percent = inner.decimal("requiredInvestorFunds")?;
        let lock = inner.flag("lockFundsAtApproval")?;
        let lender = commission(inner, "organizationInterestCommission")?;
        let investor = commission(inner, "funderInterestCommission")?;
        let splits = [
            (
                "PERCENTAGE_OF_LOAN_FUNDING",
                CommissionSplit::PercentageOfFunding,
            ),
            (
                "FIXED_INTEREST_COMMISSIONS",
                CommissionSplit::FixedCommissions,
            ),
        ];
        let split_name = "funderInterestCommissionAllocationType";
        let split = inner.word(split_name, &splits)?;
        if !enabled {
            let named = [
                (
                    "requiredInvestorFunds",
                    percent.is_some_and(|p| !p.is_zero()),
                ),
                ("lockFundsAtApproval", lock),
                ("organizationInterestCommission", lender.is_some()),
                ("funderInterestCommission", investor.is_some()),
                (split_name, split.is_some()),
            ];
            for (name, given) in named {
                if given {
                    let outcome = "left out: investors do not fund the loan";
                    inner.note(NoteKind::Contradiction, name, outcome);
                }
            }
            return Ok(());
        }
        if split.is_none() {
            let outcome = "interest is shared by what each investor funded";
            inner.note(NoteKind::Assumed, split_name, outcome);
        }
        own.investors = Some(InvestorFunds {
            required_percent: percent,
            lock_at_approval: lock,
            lender_commission: lender.unwrap_or_default(),
            investor_commission: investor.unwrap_or_default(),
            split: split.unwrap_or(CommissionSplit::PercentageOfFunding),
        });
        Ok(())
    })?;
    Ok(())
}

fn commission(inner: &mut Reader<'_, '_>, name: &str) -> Result<Option<Range<Decimal>>, JsonError> {
    inner.inside(name, |inner| {
        inner.not_taken(&["encodedKey"], INTERNAL);
        inner.range(["minValue", "defaultValue", "maxValue"])
    })
}
