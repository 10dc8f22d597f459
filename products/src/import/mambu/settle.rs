//! Settings that contradict others and cannot matter beside them: they are left out, and noted.

use crate::{
    LoanProduct, Range,
    deposit::DepositProduct,
    import::{NoteKind, Reader},
    product::{
        FuturePayments, GraceKind, InterestApplication, InterestKind, InterestMethod,
        LateRecalculation, PricingSettings, PrincipalSettings,
    },
    rules::{MATRIX, Rule},
};

/// A rule of the matrix that a document may break, what is left out then, and why.
struct Settlement<P> {
    rule: &'static str,
    field: &'static str,
    change: fn(&mut P),
    outcome: &'static str,
}

const fn settlement<P>(
    rule: &'static str,
    field: &'static str,
    change: fn(&mut P),
    outcome: &'static str,
) -> Settlement<P> {
    Settlement {
        rule,
        field,
        change,
        outcome,
    }
}

/// What becomes of settings of interest where there is none.
const FREE: &str = "left out: the loan is free of interest";

fn no_rate(p: &mut LoanProduct) {
    p.interest.rate = Range::default();
}
fn no_interest_on_interest(p: &mut LoanProduct) {
    p.interest.on_unpaid_interest = false;
}
fn on_due_dates(p: &mut LoanProduct) {
    p.interest.application = InterestApplication::default();
}
/// A tax on nothing has no source.
fn untaxed(p: &mut LoanProduct) {
    if !p.taxes.is_taxed() {
        p.taxes.source = None;
    }
}
fn no_offset(p: &mut LoanProduct) {
    p.interest.offset_percent = None;
}
fn no_redraw(p: &mut LoanProduct) {
    p.payments.redraw = false;
}
fn no_overdraft(p: &mut DepositProduct) {
    p.overdraft = None;
}

const LOAN: &[Settlement<LoanProduct>] = &[
    settlement(
        "commission-above-rate",
        "productSecuritySettings",
        |p| {
            if let Some(funds) = &mut p.securities.investors {
                funds.lender_commission = Range::default();
            }
        },
        "organizationInterestCommission left open: above the rate it is taken from",
    ),
    settlement(
        "free-rate",
        "interestRateSettings",
        no_rate,
        "the rate is left out: the loan is free of interest",
    ),
    settlement(
        "free-pricing",
        "interestRateSettings",
        |p| p.interest.pricing = PricingSettings::Fixed,
        "the tiers or the index are left out: the loan is free of interest",
    ),
    settlement(
        "free-flat",
        "interestCalculationMethod",
        |p| p.interest.method = InterestMethod::default(),
        FREE,
    ),
    settlement(
        "free-kind",
        "interestType",
        |p| p.interest.kind = InterestKind::default(),
        FREE,
    ),
    settlement(
        "free-unpaid-interest",
        "interestBalanceCalculationMethod",
        no_interest_on_interest,
        FREE,
    ),
    settlement("free-offset", "offsetSettings", no_offset, FREE),
    settlement(
        "free-on-disbursement",
        "interestApplicationMethod",
        on_due_dates,
        FREE,
    ),
    settlement(
        "free-interest-tax",
        "taxesOnInterestEnabled",
        |p| {
            p.taxes.on_interest = false;
            untaxed(p);
        },
        FREE,
    ),
    settlement(
        "free-interest-grace",
        "gracePeriodType",
        |p| p.schedule.grace.kind = GraceKind::Pure,
        "taken as a grace on principal: the loan is free of interest",
    ),
    settlement(
        "on-disbursement-dynamic",
        "interestApplicationMethod",
        on_due_dates,
        "left out: interest that follows the balance is not known at disbursement",
    ),
    settlement(
        "capitalised-on-disbursement",
        "interestApplicationMethod",
        on_due_dates,
        "left out: capitalised interest joins the principal once it is earned",
    ),
    settlement(
        "flat-unpaid-interest",
        "interestBalanceCalculationMethod",
        no_interest_on_interest,
        "left out: flat interest is charged on the original principal",
    ),
    settlement(
        "unpaid-interest-fixed-term",
        "interestBalanceCalculationMethod",
        no_interest_on_interest,
        "left out: a fixed-term loan knows its interest at disbursement",
    ),
    settlement(
        "flat-equalised",
        "amortizationMethod",
        |p| p.schedule.principal = PrincipalSettings::EqualPrincipal { every: 1 },
        "left out: flat instalments are equal without it",
    ),
    settlement(
        "tiered-rate",
        "interestRateSettings",
        no_rate,
        "the rate is left out: the tiers are the rates",
    ),
    settlement(
        "payment-plan-rate",
        "interestRateSettings",
        no_rate,
        "the rate is left out: it follows from the plan",
    ),
    settlement(
        "revolving-instalments",
        "defaultNumInstallments",
        |p| p.instalments = Range::default(),
        "left out: a revolving loan has no last instalment",
    ),
    settlement(
        "revolving-principal",
        "amortizationMethod",
        |p| p.schedule.principal = PrincipalSettings::default(),
        "left out: the principal due of a revolving loan is set by its billing",
    ),
    settlement(
        "revolving-grace",
        "gracePeriodType",
        |p| p.schedule.grace = crate::product::GraceSettings::default(),
        "left out: a revolving loan has no first instalments",
    ),
    settlement(
        "fee-amortisation",
        "loanFees",
        |p| p.fees.iter_mut().for_each(|fee| fee.amortisation = None),
        "amortisation is left out: it needs accrual accounting",
    ),
    settlement(
        "tax-without-penalty",
        "taxesOnPenaltyEnabled",
        |p| {
            p.taxes.on_penalties = false;
            untaxed(p);
        },
        "left out: the product has no penalty",
    ),
    settlement(
        "cap-without-charges",
        "cappingMethod",
        |p| p.cap = None,
        "left out: there is no charge for late payment",
    ),
    settlement(
        "cap-hard-accrued",
        "cappingApplyAccruedChargesBeforeLocking",
        |p| {
            if let Some(cap) = &mut p.cap {
                cap.apply_accrued_first = false;
            }
        },
        "left out: a hard ceiling refuses what crosses it",
    ),
    settlement(
        "redraw-fixed-term",
        "redrawSettings",
        no_redraw,
        "left out: money taken out again needs interest on the balance",
    ),
    settlement(
        "redraw-refused",
        "redrawSettings",
        no_redraw,
        "left out: payments ahead of time are refused",
    ),
    settlement(
        "late-without-interest",
        "latePaymentsRecalculationMethod",
        |p| p.payments.late = LateRecalculation::default(),
        "left out: overdue principal bears no interest",
    ),
    settlement(
        "offset-fixed-term",
        "offsetSettings",
        no_offset,
        "left out: a fixed-term loan's interest follows no deposit",
    ),
    settlement(
        "offset-unlinked",
        "offsetSettings",
        no_offset,
        "left out: accounts are not linked",
    ),
    settlement(
        "prepayment-refused",
        "futurePaymentsAcceptance",
        |p| p.payments.future = FuturePayments::Accepted,
        "payments up to what is owed: the loan may not be paid off early",
    ),
    settlement(
        "guarantee-without-kind",
        "productSecuritySettings",
        |p| p.securities.required_percent = None,
        "requiredGuaranties left out: neither guarantors nor collateral are allowed",
    ),
    settlement(
        "free-investors",
        "productSecuritySettings",
        |p| p.securities.investors = None,
        "investors are left out: there is no interest to share",
    ),
];

