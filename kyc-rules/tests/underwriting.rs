//! Underwriting figures, worked by hand.

use chrono::NaiveDate;
use kyc_rules::credit::{
    Affordability, BinCount, Claim, ClaimKind, CreditError, ExposurePolicy, GroupBreach,
    GroupRules, Income, MemberFacts, PointsScale, RoleRule, SizeLimit, WoeSign, exposure,
    lower_quartile, median, weights_of_evidence,
};
use law_runs::runs;
use proptest::prelude::*;
use rust_decimal::{Decimal, dec};

fn case(income: Decimal, cap: Option<Decimal>) -> Affordability {
    Affordability {
        incomes: vec![Income {
            amount: income,
            haircut: dec!(0),
        }],
        obligations: dec!(100),
        living_cost: dec!(300),
        dsti_cap: cap,
        stress: dec!(0.1),
    }
}

#[test]
fn affordability_by_hand() {
    // 1,000 less a tenth is 900. Residual 900 - 100 - 300 = 500. Cap 40 % of 900 less 100 = 260.
    let table = [
        (dec!(1000), None, dec!(500), false),
        (dec!(1000), Some(dec!(0.4)), dec!(260), true),
        (dec!(1000), Some(dec!(1)), dec!(500), false),
        // 400 less a tenth is 360: 40 short of obligations and living cost.
        (dec!(400), None, dec!(0), false),
    ];
    for (income, cap, most, binds) in table {
        let assessed = case(income, cap).assess().unwrap();
        assert_eq!(
            (assessed.instalment_max, assessed.cap_binds),
            (most, binds),
            "{income}"
        );
    }
    // (100 + 260) / 900
    assert_eq!(
        case(dec!(1000), None).dsti(dec!(260)).unwrap(),
        Some(dec!(0.4))
    );
    let wrong = case(dec!(-1), None).assess().unwrap_err();
    assert!(matches!(wrong, CreditError::Range { .. }));
    assert_eq!(
        median(&[dec!(3), dec!(1), dec!(2), dec!(10)]),
        Some(dec!(2.5))
    );
    assert_eq!(
        lower_quartile(&[dec!(3), dec!(1), dec!(2), dec!(10)]),
        Some(dec!(1))
    );
}

proptest! {
    #![proptest_config(runs(256))]

    /// More income never lowers what can be carried.
    #[test]
    fn more_income_never_hurts(low in 0..1_000_000_i64, more in 0..1_000_000_i64, cap in 0..=100_i64) {
        let cap = Some(Decimal::new(cap, 2));
        let less = case(Decimal::from(low), cap).assess().unwrap();
        let greater = case(Decimal::from(low + more), cap).assess().unwrap();
        prop_assert!(greater.instalment_max >= less.instalment_max);
    }
}

#[test]
fn points_at_fifty_to_one() {
    // base 600 at 50:1, 20 points to double: at the odds themselves 600, at twice the odds 620.
    let scale = PointsScale {
        base: dec!(600),
        odds: dec!(50),
        points_to_double: dec!(20),
    };
    // One attribute, coefficient 1, ln(50) = 3.912023 and ln(100) = 4.605170 as good over bad.
    let points = |woe| {
        scale
            .points(dec!(1), woe, WoeSign::GoodOverBad, dec!(0), 1)
            .unwrap()
    };
    assert_eq!(points(dec!(3.912023)), dec!(600));
    assert_eq!(points(dec!(4.605170)), dec!(620));
    // The same evidence with the other sign.
    let turned = scale
        .points(dec!(1), dec!(-3.912023), WoeSign::BadOverGood, dec!(0), 1)
        .unwrap();
    assert_eq!(turned, dec!(600));
}

