//! From the provider's bytes to books and credited days: the order in which messages arrive and how
//! often they come make no difference, and at no moment is anything received nowhere.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use law_runs::runs;
use ledger::Currency;
use mobile_money::{
    Channel, Intake, Match, Trusted,
    books::{Account, FeeRule, Line, Placement, difference, position},
    intake::{Delivery, TransactionKey},
    match_payment,
    matching::{AccountEntry, MatchRules, ReferenceBook},
    paygo::deal::{Deal, DealState, Event, EventKind},
    wire::raw_sha256,
};
use proptest::prelude::*;
use rust_decimal::{Decimal, dec};
use serde_json::json;

const ACCOUNTS: [&str; 3] = ["EO41877", "EO52966", "EO63055"];

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(19_885) + TimeDelta::minutes(minute)
}

fn book() -> ReferenceBook {
    let mut book = ReferenceBook::new(MatchRules::default());
    for account in ACCOUNTS {
        let kes = Currency::from_code("KES").unwrap();
        book.insert(AccountEntry::new(account, account, kes))
            .unwrap();
    }
    book
}

/// Price 4,000, deposit 500 with 3 free days, 700 a week.
fn deal() -> Deal {
    Deal::new(dec!(4000), dec!(500), dec!(700), 7)
        .unwrap()
        .with_free_days(3)
}

/// A message on its way: where it comes in, when, and its bytes.
type Sent = (Channel, i64, String);

/// One payment and everything that is said about it.
fn payment(
    number: usize,
    account: usize,
    typed: u8,
    amount: u32,
    minute: i64,
    said: u8,
) -> Vec<Sent> {
    let id = format!("SFB{number:07}");
    let code = ACCOUNTS[account];
    let reference = match typed {
        0 => code.to_owned(),
        1 => format!(" {} ", code.to_lowercase()),
        2 => "school fees".into(),
        _ => format!("ACC {code}"),
    };
    let local = (at(minute) + TimeDelta::hours(3))
        .format("%Y%m%d%H%M%S")
        .to_string();
    let confirmation = json!({"TransactionType": "Pay Bill", "TransID": id, "TransTime": local,
        "TransAmount": format!("{amount}.00"), "BusinessShortCode": "600999", "BillRefNumber": reference,
        "OrgAccountBalance": "1.00", "MSISDN": "2547*****111"});
    let push = json!({"Body": {"stkCallback": {"CheckoutRequestID": format!("ws_{number}"), "ResultCode": 0,
        "CallbackMetadata": {"Item": [{"Name": "Amount", "Value": amount}, {"Name": "MpesaReceiptNumber", "Value": id},
            {"Name": "TransactionDate", "Value": local.parse::<u64>().unwrap()}]}}}});
    let pull = json!({"ResponseCode": "1000", "Response": [[{"transactionId": id, "amount": amount.to_string(),
        "trxDate": at(minute).to_rfc3339(), "billreference": reference, "msisdn": 254712000111_u64}]]});
    let back = json!({"Result": {"ResultCode": 0, "OriginatorConversationID": format!("c{number}"),
        "TransactionID": format!("R{number}"), "ResultParameters": {"ResultParameter": [
            {"Key": "OriginalTransactionID", "Value": id}, {"Key": "Amount", "Value": amount / 2}]}}});
    let mut messages = vec![(
        Channel::MpesaC2bConfirmation,
        minute + 1,
        confirmation.to_string(),
    )];
    if said & 1 != 0 {
        messages.push((Channel::MpesaStk, minute + 2, push.to_string()));
    }
    if said & 2 != 0 {
        messages.push((Channel::MpesaPull, minute + 60, pull.to_string()));
    }
    if said & 4 != 0 {
        messages.push((Channel::MpesaReversalResult, minute + 90, back.to_string()));
    }
    if said & 8 != 0 {
        let torn = confirmation.to_string();
        messages.push((
            Channel::MpesaC2bConfirmation,
            minute,
            torn[..torn.len() / 2].into(),
        ));
    }
    messages
}

#[derive(Debug, PartialEq)]
struct Outcome {
    intake: Intake,
    books: BTreeMap<Account, Decimal>,
    deals: Vec<DealState>,
}

