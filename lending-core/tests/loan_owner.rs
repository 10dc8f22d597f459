//! Loans that are sold, sold on and bought back: who owns them when, and what the books say.

mod common;

use std::collections::BTreeMap;

use common::{Loan, day, terms};
use ledger::{JournalEntry, Side, entry::tags};
use lending_core::loan::{
    Command, LoanError, OwnerRequest, OwnerTransferKind as Kind, OwnerTransferStatus as Status,
    Ownership, TransactionId,
};
use rust_decimal::{Decimal, dec};

struct Sold {
    loan: Loan,
    ownership: Ownership,
    moved: Vec<JournalEntry>,
    next: u128,
}

impl Sold {
    /// The loan of [`terms`]: 1,000 at 12 %, paid out on 1 January 2024.
    fn paid_out() -> Self {
        let mut loan = Loan::approved(terms());
        let on = day("2024-01-01");
        loan.decide(
            &Command::disburse(TransactionId::new(1), on, dec!(1000)),
            on,
        )
        .unwrap();
        Self {
            loan,
            ownership: Ownership::default(),
            moved: Vec::new(),
            next: 1,
        }
    }

    fn ask(
        &mut self,
        kind: Kind,
        owner: &str,
        on: &str,
        settles: &str,
    ) -> Result<TransactionId, LoanError> {
        self.next += 1;
        let id = TransactionId::new(self.next);
        let request = OwnerRequest {
            id,
            kind,
            owner: (!owner.is_empty()).then(|| owner.parse().unwrap()),
            price_ratio: Some(dec!(0.98)),
            on: day(on),
            settles_on: day(settles),
        };
        self.ownership.ask(&self.loan.account, &request)?;
        Ok(id)
    }

    /// Closes a day; what is booked goes through the ownership, then transfers settle.
    fn close(&mut self, date: &str) -> Vec<JournalEntry> {
        let date = day(date);
        self.loan.decide(&Command::EndOfDay { date }, date).unwrap();
        let made = (date, "transfers".parse().unwrap());
        let entries = self
            .ownership
            .settle(&self.loan.account, date, made)
            .unwrap();
        self.moved.extend(entries.clone());
        entries
    }

    fn statuses(&self) -> Vec<Status> {
        let all = self.ownership.transfers().iter();
        all.map(|transfer| transfer.status).collect()
    }
}

/// Balances by account of the entries with an owner's tag, or of those without.
fn books(entries: &[JournalEntry], owner: Option<&str>) -> BTreeMap<String, Decimal> {
    let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
    for entry in entries
        .iter()
        .filter(|entry| entry.tag(tags::OWNER) == owner)
    {
        for line in entry.lines() {
            let amount = line.amount().amount();
            let signed = if line.side() == Side::Debit {
                amount
            } else {
                -amount
            };
            *sums.entry(line.account().to_string()).or_default() += signed;
        }
    }
    sums.retain(|_, sum| !sum.is_zero());
    sums
}

fn expected(rows: &[(&str, Decimal)]) -> BTreeMap<String, Decimal> {
    rows.iter()
        .map(|(code, sum)| ((*code).to_owned(), *sum))
        .collect()
}

/// Sold at the end of 16 January with 1,000 and 15 nights of January's 10.19, 10.19 x 15/31 = 4.93:
/// the lender books 1,004.93 out, the investor in. What is booked from the 17th on is the investor's.
#[test]
fn a_sale_moves_the_balances() {
    let mut sold = Sold::paid_out();
    sold.ask(Kind::Sale, "investor-1", "2024-01-05", "2024-01-16")
        .unwrap();
    assert_eq!(sold.ownership.next_settlement(), Some(day("2024-01-16")));
    assert!(sold.close("2024-01-15").is_empty());
    assert_eq!(sold.statuses(), [Status::Pending]);
    sold.close("2024-01-16");
    assert_eq!(sold.statuses(), [Status::Active]);
    assert_eq!(sold.ownership.owner_on(day("2024-01-16")), None);
    let owner = sold.ownership.owner_on(day("2024-01-17")).unwrap();
    assert_eq!(owner.as_str(), "investor-1");
    let out = [
        ("portfolio", dec!(-1000)),
        ("interest-receivable", dec!(-4.93)),
        ("transfers", dec!(1004.93)),
    ];
    assert_eq!(books(&sold.moved, None), expected(&out));
    let into = [
        ("portfolio", dec!(1000)),
        ("interest-receivable", dec!(4.93)),
        ("transfers", dec!(-1004.93)),
    ];
    assert_eq!(books(&sold.moved, Some("investor-1")), expected(&into));
    // 10.19 x 16/31 = 5.26 are earned by the next day, 0.33 of it for the investor.
    let before = sold.loan.entries.len();
    sold.close("2024-01-17");
    let entries = sold.ownership.tagged(sold.loan.entries[before..].to_vec());
    let night = [
        ("interest-receivable", dec!(0.33)),
        ("interest-income", dec!(-0.33)),
    ];
    assert_eq!(books(&entries, Some("investor-1")), expected(&night));
    assert!(books(&entries, None).is_empty());
    // Settling the day again does nothing.
    assert!(sold.close("2024-01-17").is_empty());
}

