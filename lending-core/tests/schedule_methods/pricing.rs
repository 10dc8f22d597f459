//! Fees, taxes, prices and indexes.

use lending_core::{
    dates::Period,
    schedule::{
        Amortization, BalanceTier, IndexValue, InstalmentFee, InstalmentTier, Pricing, TaxKind,
        Taxes, TierPart,
    },
};
use rust_decimal::dec;

use super::{day, figures, make, months};

#[test]
fn fees_and_taxes() {
    let mut terms = months(3, dec!(12));
    terms.amortization = Amortization::equal_principal();
    terms.fees = vec![
        InstalmentFee::Divided { amount: dec!(10) },
        InstalmentFee::PrincipalPercent { percent: dec!(1) },
    ];
    terms.taxes = Taxes {
        interest_percent: Some(dec!(16)),
        fee_percent: Some(dec!(16)),
        ..Taxes::default()
    };
    let rows = make(&terms, dec!(900)).instalments;
    // 3.33 + 3.00 a row, the last with 3.34; tax: 9.00·16 % = 1.44 and 6.33·16 % = 1.0128.
    assert_eq!(
        (rows[0].fee, rows[0].tax, rows[0].total),
        (dec!(6.33), dec!(2.45), dec!(317.78))
    );
    assert_eq!(rows[2].fee, dec!(6.34));
    terms.taxes.kind = TaxKind::Inclusive;
    let rows = make(&terms, dec!(900)).instalments;
    // 9.00·16/116 = 1.2414; 6.33·16/116 = 0.8731: contained, so the total is 300 + 9 + 6.33.
    assert_eq!((rows[0].tax, rows[0].total), (dec!(2.11), dec!(315.33)));
    // Contained in interest, on top of fees: 1.24 + 1.01, of which 1.01 is paid besides.
    terms.taxes.fee_kind = Some(TaxKind::Exclusive);
    let rows = make(&terms, dec!(900)).instalments;
    assert_eq!((rows[0].tax, rows[0].total), (dec!(2.25), dec!(316.34)));
}

#[test]
fn prices_by_balance_and_by_instalment() {
    let mut terms = months(3, dec!(0));
    terms.amortization = Amortization::equal_principal();
    let tier = |up_to, percent| BalanceTier { up_to, percent };
    let tiers = vec![tier(Some(dec!(500)), dec!(24)), tier(None, dec!(12))];
    terms.interest.pricing = Pricing::TieredByBalance {
        tiers: tiers.clone(),
        part: TierPart::WholeBalance,
    };
    // 900 and 600 at 1 %, 300 at 2 %.
    assert_eq!(
        figures(&make(&terms, dec!(900))),
        "300.00+9.00 300.00+6.00 300.00+6.00"
    );
    terms.interest.pricing = Pricing::TieredByBalance {
        tiers,
        part: TierPart::InsideTier,
    };
    // 500·2 % + 400·1 %; 500·2 % + 100·1 %; 300·2 %.
    assert_eq!(
        figures(&make(&terms, dec!(900))),
        "300.00+14.00 300.00+11.00 300.00+6.00"
    );
    let tier = |up_to, percent| InstalmentTier { up_to, percent };
    terms.interest.pricing = Pricing::TieredByInstalment {
        tiers: vec![tier(1, dec!(12)), tier(3, dec!(24))],
    };
    assert_eq!(
        figures(&make(&terms, dec!(900))),
        "300.00+9.00 300.00+12.00 300.00+6.00"
    );
}

#[test]
fn index_rate_with_spread_and_bounds() {
    // Index 5 %, 6 % from February, 8 % from March; spread 2 %, reviewed monthly, at most 9 %.
    let value = |from: &str, percent| IndexValue {
        from: day(from),
        percent,
    };
    let mut terms = months(4, dec!(2));
    terms.amortization = Amortization::Bullet;
    terms.interest.pricing = Pricing::Indexed {
        index: vec![
            value("2024-12-01", dec!(5)),
            value("2025-02-01", dec!(6)),
            value("2025-03-01", dec!(8)),
        ],
        review: Period::Months(1),
        floor: None,
        ceiling: Some(dec!(9)),
    };
    assert_eq!(
        figures(&make(&terms, dec!(1200))),
        "0.00+7.00 0.00+8.00 0.00+9.00 1200.00+9.00"
    );
    // Reviewed every two months, February's value is never seen.
    if let Pricing::Indexed { review, .. } = &mut terms.interest.pricing {
        *review = Period::Months(2);
    }
    assert_eq!(
        figures(&make(&terms, dec!(1200))),
        "0.00+7.00 0.00+7.00 0.00+9.00 1200.00+9.00"
    );
}
