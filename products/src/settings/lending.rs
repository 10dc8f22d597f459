//! Who may borrow how much beside what is owed already, and who may do what.

use alloc::{format, string::String, vec::Vec};

use ledger::money::exact;
use lending_core::loan::Code;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    Violation, ViolationKind, Violations,
    id_pattern::{Dialect, NumberPattern},
    product::AccountState,
    settings::Forms,
};

/// Rules of the lender around every product. Default: nothing is limited.
///
/// ```
/// use products::settings::{Applicant, ExposureLimit, LendingSettings};
/// use rust_decimal::dec;
/// let settings = LendingSettings {
///     exposure: ExposureLimit::SumOfLoansLessSavings { limit: dec!(5000) },
///     several_loans: false,
///     ..LendingSettings::default()
/// };
/// let applicant = Applicant { outstanding: dec!(4000), savings: dec!(500), open_loans: 1,
///     ..Applicant::default() };
/// let refused = settings.check_application(&applicant, dec!(2000)).unwrap_err();
/// // 4000 owed, 2000 more, 500 saved: 5500 is above 5000; and there is a loan already.
/// let fields: Vec<_> = refused.iter().map(|found| found.field.as_ref()).collect();
/// assert_eq!(fields, ["exposure", "several_loans"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LendingSettings {
    /// Whether one person may not both approve and disburse a loan.
    pub two_person_rule: bool,
    /// Days in arrears before a loan may be written off. Default: 0.
    pub write_off_after_days: u16,
    /// The most that one client may owe in all.
    pub exposure: ExposureLimit,
    /// Whether a client may have several open loans.
    pub several_loans: bool,
    /// Whether a client may belong to several groups.
    pub several_groups: bool,
    /// How many members a group must have; `None`: any number.
    pub group_size: Option<GroupSize>,
    /// Days after closing in which a closed account may be opened again. Default: 30.
    pub undo_close_within_days: u16,
    /// Days after which the books of a branch are closed by themselves; `None`: never.
    pub close_books_every_days: Option<u16>,
    /// Whether the end of day starts by itself.
    pub end_of_day: EndOfDay,
    /// How client numbers are made.
    pub client_numbers: NumberPattern,
    /// How group numbers are made.
    pub group_numbers: NumberPattern,
    /// How numbers of credit lines are made.
    pub credit_line_numbers: NumberPattern,
    /// How numbers of tills are made.
    pub till_numbers: NumberPattern,
    /// The state of a new line of credit. Default: approved.
    pub credit_line_state: AccountState,
    /// The channel of transactions that name none; `None`: they must name one.
    #[cfg_attr(feature = "schema", schemars(with = "Option<alloc::string::String>"))]
    pub default_channel: Option<Code>,
    /// The role of a new client, by the lender's own name; `None`: none.
    pub default_client_role: Option<String>,
    /// The role of a new group, by the lender's own name; `None`: none.
    pub default_group_role: Option<String>,
    /// Forms with additional fields of each kind of record. Accounts answer those of their product
    /// as well.
    pub forms: Forms,
}

/// A pattern that is known to be one.
fn pattern(text: &str) -> NumberPattern {
    NumberPattern::of_known(text, Dialect::IdPattern)
}

impl Default for LendingSettings {
    fn default() -> Self {
        Self {
            two_person_rule: false,
            write_off_after_days: 0,
            exposure: ExposureLimit::Unlimited,
            several_loans: true,
            several_groups: true,
            group_size: None,
            undo_close_within_days: 30,
            close_books_every_days: None,
            end_of_day: EndOfDay::default(),
            client_numbers: pattern("#########"),
            group_numbers: pattern("#########"),
            credit_line_numbers: pattern("@@@###"),
            till_numbers: pattern("@@@###"),
            credit_line_state: AccountState::Approved,
            default_channel: None,
            default_client_role: None,
            default_group_role: None,
            forms: Forms::new(),
        }
    }
}

/// The most that one client may owe in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ExposureLimit {
    /// Anything.
    #[default]
    Unlimited,
    /// What is outstanding on all loans and the new loan together.
    SumOfLoans {
        /// The limit.
        #[serde(with = "exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        limit: Decimal,
    },
    /// The same, less what the client has saved.
    SumOfLoansLessSavings {
        /// The limit.
        #[serde(with = "exact")]
        #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
        limit: Decimal,
    },
}

/// How many members a group must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GroupSize {
    /// At least so many.
    pub min: u32,
    /// At most so many.
    pub max: u32,
    /// Whether another number is refused. Otherwise it is only reported.
    pub refused: bool,
}

/// Whether the end of day starts by itself.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum EndOfDay {
    /// At midnight.
    #[default]
    Automatic,
    /// When staff start it.
    Manual,
}

/// What is known of who asks for a loan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applicant {
    /// What is outstanding on all loans.
    pub outstanding: Decimal,
    /// What is saved on all deposits.
    pub savings: Decimal,
    /// How many loans are open.
    pub open_loans: u32,
    /// For groups: how many members there are.
    pub members: Option<u32>,
}

impl LendingSettings {
    /// Checks that an applicant may have a loan of this amount beside what there is.
    ///
    /// # Errors
    /// [`ViolationKind::NotOffered`] and [`ViolationKind::OutOfRange`], all at once. A group of
    /// the wrong size is an error only where the settings refuse it.
    pub fn check_application(
        &self,
        applicant: &Applicant,
        amount: Decimal,
    ) -> Result<(), Violations> {
        let mut found = Vec::new();
        let owed = applicant.outstanding.saturating_add(amount);
        let exposure = match self.exposure {
            ExposureLimit::Unlimited => None,
            ExposureLimit::SumOfLoans { limit } => Some((owed, limit)),
            ExposureLimit::SumOfLoansLessSavings { limit } => {
                Some((owed.saturating_sub(applicant.savings), limit))
            }
        };
        if let Some((exposure, limit)) = exposure
            && exposure > limit
        {
            let allowed = format!("at most {limit} in all");
            let kind = ViolationKind::OutOfRange;
            found.push(Violation::new(kind, "exposure", exposure, allowed));
        }
        if !self.several_loans && applicant.open_loans > 0 {
            let given = format!("{} open loans", applicant.open_loans);
            let kind = ViolationKind::NotOffered;
            found.push(Violation::new(
                kind,
                "several_loans",
                given,
                "no other open loan",
            ));
        }
        if let (Some(size), Some(members)) = (self.group_size, applicant.members)
            && size.refused
            && !(size.min..=size.max).contains(&members)
        {
            let allowed = format!("{} to {} members", size.min, size.max);
            let kind = ViolationKind::OutOfRange;
            found.push(Violation::new(kind, "group_size", members, allowed));
        }
        Violations::check(found)
    }
}
