//! How many cases a property test tries: one answer for the whole workspace.
//!
//! The suite draws the same cases in every run (`PROPTEST_RNG_SEED` in `.cargo/config.toml`), so
//! that a red run is the doing of the change at hand. Fresh cases are drawn, and more of them, by
//! `ci/soak.sh`.

use proptest::test_runner::Config;

/// `usual` cases; as many as `PROPTEST_CASES` asks for; or `LAW_TIMES` times the usual.
///
/// # Panics
/// When `LAW_TIMES` is no whole number: a long run that silently is a short one proves nothing.
#[must_use]
pub fn runs(usual: u32) -> Config {
    let times = std::env::var("LAW_TIMES").map_or(1, |given| {
        given
            .parse::<u32>()
            .unwrap_or_else(|_| panic!("LAW_TIMES is {given:?}; a whole number is needed"))
    });
    let asked = std::env::var("PROPTEST_CASES").is_ok();
    let config = Config::default();
    Config {
        cases: if asked {
            config.cases
        } else {
            usual.saturating_mul(times)
        },
        // Random terms are often no contract at all; those are drawn again.
        max_global_rejects: u32::MAX,
        // Seeds that failed become tests with a name, not files.
        failure_persistence: None,
        ..config
    }
}
