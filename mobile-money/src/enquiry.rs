//! Asking the provider, as a plan.
//!
//! A payment that is pending, ambiguous or unknown is asked about at growing intervals and then
//! left to the statement. The crate makes no calls: the plan says when, the host asks and feeds the
//! answer to the [intake](crate::intake).
//!
//! ```
//! use chrono::{TimeDelta, TimeZone, Utc};
//! use mobile_money::enquiry::{EnquiryPlan, Next};
//! let since = Utc.with_ymd_and_hms(2024, 6, 11, 9, 0, 0).unwrap();
//! let plan = EnquiryPlan::default();
//! assert_eq!(plan.next(since, 0), Next::AskAt(since + TimeDelta::seconds(30)));
//! assert_eq!(plan.next(since, 6), Next::LeaveToStatement);
//! ```

use alloc::vec::Vec;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::payment::Status;

/// When to ask, in seconds after the payment became unclear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EnquiryPlan {
    /// Seconds after the start, growing.
    pub after_seconds: Vec<u32>,
}

impl Default for EnquiryPlan {
    /// 30 seconds, 2 minutes, 10 minutes, 1 hour, 6 hours, 24 hours.
    fn default() -> Self {
        Self {
            after_seconds: Vec::from([30, 120, 600, 3_600, 21_600, 86_400]),
        }
    }
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Next {
    /// Ask at this time.
    AskAt(DateTime<Utc>),
    /// The plan is at its end: the statement decides.
    LeaveToStatement,
}

impl EnquiryPlan {
    /// The next step after `asked` enquiries about a payment that has been unclear `since`.
    #[must_use]
    pub fn next(&self, since: DateTime<Utc>, asked: usize) -> Next {
        self.after_seconds
            .get(asked)
            .map(|seconds| TimeDelta::seconds(i64::from(*seconds)))
            .and_then(|wait| since.checked_add_signed(wait))
            .map_or(Next::LeaveToStatement, Next::AskAt)
    }
}

/// What an HTTP status alone says about a request: gateway time-outs and server errors leave it
/// ambiguous, because the request may have been carried out. `None` when the body decides.
///
/// ```
/// use mobile_money::{Status, enquiry::status_of_http};
/// assert_eq!(status_of_http(504), Some(Status::Ambiguous));
/// assert_eq!(status_of_http(200), None);
/// ```
#[must_use]
pub const fn status_of_http(code: u16) -> Option<Status> {
    match code {
        408 | 425 | 429 | 500..=599 => Some(Status::Ambiguous),
        _ => None,
    }
}
