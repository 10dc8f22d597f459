"""Times QuantLib's build of a dated annuity schedule; prints `name nanoseconds` lines."""

import time

import QuantLib as ql

COUNT, RATE, PRINCIPAL = 360, 0.0599, 200000.0
START = ql.Date(31, 1, 2024)
TENOR = ql.Period(ql.Monthly)
DAYS = ql.Actual365Fixed()
END = START + ql.Period(COUNT, ql.Months)


def dates():
    return ql.Schedule(
        START, END, TENOR, ql.NullCalendar(), ql.Unadjusted, ql.Unadjusted, ql.DateGeneration.Forward, False
    )


def build():
    """Dates, the notionals of an annuity, and the bond that holds every interest and redemption."""
    notionals = ql.sinkingNotionals(ql.Period(COUNT, ql.Months), ql.Monthly, RATE, PRINCIPAL)
    return ql.AmortizingFixedRateBond(0, notionals, dates(), [RATE], DAYS)


def rows():
    """The same, with each amount computed and read."""
    return [(flow.date(), flow.amount()) for flow in build().cashflows()]


def nanoseconds(work, seconds=0.4):
    work()
    calls, start = 0, time.perf_counter_ns()
    while time.perf_counter_ns() - start < seconds * 1e9:
        work()
        calls += 1
    return (time.perf_counter_ns() - start) / calls


assert abs(sum(amount for _, amount in rows()) - 431_000) < 1_000
print("QuantLib-1.44-dates", nanoseconds(dates))
print("QuantLib-1.44-build", nanoseconds(build))
print("QuantLib-1.44-build-and-read", nanoseconds(rows))
