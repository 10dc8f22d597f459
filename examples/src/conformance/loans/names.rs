//! What the case files call transactions.

use lending_core::loan::{CreditKind, TransactionKind};

/// Charges are no transactions in the case files.
pub(super) const fn is_charge(kind: &TransactionKind) -> bool {
    matches!(
        kind,
        TransactionKind::Charge { .. } | TransactionKind::InstalmentCharge { .. }
    )
}

/// The name of a transaction in the case files.
pub(super) fn type_name(kind: &TransactionKind) -> &'static str {
    match kind {
        TransactionKind::Disbursement { .. } => "disbursement",
        TransactionKind::Credit { kind, .. } => match kind {
            CreditKind::Repayment => "repayment",
            CreditKind::DownPayment => "down_payment",
            CreditKind::GoodwillCredit => "goodwill_credit",
            CreditKind::MerchantRefund => "merchant_issued_refund",
            CreditKind::PayoutRefund => "payout_refund",
            CreditKind::ChargeAdjustment => "charge_adjustment",
            CreditKind::InterestPaymentWaiver => "interest_payment_waiver",
            CreditKind::InterestRefund => "interest_refund",
            _ => "credit",
        },
        TransactionKind::Waiver { .. } => "waive_loan_charges",
        TransactionKind::Chargeback { .. } => "chargeback",
        TransactionKind::CreditRefund { .. } => "credit_balance_refund",
        TransactionKind::WriteOff => "close_as_written_off",
        TransactionKind::ChargeOff { .. } => "charge_off",
        TransactionKind::InterestWaiver { .. } => "waive_interest",
        TransactionKind::Recovery { .. } => "recovery_repayment",
        TransactionKind::ReAmortise { .. } => "re_amortize",
        TransactionKind::ReAge { .. } => "re_age",
        TransactionKind::Terminate => "contract_termination",
        TransactionKind::CapitalisedIncome { .. } => "capitalized_income",
        TransactionKind::CapitalisedIncomeAdjustment { .. } => "capitalized_income_adjustment",
        TransactionKind::BuyDownFee { .. } => "buy_down_fee",
        TransactionKind::BuyDownFeeAdjustment { .. } => "buy_down_fee_adjustment",
        _ => "other",
    }
}
