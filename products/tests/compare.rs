//! Several products for one need.

mod common;

use common::day;
use lending_core::dates::Calendar;
use products::{LoanProduct, QuoteContext, QuoteRequest, RankBy, compare};
use rust_decimal::dec;

fn product(id: &str, rate: &str, count: u32, fee: &str) -> LoanProduct {
    let fees = if fee == "0" {
        String::new()
    } else {
        format!(
            r#"{{"name": "form", "when": "DEDUCTED_FROM_DISBURSEMENT", "amount": {{"FLAT": "{fee}"}}}}"#
        )
    };
    LoanProduct::from_json(&format!(
        r#"{{"id": "{id}", "name": "{id}", "currencies": ["KES"], "amount": {{"max": "5000"}},
            "instalments": {{"default": {count}}},
            "interest": {{"method": "FLAT", "rate": {{"default": "{rate}"}}, "days": "NOMINAL"}},
            "schedule": {{"due_dates": {{"INTERVAL": {{"every": {{"MONTHS": 12}}}}}}}},
            "fees": [{fees}]}}"#
    ))
    .unwrap()
}

#[test]
fn offers_are_ranked_by_what_matters_to_the_client() {
    let calendar = Calendar::default();
    let context = QuoteContext::new(&calendar, "KES".parse().unwrap());
    let need = QuoteRequest::new(dec!(1000), day(2025, 3, 1));
    // One year at 10 %: 1100 for 1000, 10.00 %. With 20 kept back 1100 for 980, 12.24 %.
    // Two years at 7 % flat: 570 a year, cost 140; 1000 = 570/x + 570/x² gives 9.199 %.
    let plain = product("PLAIN", "10", 1, "0");
    let form = product("FORM", "10", 1, "20");
    let longer = product("LONGER", "7", 2, "0");
    let mut other = product("OTHER", "1", 1, "0");
    other.amount.max = Some(dec!(900));
    let all = [&plain, &form, &longer, &other];
    let table = [
        (RankBy::TotalCost, ["PLAIN", "FORM", "LONGER"]),
        (RankBy::Apr, ["LONGER", "PLAIN", "FORM"]),
        (RankBy::Instalment, ["LONGER", "PLAIN", "FORM"]),
    ];
    for (by, expected) in table {
        let found = compare(all, &need, &context, by);
        let order: Vec<_> = found.offers.iter().map(|o| o.product.id.as_str()).collect();
        assert_eq!(order, expected, "{by:?}");
        let (refused, why) = &found.refused[0];
        assert_eq!(refused.id.as_str(), "OTHER");
        assert_eq!(why.iter().next().unwrap().field, "amount");
    }
    let found = compare(all, &need, &context, RankBy::TotalCost);
    let figures: Vec<_> = found
        .offers
        .iter()
        .map(|o| (o.preview.cost, o.apr_percent.unwrap(), o.largest_instalment))
        .collect();
    assert_eq!(
        figures,
        [
            (dec!(100), dec!(10.00), dec!(1100)),
            (dec!(120), dec!(12.24), dec!(1100)),
            (dec!(140), dec!(9.20), dec!(570)),
        ]
    );
}
