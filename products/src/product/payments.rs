//! How money received is used, ahead of time and late.

use lending_core::loan::AllocationTerms;
use serde::{Deserialize, Serialize};

/// How money received is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentSettings {
    /// In which order it settles what is owed, where money goes that is left over, whether interest
    /// up to the day of a prepayment is paid first, and when the running instalment counts as paid
    /// that early principal covers.
    pub allocation: AllocationTerms,
    /// Whether a payer may name the elements a payment is for. An account takes such payments; who
    /// may make them is up to the host.
    pub custom_allocation: bool,
    /// Whether a loan may be paid off before its last due date.
    pub prepayments: bool,
    /// What becomes of money beyond what is due.
    pub future: FuturePayments,
    /// Which element stays fixed when instalments are made again.
    pub fixed_element: FixedElement,
    /// Where interest on late principal falls due, where interest follows the balance.
    pub late: LateRecalculation,
    /// Whether money paid ahead may be put aside and taken out again (redraw). An account does so
    /// wherever interest follows the balance; who may is up to the host.
    pub redraw: bool,
}

impl Default for PaymentSettings {
    fn default() -> Self {
        Self {
            allocation: AllocationTerms::default(),
            custom_allocation: false,
            prepayments: true,
            future: FuturePayments::default(),
            fixed_element: FixedElement::default(),
            late: LateRecalculation::default(),
            redraw: false,
        }
    }
}

/// What becomes of money beyond what is due.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FuturePayments {
    /// Accepted up to what is still owed.
    Accepted,
    /// Refused.
    Refused,
    /// Accepted, beyond what is owed as well: the account keeps it as a credit balance. The most
    /// common where money arrives by itself, as mobile money does.
    #[default]
    OverpaymentsAccepted,
}

impl FuturePayments {
    /// The name in serialised form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "ACCEPTED",
            Self::Refused => "REFUSED",
            Self::OverpaymentsAccepted => "OVERPAYMENTS_ACCEPTED",
        }
    }
}

/// Which element stays fixed when instalments are made again.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FixedElement {
    /// As principal is spread: the total of equal instalments, the principal of equal principal.
    #[default]
    AsSpread,
    /// The principal.
    Principal,
    /// The total.
    Total,
}

/// Where interest on late principal falls due. Whether there is any says
/// [`on_overdue_principal`](super::InterestSettings::on_overdue_principal).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum LateRecalculation {
    /// With the running instalment, as all interest of its period. The most common.
    #[default]
    RunningInstalment,
    /// At once, with the oldest instalment whose principal is late.
    OverdueInstalments,
    /// With the last instalment.
    LastInstalment,
}

impl LateRecalculation {
    /// The name in serialised form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RunningInstalment => "RUNNING_INSTALMENT",
            Self::OverdueInstalments => "OVERDUE_INSTALMENTS",
            Self::LastInstalment => "LAST_INSTALMENT",
        }
    }
}
