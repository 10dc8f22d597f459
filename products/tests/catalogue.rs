//! The ready-made products load, hold together and give the figures their README promises.

mod common;

use chrono::{Datelike, NaiveDate, Weekday};
use common::day;
use lending_core::{dates::Calendar, loan::InterestBasis, schedule::Tranche};
use products::{
    HolderKind, LoanProduct, Preview, QuoteContext, QuoteRequest, Versions,
    catalogue::{self, Sort},
    deal::DealRequest,
    deposit::DepositRequest,
    product::ChargeCap,
};
use rust_decimal::{Decimal, dec};

fn preview(product: &LoanProduct, request: &QuoteRequest, calendar: &Calendar) -> Preview {
    let context = QuoteContext {
        client_type: Some("EMPLOYEE"),
        holder: *product.availability.holders.first().unwrap(),
        carried_elsewhere: true,
        ..QuoteContext::new(calendar, *product.currencies.first().unwrap())
    };
    product.preview(request, &context).unwrap()
}

fn on(disbursement: NaiveDate) -> QuoteRequest {
    QuoteRequest {
        disbursement,
        ..QuoteRequest::default()
    }
}

#[test]
fn every_product_is_rehearsed_and_can_be_published() {
    let from = day(2026, 3, 2);
    let mut ids = Vec::new();
    for entry in catalogue::ALL {
        match entry.sort {
            Sort::Loan => {
                let product = entry.loan().unwrap();
                product.rehearse(from, &Calendar::weekends()).unwrap();
                ids.push(product.id);
                Versions::draft(product).publish(from).unwrap();
            }
            Sort::Deposit => {
                let product = entry.deposit().unwrap();
                product.rehearse(from).unwrap();
                ids.push(product.id);
                Versions::draft(product).publish(from).unwrap();
            }
            _ => {
                let product = entry.deal().unwrap();
                product.rehearse(from).unwrap();
                ids.push(product.id);
                Versions::draft(product).publish(from).unwrap();
            }
        }
        let readme = include_str!("../data/catalogue/README.md");
        assert!(readme.contains(entry.file), "{} is explained", entry.file);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 8);
}

#[test]
fn every_product_reads_back_as_it_was_written() {
    for entry in catalogue::ALL {
        match entry.sort {
            Sort::Loan => {
                let product = entry.loan().unwrap();
                let text = product.to_json().unwrap();
                assert_eq!(LoanProduct::from_json(&text).unwrap(), product);
            }
            Sort::Deposit => {
                let product = entry.deposit().unwrap();
                let text = product.to_json().unwrap();
                assert_eq!(
                    products::deposit::DepositProduct::from_json(&text).unwrap(),
                    product
                );
            }
            _ => {
                let product = entry.deal().unwrap();
                let text = product.to_json().unwrap();
                assert_eq!(
                    products::deal::DealProduct::from_json(&text).unwrap(),
                    product
                );
            }
        }
    }
}

#[test]
fn a_salary_loan_is_paid_in_round_hundreds_before_the_payday_weekend() {
    let product = catalogue::SALARY_LOAN.loan().unwrap();
    let shown = preview(&product, &on(day(2026, 2, 10)), &Calendar::weekends());
    // 2 000 000 lent, 20 000 of insurance on top, 50 000 kept back.
    assert_eq!(shown.payout, dec!(1950000));
    let lent: Decimal = shown
        .schedule
        .instalments
        .iter()
        .map(|row| row.principal)
        .sum();
    assert_eq!(lent, dec!(2020000));
    // 28 February 2026 is a Saturday: due on Friday. The last instalment takes the rest.
    assert_eq!(shown.schedule.instalments[0].due, day(2026, 2, 27));
    let (_, regular) = shown.schedule.instalments.split_last().unwrap();
    assert!(regular.iter().all(|row| (row.total % dec!(100)).is_zero()));
}

#[test]
fn a_market_trader_pays_the_same_every_day_but_sundays() {
    let product = catalogue::MARKET_TRADER_LOAN.loan().unwrap();
    let sundays = Calendar::new([Weekday::Sun], [], []).unwrap();
    let shown = preview(&product, &on(day(2026, 3, 2)), &sundays);
    // 8 % of 10 000 in all: 10 800 over 30 days is 360 a day.
    assert_eq!(shown.totals.total, dec!(10800));
    let rows = &shown.schedule.instalments;
    assert!(rows.iter().all(|row| row.total == dec!(360)), "{rows:?}");
    assert!(rows.iter().all(|row| row.due.weekday() != Weekday::Sun));
    // Thirty days without five Sundays: from 3 March to 6 April.
    assert_eq!(
        (rows[0].due, rows[29].due),
        (day(2026, 3, 3), day(2026, 4, 6))
    );
}

