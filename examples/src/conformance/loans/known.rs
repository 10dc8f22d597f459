//! Which fields of terms, events and checks are read. A field that is not would be a condition of
//! the case silently left out, so it skips the case by its name.

use serde_json::Value;

use super::super::Verdict;

const TERMS: &[&str] = &[
    "currency",
    "digits",
    "currency_multiple_of",
    "rounding",
    "day_count",
    "engine",
    "installment_multiple_of",
    "multi_disburse",
    "allow_partial_period_interest",
    "interest_recalculation",
    "down_payment",
    "accounting",
    "arrears_grace_days",
    "processing",
    "principal",
    "annual_rate_pct",
    "interest_method",
    "interest_calc_period",
    "amortization",
    "repay_every",
    "unit",
    "count",
    "term",
    "term_unit",
    "expected_disbursement",
    "grace",
    "allocation",
    "allocation_style",
    "future_installment_rule",
    "source_product",
    "disbursements",
    "first_due",
    "due_days",
    "schedule_start",
    "month_end",
    "emi_basis",
    "cob_recalculates_interest",
    "recalculated_as_of",
    "source_quirk",
    "charge_off_behaviour",
    "fixed_length",
    "interest_refund",
    "installment_amount",
    "credit_allocation",
    "in_arrears_tolerance",
];

const REFUND: &[&str] = &[
    "amount",
    "channel",
    "interest_refund",
    "interest_refund_calculation",
];

const EVENTS: &[(&str, &[&str])] = &[
    ("business_date", &[]),
    ("close_of_business", &[]),
    ("accrue", &[]),
    ("approve", &["amount"]),
    ("disburse", &["amount", "channel"]),
    ("undo_disbursal", &[]),
    ("undo_last_disbursal", &[]),
    ("repayment", &["amount", "channel"]),
    ("goodwill_credit", &["amount", "channel"]),
    ("merchant_issued_refund", REFUND),
    ("payout_refund", REFUND),
    ("interest_payment_waiver", &["amount", "channel"]),
    ("interest_refund", &["amount", "channel"]),
    ("down_payment", &["amount", "channel"]),
    ("recovery", &["amount", "channel"]),
    ("recovery_repayment", &["amount", "channel"]),
    (
        "charge",
        &["amount", "percent", "basis", "due", "kind", "penalty"],
    ),
    ("waive_charge", &["target"]),
    ("undo_waive_charge", &["target"]),
    ("undo_approval", &[]),
    ("reject", &[]),
    ("withdraw", &[]),
    ("waive_interest", &["amount"]),
    ("charge_adjustment", &["amount", "target"]),
    (
        "chargeback",
        &["amount", "channel", "of_payment_no", "target"],
    ),
    ("credit_balance_refund", &["amount", "channel"]),
    ("capitalize_income", &["amount", "channel"]),
    ("capitalized_income", &["amount", "channel"]),
    ("capitalized_income_adjustment", &["amount", "channel"]),
    ("buy_down_fee", &["amount", "channel"]),
    ("buy_down_fee_adjustment", &["amount", "channel"]),
    ("pause_interest", &["from", "to"]),
    ("change_rate", &["from", "new_annual_rate_pct"]),
    ("pay_off", &["channel"]),
    ("write_off", &[]),
    ("undo_write_off", &[]),
    ("charge_off", &["fraud"]),
    ("undo_charge_off", &[]),
    ("mark_as_fraud", &[]),
    ("re_amortize", &["interest_handling"]),
    (
        "re_age",
        &[
            "every",
            "unit",
            "start",
            "installments",
            "interest_handling",
        ],
    ),
    ("undo_re_age", &[]),
    ("undo_re_amortize", &[]),
    ("delinquency_pause", &["from", "to"]),
    ("delinquency_resume", &[]),
    ("terminate_contract", &[]),
    ("undo_terminate_contract", &[]),
    (
        "reschedule",
        &[
            "from",
            "new_due",
            "grace_principal",
            "grace_interest",
            "extra_installments",
            "extra_terms",
            "new_annual_rate_pct",
        ],
    ),
    ("undo", &["target"]),
];

/// Skips terms with a field that nobody reads.
pub(super) fn terms(terms: &Value) -> Result<(), Verdict> {
    let fields = terms.as_object().into_iter().flatten();
    for (name, value) in fields {
        if !TERMS.contains(&name.as_str()) && !value.is_null() {
            return Err(Verdict::Skip(format!(
                "terms with {}",
                name.replace('_', " ")
            )));
        }
    }
    Ok(())
}

/// Skips an event that is not known, or has a field that nobody reads.
pub(super) fn event(event: &Value, kind: &str) -> Result<(), Verdict> {
    let shown = kind.replace('_', " ");
    let Some((_, known)) = EVENTS.iter().find(|(name, _)| *name == kind) else {
        return Err(Verdict::Skip(format!("event {shown}")));
    };
    let common = ["type", "date", "expect"];
    for (name, value) in event.as_object().into_iter().flatten() {
        let name = name.as_str();
        if !common.contains(&name) && !known.contains(&name) && !value.is_null() {
            return Err(Verdict::Skip(format!(
                "{shown} with {}",
                name.replace('_', " ")
            )));
        }
    }
    Ok(())
}
