//! Groups whose members answer for each other.

use alloc::{string::String, vec::Vec};
use core::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::code::Label;

/// What a solidarity group has to be like. A rule that is not set is not checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GroupRules {
    /// Least members.
    pub size_min: Option<u32>,
    /// Most members.
    pub size_max: Option<u32>,
    /// What a size outside these leads to.
    pub size_limit: SizeLimit,
    /// Roles and how many members hold each.
    pub roles: Vec<RoleRule>,
    /// Least share of women, 0 to 1.
    #[serde(with = "ledger::money::exact::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub women_share_min: Option<Decimal>,
    /// Members may belong to other groups.
    pub other_groups_allowed: bool,
    /// Members may be relatives of each other.
    pub relatives_allowed: bool,
    /// Days a member may be behind before nobody in the group gets a new loan.
    pub arrears_days_max: Option<u32>,
    /// How many members may borrow at the beginning and after each clean period (2, 2, 1 with
    /// Grameen). Empty: all at once.
    pub stages: Vec<u32>,
    /// Days without arrears from one stage to the next.
    pub stage_days: u32,
}

/// What a size outside the limits leads to.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SizeLimit {
    /// The officer is warned.
    Warn,
    /// The group is refused.
    #[default]
    Refuse,
}

/// How many members hold a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleRule {
    /// The role: chair, treasurer, ...
    pub role: Label,
    /// At least so many.
    #[serde(default)]
    pub min: u32,
    /// At most so many; none: any number.
    #[serde(default)]
    pub max: Option<u32>,
}

/// What is known about a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberFacts {
    /// The member's client id.
    pub client: String,
    /// Is a woman.
    pub woman: bool,
    /// Belongs to other groups.
    pub other_groups: u32,
    /// Has a relative in this group.
    pub relative_in_group: bool,
    /// Passed the identity checks.
    pub identified: bool,
    /// Days behind today.
    pub arrears_days: u32,
    /// The roles held.
    #[serde(default)]
    pub roles: Vec<Label>,
}

/// A rule a group does not meet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupBreach {
    /// Fewer members than allowed.
    TooSmall,
    /// More members than allowed.
    TooLarge,
    /// A smaller share of women than asked for.
    WomenShare,
    /// Too few or too many members hold this role.
    Role(Label),
    /// This member belongs to another group.
    OtherGroup(String),
    /// This member has a relative in the group.
    Relative(String),
    /// This member's identity is not established.
    NotIdentified(String),
    /// This member is behind: the whole group waits (cross-default).
    Arrears(String),
}

impl GroupBreach {
    /// Whether it says nothing about a single member.
    pub(crate) const fn names_nobody(&self) -> bool {
        matches!(
            self,
            Self::TooSmall | Self::TooLarge | Self::WomenShare | Self::Role(_)
        )
    }
}

impl fmt::Display for GroupBreach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooSmall => f.write_str("too few members"),
            Self::TooLarge => f.write_str("too many members"),
            Self::WomenShare => f.write_str("too small a share of women"),
            Self::Role(role) => write!(f, "too few or too many members are {role}"),
            Self::OtherGroup(client) => write!(f, "{client} belongs to another group"),
            Self::Relative(client) => write!(f, "{client} has a relative in the group"),
            Self::NotIdentified(client) => write!(f, "{client} is not identified"),
            Self::Arrears(client) => write!(f, "{client} is behind"),
        }
    }
}

impl GroupRules {
    /// Everything the group does not meet, in the order of the rules and of the members.
    #[must_use]
    pub fn check(&self, members: &[MemberFacts]) -> Vec<GroupBreach> {
        let mut breaches = Vec::new();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let size = count(members.len());
        if self.size_min.is_some_and(|least| size < least) {
            breaches.push(GroupBreach::TooSmall);
        }
        if self.size_max.is_some_and(|most| size > most) {
            breaches.push(GroupBreach::TooLarge);
        }
        let women = Decimal::from(count(members.iter().filter(|m| m.woman).count()));
        let share = women.checked_div(Decimal::from(size));
        if let (Some(least), Some(share)) = (self.women_share_min, share)
            && share < least
        {
            breaches.push(GroupBreach::WomenShare);
        }
        for rule in &self.roles {
            let holders = members
                .iter()
                .filter(|m| m.roles.contains(&rule.role))
                .count();
            let most = rule.max.unwrap_or(u32::MAX);
            if !(rule.min..=most).contains(&count(holders)) {
                breaches.push(GroupBreach::Role(rule.role.clone()));
            }
        }
        for member in members {
            let id = || member.client.clone();
            if !self.other_groups_allowed && member.other_groups > 0 {
                breaches.push(GroupBreach::OtherGroup(id()));
            }
            if !self.relatives_allowed && member.relative_in_group {
                breaches.push(GroupBreach::Relative(id()));
            }
            if !member.identified {
                breaches.push(GroupBreach::NotIdentified(id()));
            }
            if self
                .arrears_days_max
                .is_some_and(|most| member.arrears_days > most)
            {
                breaches.push(GroupBreach::Arrears(id()));
            }
        }
        breaches
    }

    /// Whether a breach only warns.
    #[must_use]
    pub fn warns(&self, breach: &GroupBreach) -> bool {
        self.size_limit == SizeLimit::Warn
            && matches!(breach, GroupBreach::TooSmall | GroupBreach::TooLarge)
    }

    /// How many members may have borrowed by a day, when the first loan was paid out on
    /// `first_loan` and nobody was behind since `clean_since`. None: no stages, so all may.
    #[must_use]
    pub fn may_borrow(
        &self,
        first_loan: Option<NaiveDate>,
        clean_since: NaiveDate,
        on: NaiveDate,
    ) -> Option<u32> {
        if self.stages.is_empty() {
            return None;
        }
        let start = first_loan.map_or(on, |first| first.max(clean_since));
        let days = u64::try_from(on.signed_duration_since(start).num_days()).unwrap_or(0);
        let passed = days.checked_div(u64::from(self.stage_days));
        let open = passed.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
        let stages = self.stages.iter().take(open.saturating_add(1));
        Some(stages.fold(0_u32, |sum, n| sum.saturating_add(*n)))
    }
}