#[test]
fn evidence_from_counts() {
    let bins = |counts: &[(u64, u64)]| -> Vec<BinCount> {
        counts
            .iter()
            .map(|(good, bad)| BinCount {
                good: *good,
                bad: *bad,
            })
            .collect()
    };
    // Shares 0.8 and 0.2 against 0.2 and 0.8: 0.6 ln 4 twice is 1.663553.
    let even = weights_of_evidence(&bins(&[(80, 20), (20, 80)]), dec!(0), WoeSign::BadOverGood);
    let even = even.unwrap();
    assert_eq!(even[0].woe.round_dp(6), dec!(-1.386294));
    let information: Decimal = even.iter().map(|bin| bin.information).sum();
    assert_eq!(information.round_dp(6), dec!(1.663553));
    // No bad loan in the first bin. With a half added: good 10.5 and 10.5 of 21, bad 0.5 and 10.5
    // of 11: ln (0.5 / (0.5 / 11)) = ln 11 = 2.397895, ln (0.5 / (10.5 / 11)) = -0.646627.
    let thin = bins(&[(10, 0), (10, 10)]);
    let smoothed = weights_of_evidence(&thin, dec!(0.5), WoeSign::GoodOverBad).unwrap();
    assert_eq!(smoothed[0].woe.round_dp(6), dec!(2.397895));
    assert_eq!(smoothed[1].woe.round_dp(6), dec!(-0.646627));
    let bare = weights_of_evidence(&thin, dec!(0), WoeSign::GoodOverBad).unwrap_err();
    assert!(matches!(bare, CreditError::Range { .. }));
}

#[test]
fn exposure_by_policy() {
    let claim = |kind, amount| Claim { kind, amount };
    let claims = [
        claim(ClaimKind::Loan, dec!(500)),
        claim(ClaimKind::UndrawnLine, dec!(200)),
        claim(ClaimKind::Guarantee, dec!(50)),
        claim(ClaimKind::Savings, dec!(300)),
        claim(ClaimKind::Collateral, dec!(600)),
    ];
    for (policy, wanted) in [
        (ExposurePolicy::SumOfLoans, dec!(700)),
        (ExposurePolicy::SumOfLoansMinusSavings, dec!(400)),
        (ExposurePolicy::SumOfLoansMinusSecurity, dec!(0)),
        (ExposurePolicy::SumWithGuarantees, dec!(750)),
    ] {
        assert_eq!(exposure(&claims, policy).unwrap(), wanted, "{policy:?}");
    }
}

#[test]
fn a_group_of_five_in_stages() {
    let member = |n: u32| MemberFacts {
        client: n.to_string(),
        woman: n != 1,
        other_groups: 0,
        relative_in_group: false,
        identified: true,
        arrears_days: 0,
        roles: if n == 1 {
            vec!["chair".try_into().unwrap()]
        } else {
            vec![]
        },
    };
    let rules = GroupRules {
        size_min: Some(5),
        size_max: Some(5),
        women_share_min: Some(dec!(0.8)),
        arrears_days_max: Some(7),
        roles: vec![RoleRule {
            role: "chair".try_into().unwrap(),
            min: 1,
            max: Some(1),
        }],
        stages: vec![2, 2, 1],
        stage_days: 30,
        ..GroupRules::default()
    };
    let mut members: Vec<MemberFacts> = (1..=5).map(member).collect();
    assert!(rules.check(&members).is_empty());
    members[4].arrears_days = 8;
    members[2].woman = false;
    members.pop();
    members.push(MemberFacts {
        arrears_days: 8,
        ..member(5)
    });
    assert_eq!(
        rules.check(&members),
        [GroupBreach::WomenShare, GroupBreach::Arrears("5".into())]
    );
    // Two who chair are one too many, none is one too few.
    members[1].roles = members[0].roles.clone();
    let role = GroupBreach::Role("chair".try_into().unwrap());
    assert!(rules.check(&members).contains(&role));
    members[1].roles.clear();
    members[0].roles.clear();
    assert!(rules.check(&members).contains(&role));
    // A size outside the limits refuses, or only warns.
    members.pop();
    assert!(rules.check(&members).contains(&GroupBreach::TooSmall));
    assert!(!rules.warns(&GroupBreach::TooSmall));
    let softer = GroupRules {
        size_limit: SizeLimit::Warn,
        ..rules.clone()
    };
    assert!(softer.warns(&GroupBreach::TooSmall) && !softer.warns(&GroupBreach::WomenShare));
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let first = Some(day("2026-01-01"));
    for (clean, on, may) in [
        ("2026-01-01", "2026-01-30", 2),
        ("2026-01-01", "2026-01-31", 4),
        ("2026-01-01", "2026-03-02", 5),
        // A member was behind until 15 February: the month begins again.
        ("2026-02-15", "2026-03-02", 2),
    ] {
        assert_eq!(
            rules.may_borrow(first, day(clean), day(on)),
            Some(may),
            "{on}"
        );
    }
    assert_eq!(
        rules.may_borrow(None, day("2026-01-01"), day("2026-01-01")),
        Some(2)
    );
}