#[test]
fn a_solidarity_group_pays_interest_only_at_first() {
    let product = catalogue::SOLIDARITY_GROUP_LOAN.loan().unwrap();
    assert_eq!(
        product.availability.holders,
        [HolderKind::SolidarityGroup].into()
    );
    let shown = preview(&product, &on(day(2026, 3, 2)), &Calendar::weekends());
    // 5000 and 2 % of 500 000 are kept back.
    assert_eq!(shown.payout, dec!(485000));
    let rows = &shown.schedule.instalments;
    let graced = rows.iter().take(2).all(|row| row.principal <= dec!(50));
    assert!(graced && rows[2].principal > dec!(20000));
    assert_eq!(rows[1].due, day(2026, 3, 16));
}

#[test]
fn an_agricultural_loan_is_due_after_each_harvest() {
    let product = catalogue::AGRICULTURAL_LOAN.loan().unwrap();
    let shown = preview(&product, &on(day(2026, 3, 1)), &Calendar::weekends());
    let rows: Vec<_> = shown
        .schedule
        .instalments
        .iter()
        .map(|row| (row.due, row.principal, row.interest))
        .collect();
    // 1 500 000 and 4 % insurance are 1 560 000; 22 % of it is 343 200 a year. From 1 March to
    // 31 July are 152 days, 142 921.64; to 31 January 2027 184 days, 173 010.41. That day is a
    // Sunday: paid on Monday, for the same interest.
    assert_eq!(
        rows,
        [
            (day(2026, 7, 31), dec!(0), dec!(142922)),
            (day(2027, 2, 1), dec!(1560000), dec!(173010)),
        ]
    );
    // Less than 90 days before a harvest, the next one counts.
    let late = preview(&product, &on(day(2026, 5, 15)), &Calendar::default());
    assert_eq!(late.schedule.instalments[0].due, day(2027, 1, 31));
}

#[test]
fn a_solar_system_is_paid_for_by_the_day() {
    let product = catalogue::SOLAR_DEAL.deal().unwrap();
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, "UGX".parse().unwrap());
    let terms = product
        .quote(&DealRequest::on(day(2026, 1, 1)), &context)
        .unwrap();
    // 1 460 000 less 150 000 at 2000 a day: 655 days after seven free ones.
    assert_eq!((terms.financed, terms.instalments), (dec!(1310000), 655));
    assert_eq!(
        (terms.first_due, terms.last_due),
        (day(2026, 1, 9), day(2027, 10, 25))
    );
}

#[test]
fn school_fees_are_paid_out_term_by_term() {
    let product = catalogue::SCHOOL_FEES_LOAN.loan().unwrap();
    let request = QuoteRequest {
        tranches: vec![
            Tranche {
                on: day(2026, 5, 4),
                amount: dec!(20000),
            },
            Tranche {
                on: day(2026, 8, 31),
                amount: dec!(20000),
            },
        ],
        ..on(day(2026, 1, 12))
    };
    let shown = preview(&product, &request, &Calendar::weekends());
    assert_eq!(shown.payout, dec!(19500)); // the first 20 000 less 500
    assert!(matches!(
        shown.terms.interest_basis,
        InterestBasis::OnBalance { .. }
    ));
    let repaid: Decimal = shown
        .schedule
        .instalments
        .iter()
        .map(|row| row.principal)
        .sum();
    assert_eq!(repaid, dec!(60000));
}

/// The first statement of a line opened on 5 January with its yearly fee and a draw of 36 500.
fn first_statement(product: &LoanProduct) -> lending_core::revolving::Statement {
    use lending_core::{
        ids::AccountId,
        loan::{TransactionId, code},
        revolving::{Command, Context, CreditLine, TransactionKind},
    };
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, "KES".parse().unwrap());
    let opened = day(2026, 1, 5);
    let terms = product.quote_line(&on(opened), &context).unwrap();
    let mut line = CreditLine::submit(AccountId::new(1), terms, opened).unwrap();
    let yearly = TransactionKind::Fee {
        name: code("yearly").unwrap(),
        penalty: false,
        amount: None,
    };
    for command in [
        Command::Approve { on: opened },
        Command::Activate { on: opened },
        Command::record(TransactionId::new(1), opened, yearly),
        Command::draw(TransactionId::new(2), opened, dec!(36500)),
    ] {
        line = line.decide(&command, &Context::today(opened)).unwrap().line;
    }
    // The usual 50 000.
    assert_eq!(line.available().unwrap(), dec!(13500));
    let date = day(2026, 1, 25);
    let close = Command::EndOfDay { date };
    let decision = line.decide(&close, &Context::today(date)).unwrap();
    decision.statements[0].clone()
}

