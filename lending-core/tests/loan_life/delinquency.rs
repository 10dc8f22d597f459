//! Ranges of delinquency, their history and pauses. The loan and most figures are those of
//! Fineract's own tests (LoanDelinquency.feature, scenarios C2979 to C2992): 1,000 without
//! interest, 250 due at once on 1 October 2023 as a down payment, then 250 on 16 and 31 October and
//! on 15 November; nothing is paid.

use super::*;
use lending_core::{
    dates::Period,
    loan::{CreditKind, DelinquencyRange, Status, code},
    schedule::{InterestMethod, Rate, ScheduleTerms},
};

fn ranges() -> Vec<DelinquencyRange> {
    let range = |name: &str, first_day, last_day| DelinquencyRange {
        name: code(name).unwrap(),
        first_day,
        last_day,
    };
    vec![
        range("1", 1, Some(2)),
        range("3", 3, Some(29)),
        range("30", 30, Some(59)),
        range("60", 60, Some(89)),
        range("90", 90, None),
    ]
}

/// `tolerance` days are tolerated (Fineract: grace on arrears ageing; three in its test).
fn contract(tolerance: u16) -> LoanTerms {
    let mut terms = terms();
    terms.expected_disbursement = day("2023-10-01");
    terms.schedule = ScheduleTerms::new(3, Period::Days(15), Rate::per_year(dec!(0)));
    terms.schedule.amortization = Amortization::equal_principal();
    terms.schedule.interest.method = InterestMethod::Flat;
    terms.schedule.down_payment_percent = Some(dec!(25));
    terms.arrears.tolerance_days = tolerance;
    terms.arrears.delinquency = ranges();
    terms
}

fn pause(first: &str, last: &str) -> TransactionKind {
    let (first, last) = (day(first), day(last));
    TransactionKind::DelinquencyPause { first, last }
}

/// Days and range of the loan.
fn stands(loan: &Loan) -> (u32, Option<String>) {
    let now = loan.account.delinquency();
    (now.days, now.range.map(|range| range.to_string()))
}

/// Overdue by range, instalment by instalment.
fn by_range(loan: &Loan) -> Vec<(String, Decimal)> {
    let mut sums: Vec<(String, Decimal)> = Vec::new();
    for row in loan.account.delinquent_instalments().unwrap() {
        let name = row
            .range
            .map_or("none".to_owned(), |range| range.to_string());
        let amount = row.overdue.total().unwrap();
        match sums.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += amount,
            None => sums.push((name, amount)),
        }
    }
    sums
}

fn named(expected: &[(&str, Decimal)]) -> Vec<(String, Decimal)> {
    let named = expected.iter();
    named
        .map(|(name, sum)| ((*name).to_owned(), *sum))
        .collect()
}

/// `(range, from, to)`; "-" while it lasts.
fn history(loan: &Loan) -> Vec<(String, String, String)> {
    let tags = loan.account.delinquency_history();
    let tags = tags.iter().map(|tag| {
        let to = tag.to.map_or("-".to_owned(), |to| to.to_string());
        (tag.range.to_string(), tag.from.to_string(), to)
    });
    tags.collect()
}

fn listed(expected: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    let own = |text: &str| text.to_owned();
    let rows = expected.iter();
    rows.map(|(range, from, to)| (own(range), own(from), own(to)))
        .collect()
}

/// Three days are tolerated. Due on 1 October, so delinquent from the 4th: 1 day on the 5th; on 17
/// November 47 - 3 = 44 days. The clock stands from then to 1 December, when the pause that was to
/// last until the 30th is ended: 44 days still, 45 on the day after.
#[test]
fn a_loan_is_in_a_range_and_stays_there_in_a_pause() {
    let mut loan = paid_out(contract(3));
    close(&mut loan, "2023-10-04");
    assert_eq!(stands(&loan), (0, None));
    close(&mut loan, "2023-10-05");
    assert_eq!(stands(&loan), (1, Some("1".to_owned())));
    assert_eq!(loan.account.delinquency().since, Some(day("2023-10-04")));
    close(&mut loan, "2023-11-17");
    record(
        &mut loan,
        2,
        "2023-11-17",
        pause("2023-11-17", "2023-12-30"),
    )
    .unwrap();
    assert_eq!(stands(&loan), (44, Some("30".to_owned())));
    close(&mut loan, "2023-12-01");
    record(
        &mut loan,
        3,
        "2023-12-01",
        TransactionKind::DelinquencyResume,
    )
    .unwrap();
    assert_eq!(stands(&loan), (44, Some("30".to_owned())));
    close(&mut loan, "2023-12-02");
    assert_eq!(stands(&loan), (45, Some("30".to_owned())));
    // What a regulator reads knows no pause: 1 October to 2 December.
    assert_eq!(loan.account.arrears().days_past_due, 62);
    assert_eq!(
        history(&loan),
        listed(&[
            ("1", "2023-10-05", "2023-10-07"),
            ("3", "2023-10-07", "2023-11-03"), // 33 - 3 = 30 days
            ("30", "2023-11-03", "-"),
        ])
    );
    // Undone, the pause lasts as it was to; undone too, it never was: 62 - 3 = 59, 30 days less.
    reverse(&mut loan, 3, "2023-12-02").unwrap();
    assert_eq!(stands(&loan), (44, Some("30".to_owned())));
    reverse(&mut loan, 2, "2023-12-02").unwrap();
    assert_eq!(stands(&loan), (59, Some("30".to_owned())));
}

