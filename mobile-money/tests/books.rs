//! What a receipt and its placement mean for the books.

use chrono::DateTime;
use mobile_money::{
    Channel, Intake, Trusted,
    books::{FeeRule, Placement, position},
    intake::{Delivery, Transaction},
    suspense::Resolution,
};

fn transaction(channel: Channel, body: &str) -> Transaction {
    let mut intake = Intake::default();
    let delivery = Delivery::new(channel, DateTime::UNIX_EPOCH);
    let heard = intake.hear(Trusted::claimed(body.as_bytes()), &delivery);
    intake.transaction(&heard.received[0].key).unwrap()
}

fn lines(transaction: &Transaction, placement: Placement<'_>, fees: FeeRule) -> Vec<String> {
    let lines = position(transaction, placement, fees);
    lines
        .iter()
        .map(|l| format!("{:?} {}", l.account, l.amount))
        .collect()
}

const PAID: &str = r#"{"amount":"1000.00","currency":"RWF","type":"merchantpay","transactionReference":"R1",
    "transactionStatus":"completed","creditParty":[{"key":"msisdn","value":"+250780000001"}],
    "fees":[{"feeType":"merchant","feeAmount":"15","feeCurrency":"RWF"}]}"#;

#[test]
fn placements() {
    let paid = transaction(Channel::Gsma, PAID);
    let float = r#"Float("+250780000001") 1000 RWF"#;
    let table: [(Option<Resolution>, &[&str]); 5] = [
        (None, &[float, "Suspense -1000 RWF"]),
        (
            Some(Resolution::Applied {
                account: "loan-7".into(),
            }),
            &[float, r#"Applied("loan-7") -1000 RWF"#],
        ),
        (
            Some(Resolution::Refunded {
                payout: "PO-1".into(),
            }),
            &[float, r#"PaidOut("PO-1") -1000 RWF"#],
        ),
        (
            Some(Resolution::TakenToIncome),
            &[float, "Income -1000 RWF"],
        ),
        (Some(Resolution::NeverReceived), &[]),
    ];
    for (resolution, expected) in table {
        let placement = Placement::of(resolution.as_ref());
        assert_eq!(
            lines(&paid, placement, FeeRule::PaidByPayer),
            expected,
            "{resolution:?}"
        );
    }
}

/// 1,000 and a fee of 15: beside the amount, out of the float, or already taken off 1,015.
#[test]
fn fees_of_receipts() {
    let paid = transaction(Channel::Gsma, PAID);
    let applied = Placement::Applied("a");
    assert_eq!(
        lines(&paid, applied, FeeRule::TakenFromFloat),
        [
            r#"Float("+250780000001") 985 RWF"#,
            r#"Applied("a") -1000 RWF"#,
            "ProviderFees 15 RWF"
        ]
    );
    assert_eq!(
        lines(&paid, applied, FeeRule::NetSettled),
        [
            r#"Float("+250780000001") 1000 RWF"#,
            r#"Applied("a") -1015 RWF"#,
            "ProviderFees 15 RWF"
        ]
    );
}

/// The receipt is refunded by a payout: both together leave float and payout account at zero.
#[test]
fn a_refund_clears_itself() {
    let paid = transaction(Channel::Gsma, PAID);
    let out = r#"{"amount":"1000.00","currency":"RWF","type":"disbursement","transactionReference":"R2",
        "requestingOrganisationTransactionReference":"PO-1","transactionStatus":"completed",
        "debitParty":[{"key":"msisdn","value":"+250780000001"}]}"#;
    let out = transaction(Channel::Gsma, out);
    let mut sums = std::collections::BTreeMap::new();
    let both = [
        (&paid, Placement::Refunded("PO-1")),
        (&out, Placement::Suspense),
    ];
    for (transaction, placement) in both {
        for line in position(transaction, placement, FeeRule::default()) {
            *sums
                .entry(line.account)
                .or_insert(rust_decimal::Decimal::ZERO) += line.amount.amount();
        }
    }
    assert!(
        sums.len() == 2 && sums.values().all(|sum| sum.is_zero()),
        "{sums:?}"
    );
}
