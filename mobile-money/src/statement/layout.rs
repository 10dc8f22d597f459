//! Descriptions of statement files.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

/// How a time is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimeForm {
    /// A `strftime` pattern, for example `%d-%m-%Y %H:%M:%S`.
    pub pattern: String,
    /// The zone of the times: minutes east of UTC (180 for East Africa).
    pub minutes_east: i32,
}

/// Marks inside amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Marks {
    /// Between thousands; dropped.
    pub thousands: char,
    /// Before the decimals.
    pub decimal: char,
}

/// The column that holds the balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum BalanceColumn {
    /// There is none: nothing can be proved row by row.
    None,
    /// The balance after the row.
    After(String),
    /// The balances before and after the row.
    BeforeAndAfter(String, String),
}

/// A description of a statement file by its column names. Names are compared without regard to
/// case and surrounding space; an optional column that the file does not have is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Layout {
    /// A name for reports.
    pub name: String,
    /// The provider's transaction id.
    pub id: String,
    /// When it was completed.
    pub time: String,
    /// How that is written.
    pub time_form: TimeForm,
    /// Money into the wallet. May be the same column as `paid_out` when the sign tells.
    pub paid_in: Option<String>,
    /// Money out of the wallet, written with or without a minus.
    pub paid_out: Option<String>,
    /// The provider's fee, taken from the wallet beside the amount.
    pub fee: Option<String>,
    /// The balance.
    pub balance: BalanceColumn,
    /// The status; rows whose status is not in `moved` moved no money.
    pub status: Option<String>,
    /// The status words of rows that moved money.
    pub moved: Vec<String>,
    /// What kind of row it is (principal, charge, reversal, sweep).
    pub reason: Option<String>,
    /// The reference that the payer typed.
    pub reference: Option<String>,
    /// Our own id.
    pub own_id: Option<String>,
    /// The other party.
    pub counterparty: Option<String>,
    /// The transaction that this row belongs to or takes back.
    pub linked: Option<String>,
    /// Free text.
    pub details: Option<String>,
    /// The currency, when a column names it.
    pub currency: Option<String>,
    /// Marks inside amounts.
    pub marks: Marks,
}

impl Layout {
    fn base(name: &str, id: &str, time: &str, pattern: &str) -> Self {
        Self {
            name: name.into(),
            id: id.into(),
            time: time.into(),
            time_form: TimeForm {
                pattern: pattern.into(),
                minutes_east: 180,
            },
            paid_in: None,
            paid_out: None,
            fee: None,
            balance: BalanceColumn::None,
            status: None,
            moved: Vec::new(),
            reason: None,
            reference: None,
            own_id: None,
            counterparty: None,
            linked: None,
            details: None,
            currency: None,
            marks: Marks {
                thousands: ',',
                decimal: '.',
            },
        }
    }

    /// The M-Pesa organisation statement of 13 columns, with its preamble.
    #[must_use]
    pub fn mpesa() -> Self {
        Self {
            paid_in: Some("Paid In".into()),
            paid_out: Some("Withdrawn".into()),
            balance: BalanceColumn::After("Balance".into()),
            status: Some("Transaction Status".into()),
            moved: Vec::from(["Completed".into()]),
            reason: Some("Reason Type".into()),
            reference: Some("A/C No.".into()),
            counterparty: Some("Other Party Info".into()),
            linked: Some("Linked Transaction ID".into()),
            details: Some("Details".into()),
            ..Self::base(
                "mpesa",
                "Receipt No.",
                "Completion Time",
                "%d-%m-%Y %H:%M:%S",
            )
        }
    }

    /// The older M-Pesa statement of 11 columns.
    #[must_use]
    pub fn mpesa_old() -> Self {
        Self {
            paid_in: Some("Paid In".into()),
            paid_out: Some("Withdrawn".into()),
            balance: BalanceColumn::After("Balance".into()),
            status: Some("Status".into()),
            moved: Vec::from(["Completed".into()]),
            reason: Some("Transaction Type".into()),
            counterparty: Some("Other Party Info".into()),
            details: Some("Details".into()),
            ..Self::base("mpesa-old", "Receipt", "Date", "%Y-%m-%d %H:%M:%S")
        }
    }

    /// The Onafriq daily transaction report.
    #[must_use]
    pub fn onafriq() -> Self {
        let mut layout = Self {
            paid_out: Some("Send_amount".into()),
            fee: Some("Fee_Amount".into()),
            balance: BalanceColumn::BeforeAndAfter("Balance_before".into(), "Balance_after".into()),
            status: Some("Transaction_Status".into()),
            moved: Vec::from(["Success".into()]),
            reason: Some("Transaction_Type".into()),
            own_id: Some("Third_PartyID".into()),
            counterparty: Some("To_MSISDN".into()),
            linked: Some("Related_Transaction_ID".into()),
            currency: Some("Send_Currency".into()),
            ..Self::base(
                "onafriq",
                "Onafriq Transaction ID",
                "Datestamp",
                "%Y-%m-%d %H:%M:%S",
            )
        };
        layout.time_form.minutes_east = 0;
        layout
    }

    /// The layouts that are built in.
    #[must_use]
    pub fn built_in() -> [Self; 3] {
        [Self::mpesa(), Self::mpesa_old(), Self::onafriq()]
    }

    /// The columns without which a row means nothing.
    pub(super) fn needed(&self) -> Vec<&str> {
        let optional = [&self.paid_in, &self.paid_out, &self.status];
        let mut needed = Vec::from([self.id.as_str(), self.time.as_str()]);
        needed.extend(optional.into_iter().flatten().map(String::as_str));
        match &self.balance {
            BalanceColumn::None => {}
            BalanceColumn::After(after) => needed.push(after),
            BalanceColumn::BeforeAndAfter(before, after) => needed.extend([before.as_str(), after]),
        }
        needed
    }
}