/// Hears everything in the order given and keeps the books up with it.
fn run(messages: &[Sent]) -> Result<Outcome, TestCaseError> {
    let book = book();
    let mut intake = Intake::default();
    let mut posted: BTreeMap<TransactionKey, Vec<Line>> = BTreeMap::new();
    let mut books: BTreeMap<Account, Decimal> = BTreeMap::new();
    let mut sent = BTreeSet::new();
    for (channel, minute, body) in messages {
        sent.insert(raw_sha256(body.as_bytes()));
        intake.hear(
            Trusted::claimed(body.as_bytes()),
            &Delivery::new(*channel, at(*minute)),
        );
        let mut now = BTreeMap::new();
        let mut settled = Decimal::ZERO;
        for transaction in intake.transactions() {
            let place = match_payment(&transaction.merged, &book);
            let placement = match &place {
                Match::Matched { account, .. } => Placement::Applied(account),
                Match::Suspense { .. } => Placement::Suspense,
            };
            if transaction.merged.kind == mobile_money::PaymentKind::Collection {
                settled += transaction.net().map_or(Decimal::ZERO, |net| net.amount());
            }
            now.insert(
                transaction.key.clone(),
                position(&transaction, placement, FeeRule::default()),
            );
        }
        for (key, after) in &now {
            let before = posted.get(key).map_or(&[][..], Vec::as_slice);
            for line in difference(before, after) {
                *books.entry(line.account).or_default() += line.amount.amount();
            }
        }
        posted = now;
        // Whatever is settled is in the float, and on an account or in suspense; the whole time.
        let float: Decimal = sum(&books, |account| matches!(account, Account::Float(_)));
        prop_assert_eq!(float, settled);
        prop_assert_eq!(sum(&books, |_| true), Decimal::ZERO);
        // Every message is part of a transaction or on the list of unreadable ones.
        let kept: BTreeSet<[u8; 32]> = posted
            .keys()
            .flat_map(|key| intake.notices(key))
            .flat_map(|notice| notice.raw.iter().copied())
            .chain(intake.unreadable().map(|(hash, _)| *hash))
            .collect();
        prop_assert_eq!(&kept, &sent);
    }
    books.retain(|_, sum| !sum.is_zero());
    let deals = ACCOUNTS.map(|account| state(account, &intake, &book));
    Ok(Outcome {
        intake,
        books,
        deals: deals.into(),
    })
}

fn sum(books: &BTreeMap<Account, Decimal>, of: impl Fn(&Account) -> bool) -> Decimal {
    books
        .iter()
        .filter(|(account, _)| of(account))
        .map(|(_, sum)| *sum)
        .sum()
}

/// The deal of an account after all payments that reach it.
fn state(account: &str, intake: &Intake, book: &ReferenceBook) -> DealState {
    let events: Vec<Event> = intake
        .transactions()
        .filter(|t| {
            matches!(match_payment(&t.merged, book), Match::Matched { account: found, .. } if found == account)
        })
        .filter_map(|t| {
            Some(Event {
                at: t.merged.provider_time.unwrap_or(t.received_at),
                id: t.merged.provider_id.clone()?,
                kind: EventKind::Payment(t.net()?.amount()),
            })
        })
        .collect();
    deal().replay(&events).unwrap()
}

proptest! {
    #![proptest_config(runs(200))]

    #[test]
    fn any_order_and_any_repetition_give_the_same_books_and_the_same_days(
        (messages, shuffled) in prop::collection::vec(
            (0_usize..3, 0_u8..4, 1_u32..3000, 0_i64..100_000, 0_u8..16), 1..6,
        )
        .prop_flat_map(|drawn| {
            let all: Vec<Sent> = drawn
                .iter()
                .enumerate()
                .flat_map(|(n, (account, typed, amount, minute, said))| {
                    payment(n, *account, *typed, *amount, *minute, *said)
                })
                .collect();
            let twice: Vec<Sent> = all.iter().chain(&all).cloned().collect();
            (Just(all), Just(twice).prop_shuffle())
        })
    ) {
        prop_assert_eq!(run(&messages)?, run(&shuffled)?);
    }
}

/// One of each, followed by hand: 700 is applied, 300 stays in suspense, half of 1,000 goes back.
#[test]
fn a_morning_by_hand() {
    let mut messages = payment(1, 0, 0, 700, 0, 1);
    messages.extend(payment(2, 0, 2, 300, 10, 0));
    messages.extend(payment(3, 1, 1, 1000, 20, 4 + 8));
    let outcome = run(&messages).unwrap();
    let expected = BTreeMap::from([
        (Account::Float("600999".into()), dec!(1500)),
        (Account::Suspense, dec!(-300)),
        (Account::Applied("EO41877".into()), dec!(-700)),
        (Account::Applied("EO52966".into()), dec!(-500)),
    ]);
    assert_eq!(outcome.books, expected);
    assert_eq!(outcome.intake.unreadable().count(), 1);
    // 700: the deposit of 500, then 200 buy two days beside the three free ones.
    assert_eq!(
        outcome.deals[0].open_until,
        Some(at(0) + TimeDelta::days(5))
    );
    assert_eq!(
        (outcome.deals[1].deposit_due, outcome.deals[1].days_bought),
        (dec!(0), 0)
    );
    assert_eq!(outcome.deals[2].deposit_due, dec!(500));
}
