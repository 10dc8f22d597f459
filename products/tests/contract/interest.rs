//! Rates, indexes, rounding and what the end of day posts.

use ledger::posting_rules::{AccountingMethod, PostingRules};
use lending_core::{
    dates::Calendar,
    ids::AccountId,
    loan::{Command, LoanAccount, TransactionId, TransactionKind},
    schedule::{ElementRounding, IndexValue, Multiple, Residue},
    store::AccrualPosting,
};
use products::{
    LoanKind, QuoteContext, QuoteRequest, Range,
    product::{AccrualDetail, DayTier, PricingSettings, PrincipalSettings},
};
use rust_decimal::dec;

use super::{close, dynamic, equal_principal, opened, record, tell};
use crate::common::{day, plain};

#[test]
fn unpaid_interest_bears_interest_where_the_product_says_so() {
    // Nothing is paid. 10.19 fell due on 5 February; 28 days on 1010.19 are 9.30, on 1000 9.21.
    for (compound, interest) in [(true, dec!(9.30)), (false, dec!(9.21))] {
        let mut product = dynamic();
        product.interest.on_unpaid_interest = compound;
        let account = opened(&product, day(2026, 1, 5));
        let account = close(account, day(2026, 2, 5));
        let account = close(account, day(2026, 3, 5));
        let due = |at: usize| account.instalments()[at].due.interest;
        assert_eq!((due(0), due(1)), (dec!(10.19), interest), "{compound}");
    }
}

#[test]
fn an_account_follows_the_index_of_its_product() {
    let mut product = dynamic();
    product.interest.rate = Range::only(dec!(2));
    product.interest.pricing = PricingSettings::Indexed {
        index: "CBR".into(),
        review: lending_core::dates::Period::Months(1),
        floor: Some(dec!(6)),
        ceiling: Some(dec!(9)),
    };
    let value = |m, percent| IndexValue {
        from: day(2026, m, 1),
        percent,
    };
    let indexes = [("CBR".to_owned(), vec![value(1, dec!(5)), value(2, dec!(8))])].into();
    let calendar = Calendar::default();
    let context = QuoteContext {
        indexes: Some(&indexes),
        ..QuoteContext::new(&calendar, "KES".parse().unwrap())
    };
    let on = day(2026, 1, 5);
    let quoted = product.quote(&QuoteRequest::new(dec!(1000), on), &context);
    let mut terms = quoted.unwrap();
    terms.accounting = PostingRules::new(AccountingMethod::None, []).unwrap();
    // 5 and a spread of 2.
    assert_eq!(terms.schedule.interest.rate.percent, dec!(7));
    let account = LoanAccount::submit(AccountId::new(1), terms, on).unwrap();
    let account = tell(account, &Command::Approve { on }, on);
    let account = tell(
        account,
        &Command::disburse(TransactionId::new(1), on, dec!(1000)),
        on,
    );
    assert_eq!(account.next_index_review(), Some(day(2026, 2, 5)));
    let account = record(
        account,
        2,
        day(2026, 2, 5),
        TransactionKind::IndexReview { index: dec!(8) },
    );
    // 31 days at 7 % are 5.95. From then on 8 and 2 make 10, and the ceiling is 9: what is left of
    // the principal bears 9 % for 28 days.
    let rows = account.instalments();
    let left = dec!(1000) - rows[0].due.principal;
    let expected = (left * dec!(0.09) * dec!(28) / dec!(365)).round_dp(2);
    assert_eq!(
        (rows[0].due.interest, rows[1].due.interest),
        (dec!(5.95), expected)
    );

    let early = QuoteRequest::new(dec!(1000), day(2025, 12, 31));
    let refused = product.quote(&early, &context).unwrap_err();
    assert_eq!(refused.iter().next().unwrap().field, "context.indexes");
}

#[test]
fn a_rate_changes_with_the_days_since_disbursement() {
    let mut product = plain();
    product.interest.rate = Range::default();
    product.schedule.principal = PrincipalSettings::Bullet;
    product.interest.pricing = PricingSettings::TieredByDays {
        tiers: vec![
            DayTier {
                up_to: Some(30),
                percent: dec!(12),
            },
            DayTier {
                up_to: None,
                percent: dec!(24),
            },
        ],
    };
    // 30 nights at 12 % and one at 24: (30 x 120 + 240)/365 = 10.52; then 28 x 240/365 = 18.41.
    let account = opened(&product, day(2026, 1, 5));
    let due = |at: usize| account.instalments()[at].due.interest;
    assert_eq!((due(0), due(1)), (dec!(10.52), dec!(18.41)));
}

#[test]
fn the_end_of_day_is_told_how_finely_to_post() {
    let table = [
        (AccrualDetail::PerAccount, AccrualPosting::PerAccount),
        (
            AccrualDetail::PerProductAndBranch,
            AccrualPosting::Aggregated,
        ),
    ];
    for (detail, posting) in table {
        assert_eq!(AccrualPosting::from(detail), posting);
        let mut product = plain();
        product.accrual_detail = detail;
        assert!(product.not_carried().is_empty());
    }
}

/// 1000 x 12 % x 31/365 = 10.19 and 833.33 x 12 % x 28/365 = 7.67. In whole tens: 10 and 10.
#[test]
fn a_forecast_rounds_as_the_product_says() {
    let mut product = equal_principal();
    product.kind = LoanKind::DynamicTerm;
    product.schedule.rounding.elements = ElementRounding::WholeUnits;
    product.schedule.rounding.multiple = Some(Multiple {
        of: dec!(10),
        mode: Default::default(),
    });
    assert!(product.not_carried().is_empty());
    let account = close(opened(&product, day(2026, 1, 5)), day(2026, 3, 5));
    let due = |at: usize| account.instalments()[at].due;
    assert_eq!((due(0).principal, due(0).interest), (dec!(170), dec!(10)));
    assert_eq!((due(1).principal, due(1).interest), (dec!(170), dec!(10)));
}

/// What rounding leaves of the interest of each instalment is due with the last. Exactly 10.1918,
/// 7.6712, 6.7945, 4.9314, 3.3971 and 1.6437 on 1000, 833.33, 666.66, 499.99, 333.32 and 166.65;
/// the first five round to 10.19, 7.67, 6.79, 4.93 and 3.40, which leaves 0.0018 + 0.0012 + 0.0045 +
/// 0.0014 - 0.0029 = 0.0060: 1.6497 in the end.
#[test]
fn a_forecast_carries_remainders_of_interest() {
    for (residue, last) in [
        (Residue::Principal, dec!(1.64)),
        (Residue::PrincipalAndInterest, dec!(1.65)),
    ] {
        let mut product = equal_principal();
        product.kind = LoanKind::DynamicTerm;
        product.schedule.rounding.residue = residue;
        assert!(product.not_carried().is_empty());
        let account = opened(&product, day(2026, 1, 5));
        let due: Vec<_> = account
            .instalments()
            .iter()
            .map(|row| row.due.interest)
            .collect();
        assert_eq!(due[5], last, "{residue:?} {due:?}");
    }
}

/// A schedule may be shown unrounded; an account could not be paid in such figures.
#[test]
fn unrounded_figures_are_not_carried() {
    let mut product = dynamic();
    product.schedule.rounding.elements = ElementRounding::Unrounded;
    let gaps = product.not_carried();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert_eq!(gaps[0].field, "schedule.rounding.elements");
}
