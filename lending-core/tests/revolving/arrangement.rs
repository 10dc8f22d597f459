//! One limit over several accounts.

use lending_core::revolving::{Arrangement, Exposure, LinkedAccount};
use rust_decimal::{Decimal, dec};

use crate::common::day;

fn line(amount: Decimal, exposure: Exposure) -> Arrangement {
    Arrangement {
        amount,
        starts_on: day("2025-01-01"),
        ends_on: day("2026-12-31"),
        exposure,
    }
}

/// Amounts and available amounts as printed in the examples of Mambu's API for lines of credit;
/// what is taken up is the difference.
#[test]
fn available_is_the_amount_less_what_is_taken_up() {
    for (amount, taken_up, available) in [
        (dec!(11111), dec!(6111), dec!(5000)),
        (dec!(1111), dec!(911), dec!(200)),
        (dec!(1111), dec!(711), dec!(400)),
        (dec!(1000), dec!(0), dec!(1000)),
    ] {
        let accounts = [LinkedAccount {
            approved: taken_up,
            outstanding: taken_up,
        }];
        for exposure in [Exposure::ApprovedAmount, Exposure::OutstandingAmount] {
            let line = line(amount, exposure);
            assert_eq!(line.available(&accounts).unwrap(), available);
        }
    }
}

#[test]
fn what_is_repaid_comes_back_only_by_outstanding_amount() {
    let accounts = [
        LinkedAccount {
            approved: dec!(600),
            outstanding: dec!(150),
        },
        // Closed.
        LinkedAccount {
            approved: dec!(300),
            outstanding: dec!(0),
        },
    ];
    let approved = line(dec!(1000), Exposure::ApprovedAmount);
    let outstanding = line(dec!(1000), Exposure::OutstandingAmount);
    assert_eq!(approved.available(&accounts).unwrap(), dec!(100));
    assert_eq!(outstanding.available(&accounts).unwrap(), dec!(850));
    let cover = outstanding.cover(&accounts).unwrap();
    assert_eq!(
        (cover.available, cover.ends_on),
        (dec!(850), day("2026-12-31"))
    );
    let admit = |amount, from: &str, to: &str| {
        let admitted = approved.admit(amount, day(from), day(to), &accounts);
        admitted.map_err(|error| error.code())
    };
    assert_eq!(admit(dec!(100), "2025-01-01", "2026-12-31"), Ok(()));
    assert_eq!(admit(dec!(100.01), "2025-01-01", "2026-12-31"), Err(3103));
    assert_eq!(admit(dec!(100), "2024-12-31", "2026-12-31"), Err(3005));
    assert_eq!(admit(dec!(100), "2025-01-01", "2027-01-01"), Err(3006));
}
