//! Any bytes as a statement of every built-in layout, bare or under a right heading.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mobile_money::statement::{Layout, read, recognise};
use rust_decimal::Decimal;

const HEADINGS: [&str; 3] = [
    "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No.\n",
    "Receipt,Date,Details,Status,Withdrawn,Paid In,Balance,Balance Confirmed,Transaction Type,Other Party Info,Transaction Party Details\n",
    "Datestamp,Transaction ID,Onafriq Transaction ID,Third_PartyID,Transaction_Type,Transaction_Status,From_MSISDN,To_MSISDN,Send_Currency,Receive_Currency,Send_amount,Receive_amount,Fee_Amount,Balance_before,Balance_after,Related_Transaction_ID,Wallet_Identifier,Partner_name\n",
];

fuzz_target!(|data: &[u8]| {
    let _ = recognise(data);
    for (layout, heading) in Layout::built_in().iter().zip(HEADINGS) {
        let _ = read(layout, data);
        let Ok(statement) = read(layout, &[heading.as_bytes(), data].concat()) else {
            continue;
        };
        // What goes in less what goes out is what the rows moved.
        let moved = statement.rows.iter().try_fold(Decimal::ZERO, |sum, row| {
            sum.checked_add(row.amount)?.checked_sub(row.fee)
        });
        if let (Some(moved), Some(net)) = (moved, statement.paid_in.checked_sub(statement.paid_out))
        {
            let saturated = [statement.paid_in, statement.paid_out].contains(&Decimal::MAX);
            // Sums of 28 digits may round on one way and not on the other.
            let short = |d: Decimal| d.scale() < 10 && d.abs() < Decimal::from(u64::MAX / 2);
            let plain = statement
                .rows
                .iter()
                .all(|row| short(row.amount) && short(row.fee));
            assert!(saturated || !plain || moved == net);
        }
    }
});