/// The range of each instalment; a pause of 13 days, 17 to 30 November.
#[test]
fn every_instalment_has_its_own_range() {
    let mut loan = paid_out(contract(3));
    // 46, 31, 16 and 1 days.
    let mid_november = named(&[("30", dec!(500)), ("3", dec!(250)), ("1", dec!(250))]);
    close(&mut loan, "2023-11-16");
    assert_eq!(by_range(&loan), mid_november);
    let mut unpaused = loan.clone();
    record(
        &mut loan,
        2,
        "2023-11-17",
        pause("2023-11-17", "2023-11-30"),
    )
    .unwrap();
    assert_eq!(by_range(&loan), mid_november); // 47, 32, 17 and 2 days
    close(&mut loan, "2023-11-30");
    assert_eq!(by_range(&loan), mid_november);
    // 92 - 13 = 79, 77 - 13 = 64, 62 - 13 = 49, 47 - 13 = 34.
    close(&mut loan, "2024-01-01");
    assert_eq!(
        by_range(&loan),
        named(&[("60", dec!(500)), ("30", dec!(500))])
    );
    // Without a pause: 76, 61, 46 and 31 days on 16 December; a thousand paid on the 17th cures.
    close(&mut unpaused, "2023-12-16");
    assert_eq!(
        by_range(&unpaused),
        named(&[("60", dec!(500)), ("30", dec!(500))])
    );
    pay(&mut unpaused, 2, "2023-12-17", dec!(1000));
    assert_eq!(by_range(&unpaused), []);
    assert_eq!(unpaused.account.status(), Status::Repaid);
    assert_eq!(history(&unpaused).last().unwrap().2, "2023-12-17");
}

/// 24 days and 9 days on 25 October; a goodwill credit of 250 leaves the second.
#[test]
fn any_credit_leaves_a_range() {
    for kind in [CreditKind::Repayment, CreditKind::GoodwillCredit] {
        let mut loan = paid_out(contract(3));
        close(&mut loan, "2023-10-25");
        assert_eq!(by_range(&loan), named(&[("3", dec!(500))]));
        let (amount, split) = (dec!(250), None);
        let credit = TransactionKind::Credit {
            kind,
            amount,
            split,
        };
        record(&mut loan, 2, "2023-10-26", credit).unwrap();
        assert_eq!(by_range(&loan), named(&[("3", dec!(250))]));
        // 10 - 3 = 7 days.
        assert_eq!(stands(&loan), (7, Some("3".to_owned())));
    }
}

/// A payment learned of late moves the history, not only what follows: 250 counts from 3 October,
/// so that the second instalment is the oldest all along.
#[test]
fn history_is_made_anew() {
    let mut loan = paid_out(contract(0));
    close(&mut loan, "2023-10-20");
    assert_eq!(
        history(&loan),
        listed(&[("1", "2023-10-02", "2023-10-04"), ("3", "2023-10-04", "-"),])
    );
    let (late, on) = (day("2023-10-20"), day("2023-10-03"));
    loan.decide(&Command::repay(TransactionId::new(2), on, dec!(250)), late)
        .unwrap();
    let after = listed(&[
        ("1", "2023-10-02", "2023-10-03"),
        ("1", "2023-10-17", "2023-10-19"),
        ("3", "2023-10-19", "-"),
    ]);
    assert_eq!(history(&loan), after);
    // It bounces: as it was.
    let known = loan.clone();
    reverse(&mut loan, 2, "2023-10-20").unwrap();
    assert_eq!(history(&loan)[1].1, "2023-10-04");
    // Known in time, the same.
    let mut timely = paid_out(contract(0));
    pay(&mut timely, 2, "2023-10-03", dec!(250));
    for date in on.iter_days().take_while(|date| *date <= late) {
        close(&mut timely, &date.to_string());
    }
    assert_eq!(history(&timely), history(&known));
}