#[test]
fn a_credit_line_is_opened_drawn_and_billed() {
    let product = catalogue::CREDIT_LINE.loan().unwrap();
    // It is no term loan.
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, "KES".parse().unwrap());
    let refused = product.quote(&on(day(2026, 1, 5)), &context).unwrap_err();
    let told: Vec<_> = refused
        .iter()
        .map(|found| (found.field.as_ref(), found.code()))
        .collect();
    assert_eq!(told, [("kind", 5007)]);

    let statement = first_statement(&product);
    // 36 500 × 30 % × 20/365 is 600; with the fee of 1000 the balance is 38 100, 10 % of it 3810,
    // above the floor of 500: 3810 of principal, interest and fee on top.
    assert_eq!(statement.interest, dec!(600));
    assert_eq!(statement.closing, dec!(38100));
    assert_eq!(
        (statement.minimum, statement.due),
        (dec!(5410), day(2026, 2, 9))
    );
}

/// As above with 16 % of value-added tax on top of interest: 600 and 96. The balance is 38 196, 10 % of
/// it 3819.60, and 696 of interest and 1000 of fee on top.
#[test]
fn a_line_may_be_taxed() {
    let mut product = catalogue::CREDIT_LINE.loan().unwrap();
    product.taxes.on_interest = true;
    product.taxes.percent = Some(dec!(16));
    product.taxes.kind = lending_core::schedule::TaxKind::Exclusive;
    product.validate().unwrap();
    let statement = first_statement(&product);
    assert_eq!(statement.interest, dec!(696));
    assert_eq!(statement.closing, dec!(38196));
    assert_eq!(statement.minimum, dec!(5515.60));
}

/// A cap on the original principal is one on the limit of a line.
#[test]
fn a_line_may_be_capped() {
    use lending_core::{
        loan::{CapBase, CapMethod},
        revolving::{LineCap, LineCapBase, LineCapCounts},
    };
    let mut product = catalogue::CREDIT_LINE.loan().unwrap();
    let mut cap = ChargeCap {
        percent: dec!(100),
        base: CapBase::OriginalPrincipal,
        method: CapMethod::Hard,
        apply_accrued_first: false,
    };
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, "KES".parse().unwrap());
    for (base, of) in [
        (CapBase::OriginalPrincipal, LineCapBase::Limit),
        (CapBase::OutstandingPrincipal, LineCapBase::Principal),
    ] {
        cap.base = base;
        product.cap = Some(cap.clone());
        let terms = product.quote_line(&on(day(2026, 1, 5)), &context).unwrap();
        let expected = LineCap {
            percent: dec!(100),
            of,
            counts: LineCapCounts::Owed,
            method: CapMethod::Hard,
        };
        assert_eq!(terms.cap, Some(expected));
    }
    cap.method = CapMethod::Soft;
    cap.apply_accrued_first = true;
    product.cap = Some(cap);
    let refused = product.quote_line(&on(day(2026, 1, 5)), &context);
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("cap.apply_accrued_first")
    );
}

#[test]
fn a_line_is_quoted_within_its_product() {
    let product = catalogue::CREDIT_LINE.loan().unwrap();
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, "KES".parse().unwrap());
    let request = QuoteRequest {
        amount: Some(dec!(5000)),
        rate: Some(dec!(40)),
        instalments: Some(6),
        ..on(day(2026, 1, 5))
    };
    let refused = product.quote_line(&request, &context).unwrap_err();
    let told: Vec<_> = refused
        .iter()
        .map(|found| (found.field.as_ref(), found.code()))
        .collect();
    assert_eq!(
        told,
        [("amount", 5002), ("rate", 5002), ("instalments", 5004)]
    );
    let term_loan = catalogue::SALARY_LOAN.loan().unwrap();
    let refused = term_loan.quote_line(&on(day(2026, 1, 5)), &context);
    assert!(refused.unwrap_err().to_string().contains("REVOLVING"));
}

#[test]
fn a_fixed_deposit_pays_at_maturity() {
    let product = catalogue::FIXED_DEPOSIT.deposit().unwrap();
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, "KES".parse().unwrap());
    let request = DepositRequest::new(dec!(100000), day(2026, 2, 1));
    let forecast = product
        .quote(&request, &context)
        .unwrap()
        .forecast()
        .unwrap();
    // 100 000 × 9.5 % × 181/365 is 4710.96; 15 % of it is 706.64.
    assert_eq!(forecast.len(), 1);
    assert_eq!(
        (
            forecast[0].on,
            forecast[0].interest,
            forecast[0].tax,
            forecast[0].balance
        ),
        (
            day(2026, 8, 1),
            dec!(4710.96),
            dec!(706.64),
            dec!(104004.32)
        )
    );
}