/// The lender sells to an intermediary, which sells on; the lender buys back from the investor.
#[test]
fn an_intermediary_sells_on_and_the_lender_buys_back() {
    let mut sold = Sold::paid_out();
    sold.ask(Kind::IntermediarySale, "desk", "2024-01-02", "2024-01-05")
        .unwrap();
    sold.close("2024-01-05");
    let again = sold.ask(Kind::IntermediarySale, "desk-2", "2024-01-06", "2024-01-09");
    assert_eq!(again.unwrap_err().code(), 3034);
    sold.ask(Kind::Sale, "investor-1", "2024-01-06", "2024-01-09")
        .unwrap();
    sold.close("2024-01-09");
    let twice = sold.ask(Kind::Sale, "investor-2", "2024-01-10", "2024-01-12");
    assert_eq!(twice.unwrap_err().code(), 3034);
    sold.ask(Kind::BuyBack, "", "2024-01-10", "2024-01-16")
        .unwrap();
    sold.close("2024-01-16");
    assert_eq!(
        sold.statuses(),
        [Status::Ended, Status::Ended, Status::Ended]
    );
    let owners = ["05", "06", "09", "10", "16", "17"].map(|date| {
        let owner = sold.ownership.owner_on(day(&format!("2024-01-{date}")));
        owner.map_or_else(String::new, |owner| owner.to_string())
    });
    assert_eq!(owners, ["", "desk", "desk", "investor-1", "investor-1", ""]);
    // What came in has gone out; interest earned meanwhile stays in the books it was earned in.
    // Transfers net to nothing over all.
    let mut whole = books(&sold.moved, None);
    for owner in ["desk", "investor-1"] {
        for (code, sum) in books(&sold.moved, Some(owner)) {
            *whole.entry(code).or_default() += sum;
        }
    }
    whole.retain(|_, sum| !sum.is_zero());
    assert!(whole.is_empty(), "{whole:?}");
    assert_eq!(books(&sold.moved, Some("desk")).get("portfolio"), None);
    // 4 nights at the sale, 10.19 x 4/31 = 1.31; 8 nights when it was sold on, 2.63.
    let desk = books(&sold.moved, Some("desk"));
    assert_eq!(desk["interest-receivable"], dec!(1.31) - dec!(2.63));
    assert_eq!(desk["transfers"], dec!(1.32));
}

#[test]
fn sale_and_buy_back_of_one_day_meet() {
    let mut sold = Sold::paid_out();
    sold.ask(Kind::Sale, "investor-1", "2024-01-05", "2024-01-16")
        .unwrap();
    let early = sold.ask(Kind::BuyBack, "", "2024-01-06", "2024-01-10");
    assert_eq!(early.unwrap_err().code(), 3034);
    sold.ask(Kind::BuyBack, "", "2024-01-06", "2024-01-16")
        .unwrap();
    assert!(sold.close("2024-01-16").is_empty());
    assert_eq!(sold.statuses(), [Status::Cancelled, Status::Cancelled]);
    assert_eq!(sold.ownership.owner_on(day("2024-01-17")), None);
}

#[test]
fn a_loan_that_is_repaid_is_not_sold() {
    let mut sold = Sold::paid_out();
    sold.ask(Kind::Sale, "investor-1", "2024-01-05", "2024-01-16")
        .unwrap();
    let on = day("2024-01-10");
    let owed = sold.loan.account.payoff(on).unwrap();
    let repay = Command::repay(TransactionId::new(50), on, owed);
    sold.loan.decide(&repay, on).unwrap();
    assert!(sold.close("2024-01-16").is_empty());
    assert_eq!(sold.statuses(), [Status::Declined]);
    let closed = sold.ask(Kind::Sale, "investor-1", "2024-01-17", "2024-01-20");
    assert_eq!(closed.unwrap_err().code(), 3001);
}

#[test]
fn what_is_pending_may_be_taken_back() {
    let mut sold = Sold::paid_out();
    let past = sold.ask(Kind::Sale, "investor-1", "2024-01-05", "2024-01-04");
    assert_eq!(past.unwrap_err().code(), 3005);
    let nobody = sold.ask(Kind::Sale, "", "2024-01-05", "2024-01-16");
    assert_eq!(nobody.unwrap_err().code(), 3034);
    let id = sold
        .ask(Kind::Sale, "investor-1", "2024-01-05", "2024-01-16")
        .unwrap();
    sold.ownership.cancel(id).unwrap();
    assert_eq!(sold.ownership.cancel(id).unwrap_err().code(), 3034);
    assert!(sold.close("2024-01-16").is_empty());
    assert_eq!(sold.statuses(), [Status::Cancelled]);
    // The day must be closed first.
    sold.ask(Kind::Sale, "investor-1", "2024-01-17", "2024-01-20")
        .unwrap();
    let made = (day("2024-01-20"), "transfers".parse().unwrap());
    let open = sold
        .ownership
        .settle(&sold.loan.account, day("2024-01-20"), made);
    assert_eq!(open.unwrap_err().code(), 3006);
}