/// Days closed one by one or all at once: the same ranges on the same days, pauses or not.
#[test]
fn ranges_come_on_their_day_however_days_are_closed() {
    let start = || {
        let mut loan = paid_out(contract(2));
        record(
            &mut loan,
            2,
            "2023-10-01",
            pause("2023-10-10", "2023-11-20"),
        )
        .unwrap();
        loan
    };
    let (mut one, mut other) = (start(), start());
    let days = day("2023-10-02").iter_days();
    for date in days.take_while(|date| *date <= day("2024-04-01")) {
        close(&mut one, &date.to_string());
    }
    close(&mut other, "2024-04-01");
    assert_eq!(history(&one), history(&other));
    // 9 days by 10 October, less 2 tolerated: 7. 30 are reached 23 days after 20 November.
    assert_eq!(history(&one)[2].1, "2023-12-13");
}

#[test]
fn pauses_are_checked() {
    let mut loan = paid_out(contract(3));
    let kinds = [
        // Before the day it counts from.
        (pause("2023-10-15", "2023-10-30"), 3005),
        // No day.
        (pause("2023-10-16", "2023-10-16"), 3005),
        // No pause to end.
        (TransactionKind::DelinquencyResume, 3001),
    ];
    for (kind, code) in kinds {
        let refused = record(&mut loan, 2, "2023-10-16", kind).unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
    }
    record(
        &mut loan,
        2,
        "2023-10-16",
        pause("2023-10-16", "2023-10-30"),
    )
    .unwrap();
    let overlapping = [
        (pause("2023-10-20", "2023-10-25"), 3005),
        (pause("2023-10-29", "2023-11-25"), 3005),
    ];
    for (kind, code) in overlapping {
        let refused = record(&mut loan, 3, "2023-10-20", kind).unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
    }
    // One that begins earlier, told later.
    let new = NewTransaction::new(
        TransactionId::new(3),
        day("2023-10-10"),
        pause("2023-10-10", "2023-10-17"),
    );
    let refused = loan.decide(&Command::Record(new), day("2023-10-20"));
    assert_eq!(refused.unwrap_err().code(), 3005);
    // One that begins before another to come, and ends inside it.
    let mut other = paid_out(contract(3));
    record(
        &mut other,
        2,
        "2023-10-16",
        pause("2023-11-10", "2023-11-30"),
    )
    .unwrap();
    let refused = record(
        &mut other,
        3,
        "2023-10-20",
        pause("2023-10-20", "2023-11-11"),
    );
    assert_eq!(refused.unwrap_err().code(), 3006);
    // The next one may begin where it ends.
    record(
        &mut loan,
        3,
        "2023-10-20",
        pause("2023-10-30", "2023-11-05"),
    )
    .unwrap();
    let pauses = [("2023-10-16", "2023-10-30"), ("2023-10-30", "2023-11-05")];
    assert_eq!(
        loan.account.delinquency_pauses(),
        pauses.map(|(first, last)| (day(first), day(last)))
    );
    // Nothing is paused on a loan that is repaid.
    pay(&mut loan, 4, "2023-10-20", dec!(1000));
    let closed = record(
        &mut loan,
        5,
        "2023-12-20",
        pause("2023-12-20", "2023-12-30"),
    );
    assert_eq!(closed.unwrap_err().code(), 3001);
}

#[test]
fn ranges_are_checked() {
    let with = |days: &[(u16, Option<u16>)]| {
        let mut terms = contract(0);
        terms.arrears.delinquency = days
            .iter()
            .map(|(first_day, last_day)| DelinquencyRange {
                name: code("range").unwrap(),
                first_day: *first_day,
                last_day: *last_day,
            })
            .collect();
        terms.validate()
    };
    assert_eq!(
        with(&[(1, Some(5)), (10, None)]),
        Ok(()),
        "days in no range"
    );
    for wrong in [
        &[(0, None)][..],
        &[(5, Some(4))],
        &[(1, Some(5)), (5, None)],
        &[(1, None), (5, None)],
    ] {
        assert_eq!(with(wrong).unwrap_err().code(), 3012, "{wrong:?}");
    }
}
