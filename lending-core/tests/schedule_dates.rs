//! Due dates from rules, first dates and calendars, checked against a calendar by eye.

use chrono::{NaiveDate, Weekday};
use lending_core::dates::{
    Calendar, DateError, DueDateRule, FirstDue, MonthEnd, NonWorkingDayRule, NthOfMonth, Period,
    due_dates,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn nominal(rule: &DueDateRule, first: FirstDue, start: &str, count: u32) -> String {
    let everyday = Calendar::default();
    let made = due_dates(
        rule,
        first,
        NonWorkingDayRule::None,
        &everyday,
        day(start),
        count,
    );
    let dates: Vec<_> = made
        .unwrap()
        .iter()
        .map(|date| date.nominal.to_string())
        .collect();
    dates.join(" ")
}

fn moved(rule: NonWorkingDayRule, every: Period, start: &str, count: u32) -> String {
    let calendar = Calendar::new(
        [Weekday::Sat, Weekday::Sun],
        [day("2025-06-02")],
        [(5, 1), (12, 25)],
    );
    let rule_of_dates = DueDateRule::every(every);
    let made = due_dates(
        &rule_of_dates,
        FirstDue::AfterOnePeriod,
        rule,
        &calendar.unwrap(),
        day(start),
        count,
    );
    let dates: Vec<_> = made
        .unwrap()
        .iter()
        .map(|date| date.due.to_string())
        .collect();
    dates.join(" ")
}

#[test]
fn intervals_count_from_the_anchor() {
    let monthly = |month_end| DueDateRule::Interval {
        every: Period::Months(1),
        month_end,
    };
    let from_january = |rule| nominal(&monthly(rule), FirstDue::AfterOnePeriod, "2025-01-31", 3);
    assert_eq!(
        from_january(MonthEnd::Clamp),
        "2025-02-28 2025-03-31 2025-04-30"
    );
    assert_eq!(
        from_january(MonthEnd::RollToFirst),
        "2025-03-01 2025-03-31 2025-05-01"
    );
    let from_april = |rule| nominal(&monthly(rule), FirstDue::AfterOnePeriod, "2025-04-30", 3);
    assert_eq!(
        from_april(MonthEnd::Clamp),
        "2025-05-30 2025-06-30 2025-07-30"
    );
    assert_eq!(
        from_april(MonthEnd::StickToEnd),
        "2025-05-31 2025-06-30 2025-07-31"
    );
    for (every, expected) in [
        (Period::Days(10), "2024-02-11 2024-02-21 2024-03-02"),
        (Period::Weeks(2), "2024-02-15 2024-02-29 2024-03-14"),
        (Period::Months(3), "2024-05-01 2024-08-01 2024-11-01"),
        (Period::Years(1), "2025-02-01 2026-02-01 2027-02-01"),
    ] {
        let rule = DueDateRule::every(every);
        let dates = nominal(&rule, FirstDue::AfterOnePeriod, "2024-02-01", 3);
        assert_eq!(dates, expected, "every {every}");
    }
    let leap = nominal(
        &DueDateRule::every(Period::Years(1)),
        FirstDue::AfterOnePeriod,
        "2024-02-29",
        4,
    );
    assert_eq!(leap, "2025-02-28 2026-02-28 2027-02-28 2028-02-29");
}

#[test]
fn fixed_days_and_weekdays() {
    let days = |days: &[u8], month_end| DueDateRule::FixedDaysOfMonth {
        days: days.to_vec(),
        month_end,
    };
    let fixed = |rule, count| nominal(&rule, FirstDue::AfterOnePeriod, "2025-01-10", count);
    assert_eq!(
        fixed(days(&[15, 1], MonthEnd::Clamp), 4),
        "2025-01-15 2025-02-01 2025-02-15 2025-03-01"
    );
    assert_eq!(
        fixed(days(&[30], MonthEnd::Clamp), 3),
        "2025-01-30 2025-02-28 2025-03-30"
    );
    assert_eq!(
        fixed(days(&[30], MonthEnd::RollToFirst), 3),
        "2025-01-30 2025-03-01 2025-03-30"
    );
    // The 29th, 30th and 31st of February are one day.
    assert_eq!(
        fixed(days(&[29, 30, 31], MonthEnd::Clamp), 5),
        "2025-01-29 2025-01-30 2025-01-31 2025-02-28 2025-03-29"
    );
    let weekday = |nth| DueDateRule::NthWeekday {
        every_months: 1,
        nth,
        weekday: Weekday::Tue,
    };
    assert_eq!(
        fixed(weekday(NthOfMonth::Second), 2),
        "2025-02-11 2025-03-11"
    );
    assert_eq!(
        fixed(weekday(NthOfMonth::Last), 3),
        "2025-02-25 2025-03-25 2025-04-29"
    );
}

#[test]
fn first_dates() {
    let rule = DueDateRule::every(Period::Months(1));
    for (first, expected) in [
        (FirstDue::AfterOnePeriod, "2025-02-10 2025-03-10"),
        (FirstDue::OffsetDays(5), "2025-02-15 2025-03-15"),
        (FirstDue::OffsetDays(-5), "2025-02-05 2025-03-05"),
        (FirstDue::On(day("2025-01-31")), "2025-01-31 2025-02-28"),
        (
            FirstDue::CountedFrom(day("2024-12-20")),
            "2025-01-20 2025-02-20",
        ),
    ] {
        assert_eq!(
            nominal(&rule, first, "2025-01-10", 2),
            expected,
            "{first:?}"
        );
    }
    let early = |first| {
        let start = day("2025-01-10");
        due_dates(
            &rule,
            first,
            NonWorkingDayRule::None,
            &Calendar::default(),
            start,
            1,
        )
    };
    for first in [FirstDue::On(day("2025-01-10")), FirstDue::OffsetDays(-31)] {
        assert!(
            matches!(early(first), Err(DateError::FirstDue { .. })),
            "{first:?}"
        );
    }
}

#[test]
fn non_working_days() {
    // 1 May 2025 is a holiday (a Thursday), 1 June a Sunday, 2 June a holiday.
    let from = |rule| moved(rule, Period::Months(1), "2025-04-01", 3);
    assert_eq!(
        from(NonWorkingDayRule::None),
        "2025-05-01 2025-06-01 2025-07-01"
    );
    assert_eq!(
        from(NonWorkingDayRule::Next),
        "2025-05-02 2025-06-03 2025-07-01"
    );
    assert_eq!(
        from(NonWorkingDayRule::Previous),
        "2025-04-30 2025-05-30 2025-07-01"
    );
    assert_eq!(
        from(NonWorkingDayRule::ModifiedPrevious),
        "2025-05-02 2025-06-03 2025-07-01"
    );
    // 31 August 2025 is a Sunday: the next working day lies in September.
    let end = |rule| moved(rule, Period::Months(1), "2025-07-31", 1);
    assert_eq!(end(NonWorkingDayRule::Next), "2025-09-01");
    assert_eq!(end(NonWorkingDayRule::ModifiedNext), "2025-08-29");
    // Extend: May and June are skipped, and everything after them moves with them.
    assert_eq!(
        from(NonWorkingDayRule::Extend),
        "2025-07-01 2025-08-01 2025-09-01"
    );
    // Every Sunday is a rest day, for ever.
    let sundays = due_dates(
        &DueDateRule::every(Period::Weeks(1)),
        FirstDue::AfterOnePeriod,
        NonWorkingDayRule::Extend,
        &Calendar::weekends(),
        day("2025-06-01"),
        1,
    );
    assert!(matches!(sundays, Err(DateError::NoWorkingDay { .. })));
}

#[test]
fn refused_rules() {
    let refused = |rule: &DueDateRule| rule.validate().unwrap_err().to_string();
    assert_eq!(
        refused(&DueDateRule::every(Period::Days(0))),
        "the period 0 days has no length: at least 1 is allowed"
    );
    let days = |days: &[u8]| DueDateRule::FixedDaysOfMonth {
        days: days.to_vec(),
        month_end: MonthEnd::Clamp,
    };
    for wrong in [&[][..], &[0], &[32], &[5, 5]] {
        assert!(
            refused(&days(wrong)).starts_with("days of month"),
            "{wrong:?}"
        );
    }
    let dates = vec![day("2025-02-01"), day("2025-02-01")];
    assert!(refused(&DueDateRule::Explicit { dates }).contains("must increase"));
    assert!(Calendar::new([], [], [(2, 30)]).is_err());
    assert!(Calendar::new([], [], [(2, 29)]).is_ok());
    let all = [
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
        Weekday::Fri,
        Weekday::Sat,
        Weekday::Sun,
    ];
    assert!(Calendar::new(all, [], []).is_err());
}

#[test]
fn stored_calendars_are_checked() {
    let calendar = Calendar::new([Weekday::Sun], [day("2025-06-02")], [(12, 25)]).unwrap();
    let json = serde_json::to_string(&calendar).unwrap();
    assert_eq!(
        json,
        r#"{"rest_days":["Sun"],"holidays":["2025-06-02"],"yearly_holidays":[{"month":12,"day":25}]}"#
    );
    assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), calendar);
    let wrong = json.replace("\"day\":25", "\"day\":32");
    assert!(serde_json::from_str::<Calendar>(&wrong).is_err());
    assert_eq!(
        calendar.working_days_between(day("2025-06-01"), day("2025-06-09")),
        5
    );
}