const DEPOSIT: &[Settlement<DepositProduct>] = &[
    settlement(
        "maturity-open-ended",
        "defaultMaturityPeriod",
        |p| p.maturity = None,
        "left out: an account of this kind has no end",
    ),
    settlement(
        "overdraft-matures",
        "allowOverdraft",
        no_overdraft,
        "left out: money that is put aside is not overdrawn",
    ),
    settlement(
        "overdraft-investor",
        "allowOverdraft",
        no_overdraft,
        "left out: only money that is there can fund loans",
    ),
    settlement(
        "offset-matures",
        "allowOffset",
        |p| p.offsets_loans = false,
        "left out: only money at hand lowers a loan's interest",
    ),
    settlement(
        "withdrawal-fixed-deposit",
        "maxWidthdrawlAmount",
        |p| p.maximum_withdrawal = None,
        "left out: a fixed deposit is paid out whole",
    ),
    settlement(
        "recommended-fixed-deposit",
        "recommendedDepositAmount",
        |p| p.recommended_deposit = None,
        "left out: a fixed deposit is paid in once",
    ),
    settlement(
        "after-no-maturity",
        "interestRateSettings",
        |p| {
            if let Some(interest) = &mut p.interest {
                interest.after_maturity = false;
            }
        },
        "accrueInterestAfterMaturity left out: the account has no maturity",
    ),
    settlement(
        "tiered-rate",
        "interestRateSettings",
        |p| {
            if let Some(interest) = &mut p.interest {
                interest.rate = Range::default();
            }
        },
        "the rate is left out: the tiers are the rates",
    ),
    settlement(
        "overdraft-tiered-rate",
        "overdraftInterestRateSettings",
        |p| {
            let interest = p.overdraft.as_mut().and_then(|o| o.interest.as_mut());
            if let Some(interest) = interest {
                interest.rate = Range::default();
            }
        },
        "the rate is left out: the tiers are the rates",
    ),
    settlement(
        "minimum-fixed-deposit",
        "interestCalculationBalance",
        |p| {
            if let Some(interest) = &mut p.interest {
                interest.balance = crate::deposit::BalanceUsed::EndOfDay;
            }
        },
        "left out: the balance of a fixed deposit does not change in between",
    ),
    settlement(
        "fee-amortisation",
        "savingsFees",
        |p| p.fees.iter_mut().for_each(|fee| fee.amortisation = None),
        "amortisation is left out: a deposit's fees are earned when charged",
    ),
];

pub(super) fn loan(reader: &mut Reader<'_, '_>, product: &mut LoanProduct) {
    settle(reader, product, MATRIX, LOAN);
}

pub(super) fn deposit(reader: &mut Reader<'_, '_>, product: &mut DepositProduct) {
    settle(reader, product, crate::deposit::MATRIX, DEPOSIT);
}

fn settle<P>(
    reader: &mut Reader<'_, '_>,
    product: &mut P,
    matrix: &[&[Rule<P>]],
    settlements: &[Settlement<P>],
) {
    for settlement in settlements {
        let mut rules = matrix.iter().copied().flatten();
        let rule = rules.find(|rule| rule.id == settlement.rule);
        if rule.is_some_and(|rule| (rule.applies)(product)) {
            (settlement.change)(product);
            // A default that the document does not state is no news.
            if reader.has(settlement.field) {
                let kind = NoteKind::Contradiction;
                reader.note(kind, settlement.field, settlement.outcome);
            }
        }
    }
}
